import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { finite, role } from '../../contract/fields.ts';
import { common, type InterlockKind } from './kind.ts';
import { twoRoles } from './two-roles.ts';
import { show } from './words.ts';

/**
 * Value beyond a limit that hangs on another role: least current over pressure, allowed current over the temperature of
 * a cell. Straight between the points. The curve has to cover all that the other instrument can show, so that nobody has
 * to guess which limit holds beyond its ends.
 */
const schema = z.strictObject({
  kind: z.literal('curve').meta({ description: 'a value beyond a limit that hangs on another role' }),
  ...common,
  trips: z.enum(['>', '<']).meta({ description: 'above (>) or below (<) the limit' }),
  over: role.meta({ description: 'the role that the limit hangs on' }),
  limits: z
    .array(z.tuple([finite, finite]))
    .min(2)
    .meta({
      description: 'points [value of over, limit in the unit of role], rising; straight between them',
    }),
  rearm_by: finite
    .min(0)
    .default(0)
    .meta({ description: 'the cause counts as gone only so far on the good side, in the unit of role' }),
});

export const curve: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    if (spec.role === spec.over)
      throw look.error('over', `${spec.over} is the role itself, expected another one`);
    const shown = look.shown('role', spec.role, true);
    const over = look.shown('over', spec.over, true);
    const { limits } = spec;
    const turn = limits.findIndex(([x], i) => i > 0 && x <= limits[i - 1][0]);
    if (turn > 0)
      throw look.error('limits', `${limits[turn][0]} after ${limits[turn - 1][0]}, expected rising values`);
    const [low, high] = over.range;
    const [first, last] = [limits[0][0], limits[limits.length - 1][0]];
    if (first > low || last < high)
      throw look.error(
        'limits',
        `from ${first} to ${last}, expected points for all that ${over.device} can show of ${spec.over}: ${low} .. ${high}`,
      );
    for (const [, limit] of limits) look.within('limits', limit, shown, spec.role);
  },
  judged: spec => [spec.role, spec.over],
  probe(spec, parts, from) {
    const two = twoRoles(spec.role, spec.over, parts, from);
    const { a, b } = two;
    const sign = spec.trips === '>' ? 1 : -1;
    const limitNow = (): number => limitAt(spec.limits, b.watch.value);
    const beyond = (): number => sign * (a.watch.value - limitNow());
    const reading = (): string =>
      `${spec.role} = ${show(a.watch.value, spec.role)} at ${spec.over} = ${show(b.watch.value, spec.over)}`;
    return {
      devices: two.devices,
      take(frame, active) {
        // Written so that NaN counts as exceeded.
        return two.take(frame) && !(beyond() <= (active ? -spec.rearm_by : 0));
      },
      isSilent: two.isSilent,
      describe: now_s => two.trouble(now_s) ?? `${reading()}, ${spec.trips} ${show(limitNow(), spec.role)}`,
      reading,
      figure() {
        if (!a.hasSeen || !b.hasSeen) return -Infinity;
        return two.isUsable() ? beyond() : Infinity;
      },
      state: two.state,
    };
  },
  rehearsed: spec => ({
    role: `${spec.role} from its limit over ${spec.over}`,
    trips: spec.trips,
    limit: 0,
    rearm: spec.trips === '>' ? -spec.rearm_by : spec.rearm_by,
    unit: unitOf(spec.role) ?? '',
    isLevel: false,
  }),
};

/** The limit at `x`: straight between the points, that of the end beyond it (noise around 0 of a gauge); NaN for NaN. */
function limitAt(limits: readonly (readonly [number, number])[], x: number): number {
  for (let i = 1; i < limits.length; i++) {
    const [x0, y0] = limits[i - 1];
    const [x1, y1] = limits[i];
    const isLast = i === limits.length - 1;
    if (x <= x1 || (isLast && x > x1)) return y0 + (y1 - y0) * Math.min(1, Math.max(0, (x - x0) / (x1 - x0)));
  }
  return Number.NaN;
}
