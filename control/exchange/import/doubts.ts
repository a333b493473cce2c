import { FileError } from '../../../drivers/contract/file-error.ts';
import type { CyclerText } from './cycler-text.ts';
import type { CyclerReadings } from './read-cycler.ts';
import { usableColumn } from './usable-columns.ts';

/** What makes a file's numbers doubtful as a whole: a unit of time that is not what it says, counters that begin anew. */

/** Ratio of the file's seconds to real ones -> what they are (as the Battery Data Format's validator has them). */
const UNITS: readonly (readonly [ratio: number, words: string, option: string])[] = [
  [1e3, 'ms', 'ms'],
  [1e6, 'microseconds', 'us'],
  [1 / 60, 'minutes', 'min'],
  [1 / 3600, 'hours', 'h'],
];
const YEAR_S = 365.25 * 86_400;
/** No test is five years old at its first row. */
const LATEST_BEGIN_S = 5 * YEAR_S;
const WITHIN = 0.05;
const LEAST_SAMPLES = 10;
const LEAST_STEP_S = 0.5;
/** More charge than this many capacities in one direction is none that went into a cell. */
const MOST_CAPACITIES = 3;

/** @throws FileError where the time cannot be in the unit that the file says */
export function doubtTime(text: CyclerText, readings: CyclerReadings, capacity_Ah: number | undefined): void {
  const name = text.columns.get('time')?.name ?? 'time';
  const begin_s = readings.t_s[0];
  if (begin_s > LATEST_BEGIN_S)
    throw new FileError(
      text.path,
      text.line,
      `${name} begins with ${begin_s} s, ${Math.round(begin_s / YEAR_S)} years: a clock since 1970, expected the time since the begin of the test (--time s takes it as it stands; Unix Time / s is the heading of a clock)`,
    );
  const byClock = ratioToClock(readings);
  const byCounter = byClock ?? ratioToCounter(readings);
  if (byCounter !== undefined && Math.abs(byCounter - 1) > WITHIN) {
    const unit = UNITS.find(([ratio]) => Math.abs(byCounter - ratio) <= WITHIN * ratio);
    const against = byClock === undefined ? 'the charge counters' : 'the clock of the file';
    if (unit !== undefined)
      throw new FileError(
        text.path,
        text.line,
        `${name} runs ${byCounter.toPrecision(3)} times as fast as ${against}: it is in ${unit[1]}, expected what its heading says (--time ${unit[2]} takes it so)`,
      );
    if (byClock !== undefined)
      throw new FileError(
        text.path,
        text.line,
        `${name} runs ${byClock.toPrecision(3)} times as fast as the clock of the file, expected the same (--time UNIT says what it is in)`,
      );
  }
  if (byCounter !== undefined) return;
  const swing_Ah = largestSwing_Ah(readings);
  const current = text.columns.get('current')?.name ?? 'the current';
  if (capacity_Ah !== undefined && swing_Ah > MOST_CAPACITIES * capacity_Ah)
    throw new FileError(
      text.path,
      text.line,
      `${swing_Ah.toPrecision(3)} Ah would have gone one way through a cell of ${capacity_Ah} Ah; expected ${name} and ${current} in the units of their headings (--time ms takes a time in ms so, --time s one in s; a current in mA needs mA in its heading)`,
    );
  doubtSwing({ text, readings, name, swing_Ah, capacity_Ah });
}

/** A half cycle through the cell's voltages in less, or in more, is none: time in another unit, s and h. Basis default. */
const SHORTEST_S = 45;
const LONGEST_H = 500;
/** Nor does so small a part of the capacity take a cell through them. */
const LEAST_CAPACITIES = 0.025;
/** Voltages under a current of one sign lie apart by this in a half cycle, V. */
const HALF_CYCLE_V = 0.6;

/** @throws FileError where a half cycle takes a time, or a charge, that none takes */
function doubtSwing(of: {
  readonly text: CyclerText;
  readonly readings: CyclerReadings;
  readonly name: string;
  readonly swing_Ah: number;
  readonly capacity_Ah: number | undefined;
}): void {
  const { text, readings, name, swing_Ah, capacity_Ah } = of;
  const { usual_A, span_V } = underCurrent(readings);
  if (!(swing_Ah > 0)) return;
  const half_s = (3600 * swing_Ah) / usual_A;
  const isLong = half_s > 3600 * LONGEST_H;
  // So long a current one way is none, whatever the voltage does.
  if (!(span_V >= HALF_CYCLE_V) && !isLong) return;
  const isLittle = capacity_Ah !== undefined && swing_Ah < LEAST_CAPACITIES * capacity_Ah;
  if (!isLittle && half_s >= SHORTEST_S && !isLong) return;
  const what = isLittle
    ? `a cell of ${capacity_Ah} Ah would go through ${span_V.toPrecision(2)} V with ${swing_Ah.toPrecision(3)} Ah`
    : `a cell would go through ${span_V.toPrecision(2)} V at ${usual_A.toPrecision(3)} A in ${half_s.toPrecision(3)} s`;
  const units = isLong ? ['ms'] : half_s < 15 ? ['h', 'min'] : ['min', 'h'];
  const ways = units.map(unit => `--time ${unit}`).join(' or ');
  throw new FileError(
    text.path,
    text.line,
    `${name}: ${what}; expected times in the unit of the heading${isLittle ? ', and --capacity in Ah' : ''} (${ways} takes it so, --time s as it stands)`,
  );
}

