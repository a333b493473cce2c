import { ATMOSPHERE_BAR, ZERO_DEGC_K } from '../electrolysis.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { meanOf } from '../record-math.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { indexAt, type SeriesPart, windowOf } from '../series-parts.ts';
import { REPEATABILITY_FRAC, wanderOfSlope } from '../uncertainty/repeatability.ts';
import { hiddenChange, standingGauge } from '../uncertainty/standing-gauge.ts';
import { fitTrend, scatterText } from '../uncertainty/trend.ts';

/** Leak of gas that was closed in, from the decay of its pressure, corrected for temperature. */

/** Accepted decay, % of the gas closed in over so many minutes (chosen here): a short hold may lose as much less. */
const ACCEPTED = { decay_pct: 0.5, in_min: 15 };

const NOT_HELD = 'the hold was not reached, or not held to its end';

/** A leak test as it was done: `factor` times `testPressure_barg` closed in for hold_s. */
export interface LeakTest {
  readonly testPressure_barg: number;
  readonly factor: number;
  readonly hold_s: number;
  readonly cathodeVolume_L: number;
  readonly anodeVolume_L: number;
}

/** The part of the record: the time that counts, run time; undefined where it was not come to. */
export interface LeakPart {
  readonly name: string;
  readonly hold: { readonly from_s: number; readonly to_s: number } | undefined;
}

/** Leak (NL/min), decay (% of the gas closed in) and pressure of a leak test; null where the hold is missing. */
export function leakFigures(run: RecordedRun, part: LeakPart, p: LeakTest): KpiValue[] {
  const { hold } = part;
  const common = { phase: part.name, basis: 'default' } as const;
  const what =
    `N2 closed in at ${p.factor} x ${p.testPressure_barg} barg; least squares over the hold of the normal volume ` +
    `V p/(1.01325 bar) 273.15 K/T with p of each side and T the stack outlet temperature; volumes ` +
    `${p.cathodeVolume_L} L (cathode) and ${p.anodeVolume_L} L (anode)`;
  const why = (roles: readonly string[]): string =>
    whyLacking(run, roles, hold === undefined ? NOT_HELD : 'pressure or temperature was not usable in it');
  const temperature = run.series('stack.temperature_degC');
  const [from_s, to_s] = [hold?.from_s ?? Number.POSITIVE_INFINITY, hold?.to_s ?? Number.NEGATIVE_INFINITY];
  const cathode = windowOf(run.series('cathode.pressure_barg'), from_s, to_s);
  // A reading of the other gauges may lie just outside.
  const beside = (role: string) => windowOf(run.series(role), from_s - BESIDE_S, to_s + BESIDE_S);
  const [anode, outlet] = [beside('anode.pressure_barg'), beside('stack.temperature_degC')];
  const readings = indexAt(cathode.t_s, to_s);
  const minutes = new Float64Array(readings);
  const gas_NL = new Float64Array(readings);
  for (let i = 0; i < readings; i++) {
    const t = cathode.t_s[i];
    const kelvin = nearest(outlet, t) + ZERO_DEGC_K;
    const pv =
      p.cathodeVolume_L * (cathode.value[i] + ATMOSPHERE_BAR) +
      p.anodeVolume_L * (nearest(anode, t) + ATMOSPHERE_BAR);
    minutes[i] = (t * run.timeFactor) / 60;
    gas_NL[i] = ((pv / ATMOSPHERE_BAR) * ZERO_DEGC_K) / kelvin;
  }
  // A pressure that does not even flicker proves no tightness; a thermometer may stand on a plateau.
  const stands =
    hold === undefined
      ? undefined
      : (hiddenChange(run, 'cathode.pressure_barg', hold) ??
        hiddenChange(run, 'anode.pressure_barg', hold) ??
        standingGauge(run, 'stack.temperature_degC', hold));
  const line = stands === undefined ? fitTrend(minutes, gas_NL) : undefined;
  const missing = stands ?? why(['cathode.pressure_barg', 'anode.pressure_barg', 'stack.temperature_degC']);
  const mean_K = meanOf(temperature, hold?.from_s ?? 0, hold?.to_s ?? 0).mean + ZERO_DEGC_K;
  const perBar_NL = (volume_L: number): number => (volume_L / ATMOSPHERE_BAR) * (ZERO_DEGC_K / mean_K);
  const from_life_s = (hold?.from_s ?? 0) * run.timeFactor;
  // What pressure gauges and thermometer wander during the hold looks like a leak.
  const wander_NL = Math.hypot(
    perBar_NL(p.cathodeVolume_L) * run.accuracy('cathode.pressure_barg').abs,
    perBar_NL(p.anodeVolume_L) * run.accuracy('anode.pressure_barg').abs,
    ((gas_NL[0] ?? 0) * run.accuracy('stack.temperature_degC').abs) / mean_K,
  );
  const drift =
    hold === undefined
      ? 0
      : REPEATABILITY_FRAC * wander_NL * 60 * wanderOfSlope(from_life_s, hold.to_s * run.timeFactor);
  const u95 = line === undefined ? Number.NaN : Math.hypot(line.u95, Number.isFinite(drift) ? drift : 0);
  const held_min = p.hold_s / 60;
  const accepted_pct = (ACCEPTED.decay_pct * held_min) / ACCEPTED.in_min;
  const start = line === undefined ? Number.NaN : line.intercept + line.slope * (minutes[0] ?? Number.NaN);
  const toPct = (100 * held_min) / start;
  return [
    kpi({
      ...common,
      id: 'leak-rate',
      value: line === undefined ? null : -line.slope,
      unit: 'NL/min',
      ...(line === undefined ? {} : { u95 }),
      definition: `Leak of both sides together: ${what}. Uncertainty from the scatter about the line, as far as it hangs together in time, too; and from what gauges and thermometer wander in that time (a tenth of their accuracy, our choice); their offsets cancel.${scatterText(line, 1, 'min')}`,
      missing,
    }),
    kpi({
      ...common,
      id: 'leak-decay',
      value: line === undefined ? null : -line.slope * toPct,
      unit: 'pct',
      ...(line === undefined ? {} : { u95: u95 * toPct }),
      accepted: { is: '<', limit: accepted_pct },
      definition: `Gas lost over the ${p.hold_s} s of the hold, temperature-corrected, in parts of the gas closed in; accepted below ${ACCEPTED.decay_pct} % in ${ACCEPTED.in_min} min.`,
      missing,
    }),
    kpi({
      ...common,
      id: 'leak-test-pressure',
      value: hold === undefined ? null : meanOf(cathode, hold.from_s, hold.to_s).mean,
      unit: 'barg',
      u95: run.accuracy('cathode.pressure_barg').abs,
      definition: 'Mean cathode pressure during the hold.',
      missing: why(['cathode.pressure_barg']),
    }),
  ];
}

/** Gauges are read at times of their own: the nearest reading counts, up to so far outside of the hold, s. */
const BESIDE_S = 3600;

function nearest(series: SeriesPart, t_s: number): number {
  const i = indexAt(series.t_s, t_s);
  if (i === 0) return series.value[0] ?? Number.NaN;
  if (i === series.t_s.length) return series.value[i - 1];
  return t_s - series.t_s[i - 1] < series.t_s[i] - t_s ? series.value[i - 1] : series.value[i];
}
