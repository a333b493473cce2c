import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { isClock, isDayOnly } from './clock-stamps.ts';
import { type ColumnMeaning, meaningOf, unitOf } from './columns.ts';
import type { TextTable } from './table.ts';

/** Which columns of a table are taken, and as what. */

/** By place in the file; undefined where a column is left out. */
export type Meanings = readonly (ColumnMeaning | undefined)[];

/** Days that stand in a column of their own beside the time of day. */
export const DAYS = 'days';
const SPECTRUM = /^(frequency|re|im|modulus|phase)_/;
const SERIES = /^(time_s|cell\.(current|voltage)|stack\.voltage)/;
const CURVE = /^(current_A_per_cm2|cell\.(current|voltage)|stack\.voltage|temperature|cathode|anode)/;
/** What a cycler calls its current and voltage, in a curve. */
const OF_A_CURVE: Readonly<Record<string, string>> = {
  'cell.current_A': 'current_A',
  'cell.voltage_V': 'cellVoltage_V',
  'stack.voltage_V': 'stackVoltage_V',
};

/** What each column is; of a foreign file those that are not needed for its kind are left out. @throws FileError */
export function takenColumns(table: TextTable, notes: string[]): Meanings {
  const all = withCellVoltage(
    table,
    table.header.map((name, k) => meaningOf(name, table.units?.[k])),
  );
  refuseOtherUnit(table, all);
  const isForeign = all.some(m => m?.isOurs === false) && !all.some(m => m?.isOurs === true);
  if (table.above > 0) notes.push(`${table.above} lines above the header left out`);
  if (table.below > 0) notes.push(`${table.below} lines below the table left out`);
  const taken = isForeign
    ? withOneTime(table, foreign(all))
    : withOneTime(
        table,
        all.map((m, k) => ours(table, m, k)),
      );
  for (const [k, m] of taken.entries())
    if (m?.name.endsWith('_barg') === true && (m.offset ?? 0) !== 0)
      notes.push(`${table.header[k]} read with an atmosphere of 1.01325 bar`);
  if (!isForeign) {
    for (const [k, m] of taken.entries())
      if (m !== undefined && m.factor < 0) notes.push(`${table.header[k]} read as minus ${m.name}`);
    return taken;
  }
  const said = table.header.flatMap((name, k) => {
    const m = taken[k];
    return m === undefined ? [] : [`${name} as ${m.factor < 0 ? 'minus ' : ''}${m.name}`];
  });
  notes.push(`columns: ${said.join(', ')}`);
  const left = table.header.filter((name, k) => taken[k] === undefined && name !== '');
  if (left.length > 0) notes.push(`columns left out: ${left.join(', ')}`);
  return taken;
}

/** A working and a counter electrode, each against the reference: the cell's voltage is Ewe-Ece. */
function withCellVoltage({ path, header, headerLine }: TextTable, all: Meanings): Meanings {
  const at = (pattern: RegExp): number => header.findIndex(name => pattern.test(name.replace(/[<>]/g, '')));
  const [working, counter, both] = [/^Ewe\b(?! *-)/i, /^Ece\b/i, /^Ewe *- *Ece\b/i].map(at);
  if (working < 0 || all[working]?.name !== 'cell.voltage_V') return all;
  if (both >= 0) return all.map((m, k) => (k === working ? undefined : m));
  if (counter < 0 || all.some(m => m?.name === 'frequency_Hz')) return all;
  throw new FileError(
    path,
    headerLine,
    `${header[working]} and ${header[counter]} are each against the reference, expected the voltage of the cell: a column Ewe-Ece/V (EC-Lab exports it), or cell.voltage_V`,
  );
}

/** A file may have a time since the begin and a date: the time is taken, with the date where it is one of day. */
function withOneTime(table: TextTable, meanings: Meanings): Meanings {
  const dates = meanings.map((m, k) => (m?.name === 'date_s' ? k : -1)).filter(k => k >= 0);
  if (dates.length === 0) return meanings;
  const time = meanings.findIndex(m => m?.name === 'time_s');
  const clock = dates.find(k => !isDayOnly(table, k));
  const isOfDay = time >= 0 && isClock(table, time) && isDayOnly(table, dates[0]);
  return meanings.map((m, k) => {
    if (m === undefined || m.name !== 'date_s') return m;
    if (k === dates[0] && (isOfDay || (time < 0 && clock !== undefined && clock !== k)))
      return { ...m, name: DAYS };
    return time < 0 && k === (clock ?? dates[0]) ? { ...m, name: 'time_s' } : undefined;
  });
}

function foreign(all: Meanings): Meanings {
  const has = (name: string): boolean => all.some(m => m?.name === name);
  if (has('frequency_Hz')) return all.map(m => (m !== undefined && SPECTRUM.test(m.name) ? m : undefined));
  if (has('time_s') || has('date_s')) {
    // A date beside a time is needed only where the time is one of day.
    return all.map(m => (m !== undefined && (SERIES.test(m.name) || m.name === 'date_s') ? m : undefined));
  }
  return all.map(m =>
    m !== undefined && CURVE.test(m.name) ? { ...m, name: OF_A_CURVE[m.name] ?? m.name } : undefined,
  );
}

/** A unit in the name and another one under it. */
function refuseOtherUnit({ path, headerLine, header, units }: TextTable, all: Meanings): void {
  units?.forEach((written, k) => {
    const unit = unitOf(written);
    const meaning = all[k];
    if (unit === undefined || meaning?.hasUnit !== true) return;
    const isSame = meaning.name.endsWith(`_${unit.name}`) && Math.abs(meaning.factor) === unit.factor;
    if (!isSame)
      throw new FileError(
        path,
        headerLine + 1,
        `unit ${JSON.stringify(written)} under ${header[k]}, expected the unit that its name says`,
      );
  });
}

/** Among our names a clock may be called time, date or timestamp: it needs no unit. Other names stay as they are. */
function ours(table: TextTable, meaning: ColumnMeaning | undefined, k: number): ColumnMeaning {
  if (meaning?.isOurs === true) return meaning;
  // -im_Ohm among ours is what its name says.
  if (meaning !== undefined && meaning.factor < 0 && SPECTRUM.test(meaning.name))
    return { ...meaning, isOurs: true };
  const isTime = meaning?.name === 'time_s' || meaning?.name === 'date_s';
  return isTime && isClock(table, k) ? { ...meaning, isOurs: true } : asWritten(table.header[k]);
}

function asWritten(name: string): ColumnMeaning {
  return { name, factor: 1, isOurs: true, hasUnit: true };
}
