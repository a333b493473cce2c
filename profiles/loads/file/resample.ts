import { FileError } from '../../../drivers/contract/file-error.ts';
import { counted, type Draft, round } from './mend.ts';

/** From a file's own times to one value a second: which part is used, where its gaps are, and how it is filled in. */

/** How values become values at 1 s. */
export type Between = 'hold' | 'linear' | 'mean';

/** A step longer than this many usual ones is a gap: one row is missing at least. */
const GAP = 1.5;
/** Stamps within a tenth of a step of where they belong are a logger's jitter, at most so much, s. */
const JITTER_S = 0.5;
const JITTER = 0.1;
/** Shorter series are a mistake rather than a profile: a minute is the shortest thing worth following. */
const SHORTEST_S = 60;

/** A series at 1 s, in the file's base unit. */
export interface Resampled {
  readonly values: Float64Array;
  /** Length of the whole series from its second 0 on, s, before it is cut or repeated. */
  readonly length_s: number;
}

/**
 * Brings a series to 1 s, `needed_s` long if the file has it (all of it where nobody has asked for a length). Gaps in the
 * part that is used go by the declared rule. @throws FileError at the first gap that no rule covers
 */
export function resample(draft: Draft, needed_s: number): Resampled {
  const { path, series, entry, done } = draft;
  const { time_s, value, lines } = series;
  const last = time_s.length - 1;
  const steps = stepsOf(time_s);
  const { usual_s } = steps;
  // Stamps that come a little late, as far as they do in this file.
  const slack_s = 1e-6 + Math.min(JITTER_S, JITTER * usual_s, steps.jitter_s);
  const start_s = startOf(draft);
  const length_s = Math.floor(time_s[last] + usual_s - start_s + slack_s);
  if (length_s < SHORTEST_S)
    throw new FileError(
      path,
      lines[last] ?? 1,
      `${time_s.length} rows${start_s > time_s[0] ? ` and ${length_s} s of them from "from" on` : `, ${length_s} s`}, expected at least ${SHORTEST_S} s`,
    );
  const wanted_s = needed_s > 0 && !(entry.repeat && needed_s > length_s) ? Math.ceil(needed_s) : length_s;
  const used_s = Math.min(length_s, wanted_s);
  const between = entry.between ?? (usual_s < 1 - JITTER ? 'mean' : 'hold');
  done.push(stepText(steps, between));
  const unseen = unseenText(usual_s, between);
  if (unseen !== undefined) done.push(unseen);
  const known = knownRows(value);
  const isGap = gapsIn(draft, known, { usual_s, start_s, end_s: start_s + used_s });
  const at = (rows: ArrayLike<number>) => (k: number) => rows[known[k]];
  const from = { time: at(time_s), value: at(value), isGap, count: known.length };
  return { values: fill(from, { between, draft, slack_s, start_s, used_s }), length_s };
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
  const to = Math.abs(usual_s - 1) < 1e-3 ? 'every 1 s' : `every ${round(usual_s)} s, brought to 1 s`;
  return `rows ${to}${unsteady} (${between}: ${how})`;
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

interface Known {
  readonly time: (k: number) => number;
  readonly value: (k: number) => number;
  readonly isGap: Uint8Array;
  readonly count: number;
}

function fill(
  known: Known,
  how: {
    readonly between: Between;
    readonly draft: Draft;
    readonly slack_s: number;
    readonly start_s: number;
    readonly used_s: number;
  },
): Float64Array {
  const { between, slack_s, start_s, used_s } = how;
  const rule = how.draft.entry.gaps;
  const gapIsLine = rule !== 'refuse' && 'interpolate_s' in rule;
  const isLine = (k: number): boolean =>
    k + 1 < known.count && (known.isGap[k] === 1 ? gapIsLine : between === 'linear');
  const at = (k: number, t_s: number): number => {
    if (!isLine(k)) return known.value(k);
    const part = (t_s - known.time(k)) / (known.time(k + 1) - known.time(k));
    return known.value(k) + (known.value(k + 1) - known.value(k)) * Math.max(0, Math.min(1, part));
  };
  const out = new Float64Array(used_s);
  let k = 0;
  for (let second = 0; second < used_s; second++) {
    const t_s = start_s + second;
    // A straight line needs the true time; a held value may come a little late.
    while (k + 1 < known.count && known.time(k + 1) <= t_s + (isLine(k) ? 0 : slack_s)) k++;
    out[second] = between === 'mean' ? meanOver(known, at, k, t_s) : at(k, t_s);
  }
  return out;
}

/** Mean over one second from `t_s` on, beginning in step `k`. */
function meanOver(known: Known, at: (k: number, t_s: number) => number, k: number, t_s: number): number {
  let sum = 0;
  let from_s = t_s;
  for (let i = k; from_s < t_s + 1; i++) {
    const isLast = i + 1 >= known.count;
    const to_s = isLast ? t_s + 1 : Math.min(t_s + 1, known.time(i + 1));
    // Values on a line or held: the middle of the stretch is its mean.
    if (to_s > from_s) sum += at(i, (from_s + to_s) / 2) * (to_s - from_s);
    from_s = Math.max(from_s, to_s);
    if (isLast) break;
  }
  return sum;
}
