import { FileError } from '../../../drivers/contract/file-error.ts';
import { QUALITY, QUALITY_NAMES } from '../../../drivers/contract/frame.ts';
import { BDF } from '../bdf/terms.ts';
import { readMarks } from '../marks.ts';
import { numberIn, timeIn } from './cells.ts';
import { DateColumn } from './clock.ts';
import type { Field, FileColumn } from './columns.ts';
import { type CyclerText, rowsOf } from './cycler-text.ts';
import { wayOf } from './direction.ts';
import { Figures } from './figures.ts';

/** The rows of a cycler's file as readings: in our units and signs, each with its quality; nothing is left out. */

/** Channels that a file may fill, by field. */
export const CHANNELS = {
  voltage: 'voltage_V',
  current: 'current_A',
  power: 'power_W',
  charged: 'charged_Ah',
  discharged: 'discharged_Ah',
  surfaceTemperature: 'cellTemperature_degC',
  ambientTemperature: 'chamberTemperature_degC',
  cycle: 'cycle_count',
  step: 'step_count',
} as const satisfies Partial<Record<Field, string>>;
export type ChannelField = keyof typeof CHANNELS;

/** One channel of what was read. */
export interface ReadChannel {
  readonly field: ChannelField;
  readonly name: string;
  readonly values: Float64Array;
  /** One of `QUALITY` a row. */
  readonly quality: Uint8Array;
}

/** A file's readings. Times are seconds, never falling; `unix_s` NaN where there is no clock. */
export interface CyclerReadings {
  readonly t_s: Float64Array;
  readonly unix_s: Float64Array;
  readonly channels: readonly ReadChannel[];
  /** Currents of the file may be below 0: it says itself which way they went. */
  readonly hasSigns: boolean;
  /** Rows with an amount of current whose state says no way. */
  readonly unknownWay: Float64Array;
  /** By row. */
  readonly reasons: ReadonlyMap<number, string>;
  /** What had to be marked or taken otherwise than the file says, in words. */
  readonly notes: readonly string[];
}

/** What a person says of a file that it does not say itself. */
export interface ReadOptions {
  /** Seconds in the file's unit of time; undefined: as its heading says. */
  readonly time_s?: number | undefined;
  /** Volts in the file's unit of voltage; undefined: as its heading says. */
  readonly voltage_V?: number | undefined;
  /** What is positive in the file. */
  readonly current: 'charge' | 'discharge';
}

const NOTATION_OF: Readonly<Record<string, ChannelField>> = {
  [BDF.voltage.notation]: 'voltage',
  [BDF.current.notation]: 'current',
  [BDF.power.notation]: 'power',
  [BDF.charging.notation]: 'charged',
  [BDF.scheduleCharging.notation]: 'charged',
  [BDF.discharging.notation]: 'discharged',
  [BDF.scheduleDischarging.notation]: 'discharged',
  [BDF.surfaceTemperature.notation]: 'surfaceTemperature',
  [BDF.ambientTemperature.notation]: 'ambientTemperature',
};

/** Something odd, counted, with the line where it first was. */
class Oddities {
  readonly #seen = new Map<string, { count: number; line: number }>();

  add(text: string, line: number): void {
    const seen = this.#seen.get(text);
    if (seen === undefined) this.#seen.set(text, { count: 1, line });
    else seen.count++;
  }

  notes(path: string): string[] {
    return [...this.#seen].map(
      ([text, { count, line }]) => `${path}:${line}: ${text}${count === 1 ? '' : ` (${count} rows in all)`}`,
    );
  }
}

