import { z } from 'zod';
import { isUsable } from '../../../drivers/contract/frame.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import { finite } from '../../contract/fields.ts';
import { checkFigures, common, type InterlockKind } from './kind.ts';
import { newWatch, note, ofOneRole } from './one-role.ts';
import { nameOf, show } from './words.ts';

/** Value beyond a limit. `rearm`: the cause counts as gone only beyond this value (hysteresis). */
const schema = z.strictObject({
  kind: z.literal('threshold').meta({ description: 'a value beyond a limit' }),
  ...common,
  trips: z.enum(['>', '<']).meta({ description: 'above (>) or below (<) the limit' }),
  limit: finite.meta({ description: 'in the unit of the role' }),
  rearm: finite.optional().meta({ description: 'the cause counts as gone only beyond this value' }),
});

export const threshold: InterlockKind<typeof schema> = {
  schema,
  check: (spec, look) => checkFigures(spec, spec.trips, look.shown('role', spec.role, false), look),
  judged: spec => [spec.role],
  probe(spec, parts) {
    const role = parts.measured(spec.role);
    const seen = parts.seenOf(role.device);
    const watch = newWatch(role);
    const sign = spec.trips === '>' ? 1 : -1;
    const last = role.first + role.count;
    return {
      band: {
        first: role.first,
        count: role.count,
        low: sign > 0 ? -Number.MAX_VALUE : spec.limit,
        high: sign > 0 ? spec.limit : Number.MAX_VALUE,
      },
      span: {
        first: role.first,
        count: role.count,
        figure: ({ low, high }) => (sign > 0 ? high : -low),
      },
      ...ofOneRole(
        role,
        seen,
        watch,
        () => `${nameOf(role, watch.index)} = ${show(watch.value, role.role)} ${spec.trips} ${spec.limit}`,
      ),
      take(frame, active) {
        watch.reason = '';
        const limit = active ? (spec.rearm ?? spec.limit) : spec.limit;
        for (let i = role.first; i < last; i++) {
          if (!note(watch, frame, i)) return true;
          if (sign * (frame.values[i] - limit) > 0) {
            watch.index = i;
            watch.value = frame.values[i];
            return true;
          }
        }
        return false;
      },
      reading() {
        const { frame } = seen;
        if (frame === undefined) return `${role.role} not read yet`;
        // The member nearest to the limit speaks for all.
        let worst = role.first;
        for (let i = worst; i < last; i++) {
          if (sign * (frame.values[i] - frame.values[worst]) > 0) worst = i;
        }
        return `${nameOf(role, worst)} = ${show(frame.values[worst], role.role)}`;
      },
      figure() {
        const { frame } = seen;
        if (frame === undefined) return -Infinity;
        let most = -Infinity;
        for (let i = role.first; i < last; i++) {
          if (!isUsable(frame.values[i], frame.quality[i])) return Infinity;
          most = Math.max(most, sign * frame.values[i]);
        }
        return most;
      },
    };
  },
  rehearsed: spec => ({
    role: spec.role,
    trips: spec.trips,
    limit: spec.limit,
    rearm: spec.rearm,
    unit: unitOf(spec.role) ?? '',
    isLevel: true,
    nearness: value => (spec.trips === '<' ? -value : value),
  }),
};
