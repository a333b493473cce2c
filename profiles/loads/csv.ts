import { z } from 'zod';
import type { LoadProfile } from './load-profile.ts';
import { TURBINE, turbineSeries_frac } from './turbine.ts';

/** A load file that cannot be used. The message is whole: `file:line: what (expected ...)`. */
export class LoadFileError extends Error {
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, what: string, expected: string) {
    super(`${file}:${line}: ${what} (expected ${expected})`);
    this.name = 'LoadFileError';
    this.file = file;
    this.line = line;
  }
}

/** Shorter files are a mistake rather than a profile: a minute is the shortest thing worth following. */
const SHORTEST_S = 60;

interface Column {
  readonly name: string;
  readonly expected: string;
  readonly value: z.ZodType<number>;
}

const COLUMNS: readonly Column[] = [
  { name: 'wind_speed_m_per_s', expected: 'a wind speed of 0..60 m/s', value: z.number().min(0).max(60) },
  { name: 'power_frac', expected: 'a part of the rated power, 0..1', value: z.number().min(0).max(1) },
];
const TIME = z.number().min(0);
const HEADERS = COLUMNS.map(column => `time_s,${column.name}`);
// The decimal numbers that people write; Number() alone would take '' and '0x10' too.
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads a load profile at 1 s: header `time_s,wind_speed_m_per_s` (goes through the turbine) or `time_s,power_frac`.
 * Pure: text in, profile out; the first thing that is wrong throws a LoadFileError. `path` is for messages only.
 */
export function readLoadCsv(path: string, text: string): LoadProfile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  const header = (lines[0] ?? '').trim();
  const anyHeader = `header ${HEADERS.map(h => `"${h}"`).join(' or ')}`;
  if (lines.length === 0) throw new LoadFileError(path, 1, 'the file is empty', anyHeader);
  const column = COLUMNS[HEADERS.indexOf(header.replace(/\s*,\s*/g, ','))];
  if (!column) throw new LoadFileError(path, 1, `header ${quoted(header)}`, anyHeader);

  const values = new Float64Array(lines.length - 1);
  let before_s = Number.NaN;
  for (let i = 1; i < lines.length; i++) {
    const line = i + 1;
    const cells = lines[i].split(',');
    if (cells.length !== 2)
      throw new LoadFileError(path, line, quoted(lines[i]), 'two values with one comma, and no blank line');
    const time_s = readNumber(path, line, 'time_s', cells[0], TIME, 'seconds, a number >= 0');
    values[i - 1] = readNumber(path, line, column.name, cells[1], column.value, column.expected);
    if (i > 1) checkStep(path, line, before_s, time_s);
    before_s = time_s;
  }
  if (values.length < SHORTEST_S)
    throw new LoadFileError(
      path,
      lines.length,
      `${values.length} rows`,
      `at least ${SHORTEST_S}, one a second`,
    );
  const isWind = column === COLUMNS[0];
  return {
    name: isWind ? 'wind' : 'power',
    dt_s: 1,
    power_frac: isWind ? turbineSeries_frac(TURBINE, values) : values,
    source: `${path} (${values.length} rows of ${column.name})`,
    basis: 'sourced',
  };
}

function readNumber(
  path: string,
  line: number,
  name: string,
  cell: string,
  schema: z.ZodType<number>,
  expected: string,
): number {
  const trimmed = cell.trim();
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!schema.safeParse(value).success)
    throw new LoadFileError(path, line, `${name} ${quoted(trimmed)}`, expected);
  return value;
}

function checkStep(path: string, line: number, before_s: number, time_s: number): void {
  const step_s = time_s - before_s;
  if (Math.abs(step_s - 1) < 1e-6) return;
  const expected = `time_s ${before_s + 1}, 1 s after the row before`;
  if (step_s === 0) throw new LoadFileError(path, line, `time_s ${time_s} is repeated`, expected);
  if (step_s < 0)
    throw new LoadFileError(path, line, `time_s goes back from ${before_s} to ${time_s}`, expected);
  throw new LoadFileError(path, line, `gap in time: from ${before_s} to ${time_s} s`, expected);
}

/** As it stands in the file, cut to a length that fits a message. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
