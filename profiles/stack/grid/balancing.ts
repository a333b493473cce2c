import { type KpiValue, kpi } from '../../kpi.ts';
import { whyLacking } from '../../lacking.ts';
import { integrate, joinLimit_s, meanOf, randomOfMean } from '../../record-math.ts';
import type { RecordedStep, StackRun } from '../../recorded-run.ts';
import { declaredAt, REPEATABILITY_FRAC, wanderOf } from '../../uncertainty/repeatability.ts';
import { rmsU95 } from '../../uncertainty/rms-u95.ts';

/** How a stack served calls of balancing power. Powers are those into the stack, DC. */

/** What was called. Times are s of life after a call began. */
export interface Called {
  readonly base_pct: number;
  readonly depth_pct: number;
  readonly half_s: number;
  readonly full_s: number;
  readonly least_pct: number;
  /** Steps of the calls, and those that took them back, in pairs. */
  readonly calls: readonly RecordedStep[];
}

const POWER = 'stack.power_W';
/** Mean of so many readings around a due time, and of so long before a call, s of life. */
const AROUND_READINGS = 3;
const BEFORE_S = 30;

interface Share {
  readonly value: number;
  readonly u95: number;
}

/** Share of a call that was there at a time, per cent of what was called. */
function shareAt(run: StackRun, call: RecordedStep, at_s: number, called_W: number, sign: number): Share {
  const series = run.series(POWER);
  const life = run.timeFactor;
  const from_s = call.start_s - BEFORE_S / life;
  const half_s = (AROUND_READINGS / 2) * (joinLimit_s(series, from_s, call.end_s) / 3);
  const before = meanOf(series, from_s, call.start_s - 1e-6).mean;
  const due_s = call.start_s + at_s / life;
  const [a_s, b_s] = [due_s - half_s, Math.min(due_s + half_s, call.end_s - 1e-6)];
  const there = meanOf(series, a_s, b_s).mean;
  const { reading_pct, abs } = run.accuracy(POWER);
  const wander = wanderOf([
    { from_s: from_s * life, to_s: call.start_s * life, weight: -1 },
    { from_s: a_s * life, to_s: b_s * life, weight: 1 },
  ]);
  // Base and call are read by one meter: its gain counts with what changed, the rest with its repeatability.
  const meter = Math.hypot(
    ((there - before) * reading_pct) / 100,
    REPEATABILITY_FRAC * declaredAt({ reading_pct, abs, basis: 'default' }, there) * wander,
  );
  const random = Math.hypot(
    randomOfMean(series, a_s, b_s),
    randomOfMean(series, from_s, call.start_s - 1e-6),
  );
  const u95 = Math.hypot(meter, Number.isFinite(random) ? random : 0);
  return { value: (100 * sign * (there - before)) / called_W, u95: (100 * u95) / called_W };
}

/** The first call of a pair asks for more power into the stack, the second for less. */
function directionOf(call: number): number {
  return call % 2 === 0 ? 1 : -1;
}

/** Shares delivered at the due times (%; the least of all calls) and the tracking error once all is due (%). */
export function balancingFigures(run: StackRun, of: Called): KpiValue[] {
  const nominal_W = 1000 * run.stack.powerNominal_kW;
  const called_W = (of.depth_pct / 100) * nominal_W;
  const { calls, half_s, full_s } = of;
  const least = (at_s: number): Share | undefined =>
    calls
      .map((call, i) => shareAt(run, call, at_s, called_W, directionOf(i)))
      .filter(({ value }) => Number.isFinite(value))
      .toSorted((a, b) => a.value - b.value)[0];
  const [half, full] = [least(half_s), least(full_s)];
  const missing = whyLacking(run, [POWER], 'no call with usable readings');
  const common = { basis: 'default', missing } as const;
  const share = (found: Share | undefined) =>
    found === undefined ? { value: null } : { value: found.value, u95: found.u95 };
  const text = `Change of the power since the ${BEFORE_S} s before a call over what was called (${of.depth_pct} % of nominal), by ${AROUND_READINGS} readings around the due time; the least of ${calls.length} calls`;
  return [
    kpi({
      ...common,
      id: 'share-half',
      ...share(half),
      unit: 'pct',
      accepted: { is: '>', limit: of.least_pct / 2 },
      definition: `${text}. Due ${half_s} s after the call.`,
    }),
    kpi({
      ...common,
      id: 'share-full',
      ...share(full),
      unit: 'pct',
      accepted: { is: '>', limit: of.least_pct },
      definition: `${text}. Due ${full_s} s after the call.`,
    }),
    trackingOf(run, of, called_W, common),
  ];
}

/** Root mean square of drawn minus called power from the due time to the end of each call, % of what was called. */
function trackingOf(
  run: StackRun,
  { calls, full_s, base_pct, depth_pct }: Called,
  called_W: number,
  common: { readonly basis: 'default'; readonly missing: string },
): KpiValue {
  const series = run.series(POWER);
  const accuracy = run.accuracy(POWER);
  const nominal_W = 1000 * run.stack.powerNominal_kW;
  const sums = { square: 0, error: 0, byReading: 0, own: 0 };
  let time_s = 0;
  for (const [i, { start_s, end_s }] of calls.entries()) {
    const goal_W = ((base_pct + directionOf(i) * depth_pct) / 100) * nominal_W;
    const over = (map: (watt: number) => number) =>
      integrate(series, start_s + full_s / run.timeFactor, end_s - 1e-6, map);
    sums.square += over(watt => (watt - goal_W) ** 2).sum;
    sums.error += over(watt => watt - goal_W).sum;
    sums.byReading += over(watt => (watt - goal_W) * watt).sum;
    sums.own += over(watt => declaredAt(accuracy, watt) ** 2).sum;
    time_s += over(watt => watt).covered_s;
  }
  const means = {
    square: sums.square / time_s,
    error: sums.error / time_s,
    byReading: sums.byReading / time_s,
    own: sums.own / time_s,
  };
  return kpi({
    ...common,
    id: 'tracking-error',
    value: time_s > 0 ? (100 * Math.sqrt(means.square)) / called_W : null,
    unit: 'pct',
    u95: time_s > 0 ? (100 * rmsU95(means, accuracy)) / called_W : 0,
    definition: `Root mean square of drawn minus called power from ${full_s} s after each call to its end, in parts of what was called. Uncertainty: gain and zero of the meter.`,
  });
}
