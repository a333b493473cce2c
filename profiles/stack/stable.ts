import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { meanOf } from '../record-math.ts';
import type { StackRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import { declaredAt, REPEATABILITY_FRAC, wanderOfSlope } from '../uncertainty/repeatability.ts';
import { standingGauge } from '../uncertainty/standing-gauge.ts';
import { fitTrend, scatterText } from '../uncertainty/trend.ts';
import { unusableIn, whyNotWhole } from '../uncertainty/unusable-time.ts';
import type { Stretch } from './stretch.ts';

/** How well a stack stood at its reference load. */

/** What was asked of it: load in parts of nominal, largest band (mV a cell) over a window, s of life. */
export interface Steadiness {
  readonly load_frac: number;
  readonly drift_mV: number;
  readonly window_s: number;
}

/** Drift (mV/h) and band (mV) of the mean cell voltage, and temperature, over the last window. */
export function stableFigures(
  run: StackRun,
  phase: Stretch & { readonly ended_by: string },
  p: Steadiness,
): KpiValue[] {
  const from_s = Math.max(phase.start_s, phase.end_s - p.window_s / run.timeFactor);
  const { t_s, value } = windowOf(run.series('stack.voltage_V'), from_s, phase.end_s);
  const stands = (role: string) => standingGauge(run, role, { from_s, to_s: phase.end_s });
  const voltageStands = stands('stack.voltage_V');
  const temperatureStands = stands('stack.temperature_degC');
  const why = whyNotWhole(
    unusableIn(run.series('stack.voltage_V'), from_s, phase.end_s),
    'stack.voltage_V',
    'of the window',
  );
  const line = voltageStands === undefined ? fitTrend(t_s, value) : undefined;
  const perHour = (3600 / run.timeFactor / run.stack.cells) * 1000;
  const reading_V = meanOf(run.series('stack.voltage_V'), from_s, phase.end_s).mean;
  const wander =
    REPEATABILITY_FRAC *
    declaredAt(run.accuracy('stack.voltage_V'), reading_V) *
    wanderOfSlope(from_s * run.timeFactor, phase.end_s * run.timeFactor) *
    run.timeFactor;
  const u95 = Math.hypot(line?.u95 ?? Number.NaN, Number.isFinite(wander) ? wander : 0);
  const window = `the last ${p.window_s} s of the phase at ${Math.round(p.load_frac * 100)} % load`;
  return [
    kpi({
      id: 'stable-drift',
      phase: phase.name,
      value: line === undefined ? null : line.slope * perHour,
      unit: 'mV/h',
      ...(line === undefined ? {} : { u95: u95 * perHour }),
      definition: `Slope of the mean cell voltage over ${window}; accepted by its band.${scatterText(line, run.timeFactor, 's')} Ended by: ${phase.ended_by}.`,
      basis: 'recalled',
      missing: whyLacking(run, ['stack.voltage_V'], voltageStands ?? 'too few usable voltages'),
    }),
    kpi({
      id: 'stable-band',
      phase: phase.name,
      value: voltageStands === undefined && why === '' ? bandOf(value, run.stack.cells) : null,
      unit: 'mV',
      accepted: { is: '<', limit: p.drift_mV },
      definition: `Largest minus smallest mean cell voltage over ${window}; accepted below ${p.drift_mV} mV.`,
      basis: 'recalled',
      missing: whyLacking(
        run,
        ['stack.voltage_V'],
        voltageStands ?? (value.some(Number.isFinite) ? why : 'no usable voltage'),
      ),
    }),
    kpi({
      id: 'stable-temperature',
      phase: phase.name,
      value:
        temperatureStands === undefined
          ? meanOf(run.series('stack.temperature_degC'), from_s, phase.end_s).mean
          : null,
      unit: 'degC',
      u95: run.accuracy('stack.temperature_degC').abs,
      definition: `Mean stack outlet temperature over ${window}.`,
      basis: 'recalled',
      missing: whyLacking(run, ['stack.temperature_degC'], temperatureStands ?? 'no usable temperature'),
    }),
  ];
}

/** Largest minus smallest usable value over the cells, mV for each; null without any. */
function bandOf(stack_V: Float64Array, cells: number): number | null {
  const usable = stack_V.filter(Number.isFinite);
  if (usable.length === 0) return null;
  let [low, high] = [Infinity, -Infinity];
  for (const v of usable) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return ((high - low) / cells) * 1000;
}
