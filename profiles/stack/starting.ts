import { PEAK_S } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { integrate, joinLimit_s, largestMeanOf } from '../record-math.ts';
import type { StackRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import { notSeenNote, unusableIn, whyNotWhole } from '../uncertainty/unusable-time.ts';
import type { Stretch } from './stretch.ts';

/** Starts and stops of a stack. */

/** A current above this part of nominal is a load. */
const LOADED_FRAC = 0.01;
/** Arrived at this part of the load. */
const THERE_FRAC = 0.95;

/** Time from the first current to a load (s of life) and energy of that start until the end of the stretch (kWh). */
export function startFigures(run: StackRun, of: Stretch, load_frac: number): KpiValue[] {
  const series = run.series('stack.current_A');
  const { t_s, value } = windowOf(series, of.start_s, of.end_s);
  const first = value.findIndex(v => v > LOADED_FRAC * run.stack.currentNominal_A);
  const goal_A = THERE_FRAC * load_frac * run.stack.currentNominal_A;
  const there = first < 0 ? -1 : value.findIndex((v, i) => i >= first && v >= goal_A);
  const poll_s = joinLimit_s(series, of.start_s, of.end_s) / 3;
  const energy = integrate(run.series('stack.power_W'), t_s[Math.max(0, first)] ?? of.end_s, of.end_s);
  const { reading_pct, abs } = run.accuracy('stack.power_W');
  const toKWh = run.timeFactor / 3600 / 1000;
  return [
    kpi({
      id: 'time-to-load',
      value: there < 0 ? null : (t_s[there] - t_s[first]) * run.timeFactor,
      unit: 's',
      u95: Math.SQRT2 * poll_s * run.timeFactor,
      definition: `From the first reading above ${100 * LOADED_FRAC} % of nominal to the first of at least ${100 * THERE_FRAC} % of the load asked for. Uncertainty: one reading at either end.`,
      basis: 'default',
      missing: whyLacking(run, ['stack.current_A'], 'the load was not come to, or stood already'),
    }),
    kpi({
      id: 'start-energy',
      value: first < 0 || energy.covered_s === 0 ? null : energy.sum * toKWh,
      unit: 'kWh',
      u95: Math.hypot((energy.sum * reading_pct) / 100, abs * energy.covered_s, energy.steps) * toKWh,
      definition: 'DC energy from the first reading of load to the end of the start.',
      basis: 'default',
      missing: whyLacking(
        run,
        ['stack.current_A', 'stack.power_W'],
        first < 0 ? 'no load in it' : 'no usable power',
      ),
    }),
  ];
}

/** Largest H2 in the anode gas of a stretch, vol %. */
export function stopFigures(run: StackRun, of: Stretch): KpiValue[] {
  const role = 'o2.h2_vol_pct';
  const largest = largestMeanOf(run.series(role), of.start_s, of.end_s, PEAK_S / run.timeFactor);
  const unseen = unusableIn(run.series(role), of.start_s, of.end_s);
  const why = whyNotWhole(unseen, role, 'of the stop');
  return [
    kpi({
      id: 'stop-h2-in-o2-max',
      value: why === '' ? (largest?.value ?? null) : null,
      unit: 'vol_pct',
      u95: run.accuracy(role).abs,
      definition: `Largest mean of ${PEAK_S} s of the analyser's H2 in O2 from the beginning of the stop on.${notSeenNote(why === '' ? unseen : 0, 'of the stop')}`,
      basis: 'default',
      missing: whyLacking(run, [role], largest === undefined ? 'no usable analyser value' : why),
    }),
  ];
}
