import { type Frame, QUALITY_NAMES } from '../../../drivers/contract/frame.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';

/** How interlocks speak of what they see: for the journal and the page. */

/** What has been seen of a device: kept once for all interlocks that look at it. */
export interface Seen {
  readonly device: string;
  frame: Frame | undefined;
  /** When the last frame came, or sampling began, s. */
  last_s: number;
}

/** That a device says nothing for longer than its stale limit; undefined while it speaks. */
export function silence(role: MeasuredRole, seen: Seen, now_s: number): string | undefined {
  if (now_s - seen.last_s <= role.stale_after_s) return undefined;
  return `${role.role}: no reading from ${role.device} for ${(now_s - seen.last_s).toFixed(2)} s (limit ${role.stale_after_s} s)`;
}

/** Why a channel of a frame is not usable. */
export function unusable(frame: Frame, i: number): string {
  return `${QUALITY_NAMES[frame.quality[i]]}${frame.reason === undefined ? '' : ` (${frame.reason})`}`;
}

/** A role, or the member of an array role that stands in this column: `cell[17].voltage_V`. */
export function nameOf(role: MeasuredRole, index: number): string {
  return role.count === 1 ? role.role : role.role.replace('[]', `[${index - role.first + 1}]`);
}

/** A figure with its unit, five digits. */
export function show(value: number, role: string): string {
  return `${Number(value.toPrecision(5))} ${(unitOf(role) ?? '').replace('vol_pct', 'vol%').replaceAll('_', ' ')}`;
}
