import { FileError } from '../../drivers/contract/file-error.ts';
import { counted, type Draft, round } from './mend.ts';
import { Timeline } from './timeline.ts';

/** From a file's own times to a value at any time: which part is used, where its gaps are, and how it is filled in. */

/** What stands between two rows. */
export type Between = 'hold' | 'linear' | 'mean';

/** A step longer than this many usual ones is a gap: one row is missing at least. */
const GAP = 1.5;
/** Stamps within a tenth of a step of where they belong are a logger's jitter, at most so much, s. */
const JITTER_S = 0.5;
const JITTER = 0.1;

/** A series over the time from its second 0 on, in the file's base unit. */
export interface Resampled {
  readonly timeline: Timeline;
  /** Whole seconds of it, before it is cut or repeated. */
  readonly whole_s: number;
  /** Of these so many are looked at by the method, as far as is known. */
  readonly used_s: number;
  /** Its rows with a value, from second 0. */
  readonly rows: FileRows;
}

/** When each row of a file is, s from second 0, and in which line of the file it stands. */
export interface FileRows {
  readonly time_s: Float64Array;
  readonly line: readonly number[];
}

/**
 * Puts a series on the time that counts from its second 0. `needed_s`: so much of it is followed; 0: all of it, or nobody
 * knows. `least_s`: shorter ones are a mistake. Gaps in the part that is used go by the declared rule.
 * @throws FileError at the first gap that no rule covers
 */
export function resample(draft: Draft, needed_s: number, least_s: number): Resampled {
  const { path, series, entry, done } = draft;
  const { time_s, value, lines } = series;
  const last = time_s.length - 1;
  if (last < 0) throw new FileError(path, 1, '0 rows of data, expected 1 or more');
  const steps = stepsOf(time_s);
  const { usual_s } = steps;
  // Stamps that come a little late, as far as they do in this file.
  const slack_s = 1e-6 + Math.min(JITTER_S, JITTER * usual_s, steps.jitter_s);
  const start_s = startOf(draft);
  const length_s = time_s[last] + usual_s - start_s;
  const whole_s = Math.floor(length_s + slack_s);
  if (whole_s < least_s)
    throw new FileError(
      path,
      lines[last] ?? 1,
      `${time_s.length} rows${start_s > time_s[0] ? ` and ${whole_s} s of them from "from" on` : `, ${whole_s} s`}, expected at least ${least_s} s`,
    );
  const wanted_s = needed_s > 0 && !(entry.repeat && needed_s > whole_s) ? Math.ceil(needed_s) : whole_s;
  const used_s = Math.min(whole_s, wanted_s);
  const between = entry.between ?? (usual_s < 1 - JITTER ? 'mean' : 'hold');
  done.push(stepText(steps, between));
  const unseen = unseenText(usual_s, between);
  if (unseen !== undefined) done.push(unseen);
  const known = knownRows(value);
  const isGap = gapsIn(draft, known, { usual_s, start_s, end_s: start_s + used_s });
  const rule = entry.gaps;
  const gapIsLine = rule !== 'refuse' && 'interpolate_s' in rule;
  const timeline = new Timeline({
    time_s: Float64Array.from(known, i => time_s[i] - start_s),
    value: Float64Array.from(known, i => value[i]),
    isLine: Uint8Array.from(isGap, gap => Number(gap === 1 ? gapIsLine : between === 'linear')),
    isMean: between === 'mean',
    slack_s,
    length_s,
    isRepeated: entry.repeat,
  });
  const rows = {
    time_s: Float64Array.from(known, i => time_s[i] - start_s),
    line: Array.from(known, i => lines[i]),
  };
  return { timeline, whole_s, used_s, rows };
}

/** Second 0: where the method says, else the first row. */
function startOf({ path, series, entry }: Draft): number {
  const { time_s, lines } = series;
  if (entry.from === undefined) return time_s[0];
  const start_s = series.readTime(entry.from);
  const span = `${series.showTime(time_s[0])} to ${series.showTime(time_s[time_s.length - 1])}`;
  if (start_s === undefined || start_s < time_s[0] || start_s > time_s[time_s.length - 1]) {
    const text = `from: ${entry.from} is no time of this file`;
    throw new FileError(path, lines[0], `${text}, expected one of ${span}`);
  }
  return start_s;
}

/** How far rows are apart. */
export interface Steps {
  /** The mean of all steps that are no gaps. */
  readonly usual_s: number;
  /** The farthest that one of these is from it. */
  readonly jitter_s: number;
}

/** The middle one of all steps tells which are gaps: these and jitter do not move it. */
export function stepsOf(time_s: Float64Array): Steps {
  if (time_s.length < 2) return { usual_s: 1, jitter_s: 0 };
  const steps = Float64Array.from({ length: time_s.length - 1 }, (_, i) => time_s[i + 1] - time_s[i]);
  const middle_s = steps.toSorted()[steps.length >> 1];
  const usual = steps.filter(step_s => step_s <= GAP * middle_s && step_s >= middle_s / 2);
  // Clocks of fractions add up to steps like 0.0999999.
  const usual_s = Number((usual.reduce((sum, step_s) => sum + step_s, 0) / usual.length).toPrecision(9));
  return { usual_s, jitter_s: usual.reduce((most, step_s) => Math.max(most, Math.abs(step_s - usual_s)), 0) };
}

