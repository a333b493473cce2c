import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { joinLimit_s, meanOf } from '../record-math.ts';
import type { RecordedStep, StackRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import { told } from '../told.ts';
import { unusableIn, whyNotWhole } from '../uncertainty/unusable-time.ts';

/** How fast a stack's current follows a step of its set point. Times in s of life. */

/** Begun, arrived, settled: parts of the way. */
const BEGUN_FRAC = 0.05;
const THERE_FRAC = 0.9;
const SETTLED_FRAC = 0.02;
/** Nominal load is come to within this part of it. */
const NEAR_FRAC = 0.02;

interface Response {
  readonly dead_s: number;
  readonly t90_s: number;
  readonly settling_s: number;
  readonly overshoot_pct: number;
  /** Part of the step without a usable reading. */
  readonly unseen: number;
}

/** Reads with the way from where the current stood before a step to where it stood at its end. */
function responseOf(run: StackRun, step: RecordedStep, before_s: number): Response | undefined {
  const series = run.series('stack.current_A');
  const from = meanOf(series, step.start_s - before_s / 2, step.start_s).mean;
  const to = meanOf(series, step.end_s - (step.end_s - step.start_s) / 4, step.end_s).mean;
  const { t_s, value } = windowOf(series, step.start_s, step.end_s);
  const part = value.map(v => (v - from) / (to - from));
  const time = (i: number): number => (t_s[i] - step.start_s) * run.timeFactor;
  const [begun, there] = [BEGUN_FRAC, THERE_FRAC].map(level => part.findIndex(v => v >= level));
  if (begun < 0 || there < 0 || Math.abs(to - from) < 0.01 * run.stack.currentNominal_A) return undefined;
  const outside = part.findLastIndex(v => Math.abs(v - 1) > SETTLED_FRAC);
  const settled = Math.min(part.length - 1, outside + 1);
  return {
    dead_s: time(begun),
    t90_s: time(there),
    settling_s: time(settled),
    // A bad reading is neither beyond the end of the way nor within it.
    overshoot_pct: 100 * Math.max(0, part.reduce((a, b) => (b > a ? b : a), 0) - 1),
    unseen: unusableIn(series, step.start_s, step.end_s),
  };
}

/** How far apart readings of the current stand in the steps, s of life. */
function pollOf(run: StackRun, steps: readonly RecordedStep[]): number {
  const series = run.series('stack.current_A');
  const limits = steps.map(({ start_s, end_s }) => joinLimit_s(series, start_s, end_s));
  return ((limits.length === 0 ? joinLimit_s(series) : Math.max(...limits)) / 3) * run.timeFactor;
}

/** Dead time, t90, settling time (s) and overshoot (%) of steps: means over them. */
export function responseFigures(run: StackRun, steps: readonly RecordedStep[]): KpiValue[] {
  const all = steps.flatMap(step => responseOf(run, step, step.end_s - step.start_s) ?? []);
  const poll_s = pollOf(run, steps);
  const mean = (of: (one: Response) => number): number | null =>
    all.length === 0 ? null : all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const accuracy = run.accuracy('stack.current_A');
  const why = whyNotWhole(Math.max(0, ...all.map(({ unseen }) => unseen)), 'stack.current_A', 'of a step');
  const missing = whyLacking(run, ['stack.current_A'], 'no step of the current with usable readings');
  const common = { basis: 'default', missing } as const;
  const timed = `mean of ${all.length} steps; between readings of ${poll_s.toPrecision(2)} s nothing is known, which is the uncertainty`;
  return [
    kpi({
      ...common,
      id: 'dead-time',
      value: mean(one => one.dead_s),
      unit: 's',
      u95: poll_s,
      definition: `From the step of the set point to the first reading past ${100 * BEGUN_FRAC} % of the way; ${timed}.`,
    }),
    kpi({
      ...common,
      id: 't90',
      value: mean(one => one.t90_s),
      unit: 's',
      u95: poll_s,
      definition: `From the step of the set point to the first reading past ${100 * THERE_FRAC} % of the way; ${timed}.`,
    }),
    kpi({
      ...common,
      id: 'settling-time',
      value: mean(one => one.settling_s),
      unit: 's',
      u95: poll_s,
      definition: `From the step of the set point until the current stays within ${100 * SETTLED_FRAC} % of the way; ${timed}.`,
    }),
    kpi({
      ...common,
      id: 'overshoot',
      value: why === '' ? mean(one => one.overshoot_pct) : null,
      ...(why === '' ? {} : { missing: why }),
      unit: 'pct',
      u95: accuracy.reading_pct + (100 * accuracy.abs) / run.stack.currentNominal_A,
      definition: 'Largest reading beyond the end of the way, in parts of the way; mean of the steps.',
    }),
  ];
}

/** From a step's begin to the first reading near the load asked for (per cent of nominal): mean of steps that go up, s. */
export function timeToLoad(run: StackRun, steps: readonly RecordedStep[], load_pct: number): KpiValue {
  const poll_s = pollOf(run, steps);
  const asked_A = (load_pct / 100) * run.stack.currentNominal_A;
  const near_A = asked_A * (1 - NEAR_FRAC);
  const ways = steps.filter(step => goesUp(run, step, near_A));
  const times = ways.flatMap(step => {
    const { t_s, value } = windowOf(run.series('stack.current_A'), step.start_s, step.end_s);
    const at = value.findIndex(v => v >= near_A);
    return at < 0 ? [] : [(t_s[at] - step.start_s) * run.timeFactor];
  });
  const short = ways.length - times.length;
  const came = short === 0 ? '' : ` ${short} of ${ways.length} ways up did not come there.`;
  const asked = `the load asked for, ${told(asked_A, 'A', 4)}`;
  return kpi({
    id: 'time-to-nominal',
    value: times.length === 0 ? null : times.reduce((a, b) => a + b, 0) / times.length,
    unit: 's',
    u95: poll_s,
    definition: `From the begin of the way up to the first reading of at least ${100 - 100 * NEAR_FRAC} % of ${asked}; mean of ${times.length}: ${times.map(t => t.toFixed(1)).join(', ')} s.${came} Between readings of ${poll_s.toPrecision(2)} s nothing is known, which is the uncertainty.`,
    basis: 'default',
    missing:
      steps.length > 0 && ways.length === 0
        ? 'no step goes up: each began at the nominal load or above it'
        : whyLacking(
            run,
            ['stack.current_A'],
            ways.length > 0 ? `no way up came to ${asked}` : 'no way up with usable readings',
          ),
  });
}

/** The last reading before a step is below the load; where nothing is known, it may go up. */
function goesUp(run: StackRun, { start_s, end_s }: RecordedStep, near_A: number): boolean {
  const before = windowOf(run.series('stack.current_A'), 2 * start_s - end_s, start_s).value.at(-1);
  return !((before ?? Number.NaN) >= near_A);
}
