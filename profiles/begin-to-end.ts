import { type KpiValue, kpi } from './kpi.ts';
import type { StackRun } from './recorded-run.ts';
import { type Asr, asrOf, asrText, NO_ASR } from './stack/asr.ts';
import { type MeasuredPoint, runCurves } from './stack/curve.ts';
import { told } from './told.ts';
import { declaredAt, REPEATABILITY_FRAC, wanderOf } from './uncertainty/repeatability.ts';

/** The first polarisation curve of a run against the last. */

/** A pair of points of both curves at the same set current and leg. */
interface Pair {
  readonly begin: MeasuredPoint;
  readonly end: MeasuredPoint;
}

/** ASR and cell voltage of the first against the last polarisation curve. */
export function beginToEnd(run: StackRun): KpiValue[] {
  const curves = runCurves(run).map(({ points }) => points);
  const [begin, end] = [curves[0] ?? [], curves.length > 1 ? (curves.at(-1) ?? []) : []];
  const asrs = { begin: asrOf(run, begin), end: asrOf(run, end) };
  const apart = asrDifference(asrs.begin, asrs.end);
  const asr = (name: 'begin' | 'end'): KpiValue => {
    const found = asrs[name];
    return kpi({
      id: `asr-${name}`,
      value: found?.value_mOhm_cm2 ?? null,
      unit: 'mOhm.cm2',
      ...(found === undefined ? {} : { u95: found.u95_mOhm_cm2 }),
      definition: `${name === 'begin' ? 'First' : 'Last'} polarisation curve. ${asrText(found)}${apart}`,
      basis: 'recalled',
      missing: `no such curve, or ${NO_ASR}`,
    });
  };
  return [asr('begin'), asr('end'), ...differences(run, pairsOf(begin, end), begin)];
}

function pairsOf(begin: readonly MeasuredPoint[], end: readonly MeasuredPoint[]): Pair[] {
  return begin.flatMap(a => {
    const b = end.find(q => q.leg === a.leg && Math.abs(q.current_A - a.current_A) < 0.01 * a.current_A);
    return b === undefined ? [] : [{ begin: a, end: b }];
  });
}

/** Mean cell voltage of one curve less that of an earlier one at equal current, mV; at_A: near 1 A/cm2 without. */
export function voltageDifference(
  run: StackRun,
  begin: readonly MeasuredPoint[],
  end: readonly MeasuredPoint[],
  at_A?: number,
): KpiValue {
  return differences(run, pairsOf(begin, end), begin, at_A)[0];
}

/** From so many hours between curves on their difference may be read as a rate (default). */
const LONG_H = 500;
/** Current density at which begin and end are compared, A/cm2. */
const REFERENCE_A_PER_CM2 = 1;
/** Largest temperature coefficient of a PEM cell at 1-2 A/cm2: -2 to -5 mV/K (recalled). */
const TEMPERATURE_V_PER_K = 0.005;
/** By so much a cell that is cold, or of another type, may lie beyond it (default). */
const COEFFICIENT_V_PER_K = 0.002;
/** From so many kelvin between two curves on no coefficient holds from one to the other (default). */
const FAR_APART_K = 20;

/**
 * What the difference of both slopes is, in words. A stack that follows the current in temperature in one curve and not in the
 * other has other slopes without having aged: nothing is corrected, but what that can make is set against the difference.
 */
