import { type Unit, unitOf } from '../contract/units.ts';
import { plain } from '../protocol/gas-state.ts';

/**
 * The unit that a Bronkhorst instrument is set to, against what the bench file takes its figures for. Its figures come in
 * its own unit: one that is set otherwise is wrong by a factor, or by a reference state, without a word.
 */

/** What an instrument shows at 1/31 for each of our units, in small letters (texts of document 9.17.027, recalled). */
const SHOWN: Partial<Record<Unit, readonly string[]>> = {
  NL_per_min: ['ln/min'],
  L_per_min: ['l/min'],
  barg: ['bar(g)', 'barg'],
  bara: ['bar(a)', 'bara'],
  bar: ['bar', 'bar(d)', 'bard'],
  pct: ['%'],
};

/** Why a unit that looks like the right one is another, in small letters. */
const MEANINGS: Readonly<Record<string, string>> = {
  'ls/min': 'litres at 20 degC: 7.3 % more than at 0 degC',
  'mls/min': 'millilitres at 20 degC',
  'mln/min': 'a thousandth of a normal litre',
  'l/min': 'litres at the temperature and pressure of the line',
  bar: 'which does not tell gauge from absolute',
  'bar(a)': 'absolute, 1.013 bar more than gauge',
  'bar(g)': 'gauge, 1.013 bar less than absolute',
};

/**
 * What is wrong with the unit that an instrument shows, for a channel of this name; undefined: nothing. `declared`: what
 * the bench file says that the instrument shows, for one whose text says less than the lab knows.
 */
export function unitSlip(channel: string, shown: unknown, declared: string | undefined): string | undefined {
  const unit = unitOf(channel);
  const expected = declared === undefined ? unit && SHOWN[unit] : [declared.toLowerCase()];
  const found = plain(shown);
  if (expected === undefined || expected.includes(found.toLowerCase())) return undefined;
  const meaning = MEANINGS[found.toLowerCase()];
  const means = meaning === undefined ? '' : ` (${meaning})`;
  const remedy =
    declared === undefined
      ? "set its unit with the maker's program, or name the channel for what it shows"
      : "set its unit with the maker's program, or put `unit:` of the bench file right";
  return `shows its figures in "${found}"${means}, expected "${declared ?? expected[0]}" for ${channel}; ${remedy}`;
}