/** Reads all rows. @throws FileError for a row whose time is none, or goes back */
export async function readCycler(text: CyclerText, options: ReadOptions): Promise<CyclerReadings> {
  const fields = (Object.keys(CHANNELS) as ChannelField[]).filter(field => text.columns.has(field));
  const channels = fields.map(field => ({ field, values: new Figures(), quality: new Figures() }));
  const t_s = new Figures();
  const dates = new DateColumn();
  const unknownWay = new Figures();
  const reasons = new Map<number, string>();
  const odd = new Oddities();
  const row = rowReader(text, options);
  let last_s = Number.NEGATIVE_INFINITY;
  for await (const { cells, line } of rowsOf(text)) {
    const time_s = row.time(cells, line);
    if (time_s < last_s)
      throw new FileError(
        text.path,
        line,
        `the time goes back: ${time_s} s after ${last_s} s; expected the time since the begin of the test, not that of a step or cycle`,
      );
    last_s = time_s;
    t_s.add(time_s);
    row.clock(cells, dates);
    const said = row.quality(cells);
    const wrong: string[] = [];
    for (const { field, values, quality } of channels) {
      const marked = said.marks.get(field);
      const code = marked?.code ?? said.code;
      const value = row.value(field, cells);
      if (marked !== undefined && value === undefined) {
        values.add(marked.value);
        quality.add(code);
        continue;
      }
      const why = whyBad(field, value, text.columns.get(field) as FileColumn, cells);
      if (why !== '' && code < QUALITY.stale) {
        odd.add(why.replace(/"[^"]*"/, '…'), line);
        wrong.push(why);
      }
      if (field === 'current' && row.isWayUnknown(value, cells)) unknownWay.add(t_s.count - 1);
      values.add(value ?? Number.NaN);
      quality.add(why !== '' && code < QUALITY.stale ? QUALITY.bad : code);
    }
    const reason = [row.reason(cells), ...wrong].filter(part => part !== '').join('; ');
    if (reason !== '') reasons.set(t_s.count - 1, reason);
  }
  if (t_s.count < 2)
    throw new FileError(text.path, text.line, `${t_s.count} rows below it, expected at least two`);
  refuseEmpty(text, channels, t_s.taken());
  const clock = dates.decided(text.columns.get('date')?.name ?? '', t_s.taken());
  return {
    t_s: t_s.taken(),
    unix_s: clock.unix_s,
    channels: channels.map(({ field, values, quality }) => ({
      field,
      name: CHANNELS[field],
      values: values.taken(),
      quality: Uint8Array.from(quality.taken()),
    })),
    hasSigns: row.hasSigns(),
    unknownWay: unknownWay.taken(),
    reasons,
    notes: [...odd.notes(text.path), ...row.notes(), ...(clock.note === '' ? [] : [clock.note])],
  };
}

/** @throws FileError where no row has a usable voltage or current, or all rows are at one moment */
function refuseEmpty(
  { path, line, columns }: CyclerText,
  channels: readonly { readonly field: ChannelField; readonly quality: Figures }[],
  t_s: Float64Array,
): void {
  for (const { field, quality } of channels) {
    if (field !== 'voltage' && field !== 'current') continue;
    if (quality.taken().some(code => code < QUALITY.stale)) continue;
    const name = columns.get(field)?.name;
    throw new FileError(path, line, `${name}: none of ${t_s.length} rows has a number, expected readings`);
  }
  if (t_s[t_s.length - 1] > t_s[0]) return;
  const name = columns.get('time')?.name;
  throw new FileError(
    path,
    line,
    `${name}: all ${t_s.length} rows are at ${t_s[0]} s, expected a time that goes on from row to row`,
  );
}

/** Why a value cannot be used; empty if it can. */
function whyBad(
  field: ChannelField,
  value: number | undefined,
  { name, place }: FileColumn,
  cells: readonly string[],
): string {
  if (value === undefined) return `${name}: no value`;
  if (!Number.isFinite(value)) return `${name}: "${(cells[place] ?? '').trim()}" is no number`;
  if (field === 'cycle' && (!Number.isInteger(value) || value < 0))
    return `${name}: "${value}" is no whole number of a cycle`;
  return '';
}

interface RowReader {
  time(cells: readonly string[], line: number): number;
  clock(cells: readonly string[], to: DateColumn): void;
  /** An amount whose state says no way. */
  isWayUnknown(value: number | undefined, cells: readonly string[]): boolean;
  value(field: ChannelField, cells: readonly string[]): number | undefined;
  quality(cells: readonly string[]): {
    readonly code: number;
    readonly marks: ReadonlyMap<ChannelField, { readonly code: number; readonly value: number }>;
  };
  reason(cells: readonly string[]): string;
  /** Whether a current below 0 was met. */
  hasSigns(): boolean;
  notes(): string[];
}

/** A clock without a date goes on over midnight. */
class ClockOfDay {
  midnights = 0;
  #before_s = Number.NaN;

  /** Seconds of a cell, with the days that have passed; other times than those of day stay as they are. */
  goneOn(read_s: number, text: string): number {
    if (!/^\d{1,2}:\d/.test(text)) return read_s;
    if (this.#before_s >= 23 * 3600 && this.#before_s < 86_400 && read_s < 3600) this.midnights++;
    this.#before_s = read_s;
    return read_s + 86_400 * this.midnights;
  }
}

const NO_MARKS: ReadonlyMap<ChannelField, { code: number; value: number }> = new Map();

function rowReader({ columns, decimal, path }: CyclerText, options: ReadOptions): RowReader {
  const { time_s, voltage_V, current } = options;
  const cell = (field: Field, cells: readonly string[]): string => {
    const column = columns.get(field);
    return column === undefined ? '' : (cells[column.place] ?? '').trim();
  };
  const time = columns.get('time') as FileColumn;
  let byState = 0;
  let isSigned = false;
  const clock = new ClockOfDay();
  return {
    time(cells, line) {
      const value = timeIn(cells[time.place], decimal, time_s ?? time.factor);
      if (value !== undefined && Number.isFinite(value)) return clock.goneOn(value, cell('time', cells));
      throw new FileError(
        path,
        line,
        `${time.name}: "${cell('time', cells)}" is no time, expected ${time.unit || 'a number'}`,
      );
    },
    clock(cells, to) {
      const unix = columns.get('unixTime');
      if (unix === undefined) to.add(cell('date', cells));
      else to.addSeconds((numberIn(cells[unix.place], decimal) ?? Number.NaN) * unix.factor);
    },
    isWayUnknown: (value, cells) =>
      columns.has('state') && value !== undefined && value > 0 && wayOf(cell('state', cells)) === 'unknown',
    value(field, cells) {
      const column = columns.get(field) as FileColumn;
      const value = numberIn(cells[column.place], decimal);
      if (value === undefined) return undefined;
      const factor = field === 'voltage' ? (voltage_V ?? column.factor) : column.factor;
      const ours = factor === 1 ? value : value * factor;
      if (column.less !== undefined) {
        const other = numberIn(cells[column.less.place], decimal);
        return other === undefined ? undefined : ours - other * (voltage_V ?? column.less.factor);
      }
      if (field !== 'current') return ours;
      if (ours < 0) isSigned = true;
      // Some cyclers write amounts, and in another column which way they went.
      if (ours > 0 && wayOf(cell('state', cells)) === 'discharge') {
        byState++;
        return -ours;
      }
      return current === 'discharge' && ours !== 0 ? -ours : ours;
    },
    quality(cells) {
      const word = cell('quality', cells);
      const known = QUALITY_NAMES.indexOf(word as (typeof QUALITY_NAMES)[number]);
      const code = known < 0 ? QUALITY.good : known;
      const text = cell('marks', cells);
      if (text === '') return { code, marks: NO_MARKS };
      const marks = new Map<ChannelField, { code: number; value: number }>();
      for (const [notation, { quality, value }] of readMarks(text)) {
        const field = NOTATION_OF[notation];
        const place = QUALITY_NAMES.indexOf(quality as (typeof QUALITY_NAMES)[number]);
        if (field !== undefined && place >= 0) marks.set(field, { code: place, value });
      }
      return { code, marks };
    },
    reason: cells => cell('reason', cells),
    hasSigns: () => isSigned,
    notes: () => [
      ...(byState === 0
        ? []
        : [
            `${columns.get('current')?.name}: ${byState} amounts are discharges by ${columns.get('state')?.name}`,
          ]),
      ...(clock.midnights === 0
        ? []
        : [`${time.name}: a time of day, past midnight ${clock.midnights} times`]),
      ...(columns.get('voltage')?.less === undefined
        ? []
        : [`the cell's voltage is ${columns.get('voltage')?.name}`]),
    ],
  };
}
