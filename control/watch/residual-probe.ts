import { isUsable } from '../../drivers/contract/frame.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import type { MeasuredRole } from '../tick/roles.ts';
import type { Probe } from './probe.ts';
import { type Seen, show, silence, unusable } from './words.ts';

type Residual = Extract<InterlockSpec, { kind: 'residual' }>;

/** So many pieces of the window are kept: the mean is over the window to one part of it. */
const PIECES = 64;

/** Mean of a residual over the last over_s seconds against the limit. `role` is the residual's own. */
export function residualProbe(spec: Residual, role: MeasuredRole, seen: Seen): Probe {
  const piece_s = spec.over_s / PIECES;
  const sum = new Float64Array(PIECES);
  const count = new Float64Array(PIECES);
  let piece = -1;
  let first_s = Number.NaN;
  let isCompared = false;
  let mean = Number.NaN;
  let reason = '';

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
      const value = frame.values[role.first];
      if (!isUsable(value, frame.quality[role.first])) {
        reason = unusable(frame, role.first);
        // Until the twin has had something to compare with there is nothing to judge; but not for ever.
        return isCompared || frame.t_s - first_s > spec.over_s;
      }
      reason = '';
      isCompared = true;
      turnTo(Math.floor(frame.t_s / piece_s));
      sum[piece % PIECES] += value;
      count[piece % PIECES]++;
      let total = 0;
      let samples = 0;
      for (let k = 0; k < PIECES; k++) {
        total += sum[k];
        samples += count[k];
      }
      // Half a window must have been seen before its mean says anything.
      mean = frame.t_s - first_s < spec.over_s / 2 ? Number.NaN : total / samples;
      return Math.abs(mean) > spec.limit;
    },
    isSilent: now_s => now_s - seen.last_s > role.stale_after_s,
    describe: now_s =>
      silence(role, seen, now_s) ??
      (reason === ''
        ? `${spec.role} is ${show(mean, role.role)} from the twin's (mean of ${spec.over_s} s), limit ${spec.limit}`
        : `${role.role} is ${reason}`),
    reading: () =>
      Number.isNaN(mean)
        ? `${role.role} is read again`
        : `${spec.role} is ${show(mean, role.role)} from the twin's (mean of ${spec.over_s} s)`,
    figure: () => (reason !== '' && isCompared ? Infinity : Number.isNaN(mean) ? -Infinity : Math.abs(mean)),
  };
}
