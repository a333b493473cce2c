import { z } from 'zod';
import { isUsable } from '../../../drivers/contract/frame.ts';
import { positive } from '../../contract/fields.ts';
import { common, type InterlockKind } from './kind.ts';
import { newWatch, note, ofOneRole } from './one-role.ts';
import { nameOf, show } from './words.ts';

/**
 * A reading that stands still where it must move: for `for_s` seconds it has kept within `band` (in the role's unit,
 * its noise) of the value with which the stillness began. Of an array: any one member. Time while it is not armed
 * does not count, so arm it by the tag of the steps in which the value moves.
 */
const schema = z.strictObject({
  kind: z.literal('stuck').meta({ description: 'a value that stands still although it never does' }),
  ...common,
  band: positive.meta({ description: 'moves less than this, in the unit of the role' }),
  for_s: positive.meta({ description: 'for so long, s' }),
});

/** Of each member: the value with which its stillness began, and when; null: not seen yet. */
const memory = z.array(z.tuple([z.number(), z.number()]).nullable());

export const stuck: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    const shown = look.shown('role', spec.role, false);
    const [low, high] = shown.range;
    look.within('band', spec.band, { ...shown, range: [0, high - low] }, spec.role);
  },
  judged: spec => [spec.role],
  probe(spec, parts, from) {
    const role = parts.measured(spec.role);
    const seen = parts.seenOf(role.device);
    const watch = newWatch(role);
    const value = new Float64Array(role.count);
    const since_s = new Float64Array(role.count).fill(Number.NaN);
    if (from !== undefined) {
      memory.parse(from).forEach((member, k) => {
        if (member !== null) [value[k], since_s[k]] = member;
      });
    }
    let still_s = -Infinity;
    return {
      ...ofOneRole(
        role,
        seen,
        watch,
        () =>
          `${nameOf(role, watch.index)} stands still at ${show(watch.value, role.role)}: no change by more than ${show(spec.band, role.role)} for ${still_s.toFixed(1)} s (limit ${spec.for_s} s)`,
      ),
      take(frame, _active, isArmed) {
        watch.reason = '';
        still_s = -Infinity;
        if (!isArmed) {
          since_s.fill(Number.NaN);
          return false;
        }
        let isAllUsable = true;
        for (let k = 0; k < role.count; k++) {
          const i = role.first + k;
          const now = frame.values[i];
          if (!isUsable(now, frame.quality[i])) {
            // No movement has been seen: what it was before goes on.
            if (isAllUsable) note(watch, frame, i);
            isAllUsable = false;
            continue;
          }
          if (!(Math.abs(now - value[k]) <= spec.band) || Number.isNaN(since_s[k])) {
            value[k] = now;
            since_s[k] = frame.t_s;
          }
          if (frame.t_s - since_s[k] > still_s && isAllUsable) {
            still_s = frame.t_s - since_s[k];
            watch.index = i;
            watch.value = now;
          }
        }
        return !isAllUsable || still_s >= spec.for_s;
      },
      reading: () =>
        still_s < 0
          ? 'no longer armed'
          : `${nameOf(role, watch.index)} moves: ${show(watch.value, role.role)}`,
      figure: () => (watch.reason === '' ? still_s : Infinity),
      state: () => Array.from(since_s, (s, k) => (Number.isNaN(s) ? null : [value[k], s])),
    };
  },
  rehearsed: spec => ({ role: spec.role, trips: '>', limit: spec.for_s, unit: 's', isLevel: false }),
  lapse: (spec, { factor, poll_s }) => ({ for_s: Math.max(spec.for_s / factor, 10 * poll_s) }),
};
