import type { CurvePoint } from '../kpi.ts';
import { meanOf, randomOfMean, thinnedTo_s } from '../record-math.ts';
import type { RecordedPhase, RecordedPoint, StackRun } from '../recorded-run.ts';
import { heldAt, indexAt, windowOf } from '../series-parts.ts';
import { declaredAt, REPEATABILITY_FRAC } from '../uncertainty/repeatability.ts';
import type { Stretch } from './stretch.ts';

/** Points of a polarisation curve from the record, and what is read off a curve. */

/** A point with what is needed to compare it with another curve. */
export interface MeasuredPoint extends CurvePoint {
  /** Part of u95_V that differs from one curve to the next (scatter of the mean, as far as it hangs together, too), k = 2. */
  readonly random_V: number;
  /** Of that for rows that a rule has left out: it goes the same way at each point of a leg. Absent: none were. */
  readonly leftOut_V?: number;
  readonly temperature_degC: number;
  readonly middle_s: number;
}

/** Averages of the recorded windows of a phase of version 1; windows without usable samples give no point. */
export function pointsOf(run: StackRun, phase: RecordedPhase): MeasuredPoint[] {
  return run.points.flatMap(point => {
    const { leg, from_s, to_s, phase: of } = point;
    if (of !== phase.name || leg === 'single' || from_s < phase.start_s || to_s > phase.end_s + 1e-6)
      return [];
    return measuredAt(run, point, leg);
  });
}

/** The same of a part of a method of the language: up to the largest current it is the way up, then the way down. */
export function pointsOfPart(run: StackRun, part: Stretch): MeasuredPoint[] {
  const points = run.points
    .filter(({ from_s, to_s }) => from_s >= part.start_s - 1e-6 && to_s <= part.end_s + 1e-6)
    .flatMap(point => measuredAt(run, point, 'up'));
  const top_A = Math.max(...points.map(point => point.current_A));
  const top = points.findIndex(point => point.current_A >= top_A * (1 - SAME_CURRENT));
  return points.map((point, i) =>
    i > top && !isRepeat(point, points[top]) ? { ...point, leg: 'down' } : point,
  );
}

/** A curve may begin its way down at the current where the way up has ended: that point counts once, as up. */
const SAME_CURRENT = 0.002;
const isRepeat = (a: MeasuredPoint, b: MeasuredPoint): boolean =>
  Math.abs(a.current_A - b.current_A) <= SAME_CURRENT * b.current_A;

function measuredAt(
  run: StackRun,
  window: Pick<RecordedPoint, 'from_s' | 'to_s'>,
  leg: 'up' | 'down',
): MeasuredPoint[] {
  const { from_s, to_s } = window;
  const voltage = run.series('stack.voltage_V');
  const accuracy = run.accuracy('stack.voltage_V');
  const { cells } = run.stack;
  const u = meanOf(voltage, from_s, to_s);
  const i = meanOf(run.series('stack.current_A'), from_s, to_s);
  if (u.count === 0 || i.count === 0) return [];
  const declared_V = declaredAt(accuracy, u.mean);
  const open_V = leftOut_V(run, window, i.mean, declared_V) / cells;
  const random_V = Math.hypot(randomOfMean(voltage, from_s, to_s) / cells, open_V);
  return [
    {
      leg,
      current_A: i.mean,
      cellVoltage_V: u.mean / cells,
      u95_V: Math.hypot(declared_V / cells, random_V),
      random_V,
      ...(open_V > 0 ? { leftOut_V: open_V } : {}),
      temperature_degC: meanOf(run.series('stack.temperature_degC'), from_s, to_s).mean,
      middle_s: (from_s + to_s) / 2,
    },
  ];
}

/** From so many readings on their own scatter tells how well their mean is known. */
const TELL_SCATTER = 5;
/** Readings at currents within this part are of one load. */
const SAME_LOAD = 0.01;

