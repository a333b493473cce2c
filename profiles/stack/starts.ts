import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { integrate } from '../record-math.ts';
import type { RecordedStep, StackRun } from '../recorded-run.ts';

const NEAR_FRAC = 0.98;

/** DC energy of a start, kWh: from its begin until its load stands; mean of starts. */
export function startEnergy(run: StackRun, steps: readonly RecordedStep[]): KpiValue {
  const { reading_pct, abs } = run.accuracy('stack.power_W');
  const toKWh = run.timeFactor / 3600 / 1000;
  const current = run.series('stack.current_A');
  let [sum, covered_s] = [0, 0];
  for (const step of steps) {
    const { t_s, value } = current;
    let end_s = step.start_s;
    const goal_A = NEAR_FRAC * endOf(run, step);
    for (let i = 0; i < t_s.length; i++) {
      if (t_s[i] < step.start_s || t_s[i] > step.end_s || !(value[i] >= goal_A)) continue;
      end_s = t_s[i];
      break;
    }
    const part = integrate(run.series('stack.power_W'), step.start_s, end_s);
    sum += part.sum;
    covered_s += part.covered_s;
  }
  const n = Math.max(1, steps.length);
  return kpi({
    id: 'energy-a-start',
    value: covered_s > 0 ? (sum / n) * toKWh : null,
    unit: 'kWh',
    u95:
      (Math.hypot((sum * reading_pct) / 100, abs * covered_s) / n + lastReading_J(run, sum, covered_s)) *
      toKWh,
    definition: `DC energy from the begin of the way up until ${100 * NEAR_FRAC} % of its end value; mean of ${steps.length} starts. Uncertainty: the meter, and one reading at the end of the way.`,
    basis: 'default',
    missing: whyLacking(run, ['stack.current_A', 'stack.power_W'], 'no start with usable power'),
  });
}

/** Power at the end of the way times a reading's distance: the way ends between two readings. */
function lastReading_J(run: StackRun, sum: number, covered_s: number): number {
  const { t_s } = run.series('stack.power_W');
  const apart_s = t_s.length > 1 ? (t_s[t_s.length - 1] - t_s[0]) / (t_s.length - 1) : 0;
  return covered_s > 0 ? (2 * sum * apart_s) / covered_s : 0;
}

function endOf(run: StackRun, step: RecordedStep): number {
  const { t_s, value } = run.series('stack.current_A');
  for (let i = t_s.length - 1; i >= 0; i--)
    if (t_s[i] <= step.end_s && Number.isFinite(value[i])) return value[i];
  return Number.NaN;
}
