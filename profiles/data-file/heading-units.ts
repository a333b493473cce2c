import { splitName } from '../language/units/names.ts';
import { isPlace, sameDimension, type Unit, unitNamed } from '../language/units/unit.ts';
import { quoted } from './cells.ts';
import type { ColumnHead } from './header.ts';
import { isUnitLike, unitsIn } from './told-apart.ts';
import { VALUE_UNITS, type ValueKey, valueUnitOf } from './units.ts';

/** A heading that says another unit than the method's name for its column. */

/** Why a column of power, wind or sun is not in the unit of its key; undefined: nothing speaks against it. */
export function wrongLoadUnit(head: ColumnHead, key: ValueKey): string | undefined {
  const own = head.unit === undefined ? undefined : valueUnitOf(head.unit);
  if (own !== undefined && own !== key && VALUE_UNITS[own].shown !== VALUE_UNITS[key].shown)
    return `the column ${quoted(head.heading)} is in ${head.unit}, data: says ${key}${VALUE_UNITS[own].quantity === VALUE_UNITS[key].quantity ? keyInstead(own, head) : ''}`;
  const other = own === undefined ? otherUnit(head) : undefined;
  if (other === undefined) return undefined;
  return `the column ${quoted(head.heading)} is in ${other}, data: says ${key}${isEnergy(other) ? ` (${ENERGY})` : ''}`;
}

/** The same of a column under a name of one's own: its heading may say another unit. */
export function wrongUnit(head: ColumnHead, name: string): string | undefined {
  const spelt = [...(head.unit === undefined ? [] : [head.unit]), ...unitsIn(head.heading)];
  const said = spelt.map(spelling => unitSpelt(spelling)).find(unit => unit !== undefined);
  const split = splitName(name);
  const own = split?.unit;
  if (said === undefined || split === undefined || typeof own !== 'object' || said.text === own.text)
    return undefined;
  const isSame = sameDimension(said, own) && isPlace(said) === isPlace(own);
  const instead = isSame ? keyInstead(`${split.stem}_${said.text}`, head) : '';
  return `the column ${quoted(head.heading)} is in ${said.text}, data: says ${name}${instead}`;
}

/** What to write below data: for a column as it is. */
export function keyInstead(key: string, { heading }: ColumnHead): string {
  return ` (write ${key}: ${quoted(heading)})`;
}

/** A unit in the headings that is none of power, wind or sun, as it is written; undefined without one. */
export function otherUnit({ heading, whole, unit }: ColumnHead): string | undefined {
  const all = [...(unit === undefined ? [] : [unit]), ...unitsIn(heading), ...unitsIn(whole)];
  return all.find(text => isUnitLike(text) && valueUnitOf(text) === undefined);
}

/** What to do with an energy. */
export const ENERGY = 'an energy: divide it by the hours of its step, and call it power';

/** Whether a unit is one of energy: kWh, MJ. */
export function isEnergy(unit: string): boolean {
  return /^[kMGT]?(Wh|J)r?$/.test(unit);
}

/** The unit of the language that a heading spells; undefined where it is none. */
function unitSpelt(spelling: string): Unit | undefined {
  const name = spelling
    .replace(/ ?\/ ?/g, '_per_')
    .replaceAll('%', 'pct')
    .replaceAll('²', '2');
  return unitNamed(name);
}
