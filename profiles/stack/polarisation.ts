import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { fitLine } from '../record-math.ts';
import type { StackRun } from '../recorded-run.ts';
import { told } from '../told.ts';
import { declaredAt, REPEATABILITY_FRAC, wanderOf } from '../uncertainty/repeatability.ts';
import { student95 } from '../uncertainty/student.ts';
import { type Asr, asrOf, asrText, NO_ASR } from './asr.ts';
import type { MeasuredPoint } from './curve.ts';

/** ASR (mOhm cm2), voltage at the largest current (V) and hysteresis (mV) of one curve. */
export function polarisationFigures(
  run: StackRun,
  phase: string,
  points: readonly MeasuredPoint[],
): KpiValue[] {
  const asr = asrOf(run, points);
  const top = points.reduce((a, b) => (b.current_A > a.current_A ? b : a), points[0]);
  const pairs = points.flatMap(a => {
    const b = points.find(q => q.leg === 'down' && Math.abs(q.current_A - a.current_A) < 0.01 * a.current_A);
    return a.leg === 'up' && b !== undefined
      ? [{ a, b, mV: (b.cellVoltage_V - a.cellVoltage_V) * 1000 }]
      : [];
  });
  // One meter, minutes apart: what is fixed cancels.
  const moment = (p: MeasuredPoint, weight: number) => {
    const at_s = p.middle_s * run.timeFactor;
    return { from_s: at_s, to_s: at_s, weight: (weight * declaredCell_V(run, p)) / pairs.length };
  };
  const wander_V = REPEATABILITY_FRAC * wanderOf(pairs.flatMap(({ a, b }) => [moment(a, -1), moment(b, 1)]));
  const random_V = Math.hypot(...pairs.flatMap(({ a, b }) => [a.random_V, b.random_V])) / pairs.length;
  // Few rows of each window, all at the same end of it: that does not average out.
  const leftOut_V =
    pairs.reduce((sum, { a, b }) => sum + (a.leftOut_V ?? 0) + (b.leftOut_V ?? 0), 0) / pairs.length;
  const common = { phase, basis: 'recalled' } as const;
  const why = (otherwise: string): string =>
    whyLacking(run, ['stack.voltage_V', 'stack.current_A'], otherwise);
  return [
    kpi({
      ...common,
      id: 'asr',
      value: asr?.value_mOhm_cm2 ?? null,
      unit: 'mOhm.cm2',
      ...(asr === undefined ? {} : { u95: asr.u95_mOhm_cm2 }),
      definition: asrText(asr),
      missing: why(NO_ASR),
    }),
    kpi({
      ...common,
      id: 'cell-voltage-top',
      value: top?.cellVoltage_V ?? null,
      unit: 'V',
      ...(top === undefined ? {} : { u95: top.u95_V }),
      definition: `Mean cell voltage at the largest current of the curve${top === undefined ? '' : ` (${told(top.current_A, 'A', 4)})`}.`,
      missing: why('no point was recorded'),
    }),
    kpi({
      ...common,
      id: 'hysteresis',
      value: pairs.length === 0 ? null : pairs.reduce((sum, { mV }) => sum + mV, 0) / pairs.length,
      unit: 'mV',
      u95: 1000 * (Math.hypot(wander_V, random_V) + leftOut_V),
      definition: 'Mean of U(down) - U(up) at equal current.',
      missing: why('no current was reached both ways'),
    }),
  ];
}

/** Declared accuracy of the stack's voltage at a point, by cell, V. */
function declaredCell_V(run: StackRun, { cellVoltage_V }: MeasuredPoint): number {
  const { cells } = run.stack;
  return declaredAt(run.accuracy('stack.voltage_V'), cellVoltage_V * cells) / cells;
}

/** Tafel slope from points of at most this part of the largest current: there the kinetics prevail (default). */
const TAFEL_TOP_FRAC = 0.3;
const TAFEL_LEAST_POINTS = 4;

/** Mean cell voltage at the load nearest to the reference (V), and slope over the decade of current, ASR taken off (mV). */
export function curveFigures(
  run: StackRun,
  points: readonly MeasuredPoint[],
  reference_pct: number,
): KpiValue[] {
  const at_A = (reference_pct / 100) * run.stack.currentNominal_A;
  const near = points.filter(point => Math.abs(point.current_A - at_A) < 0.02 * at_A);
  const mean = (of: (point: MeasuredPoint) => number): number =>
    near.reduce((sum, point) => sum + of(point), 0) / near.length;
  const voltage = run.accuracy('stack.voltage_V');
  const reference_V = mean(point => point.cellVoltage_V);
  const declared_V = declaredAt(voltage, reference_V * run.stack.cells) / run.stack.cells;
  const random_V = mean(point => point.random_V) / Math.sqrt(near.length);
  const asr = asrOf(run, points);
  const current_u = declaredAt(run.accuracy('stack.current_A'), at_A);
  const byCurrent_V = ((asr?.value_mOhm_cm2 ?? 0) / 1000 / run.stack.activeArea_cm2) * current_u;
  return [
    kpi({
      id: 'reference-voltage',
      value: near.length === 0 ? null : reference_V,
      unit: 'V',
      u95: Math.hypot(declared_V, random_V, byCurrent_V),
      definition: `Mean cell voltage at ${reference_pct} % of nominal, ${near.length} point(s) of both legs; not temperature-corrected.`,
      basis: 'default',
      missing: `no point within 2 % of ${told(at_A, 'A', 4)}`,
    }),
    tafelFigure(run, points, asr),
  ];
}

function tafelFigure(run: StackRun, points: readonly MeasuredPoint[], asr: Asr | undefined): KpiValue {
  const top_A = Math.max(0, ...points.map(point => point.current_A));
  const low = points.filter(point => point.current_A > 0 && point.current_A <= TAFEL_TOP_FRAC * top_A);
  const area = run.stack.activeArea_cm2;
  const slope_V = (asr?.value_mOhm_cm2 ?? Number.NaN) / 1000 / area;
  const x = low.map(point => Math.log10(point.current_A / area));
  const line = fitLine(
    x,
    low.map(point => point.cellVoltage_V - slope_V * point.current_A),
  );
  const spread = Math.max(...x) - Math.min(...x);
  const span_A = (Math.max(...low.map(p => p.current_A)) - Math.min(...low.map(p => p.current_A))) / spread;
  const known = line !== undefined && asr !== undefined && low.length >= TAFEL_LEAST_POINTS && spread > 0.2;
  const u95_V = known
    ? Math.hypot(
        student95(Math.max(1, low.length - 2)) * line.slopeError,
        (asr.u95_mOhm_cm2 / 1000 / area) * span_A,
        (line.slope * run.accuracy('stack.voltage_V').reading_pct) / 100,
      )
    : 0;
  return kpi({
    id: 'tafel',
    value: known ? line.slope * 1000 : null,
    unit: 'mV/dec',
    u95: u95_V * 1000,
    definition: `Slope of the cell voltage, less ASR times current density, over log10 of the current density, ${low.length} points up to ${100 * TAFEL_TOP_FRAC} % of the largest current. The ASR of the upper part still holds some kinetics: an apparent slope, no property of one electrode. Uncertainty from the scatter about the line, the ASR and the meters.`,
    basis: 'default',
    missing: 'no ASR, or fewer than four points at low load over a fifth of a decade',
  });
}
