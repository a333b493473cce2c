import { PEAK_S } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { largestMeanOf, meanOf } from '../record-math.ts';
import type { RecordedPoint, RecordedSeries, StackRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import { unusableIn, whyNotWhole } from '../uncertainty/unusable-time.ts';
import { type GasWay, lackingAt } from './gas/gas-renewal.ts';
import type { Stretch } from './stretch.ts';

/** Load points at pressure. */

const H2 = 'o2.h2_vol_pct';

/** What was asked for, and the points that were taken. */
export interface AtPressure {
  readonly pressure_barg: number;
  readonly loads_frac: readonly number[];
  readonly gateH2InO2_vol_pct: number;
  /** Least current at that pressure, A, and what it was worked out from. */
  readonly needed_A: number;
  readonly how: string;
  readonly points: readonly RecordedPoint[];
  /** Way of the oxygen to its analyser. */
  readonly way: GasWay;
}

/** Pressure reached, its fastest change, least current, points, largest H2 in O2 of a high-pressure sequence. */
export function pressureFigures(run: StackRun, phase: Stretch, p: AtPressure): KpiValue[] {
  const { points } = p;
  const common = { phase: phase.name, basis: 'default' } as const;
  const left = p.loads_frac.filter(frac => frac * run.stack.currentNominal_A < p.needed_A);
  const skipped = left.map(frac => `${Math.round(frac * 100)} %`).join(', ') || 'none';
  const pressure = run.series('cathode.pressure_barg');
  const atPoints = points
    .map(point => meanOf(pressure, point.from_s, point.to_s).mean)
    .filter(Number.isFinite);
  const h2 = points.flatMap(point => {
    const largest = largestMeanOf(run.series(H2), point.from_s, point.to_s, PEAK_S / run.timeFactor);
    if (largest === undefined) return [];
    const why = whyNotWhole(unusableIn(run.series(H2), point.from_s, point.to_s), H2, 'of a load point');
    const lacking = why === '' ? lackingAt(run, phase, point, { role: H2, way: p.way }) : { missing: why };
    return [{ value: largest.value, lacking }];
  });
  const largestH2 = Math.max(...h2.map(({ value }) => value));
  // A point that has not seen its gas may be the largest: then none is known to be.
  const unseen = h2.flatMap(({ lacking }) => ('missing' in lacking ? [lacking.missing] : []));
  const above = h2.map(({ value, lacking }) => value + ('left' in lacking ? lacking.left : 0));
  const rate = fastest_bar_per_min(pressure, phase.start_s, phase.end_s, run.timeFactor);
  const rateUnseen = whyNotWhole(
    unusableIn(pressure, phase.start_s, phase.end_s),
    'cathode.pressure_barg',
    'of the phase',
  );
  return [
    kpi({
      ...common,
      id: 'pressure-reached',
      value: atPoints.length === 0 ? null : Math.max(...atPoints),
      unit: 'barg',
      u95: run.accuracy('cathode.pressure_barg').abs,
      definition: 'Largest mean cathode pressure of a load point.',
      missing: whyLacking(run, ['cathode.pressure_barg'], 'no load point at pressure was recorded'),
    }),
    kpi({
      ...common,
      id: 'pressure-rate-max',
      value: rateUnseen === '' ? rate : null,
      unit: 'bar/min',
      definition: 'Fastest rise or fall of the cathode pressure over any 60 s of the phase.',
      missing: whyLacking(run, ['cathode.pressure_barg'], rate === null ? 'no usable pressure' : rateUnseen),
    }),
    kpi({
      ...common,
      id: 'minimum-current-at-pressure',
      value: p.needed_A,
      unit: 'A',
      definition: Number.isFinite(p.needed_A)
        ? `i_min at ${p.pressure_barg} barg = ${p.how}.`
        : 'Least current that keeps H2 in O2 below its gate at the pressure.',
      missing: 'the pressure (top_barg) or the current by bar (least_A_per_bar) was not given',
    }),
    kpi({
      ...common,
      id: 'points-at-pressure',
      value: points.length,
      unit: '1',
      definition: `Load points measured at ${p.pressure_barg} barg. Left out because below i_min(p): ${skipped}.`,
    }),
    kpi({
      ...common,
      id: 'h2-in-o2-at-pressure',
      value: h2.length === 0 || unseen.length > 0 ? null : largestH2,
      unit: 'vol_pct',
      u95: run.accuracy(H2).abs + Math.max(...above) - largestH2,
      accepted: { is: '<', limit: p.gateH2InO2_vol_pct },
      definition: `Largest mean of ${PEAK_S} s of the analyser's H2 in O2 during the averages of the load points at pressure, with what the analyser's lag of ${p.way.lag_s} s and the gas at the anode held back in the uncertainty; accepted below ${p.gateH2InO2_vol_pct} vol %.`,
      missing: whyLacking(run, [H2], unseen[0] ?? 'no load point at pressure with a usable analyser value'),
    }),
  ];
}

function fastest_bar_per_min(series: RecordedSeries, from_s: number, to_s: number, k: number): number | null {
  const { t_s, value } = windowOf(series, from_s, to_s);
  const window_s = 60 / k;
  let best: number | null = null;
  let a = 0;
  for (let i = 0; i < t_s.length; i++) {
    while (t_s[i] - t_s[a] > window_s) a++;
    const over_s = t_s[i] - t_s[a];
    if (over_s < 0.5 * window_s) continue;
    const rate = (Math.abs(value[i] - value[a]) / over_s / k) * 60;
    if (Number.isFinite(rate) && (best === null || rate > best)) best = rate;
  }
  return best;
}
