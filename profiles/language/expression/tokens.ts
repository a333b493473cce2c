import { problem } from './problem.ts';

/** An expression cut into words. What belongs to no word of the language is refused with a hint. */

/** One word and its place in the text. */
export interface Token {
  readonly kind: 'number' | 'name' | 'keyword' | 'sign' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export const KEYWORDS = ['and', 'or', 'not', 'for', 'on', 'off', 'true', 'false'] as const;

/** So long an expression can be: more is no condition that a person can read. */
export const LONGEST = 2000;

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.:])/y;
/** Anything that begins like a number, to say what is wrong with it. */
const LIKE_NUMBER = /(?:\d\w*(?:[.:]\w*)*|\.\d[\w.]*)/y;
const NUMBER_AND_UNIT = /^\d+(?:\.\d+)?([A-Za-z_]\w*)$/;
const NAME = /[A-Za-z]\w*(?:\.[A-Za-z]\w*)*/y;
const SIGN = /<=|>=|==|!=|[-+*/<>(),]/y;

/** Other languages' signs, and what stands for them here. The longer ones first. */
const FOREIGN: readonly (readonly [sign: string, instead: string])[] = [
  ['&&', 'write and'],
  ['||', 'write or'],
  ['**', 'powers are written as products: x * x'],
  ['===', 'write =='],
  ['=>', 'write >='],
  ['=<', 'write <='],
  ['<>', 'write !='],
  ['${', 'a field is a whole expression: leave the braces out'],
  ['{{', 'a field is a whole expression: leave the braces out'],
  ['}}', 'a field is a whole expression: leave the braces out'],
  ['=', 'write == (only of _on and _count), or <= and >='],
  ['!', 'write not'],
  ['&', 'write and'],
  ['|', 'write or'],
  ['^', 'powers are written as products: x * x'],
  ['%', 'write pct: 75 pct'],
  ['≤', 'write <='],
  ['≥', 'write >='],
  ['≠', 'write !='],
  ['−', 'write - (the minus of the keyboard)'],
  ['–', 'write - (the minus of the keyboard)'],
  ['·', 'write *'],
  ['×', 'write *'],
  ['÷', 'write /'],
  ['±', 'write abs(x - middle) < width'],
  ['°', 'write degC'],
  ['µ', 'write u: 5 um'],
  ['?', 'there is no choice inside an expression: use the step if'],
  ['"', 'a text cannot be compared: leave the quotes out'],
  ["'", 'a text cannot be compared: leave the quotes out'],
  ['[', 'one member of an array has no name: use min, max, mean or spread'],
  ['{', 'a field is a whole expression: leave the braces out'],
  [';', 'a field is one expression'],
  [':', 'a field is one expression'],
  ['#', 'a comment stands behind two blanks in the file, outside the quotes'],
];

/** The words of an expression, the last one of kind `end`. @throws ExpressionError with the place of what is no word */
export function tokensOf(text: string): Token[] {
  if (text.length > LONGEST) {
    throw problem([LONGEST, LONGEST + 1], `longer than ${LONGEST} characters, expected a shorter expression`);
  }
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const take = (kind: Token['kind'], word: string): void => {
    tokens.push({ kind, text: word, start: at, end: at + word.length });
    at += word.length;
  };
  for (;;) {
    at += match(SPACE)?.length ?? 0;
    if (at >= text.length) break;
    const number = match(NUMBER);
    if (number !== undefined) {
      if (!Number.isFinite(Number(number)))
        throw problem([at, at + number.length], `${number} is too large to count with`);
      take('number', number);
      continue;
    }
    const like = match(LIKE_NUMBER);
    if (like !== undefined) throw problem([at, at + like.length], notANumber(like));
    const name = match(NAME);
    if (name !== undefined) {
      take(KEYWORDS.some(word => word === name) ? 'keyword' : 'name', name);
      continue;
    }
    const foreign = FOREIGN.find(([sign]) => text.startsWith(sign, at));
    const sign = match(SIGN);
    if (sign !== undefined && (foreign === undefined || foreign[0].length <= sign.length)) {
      take('sign', sign);
      continue;
    }
    if (foreign !== undefined) {
      throw problem([at, at + foreign[0].length], `${foreign[0]} is no sign of the language: ${foreign[1]}`);
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    throw problem(
      [at, at + character.length],
      `${JSON.stringify(character)} does not belong in an expression`,
    );
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function notANumber(text: string): string {
  const joined = NUMBER_AND_UNIT.exec(text);
  if (/^0[xXoObB]/.test(text)) return `${text} is no number of the language, expected a decimal one`;
  if (/^\d+:/.test(text)) return `${text} is no time, expected a number with its unit: 90 min, 1.5 h`;
  if (/^\d[\d_]*_\d+$/.test(text)) return `${text} is no number, expected ${text.replaceAll('_', '')}`;
  if (/^\d+\.$/.test(text) || /^\.\d+$/.test(text))
    return `${text} is no number, expected digits on both sides`;
  if (joined !== null) {
    const digits = text.slice(0, text.length - joined[1].length);
    return `${text} is no number, expected a blank before the unit: ${digits} ${joined[1]}`;
  }
  return `${text} is no number`;
}
