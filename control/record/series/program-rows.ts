import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Accuracy } from '../../../drivers/contract/device.ts';
import type { RecordedSeries, RecordedStep } from '../../../profiles/recorded-run.ts';
import { datasetStretches, datasetsOf, type RecordedDataset } from '../datasets.ts';
import type { RecordedEvent } from '../recorded-events.ts';

/**
 * The rows that a cycler itself has stored of the program that a run has followed: readings at its own times and charge by its
 * own counters, in place of what was polled meanwhile.
 */

/** Kind of dataset: the rows that the instrument itself has stored of its program. */
export const PROGRAM_ROWS = 'program-rows';

const accuracy = z.object({
  reading_pct: z.number(),
  abs: z.number(),
  basis: z.enum(['sourced', 'recalled', 'default']),
});
const aboutSchema = z.object({
  instrument: z.string(),
  test: z.string(),
  /** Declared accuracy of its columns, k = 2. */
  accuracy: z.record(z.string(), accuracy),
});
/** What is said of the rows as they begin (column `about`). */
export type ProgramRowsAbout = z.infer<typeof aboutSchema>;

/** Rows at the same time are put so far apart, s: times rise. */
const APART_S = 1e-3;
/** The end of a step is written down within this after the look that found it, s. */
const WRITTEN_S = 0.05;
const SAME_S = 1e-6;

/** Whether a row belongs to the step after the one before it. */
export function isNextStep(
  last: { readonly step: number; readonly cycle: number; readonly stepTime_s: number },
  row: typeof last,
): boolean {
  return row.step !== last.step || row.cycle !== last.cycle || row.stepTime_s < last.stepTime_s;
}

/** The readings of a run by the rows of its cycler. */
export interface ProgramRows {
  /** Where the readings are from, a sentence. */
  readonly said: string;
  /** A role by its rows, with what was `polled` before and after them; undefined: they do not tell it. */
  series(role: string, polled: () => RecordedSeries): RecordedSeries | undefined;
  accuracy(role: string): Accuracy | undefined;
  /** Steps of the method at the times at which the cycler went through them. */
  readonly steps: readonly RecordedStep[];
  /** The same part of the run, begun and ended with its steps. */
  placed<T extends { readonly start_s: number; readonly end_s: number }>(part: T): T;
}

interface Placed {
  readonly t_s: Float64Array;
  readonly columns: Readonly<Record<'voltage_V' | 'current_A' | 'into_Ah' | 'out_Ah', Float64Array>>;
  /** When its first step began and each step ended, run time, s. */
  readonly bounds_s: readonly number[];
}

/** Undefined: the run followed no program, or none of its rows came. */
export function programRowsOf(
  db: DatabaseSync,
  events: readonly RecordedEvent[],
  steps: readonly RecordedStep[],
): ProgramRows | undefined {
  const dataset = datasetsOf(db).find(({ kind, rows }) => kind === PROGRAM_ROWS && rows > 0);
  const about = dataset === undefined ? undefined : aboutOf(dataset);
  if (dataset === undefined || about === undefined) return undefined;
  const placed = place(db, dataset);
  const at = marksOf(events, steps, placed.bounds_s);
  const { t_s, columns } = placed;
  const power = { ...columns, power_W: columns.voltage_V.map((volts, i) => volts * columns.current_A[i]) };
  // A trip ends the method; its program goes on until it is stopped, and what flows until then counts.
  const ended_s = Math.max(0, ...events.flatMap(e => (e.kind === 'phaseEnd' ? [e.data.end_s] : [])));
  const last_s = placed.bounds_s[placed.bounds_s.length - 1];
  const endOf = (found_s: number): number =>
    found_s >= ended_s - SAME_S ? Math.max(last_s, at.end_s(found_s)) : at.end_s(found_s);
  const behind_s = last_s - at.end_s(ended_s);
  const behind =
    behind_s > WRITTEN_S
      ? ` Counted to the last of them, ${behind_s.toFixed(0)} s behind the end of the method: what flowed until the program was over.`
      : '';
  const own: Readonly<Record<string, Float64Array>> = {
    'cell.charged_Ah': columns.into_Ah,
    'cell.discharged_Ah': columns.out_Ah,
    'cell.power_W': power.power_W,
  };
  return {
    said: `Readings: the ${t_s.length} rows that ${about.instrument} itself has stored of test ${about.test}, each once and none left out, on its own clock; what was polled stands before and after them.${behind}`,
    series(role, polled) {
      if (role === 'cell.voltage_V') return within(polled(), t_s, columns.voltage_V);
      if (role === 'cell.current_A') return within(polled(), t_s, columns.current_A);
      // A meter of its own is nearer.
      if (!Object.hasOwn(own, role) || polled().t_s.length > 0) return undefined;
      return { t_s, value: own[role] };
    },
    accuracy(role) {
      if (role === 'cell.charged_Ah' || role === 'cell.discharged_Ah') return about.accuracy['stepCharge_Ah'];
      if (role !== 'cell.power_W') return undefined;
      const { voltage_V: volts, current_A: amps } = about.accuracy;
      if (volts === undefined || amps === undefined) return undefined;
      const [most_V, most_A] = [largest(columns.voltage_V), largest(columns.current_A)];
      return {
        reading_pct: volts.reading_pct + amps.reading_pct,
        abs: Math.hypot(most_V * amps.abs, most_A * volts.abs),
        basis: amps.basis,
      };
    },
    steps: at.steps,
    placed: part => ({ ...part, start_s: at.start_s(part.start_s), end_s: endOf(part.end_s) }),
  };
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);