function asrDifference(begin: Asr | undefined, end: Asr | undefined): string {
  if (begin === undefined || end === undefined) return '';
  const difference = end.value_mOhm_cm2 - begin.value_mOhm_cm2;
  const u95 = Math.hypot(begin.u95_mOhm_cm2, end.u95_mOhm_cm2);
  const made = ` Last minus first: ${difference.toFixed(1)} +- ${u95.toFixed(1)} mOhm.cm2`;
  if (Math.abs(difference) <= u95) return `${made}, none beyond both uncertainties.`;
  const warming = [begin, end].map(asr => asr.warming_K_cm2_per_A);
  // A cell's voltage falls as it warms: one that warms with the current has the smaller slope.
  const thermal = 1000 * TEMPERATURE_V_PER_K * (warming[0] - warming[1]);
  if (!Number.isFinite(thermal))
    return `${made}; no usable temperature to tell ageing from temperature by, so it is not to be read as ageing.`;
  const why = `the temperature rose with the current by ${warming.map(k => k.toFixed(1)).join(' K per A/cm2 in the first and by ')} in the last, which makes ${thermal.toFixed(1)} mOhm.cm2 at -5 mV/K (recalled, the most)`;
  const left = difference * thermal > 0 ? Math.abs(difference) - Math.abs(thermal) : Math.abs(difference);
  return left <= u95
    ? `${made}: temperature explains it, not to be read as ageing: ${why}. First ${span(begin)}, last ${span(end)}.`
    : `${made}, more than temperature explains: ${why}.`;
}

const span = ({ least_degC, most_degC }: Asr): string =>
  `at ${least_degC.toFixed(1)} to ${most_degC.toFixed(1)} degC`;

/** Repeatability of the difference of the mean readings of both curves near `value`, k = 2, unit of the role. */
function repeatability(run: StackRun, role: string, value: number, pairs: readonly Pair[]): number {
  const windows = pairs.flatMap(({ begin, end }) =>
    [begin, end].map(({ middle_s }, k) => {
      const at_s = middle_s * run.timeFactor;
      return { from_s: at_s, to_s: at_s, weight: (k === 0 ? -1 : 1) / pairs.length };
    }),
  );
  return REPEATABILITY_FRAC * declaredAt(run.accuracy(role), value) * wanderOf(windows);
}

/**
 * What a stack that had not come to rest in one of the curves leaves open, V: half of what the distance between both legs
 * changed by from the first to the last, where that stands out of the readings.
 */
function unsettledOf(pairs: readonly Pair[]): number {
  const up = pairs.filter(({ begin }) => begin.leg === 'up');
  let [sum, squares, count] = [0, 0, 0];
  for (const one of up) {
    const near = (pair: Pair): boolean =>
      Math.abs(pair.begin.current_A - one.begin.current_A) < 0.01 * one.begin.current_A;
    const other = pairs.find(pair => pair.begin.leg === 'down' && near(pair));
    if (other === undefined) continue;
    const points = [one.end, other.end, one.begin, other.begin];
    const [endUp, endDown, beginUp, beginDown] = points.map(point => point.cellVoltage_V);
    sum += endUp - endDown - (beginUp - beginDown);
    for (const { random_V } of points) squares += random_V ** 2;
    count++;
  }
  return count > 0 && Math.abs(sum) > Math.sqrt(squares) ? Math.abs(sum) / count / 2 : 0;
}

