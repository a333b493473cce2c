import { FileError } from '../../drivers/contract/file-error.ts';
import { quoted } from './cells.ts';
import type { DataEntry } from './entry.ts';
import { RANGE_TEXT, type Series } from './series.ts';
import type { Quantity } from './units.ts';

/** What a declared rule does to rows that are not as they should be; without a rule they are refused. */

/** A file's series in the making: arrays of equal length, the column's heading, and what was done so far. */
export interface Draft {
  readonly path: string;
  readonly heading: string;
  readonly series: Series;
  readonly entry: DataEntry;
  readonly done: string[];
}

/** Values are parts of rated for power, else in the base unit. `least`, `most`: beyond these no rule helps. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Where a value belongs, and how far outside it may be an instrument's offset (anemometer, pyranometer, own consumption
 * at night) or a cloud's edge. No wind of 60 m/s turns a turbine; 2000 W/m2 is above any cloud's edge. Basis default.
 */
const RANGES: Readonly<Record<Quantity, Range>> = {
  power: { low: 0, high: 1, least: -0.2, most: 1.5 },
  share: { low: 0, high: 1, least: -0.2, most: 1.5 },
  'wind speed': { low: 0, high: 60, least: -2, most: 60 },
  irradiance: { low: 0, high: 1500, least: -50, most: 2000 },
};

/** Checks the range of every value, `scale` of which is 1; clips by rule. @throws FileError */
export function checkRange(draft: Draft, quantity: Quantity, scale: number): void {
  const { series, entry, path, heading, done } = draft;
  const { value, lines, cells } = series;
  const range = RANGES[quantity];
  const sides = { below: new Side(), above: new Side() };
  for (let i = 0; i < value.length; i++) {
    const of1 = value[i] / scale;
    if (!(of1 < range.low || of1 > range.high)) continue;
    const found = `${heading} ${quoted(cells[i])}`;
    const expected = quantity === 'power' ? `a power of 0..${scale / 1000} kW` : RANGE_TEXT[quantity];
    if (of1 < range.least || of1 > range.most) {
      const why =
        'a lost decimal point, another unit, or a number for "no value": missing: [...] under data:';
      throw new FileError(path, lines[i], `${found}, expected ${expected} (${why})`);
    }
    if (entry.outside === 'refuse') {
      const rule = 'outside: clip under data: takes it to the nearest of these';
      throw new FileError(path, lines[i], `${found}, expected ${expected} (${rule})`);
    }
    sides[of1 < range.low ? 'below' : 'above'].take(of1, lines[i]);
    value[i] = scale * Math.max(range.low, Math.min(range.high, of1));
  }
  const { below, above } = sides;
  if (below.count > 0)
    done.push(`${counted(below.count, 'value')} below ${range.low} set to it, the lowest ${below.text}`);
  if (above.count > 0)
    done.push(`${counted(above.count, 'value')} above ${range.high} set to it, the highest ${above.text}`);
}

/** Values on one side outside the range. */
class Side {
  count = 0;
  #farthest = 0;
  #firstLine = 0;

  take(value: number, line: number): void {
    if (this.count++ === 0) this.#firstLine = line;
    if (Math.abs(value) > Math.abs(this.#farthest)) this.#farthest = value;
  }

  get text(): string {
    return `${round(this.#farthest)} (line ${this.#firstLine} first)`;
  }
}

/** Sees that time goes on from row to row; rows of the same time go by rule. @throws FileError */
export function inOrder(draft: Draft): Draft {
  const { series, entry, path, done } = draft;
  const { time_s, value, lines, cells } = series;
  const keep: number[] = [];
  const sums = new Map<number, { sum: number; count: number }>();
  let repeated = 0;
  for (let i = 0; i < time_s.length; i++) {
    const last = keep.at(-1);
    const step_s = last === undefined ? 1 : time_s[i] - time_s[last];
    if (step_s > 1e-6 || last === undefined) {
      keep.push(i);
      continue;
    }
    const clock = series.isZoneAssumed
      ? ' (the hour that the clock is put back? then zone: under data:)'
      : '';
    if (step_s < -1e-6)
      throw new FileError(
        path,
        lines[i],
        `time goes back from ${series.showTime(time_s[last])} to ${series.showTime(time_s[i])}${clock}, expected rows in the order of their time`,
      );
    if (entry.repeated === 'refuse')
      throw new FileError(
        path,
        lines[i],
        `the time ${series.showTime(time_s[i])} is repeated${clock}, expected each time once (repeated: first, last or mean under data: takes such rows)`,
      );
    repeated++;
    if (entry.repeated === 'last') keep[keep.length - 1] = i;
    if (entry.repeated === 'mean') {
      const of = sums.get(last) ?? { sum: value[last], count: 1 };
      sums.set(last, { sum: of.sum + value[i], count: of.count + 1 });
    }
  }
  if (repeated === 0) return draft;
  done.push(`${counted(repeated, 'row')} with the time of the row before: ${entry.repeated} taken`);
  for (const [i, { sum, count }] of sums) value[i] = sum / count;
  const pick = (of: Float64Array): Float64Array => Float64Array.from(keep, i => of[i]);
  const picked: Series = {
    ...series,
    time_s: pick(time_s),
    value: pick(value),
    lines: Int32Array.from(keep, i => lines[i]),
    cells: keep.map(i => cells[i]),
  };
  return { ...draft, series: picked };
}

/** `1 gap`, `2 gaps`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Four figures are enough for a message. */
export function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