function aboutOf({ about }: RecordedDataset): ProgramRowsAbout | undefined {
  try {
    return aboutSchema.safeParse(JSON.parse(about)).data;
  } catch {
    return undefined;
  }
}

/**
 * Rows on run time: by the times of their steps, one after the other, from the begin on that the row says which came soonest
 * after it was written. Charge of each step is counted on.
 */
function place(db: DatabaseSync, dataset: RecordedDataset): Placed {
  const came_s: number[] = [];
  const names = [
    'cycle_count',
    'step_count',
    'stepTime_s',
    'voltage_V',
    'current_A',
    'stepCharge_Ah',
  ] as const;
  const read: Record<(typeof names)[number], number[]> = {
    cycle_count: [],
    step_count: [],
    stepTime_s: [],
    voltage_V: [],
    current_A: [],
    stepCharge_Ah: [],
  };
  for (const stretch of datasetStretches(db, dataset)) {
    for (let r = 0; r < stretch.rows; r++) came_s.push(stretch.t_s[r]);
    for (const name of names) {
      const column = stretch.usable(dataset.columns.indexOf(name));
      for (let r = 0; r < stretch.rows; r++) read[name].push(column[r]);
    }
  }
  const count = came_s.length;
  const t_s = new Float64Array(count);
  const into_Ah = new Float64Array(count);
  const out_Ah = new Float64Array(count);
  const bounds_s = [0];
  const sums = { into: 0, out: 0 };
  let begin_s = Number.POSITIVE_INFINITY;
  const row = (i: number) => ({
    step: read.step_count[i],
    cycle: read.cycle_count[i],
    stepTime_s: read.stepTime_s[i],
  });
  for (let i = 0; i < count; i++) {
    const isNext = i > 0 && isNextStep(row(i - 1), row(i));
    if (isNext) bounds_s.push(bounds_s[bounds_s.length - 1] + read.stepTime_s[i - 1]);
    const test_s = bounds_s[bounds_s.length - 1] + read.stepTime_s[i];
    t_s[i] = i > 0 && test_s <= t_s[i - 1] ? t_s[i - 1] + APART_S : test_s;
    begin_s = Math.min(begin_s, came_s[i] - test_s);
    const before_Ah = i > 0 && !isNext ? read.stepCharge_Ah[i - 1] : 0;
    const way = read.current_A[i] < 0 ? 'out' : 'into';
    sums[way] += Math.max(0, read.stepCharge_Ah[i] - before_Ah);
    into_Ah[i] = sums.into;
    out_Ah[i] = sums.out;
  }
  bounds_s.push(bounds_s[bounds_s.length - 1] + read.stepTime_s[count - 1]);
  return {
    t_s: t_s.map(test_s => begin_s + test_s),
    columns: {
      voltage_V: Float64Array.from(read.voltage_V),
      current_A: Float64Array.from(read.current_A),
      into_Ah,
      out_Ah,
    },
    bounds_s: bounds_s.map(test_s => begin_s + test_s),
  };
}

/** Where steps of the method lie by the rows: what was found out at the next look stands at the time at which it was. */
function marksOf(
  events: readonly RecordedEvent[],
  steps: readonly RecordedStep[],
  bounds_s: readonly number[],
): {
  readonly steps: readonly RecordedStep[];
  start_s(t_s: number): number;
  end_s(t_s: number): number;
} {
  const numbers = events.flatMap(e => (e.kind === 'step' ? [e.data.cyclerStep] : []));
  let before_s = bounds_s[0];
  const starts: (readonly [found_s: number, at_s: number])[] = [];
  const ends: (readonly [found_s: number, at_s: number])[] = [];
  const placed = steps.map((step, i) => {
    const number = numbers[i];
    const end_s = number === undefined ? undefined : bounds_s[number];
    if (end_s === undefined) return step;
    const own = { ...step, start_s: before_s, end_s };
    starts.push([step.start_s, before_s]);
    ends.push([step.end_s, end_s]);
    before_s = end_s;
    return own;
  });
  return {
    steps: placed,
    start_s: t_s => starts.find(([found_s]) => Math.abs(found_s - t_s) <= SAME_S)?.[1] ?? t_s,
    // The next step begins at a look after that, so that its own end is written later.
    end_s(t_s) {
      const [found_s, at_s] = ends.find(([one_s]) => one_s >= t_s - SAME_S) ?? [Number.NaN, t_s];
      return found_s - t_s <= WRITTEN_S ? at_s : t_s;
    },
  };
}

/** The rows, with the readings before and after them. */
function within(polled: RecordedSeries, t_s: Float64Array, value: Float64Array): RecordedSeries {
  const [from_s, to_s] = [t_s[0], t_s[t_s.length - 1]];
  const before = polled.t_s.findIndex(at_s => at_s >= from_s - SAME_S);
  const first = before < 0 ? polled.t_s.length : before;
  const after = polled.t_s.findIndex(at_s => at_s > to_s + SAME_S);
  const behind = after < 0 ? polled.t_s.length : after;
  const joined = (a: Float64Array, own: Float64Array): Float64Array => {
    const all = new Float64Array(first + own.length + a.length - behind);
    all.set(a.subarray(0, first));
    all.set(own, first);
    all.set(a.subarray(behind), first + own.length);
    return all;
  };
  return { t_s: joined(polled.t_s, t_s), value: joined(polled.value, value) };
}