function differences(
  run: StackRun,
  pairs: readonly Pair[],
  begin: readonly MeasuredPoint[],
  at_A = REFERENCE_A_PER_CM2 * run.stack.activeArea_cm2,
): KpiValue[] {
  const distance = (pair: Pair) => Math.abs(pair.begin.current_A - at_A);
  const least = Math.min(...pairs.map(distance));
  // Both legs of the reference current count alike, so that hysteresis does not enter.
  const chosen = pairs.filter(pair => distance(pair) < least + 0.01 * at_A);
  const mean = (of: (pair: Pair) => number) =>
    chosen.reduce((sum, pair) => sum + of(pair), 0) / chosen.length;
  const asr = asrOf(run, begin);
  const slope_V_per_A = (asr?.value_mOhm_cm2 ?? 0) / 1000 / run.stack.activeArea_cm2;
  const raw_V = mean(({ begin: a, end: b }) => b.cellVoltage_V - a.cellVoltage_V);
  const current_A = mean(({ begin: a }) => a.current_A);
  const shift_A = mean(({ begin: a, end: b }) => b.current_A - a.current_A);
  const difference_V = raw_V - shift_A * slope_V_per_A;
  const warmer_K = mean(({ begin: a, end: b }) => b.temperature_degC - a.temperature_degC);
  const accuracy = run.accuracy('stack.voltage_V');
  const gain_V = (Math.abs(difference_V) * accuracy.reading_pct) / 100;
  const scatter_V =
    Math.sqrt(mean(({ begin: a, end: b }) => a.random_V ** 2 + b.random_V ** 2)) / Math.sqrt(chosen.length);
  const { cells } = run.stack;
  const stack_V = mean(({ begin: a }) => a.cellVoltage_V) * cells;
  const voltageRepeat_V = repeatability(run, 'stack.voltage_V', stack_V, chosen) / cells;
  const currentRepeat_V = slope_V_per_A * repeatability(run, 'stack.current_A', current_A, chosen);
  const apart_V = Math.hypot(
    (TEMPERATURE_V_PER_K + COEFFICIENT_V_PER_K) * (Number.isFinite(warmer_K) ? warmer_K : 0),
    TEMPERATURE_V_PER_K * repeatability(run, 'stack.temperature_degC', 0, chosen),
  );
  // Without a slope the difference of the currents stays in: no curve is steeper than U/I.
  const unshifted_V = asr === undefined ? Math.abs((shift_A * stack_V) / cells / current_A) : 0;
  const u95_V = Math.hypot(
    unshifted_V,
    gain_V,
    scatter_V,
    voltageRepeat_V,
    currentRepeat_V,
    apart_V,
    unsettledOf(pairs),
  );
  const uncancelled_V = Math.SQRT2 * mean(({ begin: a }) => a.u95_V);
  const hours = (mean(({ begin: a, end: b }) => b.middle_s - a.middle_s) * run.timeFactor) / 3600;
  const temperature = Number.isFinite(warmer_K)
    ? `Not temperature-corrected: the stack was ${Math.abs(warmer_K).toFixed(2)} K ${warmer_K < 0 ? 'colder' : 'warmer'} at the end, which counts with 5 mV/K (recalled) and 2 mV/K more (default: cold cells and other types have more) in the uncertainty, the thermometer's repeatability with 5 mV/K`
    : 'Not temperature-corrected, and no usable temperature to judge it';
  const definition =
    `Mean cell voltage of the last minus the first polarisation curve at ${told(current_A, 'A', 4)}, both legs, ${asr === undefined ? `not brought to equal current (no ASR; ${told(shift_A, 'A', 4)} apart, which counts in the uncertainty)` : 'brought to equal current with the ASR'}. ` +
    `${temperature}. Offset and gain of the same instruments cancel but for a tenth of their declared accuracy (repeatability, our choice) and the gain on the difference itself; ` +
    `what both legs of a curve lie apart and did not in the other counts by half; two independent voltmeters would give +-${(uncancelled_V * 1000).toFixed(1)} mV.`;
  const isFar = Math.abs(warmer_K) > FAR_APART_K;
  const usable = chosen.length > 0 && !isFar;
  const missing = isFar
    ? `the stack was ${Math.abs(warmer_K).toFixed(1)} K ${warmer_K < 0 ? 'colder' : 'warmer'} in the last curve, expected at most ${FAR_APART_K} K: what temperature makes is not known well enough`
    : 'the run has no two polarisation curves with a common current';
  const bare = 'Mean cell voltage of the last minus the first polarisation curve at equal current.';
  return [
    kpi({
      id: 'voltage-difference',
      value: usable ? difference_V * 1000 : null,
      unit: 'mV',
      u95: u95_V * 1000,
      definition: usable ? definition : bare,
      basis: 'default',
      missing,
    }),
    kpi({
      id: 'voltage-drift',
      value: usable && hours > 0 ? (difference_V * 1e6) / hours : null,
      unit: 'uV/h',
      u95: (u95_V * 1e6) / hours,
      definition: `voltage-difference over the ${usable ? hours.toFixed(2) : '?'} h between the curves${run.timeFactor === 1 ? '' : ` (time-compressed x${run.timeFactor})`}; reversible and irreversible parts together, from two moments only${usable && hours < LONG_H ? `; less than ${LONG_H} h are too short to be a degradation rate` : ''}.`,
      basis: 'default',
      missing,
    }),
  ];
}
