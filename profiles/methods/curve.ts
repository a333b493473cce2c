import type { CurvePoint } from '../kpi.ts';
import { fitLine, meanOf } from '../record-math.ts';
import type { RecordedPhase, StackFacts, StackRun } from '../recorded-run.ts';

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

/** Range of current densities that count for the ASR, A/cm2. */
const ASR_RANGE = [0.5, 1.5] as const;

/** Area-specific resistance: slope of the cell voltage, both legs. Uncertainty k = 2 from the scatter about the line. */
export function asrOf(
  points: readonly CurvePoint[],
  stack: StackFacts,
): { readonly value_mOhm_cm2: number; readonly u95_mOhm_cm2: number } | undefined {
  const slack = 0.005;
  const inside = points
    .map(p => ({ j: p.current_A / stack.activeArea_cm2, u: p.cellVoltage_V }))
    .filter(({ j }) => j >= ASR_RANGE[0] - slack && j <= ASR_RANGE[1] + slack);
  const line = fitLine(
    inside.map(p => p.j),
    inside.map(p => p.u),
  );
  if (line === undefined) return undefined;
  return { value_mOhm_cm2: line.slope * 1000, u95_mOhm_cm2: 2 * line.slopeError * 1000 };
}

/** Phases that are polarisation curves, in order of time. */
export function curvePhases(run: StackRun): RecordedPhase[] {
  return run.phases.filter(p => p.method === 'polarisation-curve').sort((a, b) => a.start_s - b.start_s);
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
