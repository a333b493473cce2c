import { VOLTAGE } from '../../../cell/ledger.ts';
import type { Figure } from '../../../kpi.ts';
import { integrate } from '../../../record-math.ts';
import type { RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import { windowOf } from '../../../series-parts.ts';
import { told } from '../../../told.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';
import { REPEATABILITY_FRAC, wanderOf } from '../../../uncertainty/repeatability.ts';
import { type CellAccount, chargeOf, ratio_pct } from '../cell/account.ts';

/** Hysteresis of a slow discharge and a slow charge: their voltages over the charge that both have passed. */

/** Charges of which one is smaller than this part of the other have no like ends. */
const ALIKE_FRAC = 0.98;

/** Part of a step, run time s. */
interface Window {
  readonly from_s: number;
  readonly to_s: number;
}

/** Mean over time of the voltage in a window, and how far it may be off for what the record does not show, k = 2. */
interface MeanVoltage {
  readonly mean_V: number;
  readonly open_V: number;
  readonly first_V: number;
  readonly last_V: number;
}

/**
 * Mean of the charge less that of the discharge, mV, each over the charge that both have passed, counted from the empty end:
 * a charge that ended a little early or late is compared with as much of the discharge.
 */
export function hysteresisOf(
  account: CellAccount,
  down: RecordedStep,
  up: RecordedStep,
  declared_V: number,
): Partial<Figure> {
  const { run } = account;
  const amounts = { down: chargeOf(account, down, 'out').value, up: chargeOf(account, up, 'into').value };
  const [common, most] = [Math.min(amounts.down, amounts.up), Math.max(amounts.down, amounts.up)];
  const part = common / most;
  if (!(part >= ALIKE_FRAC)) {
    const [gave, took] = [amounts.down, amounts.up].map(Ah => told(Ah, 'Ah', 4));
    return {
      value: null,
      missing: `the slow discharge gave ${gave} and the slow charge took ${took}: their ends are not alike, expected within ${told(100 * (1 - ALIKE_FRAC), '%', 2)}`,
    };
  }
  // The other end is the empty one, where the discharge stops and the charge begins.
  const windows = {
    down: { from_s: timeOf(account, down, 'out', amounts.down - common), to_s: down.end_s },
    up: { from_s: up.start_s, to_s: timeOf(account, up, 'into', common) },
  };
  const [d, u] = [windows.down, windows.up].map(window => meanVoltage(run, window));
  const mean_V = u.mean_V - d.mean_V;
  const tops = [d.first_V, u.last_V];
  // Where the charges are not known to be alike, one of the windows is longer or shorter at its full end.
  const matched = ratio_pct(account, { step: up, way: 'into' }, { step: down, way: 'out' }).u95 / 100 || 0;
  const shift_V = matched * Math.max(Math.abs(tops[0] - d.mean_V), Math.abs(tops[1] - u.mean_V));
  const left_V = (1 - part) * Math.abs(tops[1] - tops[0] - mean_V);
  // One meter: what is fixed cancels.
  const wander = wanderOf(
    [windows.up, windows.down].map(({ from_s, to_s }, i) => ({
      from_s: from_s * run.timeFactor,
      to_s: to_s * run.timeFactor,
      weight: i === 0 ? 1 : -1,
    })),
  );
  const u95_V =
    Math.hypot(REPEATABILITY_FRAC * declared_V * wander, d.open_V, u.open_V, shift_V) + (left_V || 0);
  return { value: 1000 * mean_V, u95: 1000 * u95_V, missing: 'no usable voltage' };
}

/** When so much charge of a step had flowed, run time s. */
function timeOf({ ledger }: CellAccount, step: RecordedStep, way: 'into' | 'out', charge_Ah: number): number {
  if (!(charge_Ah > 0)) return step.start_s;
  const { t_s, [way]: sum } = ledger.charge;
  let begin = Number.NaN;
  for (let i = 0; i < t_s.length; i++) {
    if (t_s[i] < step.start_s - 1e-6) continue;
    if (t_s[i] > step.end_s) break;
    if (Number.isNaN(begin)) begin = sum[Math.max(0, i - 1)];
    if (sum[i] - begin < charge_Ah) continue;
    const rise = sum[i] - sum[i - 1];
    const back = rise > 0 ? (sum[i] - begin - charge_Ah) / rise : 0;
    return Math.max(step.start_s, t_s[i] - back * (t_s[i] - t_s[i - 1]));
  }
  return step.end_s;
}

/**
 * By trapezoids, not by rows: those that a rule has left out would count for less. The ends of the window stand at the rows
 * next to them. Open are steps between two rows, ends and gaps without rows, and the noise.
 */
function meanVoltage(run: RecordedRun, { from_s, to_s }: Window): MeanVoltage {
  const series = run.series(VOLTAGE);
  const { t_s, value } = windowOf(series, from_s + 1e-6, to_s - 1e-6);
  const rows = [...value.keys()].filter(i => Number.isFinite(value[i]));
  const [first, last] = [rows[0] ?? Number.NaN, rows.at(-1) ?? Number.NaN];
  if (rows.length < 2)
    return { mean_V: Number.NaN, open_V: Number.NaN, first_V: Number.NaN, last_V: Number.NaN };
  const long_s = to_s - from_s;
  const { sum, covered_s, steps } = integrate(series, t_s[first], t_s[last]);
  const [before_s, after_s] = [t_s[first] - from_s, to_s - t_s[last]];
  const whole_s = covered_s + before_s + after_s;
  const mean_V = (sum + before_s * value[first] + after_s * value[last]) / whole_s;
  let [least, largest] = [Infinity, -Infinity];
  for (const i of rows) {
    least = Math.min(least, value[i]);
    largest = Math.max(largest, value[i]);
  }
  const gap = Math.max(0, long_s - whole_s) / long_s;
  const next = Math.abs(value[rows[1]] - value[first]);
  const previous = Math.abs(value[last] - value[rows[rows.length - 2]]);
  // As far as it went in the step beside, for as long as no row shows it.
  const ends_V = (before_s * next + after_s * previous) / long_s;
  const noise_V = (2 * readingNoise(series, from_s, to_s)) / Math.sqrt(rows.length);
  const open_V = Math.hypot(steps / long_s, noise_V || 0) + ends_V + gap * (largest - least);
  return { mean_V, open_V, first_V: value[first], last_V: value[last] };
}
