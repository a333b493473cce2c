import type { CurvePoint } from '../kpi.ts';
import { meanOf } from '../record-math.ts';
import type { RecordedPhase, StackRun } from '../recorded-run.ts';
import { fitTrend } from '../trend.ts';

/** Points of a polarisation curve from the record, and what is read off a curve. */

/** A point with what is needed to compare it with another curve. */
export interface MeasuredPoint extends CurvePoint {
  /** Part of u95_V that differs from one curve to the next (scatter of the mean), k = 2. */
  readonly random_V: number;
  readonly temperature_degC: number;
  readonly middle_s: number;
}

/** Averages of the recorded windows of a phase; windows without usable samples give no point. */
export function pointsOf(run: StackRun, phase: RecordedPhase): MeasuredPoint[] {
  const voltage = run.series('stack.voltage_V');
  const current = run.series('stack.current_A');
  const temperature = run.series('stack.temperature_degC');
  const accuracy = run.accuracy('stack.voltage_V');
  const cells = run.stack.cells;
  const points: MeasuredPoint[] = [];
  for (const { leg, from_s, to_s, phase: of } of run.points) {
    if (of !== phase.name || leg === 'single' || from_s < phase.start_s || to_s > phase.end_s + 1e-6)
      continue;
    const u = meanOf(voltage, from_s, to_s);
    const i = meanOf(current, from_s, to_s);
    if (u.count === 0 || i.count === 0) continue;
    const declared_V = (Math.abs(u.mean) * accuracy.reading_pct) / 100 + accuracy.abs;
    const random_V = (2 * u.deviation) / Math.sqrt(u.count) / cells;
    points.push({
      leg,
      current_A: i.mean,
      cellVoltage_V: u.mean / cells,
      u95_V: Math.hypot(declared_V / cells, random_V),
      random_V,
      temperature_degC: meanOf(temperature, from_s, to_s).mean,
      middle_s: (from_s + to_s) / 2,
    });
  }
  return points;
}

/** Range of current densities that counts for the ASR, A/cm2; a curve that ends lower has its upper part instead. */
const ASR_RANGE = [0.5, 1.5] as const;
const ASR_UPPER_PART = 0.4;
const ASR_LEAST_POINTS = 3;

/** Area-specific resistance of a curve, and the current densities it was read from. */
export interface Asr {
  readonly value_mOhm_cm2: number;
  readonly u95_mOhm_cm2: number;
  /** Measured current densities, A/cm2. */
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/**
 * Slope of the cell voltage over the measured current density, both legs: 0.5 to 1.5 A/cm2, or the upper part of a
 * curve that does not reach 1 A/cm2 (alkaline). Uncertainty k = 2: scatter and curvature about the line, and the
 * gains of both meters. Undefined with fewer than three points or without a spread of currents.
 */
export function asrOf(run: StackRun, points: readonly CurvePoint[]): Asr | undefined {
  const all = points
    .map(p => ({ j: p.current_A / run.stack.activeArea_cm2, u: p.cellVoltage_V }))
    .sort((a, b) => a.j - b.j);
  const top = all.at(-1)?.j ?? 0;
  const [low, high] = top >= (ASR_RANGE[0] + ASR_RANGE[1]) / 2 ? ASR_RANGE : [ASR_UPPER_PART * top, top];
  // Points that lie on a bound by their set point lie a little beside it by measured current.
  const slack = 0.01 * (high - low);
  const inside = all.filter(({ j }) => j >= low - slack && j <= high + slack);
  const line = fitTrend(
    inside.map(p => p.j),
    inside.map(p => p.u),
  );
  const spread = (inside.at(-1)?.j ?? 0) - (inside[0]?.j ?? 0);
  if (line === undefined || inside.length < ASR_LEAST_POINTS || spread < 0.2 * (high - low)) return undefined;
  const gain_pct = Math.hypot(
    run.accuracy('stack.voltage_V').reading_pct,
    run.accuracy('stack.current_A').reading_pct,
  );
  return {
    value_mOhm_cm2: line.slope * 1000,
    u95_mOhm_cm2: Math.hypot(line.u95, Number.isFinite(gain_pct) ? (line.slope * gain_pct) / 100 : 0) * 1000,
    from: inside[0].j,
    to: inside[inside.length - 1].j,
    points: inside.length,
  };
}

/** What an ASR is, in words; without one, what it would be. */
export function asrText(asr: Asr | undefined): string {
  const what = 'Slope dU/dj of the cell voltage, both legs, by measured current';
  return asr === undefined
    ? `${what}.`
    : `${what}, over ${asr.from.toPrecision(3)} to ${asr.to.toPrecision(3)} A/cm2 (${asr.points} points); U = stack voltage / cells. Not temperature-corrected. Uncertainty from scatter and curvature about the line and the gains of both meters.`;
}

/** Why a curve has no ASR. */
export const NO_ASR = 'fewer than three points over a spread of currents from 40 % of the largest up';

/** Phases that are polarisation curves, in order of time. */
export function curvePhases(run: StackRun): RecordedPhase[] {
  return run.phases.filter(p => p.method === 'polarisation-curve').sort((a, b) => a.start_s - b.start_s);
}

/** One curve with all that is known of its points. */
export interface MeasuredCurve {
  readonly phase: string;
  readonly points: readonly {
    readonly leg: 'up' | 'down';
    readonly current_A: number;
    readonly currentDensity_A_per_cm2: number;
    readonly cellVoltage_V: number;
    /** Expanded uncertainty of cellVoltage_V, k = 2. */
    readonly u95_V: number;
    /** Null: no usable reading at that point. */
    readonly temperature_degC: number | null;
    /** Middle of the averaged window, s of run time. */
    readonly t_s: number;
  }[];
}

/** Every polarisation curve of a run in order of time. */
export function measuredCurves(run: StackRun): MeasuredCurve[] {
  return curvePhases(run).map(phase => ({
    phase: phase.name,
    points: pointsOf(run, phase).map(
      ({ leg, current_A, cellVoltage_V, u95_V, temperature_degC, middle_s }) => ({
        leg,
        current_A,
        currentDensity_A_per_cm2: current_A / run.stack.activeArea_cm2,
        cellVoltage_V,
        u95_V,
        temperature_degC: Number.isFinite(temperature_degC) ? temperature_degC : null,
        t_s: middle_s,
      }),
    ),
  }));
}

/** The first and the last polarisation curve of a run: `begin` and `end`. */
export function curvesOf(
  run: StackRun,
): { readonly name: 'begin' | 'end'; readonly points: readonly CurvePoint[] }[] {
  const phases = curvePhases(run);
  const names = ['begin', 'end'] as const;
  const ends = phases.length > 1 ? [phases[0], phases[phases.length - 1]] : phases;
  return ends.map((phase, i) => ({
    name: names[i],
    points: pointsOf(run, phase).map(({ leg, current_A, cellVoltage_V, u95_V }) => ({
      leg,
      current_A,
      cellVoltage_V,
      u95_V,
    })),
  }));
}
