import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { positive } from '../../contract/fields.ts';
import { residualRole } from '../../contract/residual-roles.ts';
import { common, type InterlockKind } from './kind.ts';
import { newWatch, note } from './one-role.ts';
import { show, silence } from './words.ts';

/**
 * Measured minus predicted by the twin beside the bench: mean over the last over_s seconds beyond the limit
 * (absolute value), same unit as the role.
 */
const schema = z.strictObject({
  kind: z
    .literal('residual')
    .meta({ description: 'measured minus predicted by the twin, as a mean over a time, above a limit' }),
  ...common,
  limit: positive.meta({ description: 'in the unit of the role' }),
  over_s: positive.meta({ description: 'mean over so long, s' }),
});

/** So many pieces of the window are kept: the mean is over the window to one part of it. */
const PIECES = 64;

const memory = z.strictObject({
  piece: z.number(),
  first_s: z.number().nullable(),
  isCompared: z.boolean(),
  sum: z.array(z.number()).length(PIECES),
  count: z.array(z.number()).length(PIECES),
});

export const residual: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    if (!look.predicted.includes(spec.role)) {
      const expected =
        look.predicted.length === 0
          ? 'expected `beside: { roles: [...], every_s: ... }` in the `twin` section'
          : `expected one of ${look.predicted.join(', ')}`;
      throw look.error('role', `no twin beside the bench predicts ${spec.role}, ${expected}`);
    }
    look.shown('role', spec.role, true);
  },
  judged: spec => [residualRole(spec.role)],
  probe(spec, parts, from) {
    const role = parts.single(residualRole(spec.role));
    const seen = parts.seenOf(role.device);
    const watch = newWatch(role);
    const piece_s = spec.over_s / PIECES;
    const known = from === undefined ? undefined : memory.parse(from);
    const sum = Float64Array.from(known?.sum ?? new Float64Array(PIECES));
    const count = Float64Array.from(known?.count ?? new Float64Array(PIECES));
    let piece = known?.piece ?? -1;
    let first_s = known?.first_s ?? Number.NaN;
    let isCompared = known?.isCompared ?? false;

    /** Empties the places of the ring whose time has come round again. */
    function turnTo(next: number): void {
      for (let k = Math.max(piece + 1, next - PIECES + 1); k <= next; k++) {
        sum[k % PIECES] = 0;
        count[k % PIECES] = 0;
      }
      piece = Math.max(piece, next);
    }

    return {
      devices: [seen],
      take(frame) {
        if (Number.isNaN(first_s)) first_s = frame.t_s;
        watch.reason = '';
        if (!note(watch, frame, role.first)) {
          // Until the twin has had something to compare with there is nothing to judge; but not for ever.
          return isCompared || frame.t_s - first_s > spec.over_s;
        }
        isCompared = true;
        turnTo(Math.floor(frame.t_s / piece_s));
        sum[piece % PIECES] += frame.values[role.first];
        count[piece % PIECES]++;
        let total = 0;
        let samples = 0;
        for (let k = 0; k < PIECES; k++) {
          total += sum[k];
          samples += count[k];
        }
        // Half a window must have been seen before its mean says anything.
        watch.value = frame.t_s - first_s < spec.over_s / 2 ? Number.NaN : total / samples;
        return Math.abs(watch.value) > spec.limit;
      },
      isSilent: now_s => now_s - seen.last_s > role.stale_after_s,
      describe: now_s =>
        silence(role, seen, now_s) ??
        (watch.reason === ''
          ? `${spec.role} is ${show(watch.value, role.role)} from the twin's (mean of ${spec.over_s} s), limit ${spec.limit}`
          : `${role.role} is ${watch.reason}`),
      reading: () =>
        Number.isNaN(watch.value)
          ? `${role.role} is read again`
          : `${spec.role} is ${show(watch.value, role.role)} from the twin's (mean of ${spec.over_s} s)`,
      figure: () =>
        watch.reason !== '' && isCompared
          ? Infinity
          : Number.isNaN(watch.value)
            ? -Infinity
            : Math.abs(watch.value),
      state: () => ({
        piece,
        first_s: Number.isNaN(first_s) ? null : first_s,
        isCompared,
        sum: [...sum],
        count: [...count],
      }),
    };
  },
  rehearsed: spec => ({
    role: spec.role,
    trips: '>',
    limit: spec.limit,
    unit: unitOf(spec.role) ?? '',
    isLevel: false,
  }),
  lapse: (spec, { factor, poll_s }) => ({ over_s: Math.max(spec.over_s / factor, 10 * poll_s) }),
};
