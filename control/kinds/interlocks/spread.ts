import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { finite, positive } from '../../contract/fields.ts';
import { checkFigures, common, type InterlockKind } from './kind.ts';
import { newWatch, note, ofOneRole } from './one-role.ts';
import { nameOf, show } from './words.ts';

/** Largest distance of one cell from the mean of all, same unit as the role. */
const schema = z.strictObject({
  kind: z.literal('spread').meta({ description: 'highest minus lowest of an array role above a limit' }),
  ...common,
  limit: positive.meta({ description: 'in the unit of the role' }),
  rearm: finite.optional().meta({ description: 'the cause counts as gone only beyond this value' }),
});

export const spread: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    const shown = look.shown('role', spec.role, false);
    checkFigures(spec, '>', { ...shown, range: [0, shown.range[1] - shown.range[0]] }, look);
  },
  judged: spec => [spec.role],
  probe(spec, parts) {
    const role = parts.measured(spec.role);
    const seen = parts.seenOf(role.device);
    const watch = newWatch(role);
    const last = role.first + role.count;
    return {
      span: {
        first: role.first,
        count: role.count,
        // The one that is farthest from the mean is the highest or the lowest.
        figure: ({ low, high, mean }) => Math.max(high - mean, mean - low),
      },
      ...ofOneRole(
        role,
        seen,
        watch,
        () =>
          `${nameOf(role, watch.index)} is ${show(watch.value, role.role)} from the mean, limit ${spec.limit}`,
      ),
      take(frame, active) {
        watch.reason = '';
        let sum = 0;
        for (let i = role.first; i < last; i++) {
          if (!note(watch, frame, i)) return true;
          sum += frame.values[i];
        }
        const mean = sum / role.count;
        let worst = 0;
        for (let i = role.first; i < last; i++) {
          const distance = Math.abs(frame.values[i] - mean);
          if (distance > worst) {
            worst = distance;
            watch.index = i;
          }
        }
        watch.value = worst;
        return worst > (active ? (spec.rearm ?? spec.limit) : spec.limit);
      },
      reading: () => `${nameOf(role, watch.index)} is ${show(watch.value, role.role)} from the mean`,
      figure: () => (watch.reason === '' ? watch.value : Infinity),
    };
  },
  rehearsed: spec => ({
    role: spec.role,
    trips: '>',
    limit: spec.limit,
    rearm: spec.rearm,
    unit: unitOf(spec.role) ?? '',
    isLevel: false,
    nearness: (value, mean) => Math.abs(value - mean),
  }),
};
