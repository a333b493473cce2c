import { FileError } from '../../../drivers/contract/file-error.ts';
import type { CyclerText } from './cycler-text.ts';
import { leapsIn } from './leaps.ts';
import { type DoubtedRows, withMarked } from './marked-rows.ts';
import type { CyclerReadings } from './read-cycler.ts';

/** Currents that are amounts: which way they went must be said somewhere. */

/** With more of its amounts than this without a known way, a file is refused; fewer are marked. */
const FEW_FRAC = 0.1;
/** So many leaps, and this part of all, say that the voltage falls where an amount rises. */
const LEAST_AGAINST = 2;
const AGAINST_FRAC = 0.2;
const EXPECTED =
  'expected currents below 0 for discharge, or a column of states with words that say which way (C and D, "CC Chg" and "CC DChg", "charge" and "discharge")';

/**
 * Readings whose currents have a direction: rows of amounts whose state says none are marked bad. @throws FileError where
 * many are, or where the voltage says that amounts without any state went both ways
 */
export function withKnownWays(text: CyclerText, readings: CyclerReadings): CyclerReadings {
  if (readings.hasSigns) return readings;
  const rows = readings.unknownWay;
  if (rows.length > 0) return withoutUnknown(text, readings, rows);
  const leaps = leapsIn(readings);
  if (leaps === undefined) return readings;
  const { count, agree_frac, resistance_Ohm } = leaps;
  const against = Math.round(count * (resistance_Ohm < 0 ? agree_frac : 1 - agree_frac));
  const hasDischarges = readings.channels.some(
    ({ field, values }) => field === 'current' && values.some(v => v < 0),
  );
  if (hasDischarges || against < LEAST_AGAINST || against < AGAINST_FRAC * count) return readings;
  throw new FileError(
    text.path,
    text.line,
    `${nameOf(text)}: never below 0, but the voltage falls where it rises in ${against} of ${count} leaps: amounts that do not say which way they went; ${EXPECTED}`,
  );
}

function withoutUnknown(text: CyclerText, readings: CyclerReadings, rows: Float64Array): CyclerReadings {
  const current = readings.channels.find(({ field }) => field === 'current');
  const flowing = current?.values.reduce((n, v) => n + (v !== 0 ? 1 : 0), 0) ?? 0;
  const state = text.columns.get('state')?.name ?? 'state';
  const what = `${nameOf(text)}: ${rows.length} of ${flowing} amounts stand beside a ${state} that says no way`;
  if (rows.length > FEW_FRAC * flowing) throw new FileError(text.path, text.line, `${what}; ${EXPECTED}`);
  const doubted = Array.from(
    rows,
    (row): DoubtedRows => ({
      from: row,
      to: row + 1,
      why: `${state} says no way of the current`,
      fields: ['current', 'power'],
    }),
  );
  return withMarked(readings, doubted, { note: `${what}: marked bad` });
}

function nameOf(text: CyclerText): string {
  return text.columns.get('current')?.name ?? 'the current';
}
