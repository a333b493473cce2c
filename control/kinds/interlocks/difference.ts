import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { finite, role } from '../../contract/fields.ts';
import { checkFigures, common, type InterlockKind } from './kind.ts';
import { newWatch, note, type Watch } from './one-role.ts';
import { show, silence } from './words.ts';

/** role minus `minus` beyond a limit. */
const schema = z.strictObject({
  kind: z.literal('difference').meta({ description: 'one role minus another beyond a limit' }),
  ...common,
  minus: role.meta({ description: 'what is subtracted' }),
  trips: z.enum(['>', '<']).meta({ description: 'above (>) or below (<) the limit' }),
  limit: finite.meta({ description: 'in the unit of the role' }),
  rearm: finite.optional().meta({ description: 'the cause counts as gone only beyond this value' }),
});

/** Value and reason of each side; null: not seen yet. */
const side = z.tuple([z.number().nullable(), z.string()]).nullable();
const memory = z.tuple([side, side]);

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
    const plus = parts.single(spec.role);
    const minus = parts.single(spec.minus);
    const plusSeen = parts.seenOf(plus.device);
    const minusSeen = parts.seenOf(minus.device);
    const a = newWatch(plus);
    const b = newWatch(minus);
    const hasSeen = { a: false, b: false };
    const sign = spec.trips === '>' ? 1 : -1;
    if (from !== undefined) {
      const [one, other] = memory.parse(from);
      hasSeen.a = recall(a, one);
      hasSeen.b = recall(b, other);
    }
    return {
      devices: plusSeen === minusSeen ? [plusSeen] : [plusSeen, minusSeen],
      take(frame, active) {
        if (frame.device === plus.device) {
          hasSeen.a = true;
          a.reason = '';
          a.value = note(a, frame, plus.first) ? frame.values[plus.first] : Number.NaN;
        }
        if (frame.device === minus.device) {
          hasSeen.b = true;
          b.reason = '';
          b.value = note(b, frame, minus.first) ? frame.values[minus.first] : Number.NaN;
        }
        // Until both sides have been seen once there is no difference to judge; silence is judged by isSilent.
        if (!hasSeen.a || !hasSeen.b) return false;
        const limit = active ? (spec.rearm ?? spec.limit) : spec.limit;
        return !(sign * (a.value - b.value - limit) <= 0);
      },
      isSilent: now_s =>
        now_s - plusSeen.last_s > plus.stale_after_s || now_s - minusSeen.last_s > minus.stale_after_s,
      describe: now_s =>
        silence(plus, plusSeen, now_s) ??
        silence(minus, minusSeen, now_s) ??
        (a.reason !== ''
          ? `${plus.role} (${plus.device}) is ${a.reason}`
          : b.reason !== ''
            ? `${minus.role} (${minus.device}) is ${b.reason}`
            : `${plus.role} - ${minus.role} = ${show(a.value - b.value, plus.role)} ${spec.trips} ${spec.limit}`),
      reading: () => `${plus.role} - ${minus.role} = ${show(a.value - b.value, plus.role)}`,
      figure() {
        if (!hasSeen.a || !hasSeen.b) return -Infinity;
        return a.reason === '' && b.reason === '' ? sign * (a.value - b.value) : Infinity;
      },
      state: () => [hasSeen.a ? remember(a) : null, hasSeen.b ? remember(b) : null],
    };
  },
  rehearsed: spec => ({
    role: `${spec.role} - ${spec.minus}`,
    trips: spec.trips,
    limit: spec.limit,
    unit: unitOf(spec.role) ?? '',
    isLevel: false,
  }),
};

function remember(watch: Watch): [number | null, string] {
  return [Number.isNaN(watch.value) ? null : watch.value, watch.reason];
}

function recall(watch: Watch, from: z.infer<typeof side>): boolean {
  if (from === null) return false;
  [watch.value, watch.reason] = [from[0] ?? Number.NaN, from[1]];
  return true;
}