function stepText({ usual_s, jitter_s }: Steps, between: Between): string {
  const how = {
    hold: 'each value held until the next',
    linear: 'a straight line between values',
    mean: 'the mean of each second, values held in between',
  }[between];
  const unsteady = jitter_s > 1e-6 * usual_s + 1e-6 ? `, unsteady by up to ${round(jitter_s)} s` : '';
  const to = between === 'mean' ? ', brought to 1 s' : '';
  return `rows every ${Math.abs(usual_s - 1) < 1e-3 ? 1 : round(usual_s)} s${to}${unsteady} (${between}: ${how})`;
}

/** Rows closer than 1 s of which each second takes only one. */
function unseenText(usual_s: number, between: Between): string | undefined {
  if (between === 'mean' || usual_s >= 1 - JITTER) return undefined;
  const rows = Math.round(1 / usual_s);
  if (rows < 2) return undefined;
  return `between: ${between} looks at one row of ${rows} in each second, the others are not seen (between: mean under data: takes them all)`;
}

function knownRows(value: Float64Array): Int32Array {
  const known = new Int32Array(value.length);
  let count = 0;
  for (let i = 0; i < value.length; i++) if (!Number.isNaN(value[i])) known[count++] = i;
  return known.subarray(0, count);
}

interface Used {
  readonly usual_s: number;
  readonly start_s: number;
  readonly end_s: number;
}

/** Which of the steps from one known row to the next are gaps, each covered by the rule. Entry k: from row k to k + 1. */
function gapsIn(draft: Draft, known: Int32Array, used: Used): Uint8Array {
  const { path, series, entry, done } = draft;
  const { time_s, lines } = series;
  const isGap = new Uint8Array(known.length);
  const rule = entry.gaps;
  const most_s = rule === 'refuse' ? 0 : 'hold_s' in rule ? rule.hold_s : rule.interpolate_s;
  const how = rule === 'refuse' ? 'refuse' : 'hold_s' in rule ? 'held over' : 'filled by a straight line';
  const refuse = (line: number, from: string, to: string, gap_s: number, bare = ''): never => {
    const shorter = rule === 'refuse' ? 'no gap' : `none longer than ${most_s} s as declared`;
    const hint = Math.abs(gap_s - 3600 - used.usual_s) < 1 && series.isZoneAssumed ? CLOCK_HINT : '';
    const text = `gap in time: from ${from} to ${to} there is no value (${round(gap_s)} s, rows are ${round(used.usual_s)} s apart)`;
    if (bare !== '') throw new FileError(path, line, `${text}, ${bare}`);
    const ways = 'gaps: { hold_s: N } or { interpolate_s: N } under data: bridges them';
    throw new FileError(path, line, `${text}${hint}, expected ${shorter} (${ways})`);
  };
  const seen = { count: 0, sum_s: 0, longest_s: 0, line: 0 };
  const note = (gap_s: number, line: number): void => {
    if (seen.count === 0) seen.line = line;
    seen.count++;
    seen.sum_s += gap_s - used.usual_s;
    seen.longest_s = Math.max(seen.longest_s, gap_s);
  };
  const first = known[0];
  if (first === undefined || time_s[first] > used.start_s + JITTER_S)
    refuse(
      lines[0],
      series.showTime(used.start_s),
      first === undefined ? 'its end' : series.showTime(time_s[first]),
      first === undefined ? time_s[time_s.length - 1] - used.start_s : time_s[first] - used.start_s,
      first === undefined
        ? 'expected values'
        : 'and none before it to hold or to draw a line from, expected a value in the first row: 0 where nothing was offered, or from: under data: with a later begin',
    );
  for (let k = 0; k < known.length; k++) {
    const [from, next] = [known[k], known[k + 1]];
    const to_s = next === undefined ? time_s[time_s.length - 1] + used.usual_s : time_s[next];
    const gap_s = to_s - time_s[from];
    if (gap_s <= GAP * used.usual_s || to_s <= used.start_s || time_s[from] >= used.end_s) continue;
    const atEnd = next === undefined;
    const line = atEnd ? lines[from + 1] : lines[from + 1 === next ? next : from + 1];
    const isBridged = gap_s <= most_s && !(atEnd && rule !== 'refuse' && 'interpolate_s' in rule);
    if (!isBridged) {
      const bare =
        gap_s <= most_s ? 'and none behind it to draw a line to, expected gaps: { hold_s: N } there' : '';
      refuse(line, series.showTime(time_s[from]), series.showTime(to_s), gap_s, bare);
    }
    isGap[k] = 1;
    note(gap_s, line);
  }
  if (seen.count > 0)
    done.push(
      `${counted(seen.count, 'gap')}, ${round(seen.sum_s)} s together, the longest ${round(seen.longest_s)} s (line ${seen.line} first), ${how}`,
    );
  return isGap;
}

const CLOCK_HINT = ' (the hour that the clock is put forward? then zone: under data:)';
