import type { CurvePoint } from '../kpi.ts';
import { meanOf, randomOfMean } from '../record-math.ts';
import type { RecordedPhase, StackRun } from '../recorded-run.ts';
import { declaredAt } from '../uncertainty/repeatability.ts';

/** Points of a polarisation curve from the record, and what is read off a curve. */

/** A point with what is needed to compare it with another curve. */
export interface MeasuredPoint extends CurvePoint {
  /** Part of u95_V that differs from one curve to the next (scatter of the mean, as far as it hangs together, too), k = 2. */
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
    const declared_V = declaredAt(accuracy, u.mean);
    const random_V = randomOfMean(voltage, from_s, to_s) / cells;
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