/**
 * How far the mean of a window may be off for rows that a rule has left out, V of the stack, k = 2; 0: none were. The few that
 * are left may stand at one end of the window: what the voltage drifts from there to its middle, by the reading before at the
 * same load. Without one nobody knows more than what the meter declares.
 */
function leftOut_V(
  run: StackRun,
  { from_s, to_s }: Pick<RecordedPoint, 'from_s' | 'to_s'>,
  load_A: number,
  declared_V: number,
): number {
  const voltage = run.series('stack.voltage_V');
  if (!(thinnedTo_s(voltage, from_s, to_s) > 0)) return 0;
  const inside = windowOf(voltage, from_s, to_s);
  const rows = [...inside.value.keys()].filter(row => Number.isFinite(inside.value[row]));
  if (rows.length >= TELL_SCATTER) return 0;
  const mean = (of: Float64Array): number => rows.reduce((sum, row) => sum + of[row], 0) / rows.length;
  const [at_s, at_V] = [mean(inside.t_s), mean(inside.value)];
  const noise_V = (REPEATABILITY_FRAC * declared_V) / Math.sqrt(rows.length);
  const off_s = Math.abs(at_s - (from_s + to_s) / 2);
  const { t_s, value } = voltage;
  let before = indexAt(t_s, from_s - 1e-6) - 1;
  while (before >= 0 && Number.isNaN(value[before])) before--;
  const current = run.series('stack.current_A');
  const isSameLoad = (row: number): boolean =>
    row >= 0 && Math.abs(heldAt(current, t_s[row]) - load_A) <= SAME_LOAD * Math.abs(load_A);
  const drift_V = isSameLoad(before)
    ? (Math.abs(at_V - value[before]) / (at_s - t_s[before])) * off_s
    : declared_V;
  return Math.hypot(noise_V, drift_V);
}

/** A polarisation curve of a run, whichever version of the language it was written in. */
export interface RunCurve {
  readonly name: string;
  readonly points: readonly MeasuredPoint[];
}

/** All polarisation curves, in order of time; a name that comes again is numbered. */
export function runCurves(run: StackRun): RunCurve[] {
  const phases = run.phases.filter(p => p.method === 'polarisation-curve');
  const parts = (run.parts ?? []).filter(p => p.method === 'polarisation');
  const seen = new Map<string, number>();
  return [
    ...phases.map(phase => ({ ...phase, points: pointsOf(run, phase) })),
    ...parts.map(part => ({ ...part, points: pointsOfPart(run, part) })),
  ]
    .sort((a, b) => a.start_s - b.start_s)
    .map(({ name, points }) => {
      const n = (seen.get(name) ?? 0) + 1;
      seen.set(name, n);
      return { name: n === 1 ? name : `${name} (${n})`, points };
    });
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
  return runCurves(run).map(({ name, points }) => ({
    phase: name,
    points: points.map(({ leg, current_A, cellVoltage_V, u95_V, temperature_degC, middle_s }) => ({
      leg,
      current_A,
      currentDensity_A_per_cm2: current_A / run.stack.activeArea_cm2,
      cellVoltage_V,
      u95_V,
      temperature_degC: Number.isFinite(temperature_degC) ? temperature_degC : null,
      t_s: middle_s,
    })),
  }));
}

/** The first and the last polarisation curve of a run: `begin` and `end`. */
export function curvesOf(
  run: StackRun,
): { readonly name: 'begin' | 'end'; readonly points: readonly CurvePoint[] }[] {
  const curves = runCurves(run);
  const names = ['begin', 'end'] as const;
  const ends = curves.length > 1 ? [curves[0], curves[curves.length - 1]] : curves;
  return ends.map(({ points }, i) => ({
    name: names[i],
    points: points.map(({ leg, current_A, cellVoltage_V, u95_V }) => ({
      leg,
      current_A,
      cellVoltage_V,
      u95_V,
    })),
  }));
}
