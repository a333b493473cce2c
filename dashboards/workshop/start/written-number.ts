/** How numbers are written in the language (docs/language.md): a decimal point between digits, a blank before the unit. */

/** A number as the program reads it. */
export const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const WITH_UNIT = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?: [A-Za-z]\w*)?$/i;
const FRACTION = /^-?\d+(?:\.\d+)?\s*\/\s*\d+(?:\.\d+)?$/;

/** Signs that a keyboard gives and the language does not have. */
const SIGNS: readonly (readonly [sign: RegExp, instead: string])[] = [
  [/[\u2212\u2013]/g, '-'],
  [/°C/g, 'degC'],
  [/\u03bc/g, 'u'],
  [/\u03a9/g, 'Ohm'],
];

/** Whether it is a number, a fraction, or a number with its unit, as the program reads them. */
export function isWrittenWell(text: string): boolean {
  return WITH_UNIT.test(text) || FRACTION.test(text);
}

/**
 * The same number as the language has it: full-width digits, a decimal comma, a point without digits on one side, a plus, a unit
 * without its blank. Unchanged where nothing of that is in it; it may be no number for all that.
 */
export function mended(text: string): string {
  const plain = SIGNS.reduce((was, [sign, instead]) => was.replace(sign, instead), text.normalize('NFKC'));
  return plain
    .trim()
    .replace(/^\+\s*/, '')
    .replace(/^(-?\d+),(\d+)(?=\D|$)/, '$1.$2')
    .replace(/(^|[^\d.])\.(?=\d)/g, '$10.')
    .replace(/(\d)\.(?!\d)/g, '$1')
    .replace(/^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?!e[+-]?\d)(?=[A-Za-z]\w*$)/i, '$1 ');
}
