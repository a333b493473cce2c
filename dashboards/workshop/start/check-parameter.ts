import type { LabMethod } from '../../door/lab.ts';

/** What is wrong in a field of a method's form, as far as it can be told without asking: the program reads units and expressions. */

type Parameter = LabMethod['parameters'][number];

/** Why a value cannot be taken. */
export type Wrong =
  | { readonly is: 'no number' | 'no numbers' }
  | { readonly is: 'below'; readonly min: number }
  | { readonly is: 'above'; readonly max: number };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const FRACTION = /^([+-]?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/;
/** A word without anything that an expression would have: no digit, no dot, no underscore, no bracket. */
const WORD = /^[\p{L}\s]+$/u;

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

function checkNumber({ unit, min, max }: Parameter, text: string): Wrong | undefined {
  const value = numberIn(text, unit);
  if (value === undefined) return WORD.test(text) ? { is: 'no number' } : undefined;
  if (min !== null && value < min) return { is: 'below', min };
  return max !== null && value > max ? { is: 'above', max } : undefined;
}

/** In the unit of the parameter; undefined: it is written otherwise, and the program has to say. */
function numberIn(text: string, unit: string): number | undefined {
  const bare = unit !== '' && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text;
  if (NUMBER.test(bare)) return Number(bare);
  const [, above, below] = FRACTION.exec(bare) ?? [];
  return above === undefined || below === undefined ? undefined : Number(above) / Number(below);
}
