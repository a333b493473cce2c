import { z } from 'zod';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import { type Derivation, isRead, newOutput, say } from './kind.ts';

const memory = z.strictObject({
  sum: z.number(),
  /** Time and value of the last usable reading; null: the last one was not usable, or there was none. */
  last: z.tuple([z.number(), z.number()]).nullable(),
  hasBegun: z.boolean(),
  hasGap: z.boolean(),
});

/**
 * Signed integral over time of a role, times `scale`, by straight lines between readings. Only time between two usable
 * readings counts, no farther apart than the stale limit; what is missing is not bridged, and from then on the figure is
 * `uncertain`: it is at least what was counted. While the role is not usable, neither is its integral.
 */
export function integralOf(role: MeasuredRole, scale: number, from: Json | undefined): Derivation {
  const out = newOutput();
  const known = from === undefined ? undefined : memory.parse(from);
  let sum = known?.sum ?? 0;
  let [last_s, last] = known?.last ?? [Number.NaN, Number.NaN];
  let hasBegun = known?.hasBegun ?? false;
  let hasGap = known?.hasGap ?? false;
  return {
    out,
    take(frame) {
      if (!isRead(out, role, frame, role.first)) {
        last_s = Number.NaN;
        return;
      }
      const value = frame.values[role.first];
      const dt_s = frame.t_s - last_s;
      // Written so that NaN (nothing before) fails it.
      if (dt_s <= role.stale_after_s) sum += 0.5 * (value + last) * dt_s * scale;
      else if (hasBegun) hasGap = true;
      hasBegun = true;
      last_s = frame.t_s;
      last = value;
      const quality = frame.quality[role.first];
      say(out, sum, hasGap && quality < QUALITY.uncertain ? QUALITY.uncertain : quality);
    },
    state: () => ({ sum, last: Number.isNaN(last_s) ? null : [last_s, last], hasBegun, hasGap }),
  };
}
