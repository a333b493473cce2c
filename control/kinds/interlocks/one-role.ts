import { type Frame, isUsable } from '../../../drivers/contract/frame.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import type { Probe } from './probe.ts';
import { nameOf, type Seen, silence, unusable } from './words.ts';

/** What the probes of one role have in common: device, silence, the words for an unusable value. */

/** What was judged last: the value, the column in which it stands, and why it is not usable (empty: it is). */
export interface Watch {
  value: number;
  index: number;
  reason: string;
}

/** Nothing judged yet. */
export function newWatch(role: MeasuredRole): Watch {
  return { value: Number.NaN, index: role.first, reason: '' };
}

/** True if the column is usable; else it is noted with its reason. */
export function note(watch: Watch, frame: Frame, column: number): boolean {
  if (isUsable(frame.values[column], frame.quality[column])) return true;
  watch.index = column;
  watch.reason = unusable(frame, column);
  return false;
}

/** Device, silence and description of a probe of one role. */
export function ofOneRole(
  role: MeasuredRole,
  seen: Seen,
  watch: Watch,
  exceeded: () => string,
): Pick<Probe, 'devices' | 'isSilent' | 'describe'> {
  return {
    devices: [seen],
    isSilent: now_s => now_s - seen.last_s > role.stale_after_s,
    describe: now_s =>
      silence(role, seen, now_s) ??
      (watch.reason === '' ? exceeded() : `${nameOf(role, watch.index)} (${role.device}) is ${watch.reason}`),
  };
}
