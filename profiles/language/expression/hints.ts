import { BASES } from '../units/table.ts';
import { quotient, type Unit, unitNamed } from '../units/unit.ts';

/** What to write instead where a unit that leans on the subject has been taken for a plain one. */

/** Name of a parameter or a loop in C: what stands in a role is asked for in another unit. */
const RATE = /(?<![\w.])([a-z]\w*_C)\b/;
const OF_CELL = '_per_cell';
const PLAIN_NUMBER = /(?<![\w.])(\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?!\s*[\w.])/;
const NUMBER = /(?<![\w.])(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s+([A-Za-z]\w*)/g;

/**
 * A rate in C is 1/h: where it was taken for a current, time is left over. `found` and `expected`: the units that do not fit;
 * empty where it is something else.
 */
export function rateHint(text: string, found: Unit, expected: Unit): string {
  const rate = RATE.exec(text)?.[1];
  if (rate === undefined) return '';
  const isTaken = isOnly('s', quotient(found, expected)) || (isOnly('s', found) && isOnly('A', expected));
  return isTaken ? `: a rate in C is 1/h, the current is ${rate} * subject.capacity_Ah` : '';
}

/** A number of one cell beside what is of one cell has its unit so: `2.1 V_per_cell`. Empty where it is something else. */
export function cellHint(text: string, found: Unit, expected: Unit): string {
  if (!isOnly('cell', quotient(found, expected))) return '';
  for (const [, value, unit] of text.matchAll(NUMBER))
    if (!unit.endsWith(OF_CELL) && unitNamed(`${unit}${OF_CELL}`) !== undefined)
      return `: of one cell it is ${value} ${unit}_per_cell`;
  return '';
}

/** How a plain number comes to per cent: a ratio by `pct(ratio)`, what is counted by the unit of the number that it is taken with. */
export function pctHint(text: string, { text: unit }: Unit, ratio = text): string {
  if (unit !== 'count') return `: write pct(${ratio})`;
  const number = PLAIN_NUMBER.exec(text)?.[1];
  return number === undefined ? `: write ${text} * 1 pct` : `: write ${number} pct`;
}

/** True of a unit that is made of one base unit alone, once above or below. */
function isOnly(base: (typeof BASES)[number], { dimension }: Unit): boolean {
  return BASES.every((one, i) => (one === base ? Math.abs(dimension[i]) === 1 : dimension[i] === 0));
}
