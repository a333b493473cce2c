import { gapsBy } from '../joins.ts';
import type { CellFacts, RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { told } from '../told.ts';
import { type WholeCounter, wholeCounter } from './counter.ts';
import { emptyFlow, type Flow, rowAt, usable } from './flow.ts';
import { inRest, type Rest } from './standing/rests.ts';
import type { UsualRows } from './usual-rows.ts';

/** The charge counters of an instrument beside the integral of its current: made whole, compared, taken or not. */

/** Roles of an instrument's own counters. */
export const COUNTERS = { into: 'cell.charged_Ah', out: 'cell.discharged_Ah' } as const;
/** Counters that disagree with the integral by more than this part are not believed. */
const BELIEVED_FRAC = 0.05;
/** Below this part of the channel's largest current no step is known by its charge. */
const REST_FRAC = 1e-4;

/** Where a counter and the integral are furthest apart, beyond what is believed. */
const NONE_APART = { far_Ah: 0, seen_Ah: 0, summed_Ah: 0 };

/** Where the figures of charge come from. */
export interface ChargeSource {
  readonly by: 'counter' | 'integral';
  readonly resets: number;
  /** Why the counters were not taken; empty if they were, or if there are none. */
  readonly refused: string;
}

type Way = 'into' | 'out';

/** The two counters of an instrument. */
export interface Counted {
  readonly into: WholeCounter;
  readonly out: WholeCounter;
}

/**
 * Both counters of a run, whole; undefined where it has not both. Where they begin anew, what went on before between the
 * two rows is the current before for as long as the charge shown since then leaves: `current` with its zero still in it.
 */
export function countersOf(
  run: RecordedRun,
  cell: CellFacts,
  current: RecordedSeries,
  integral: Flow,
): Counted | undefined {
  const life_h = run.timeFactor / 3600;
  const most_A = 1.5 * cell.currentMax_A;
  const series = {
    into: usable(run.series(COUNTERS.into), Number.POSITIVE_INFINITY),
    out: usable(run.series(COUNTERS.out), Number.POSITIVE_INFINITY),
  };
  const whole = (way: Way): WholeCounter | undefined => {
    const counter = series[way];
    if (counter.t_s.length < 2) return undefined;
    const { abs } = run.accuracy(COUNTERS[way]);
    const rowsAt = (from_s: number, to_s: number) => {
      const [a, b] = [rowAt(integral.t_s, from_s), rowAt(integral.t_s, to_s)];
      return integral.gap_s[b] > integral.gap_s[a] ? undefined : ([a, b] as const);
    };
    return wholeCounter(counter, {
      most_A,
      resolution_Ah: Number.isFinite(abs) ? 2 * abs : 0,
      life_h,
      between_Ah(from_s, to_s) {
        const rows = rowsAt(from_s, to_s);
        return rows === undefined ? Number.NaN : integral[way][rows[1]] - integral[way][rows[0]];
      },
      beforeReset(from_s, to_s) {
        const rows = rowsAt(from_s, to_s);
        if (rows === undefined) return undefined;
        const [before_A, after_A] = rows.map(row => current.value[row]);
        const long_h = (to_s - from_s) * life_h;
        const going_A = Math.max(0, way === 'into' ? before_A : -before_A);
        if (going_A <= REST_FRAC * cell.currentMax_A) return { Ah: 0, halfWidth_Ah: 0 };
        const shown = series[after_A > 0 ? 'into' : 'out'];
        const shown_Ah = shown.value[rowAt(shown.t_s, to_s)];
        const most_Ah = going_A * long_h;
        // A rest, or a counter that did not begin anew, does not tell when the step began.
        if (Math.abs(after_A) <= REST_FRAC * cell.currentMax_A || !(shown_Ah <= most_A * long_h))
          return { Ah: most_Ah / 2, halfWidth_Ah: most_Ah / 2 };
        return { Ah: Math.max(0, most_Ah - (going_A * shown_Ah) / Math.abs(after_A)), halfWidth_Ah: 0 };
      },
    });
  };
  const [into, out] = [whole('into'), whole('out')];
  return into === undefined || out === undefined ? undefined : { into, out };
}

/** The counters where there are any that agree with the integral, else the integral. */
export function choose(
  counted: Counted | undefined,
  integral: Flow,
  rests: readonly Rest[],
  { join_s, joins }: Pick<UsualRows, 'join_s' | 'joins'>,
  cell: CellFacts,
): { readonly flow: Flow; readonly source: ChargeSource } {
  const plain = { by: 'integral', resets: 0, refused: '' } as const;
  if (counted === undefined || integral.t_s.length < 2) return { flow: integral, source: plain };
  const { t_s } = integral;
  const flow = { ...emptyFlow(t_s), flow_s: integral.flow_s };
  const lost = new Set([...counted.into.lost_s, ...counted.out.lost_s]);
  const totals = (['into', 'out'] as const).map(way => {
    const { t_s: times, total_Ah, variance } = counted[way];
    return { way, times, total_Ah, variance, isRest: inRest(rests), seen_Ah: 0, apart: NONE_APART };
  });
  for (const total of totals) {
    let at = rowAt(total.times, t_s[0]);
    const gap = joins === undefined ? undefined : gapsBy(t_s, joins);
    for (let i = 1; i < t_s.length; i++) {
      const before = at;
      while (at + 1 < total.times.length && total.times[at + 1] <= t_s[i]) at++;
      const isGap = gap?.(i) ?? t_s[i] - t_s[i - 1] > join_s;
      // Over a gap the counter tells what the current does not.
      const isRest = total.isRest(t_s[i - 1], t_s[i]) && !isGap;
      const step_Ah = isRest ? 0 : total.total_Ah[at] - total.total_Ah[before];
      flow[total.way][i] = flow[total.way][i - 1] + step_Ah;
      // Of this row alone; summed up below.
      flow.variance[i] += isRest ? 0 : total.variance[at] - total.variance[before];
      if (!isGap) total.seen_Ah += step_Ah;
      const summed_Ah = integral[total.way][i];
      // What rows far apart leave open of the integral speaks not against the counter.
      const open_Ah =
        2 * Math.sqrt(integral.variance[i]) +
        (total.way === 'into' ? integral.bendInto : integral.bendOut)[i];
      const believed_Ah = BELIEVED_FRAC * Math.max(total.seen_Ah, summed_Ah) + open_Ah;
      const far_Ah = Math.abs(total.seen_Ah - summed_Ah) - believed_Ah;
      if (far_Ah > total.apart.far_Ah) total.apart = { far_Ah, seen_Ah: total.seen_Ah, summed_Ah };
    }
  }
  for (let i = 1; i < t_s.length; i++) {
    const missed = lost.has(t_s[i]) ? integral.unseen[i] - integral.unseen[i - 1] : 0;
    flow.unseen[i] = flow.unseen[i - 1] + missed;
    flow.variance[i] += flow.variance[i - 1];
  }
  const least_Ah = 0.01 * cell.capacity_Ah;
  for (const { way, apart } of totals) {
    const { far_Ah, seen_Ah, summed_Ah } = apart;
    if (far_Ah > least_Ah) {
      const refused =
        `The instrument's counter of charge ${way === 'into' ? 'in' : 'out'} says ${told(seen_Ah, 'Ah', 4)} where the ` +
        `integral of the current says ${told(summed_Ah, 'Ah', 4)}: not believed.`;
      return { flow: integral, source: { ...plain, refused } };
    }
  }
  return { flow, source: { by: 'counter', resets: counted.into.resets + counted.out.resets, refused: '' } };
}
