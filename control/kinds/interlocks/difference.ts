import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { finite, role } from '../../contract/fields.ts';
import { checkFigures, common, type InterlockKind } from './kind.ts';
import { twoRoles } from './two-roles.ts';
import { show } from './words.ts';

/** role minus `minus` beyond a limit. */
const schema = z.strictObject({
  kind: z.literal('difference').meta({ description: 'one role minus another beyond a limit' }),
  ...common,
  minus: role.meta({ description: 'what is subtracted' }),
  trips: z.enum(['>', '<']).meta({ description: 'above (>) or below (<) the limit' }),
  limit: finite.meta({ description: 'in the unit of the role' }),
  rearm: finite.optional().meta({ description: 'the cause counts as gone only beyond this value' }),
});

export const difference: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    if (spec.role === spec.minus)
      throw look.error('minus', `${spec.minus} minus itself is always 0, expected another role`);
    const plus = look.shown('role', spec.role, true);
    const minus = look.shown('minus', spec.minus, true);
    if (unitOf(spec.role) !== unitOf(spec.minus))
      throw look.error('minus', `${spec.minus} and ${spec.role}: expected the same unit`);
    const device = plus.device === minus.device ? plus.device : `${plus.device} and ${minus.device}`;
    const range = [plus.range[0] - minus.range[1], plus.range[1] - minus.range[0]] as const;
    checkFigures(spec, spec.trips, { device, range }, look);
  },
  judged: spec => [spec.role, spec.minus],
  probe(spec, parts, from) {
    const two = twoRoles(spec.role, spec.minus, parts, from);
    const { a, b } = two;
    const sign = spec.trips === '>' ? 1 : -1;
    const figure = (): number => a.watch.value - b.watch.value;
    const reading = (): string => `${spec.role} - ${spec.minus} = ${show(figure(), spec.role)}`;
    return {
      devices: two.devices,
      take(frame, active) {
        if (!two.take(frame)) return false;
        const limit = active ? (spec.rearm ?? spec.limit) : spec.limit;
        // Written so that NaN counts as exceeded.
        return !(sign * (figure() - limit) <= 0);
      },
      isSilent: two.isSilent,
      describe: now_s => two.trouble(now_s) ?? `${reading()} ${spec.trips} ${spec.limit}`,
      reading,
      figure() {
        if (!a.hasSeen || !b.hasSeen) return -Infinity;
        return two.isUsable() ? sign * figure() : Infinity;
      },
      state: two.state,
    };
  },
  rehearsed: spec => ({
    role: `${spec.role} - ${spec.minus}`,
    trips: spec.trips,
    limit: spec.limit,
    rearm: spec.rearm,
    unit: unitOf(spec.role) ?? '',
    isLevel: false,
  }),
};
