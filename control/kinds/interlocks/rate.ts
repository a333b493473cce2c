import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { positive } from '../../contract/fields.ts';
import { SlopeRing } from '../slope-ring.ts';
import { common, type InterlockKind } from './kind.ts';
import { newWatch, note, ofOneRole } from './one-role.ts';
import { show } from './words.ts';

/** Change over the last over_s seconds, per minute, beyond the limit (absolute value). */
const schema = z.strictObject({
  kind: z.literal('rate').meta({ description: 'a value that changes faster than a limit' }),
  ...common,
  limit_per_min: positive.meta({ description: 'in the unit of the role, per min' }),
  over_s: positive.meta({ description: 'slope over so long, s' }),
});

export const rate: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    look.shown('role', spec.role, true);
  },
  judged: spec => [spec.role],
  probe(spec, parts, from) {
    const role = parts.single(spec.role);
    const seen = parts.seenOf(role.device);
    const watch = newWatch(role);
    const ring = new SlopeRing(spec.over_s, from);
    return {
      ...ofOneRole(
        role,
        seen,
        watch,
        () => `${role.role} changes by ${show(watch.value, role.role)}/min, limit ${spec.limit_per_min}`,
      ),
      take(frame) {
        watch.reason = '';
        if (!note(watch, frame, role.first)) return true;
        watch.value = ring.take(frame.t_s, frame.values[role.first]);
        return Math.abs(watch.value) > spec.limit_per_min;
      },
      reading: () =>
        Number.isNaN(watch.value)
          ? `${role.role} is read again`
          : `${role.role} changes by ${show(watch.value, role.role)}/min`,
      figure: () =>
        watch.reason !== '' ? Infinity : Number.isNaN(watch.value) ? -Infinity : Math.abs(watch.value),
      state: () => ring.state(),
    };
  },
  rehearsed: spec => ({
    role: spec.role,
    trips: '>',
    limit: spec.limit_per_min,
    unit: `${unitOf(spec.role) ?? ''}/min`,
    isLevel: false,
  }),
  lapse: (spec, { factor, poll_s }) => ({
    limit_per_min: spec.limit_per_min * factor,
    over_s: Math.max(spec.over_s / factor, 10 * poll_s),
  }),
};
