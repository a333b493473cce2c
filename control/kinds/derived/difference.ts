import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import { type DerivedKind, differenceUnit, isRead, newOutput, say, UNKNOWN } from './kind.ts';

/** One role minus another, each as it was read last. */
const schema = z.strictObject({
  kind: z.literal('difference').meta({ description: 'one role minus another' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
  minus: role.meta({ description: 'what is subtracted' }),
});

/** Value, quality and reason of the two sides. */
const side = z.tuple([z.number().nullable(), z.number(), z.string()]);
const memory = z.tuple([side, side]);

export const difference: DerivedKind<typeof schema> = {
  schema,
  takes: 'single',
  sources: ({ of, minus }) => ({ of, minus }),
  unit: differenceUnit,
  range: (of, minus) => [of[0] - minus[1], of[1] - minus[0]],
  accuracy: () => UNKNOWN,
  open(_spec, roles, from) {
    const out = newOutput();
    const sides = [newOutput(), newOutput()];
    if (from !== undefined) {
      memory.parse(from).forEach(([value, quality, reason], k) => {
        sides[k] = { value: value ?? Number.NaN, quality, reason };
      });
    }
    return {
      out,
      take(frame) {
        for (let k = 0; k < sides.length; k++) {
          const { device, first } = roles[k];
          if (device === frame.device && isRead(sides[k], roles[k], frame, first))
            say(sides[k], frame.values[first], frame.quality[first]);
        }
        const [a, b] = sides;
        const worse = a.quality >= b.quality ? a : b;
        out.value = a.value - b.value;
        out.quality = worse.quality;
        out.reason = worse.reason;
      },
      state: () =>
        sides.map(({ value, quality, reason }) => [Number.isNaN(value) ? null : value, quality, reason]),
    };
  },
};