/** The usual current, A, and how far the voltage goes under currents of one sign of half of it and more, V. */
function underCurrent(readings: CyclerReadings): { readonly usual_A: number; readonly span_V: number } {
  const [current, voltage] = (['current', 'voltage'] as const).map(field => usableColumn(readings, field));
  const flowing = current.filter((v, i) => v !== 0 && Number.isFinite(v + voltage[i])).map(Math.abs);
  flowing.sort();
  const usual_A = flowing[Math.floor(0.9 * flowing.length)] ?? 0;
  let span_V = 0;
  for (const sign of [1, -1]) {
    const volts = voltage.filter((v, i) => sign * current[i] > usual_A / 2 && Number.isFinite(v));
    if (volts.length >= LEAST_SAMPLES) span_V = Math.max(span_V, most(volts) - least(volts));
  }
  return { usual_A, span_V };
}

const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b));
const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b));

/** Median of elapsed time to clock time, step by step; undefined where there is no clock, or too little of it. */
function ratioToClock({ t_s, unix_s }: CyclerReadings): number | undefined {
  const ratios: number[] = [];
  // A clock of whole seconds is too coarse for single steps: from one reading of it to the next that is far enough.
  let from = 0;
  for (let i = 1; i < t_s.length; i++) {
    const clock_s = unix_s[i] - unix_s[from];
    if (!(clock_s >= LEAST_STEP_S)) {
      if (Number.isNaN(unix_s[from])) from = i;
      continue;
    }
    if (t_s[i] > t_s[from]) ratios.push((t_s[i] - t_s[from]) / clock_s);
    from = i;
  }
  return median(ratios);
}

/** Median of the charge by the current to that by the counters, row by row where both move; undefined without them. */
function ratioToCounter({ t_s, channels }: CyclerReadings): number | undefined {
  const current = channels.find(({ field }) => field === 'current')?.values;
  const counters = channels.filter(({ field }) => field === 'charged' || field === 'discharged');
  if (current === undefined || counters.length === 0) return undefined;
  const ratios: number[] = [];
  let flowed_Ah = 0;
  let counted_Ah = 0;
  for (let i = 1; i < t_s.length; i++) {
    flowed_Ah += (Math.abs(current[i]) * (t_s[i] - t_s[i - 1])) / 3600;
    for (const { values } of counters) counted_Ah += Math.max(0, values[i] - values[i - 1]) || 0;
    if (counted_Ah < 0.01) continue;
    ratios.push(flowed_Ah / counted_Ah);
    flowed_Ah = 0;
    counted_Ah = 0;
  }
  return median(ratios);
}

function median(values: number[]): number | undefined {
  const usable = values.filter(Number.isFinite).sort((a, b) => a - b);
  return usable.length < LEAST_SAMPLES ? undefined : usable[usable.length >> 1];
}

/** The most net charge between two moments of a file, Ah. */
export function largestSwing_Ah(readings: CyclerReadings): number {
  const { t_s } = readings;
  const current = usableColumn(readings, 'current');
  let net = 0;
  let low = 0;
  let high = 0;
  for (let i = 1; i < current.length; i++) {
    const flow = (current[i] * (t_s[i] - t_s[i - 1])) / 3600;
    if (Number.isFinite(flow)) net += flow;
    low = Math.min(low, net);
    high = Math.max(high, net);
  }
  return high - low;
}

/** What else must be known of a file's columns, in words. */
export function doubtsOf(text: CyclerText, { channels, unix_s }: CyclerReadings): string[] {
  const notes: string[] = [];
  for (const { field, values } of channels) {
    const name = text.columns.get(field)?.name ?? field;
    let falls = 0;
    let last = Number.NaN;
    for (const value of values) {
      if (value < last) falls++;
      if (!Number.isNaN(value)) last = value;
    }
    if (falls === 0) continue;
    if (field === 'charged' || field === 'discharged')
      notes.push(`${name} begins anew ${falls} times: charge is counted on, and checked against the current`);
    if (field === 'cycle') notes.push(`${name} falls ${falls} times: cycles are found by the charge instead`);
  }
  if (unix_s.every(Number.isNaN)) notes.push('no clock in the file that is understood: see --started');
  return notes;
}
