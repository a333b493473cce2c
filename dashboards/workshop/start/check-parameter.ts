import type { LabMethod } from '../../door/lab.ts';
import { isWrittenWell, mended, NUMBER } from './written-number.ts';

/** What is wrong in a field of a method's form, as far as it can be told without asking: the program reads expressions. */

type Parameter = LabMethod['parameters'][number];

/** Why a value cannot be taken. */
export type Wrong =
  | { readonly is: 'no number' | 'no numbers' }
  /** It is a number, and the program reads it written like `as` only. */
  | { readonly is: 'written'; readonly as: string }
  /** It has the unit of another quantity, or none that there is. */
  | { readonly is: 'unit'; readonly found: string }
  | { readonly is: 'below'; readonly min: number }
  | { readonly is: 'above'; readonly max: number };

const FRACTION = /^(-?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/;
/** A word without anything that an expression would have: no digit, no dot, no underscore, no bracket. */
const WORD = /^[\p{L}\s]+$/u;
/** Digits with signs between that are none of the language, or two numbers with nothing between. */
const JUMBLE = /^-?[\d.,:\s_]+$|^-?[\d.]+\s+\d/;
/** The expressions of the program are of plain letters. */
const PLAIN = /^[ -~]*$/;
const AMOUNT = /^(.*\d)\s+([A-Za-z]\w*)$/;

/** Undefined: nothing is known to be wrong. `written`: as a person has typed it; empty: the method's own value. */
export function checkParameter(parameter: Parameter, written: string): Wrong | undefined {
  const { kind } = parameter;
  const text = written.trim();
  if (text === '' || kind === 'choice' || kind === 'text') return undefined;
  if (kind === 'number') return checkNumber(parameter, text);
  const parts = text.split(',').map(part => part.trim());
  if (parts.some(part => part === '' || WORD.test(part))) return { is: 'no numbers' };
  return parts.map(part => checkNumber(parameter, part)).find(wrong => wrong !== undefined);
}

function checkNumber(parameter: Parameter, text: string): Wrong | undefined {
  const { unit, units, min, max } = parameter;
  const better = mended(text);
  if (better !== text && isWrittenWell(better)) {
    const rest = checkNumber(parameter, better);
    return rest?.is === 'unit' ? rest : { is: 'written', as: better };
  }
  if (WORD.test(text) || !PLAIN.test(text)) return { is: 'no number' };
  const [, number = text, found = unit] = AMOUNT.exec(text) ?? [];
  const value = numberIn(number);
  if (value === undefined) return JUMBLE.test(text) ? { is: 'no number' } : undefined;
  // What another unit of the same quantity comes to, and a composed one, is for the program to say.
  if (found !== unit)
    return units.includes(found) || found.includes('_per_') ? undefined : { is: 'unit', found };
  if (min !== null && value < min) return { is: 'below', min };
  return max !== null && value > max ? { is: 'above', max } : undefined;
}

/** Undefined: it is written otherwise, and the program has to say. */
function numberIn(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const [, above, below] = FRACTION.exec(text) ?? [];
  return above === undefined || below === undefined ? undefined : Number(above) / Number(below);
}
