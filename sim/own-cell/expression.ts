/**
 * Functions of one variable as BPX files write them: Python arithmetic in x, e.g. `1.9 * exp(-39.3 * x) - x**2`. Read by
 * a parser that knows numbers, x, + - * / ** (binds tighter than a sign before it, from the right), brackets and the
 * functions below, and nothing else: no text of a file is ever run as code.
 */

/** What is wrong with an expression and where, counted from 1. */
export class ExpressionError extends Error {
  readonly column: number;

  constructor(column: number, text: string) {
    super(text);
    this.column = column;
  }
}

/** A function of x. */
export type Expression = (x: number) => number;

const FUNCTIONS: Readonly<Record<string, Expression>> = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  atan: Math.atan,
  arctan: Math.atan,
};
const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/()]))/y;
const EXPECTED = `expected numbers, x, + - * / **, brackets and ${Object.keys(FUNCTIONS).join(', ')}`;
/** Longer or deeper than any fit that people publish. */
const MOST_CHARACTERS = 20_000;
const MOST_DEPTH = 100;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly column: number;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) {
      const column = from + 1 + (text.slice(from).match(/^\s*/)?.[0].length ?? 0);
      throw new ExpressionError(
        column,
        `${JSON.stringify(text.charAt(column - 1))} cannot be read, ${EXPECTED}`,
      );
    }
    const [, number, name, sign] = found;
    const token = number ?? name ?? sign;
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    tokens.push({ text: token, kind, column: TOKEN.lastIndex - token.length + 1 });
  }
  tokens.push({ text: '', kind: 'end', column: end + 1 });
  return tokens;
}

/** Reads an expression. @throws ExpressionError with the column */
export function readExpression(text: string): Expression {
  if (text.length > MOST_CHARACTERS)
    throw new ExpressionError(1, `${text.length} characters, expected at most ${MOST_CHARACTERS}`);
  const tokens = tokensOf(text);
  let at = 0;
  let depth = 0;
  const isNext = (...signs: string[]): boolean =>
    tokens[at].kind === 'sign' && signs.includes(tokens[at].text);

  function refuse(): never {
    const { kind, text: found, column } = tokens[at];
    throw new ExpressionError(
      column,
      kind === 'end'
        ? `the expression ends too early, ${EXPECTED}`
        : `"${found}" does not fit here, ${EXPECTED}`,
    );
  }

  function expect(sign: string): void {
    if (!isNext(sign)) refuse();
    at++;
  }

  function sum(): Expression {
    if (++depth > MOST_DEPTH)
      throw new ExpressionError(tokens[at].column, `nested deeper than ${MOST_DEPTH} levels`);
    let left = product();
    while (isNext('+', '-')) {
      const before = left;
      const isPlus = tokens[at++].text === '+';
      const right = product();
      left = isPlus ? x => before(x) + right(x) : x => before(x) - right(x);
    }
    depth--;
    return left;
  }

  function product(): Expression {
    let left = signed();
    while (isNext('*', '/')) {
      const before = left;
      const isTimes = tokens[at++].text === '*';
      const right = signed();
      left = isTimes ? x => before(x) * right(x) : x => before(x) / right(x);
    }
    return left;
  }

  function signed(): Expression {
    let isNegative = false;
    while (isNext('+', '-')) if (tokens[at++].text === '-') isNegative = !isNegative;
    const value = power();
    return isNegative ? x => -value(x) : value;
  }

  function power(): Expression {
    const base = atom();
    if (!isNext('**')) return base;
    at++;
    if (++depth > MOST_DEPTH)
      throw new ExpressionError(tokens[at].column, `nested deeper than ${MOST_DEPTH} levels`);
    const exponent = signed();
    depth--;
    return x => base(x) ** exponent(x);
  }

  function atom(): Expression {
    const token = tokens[at];
    if (token.kind === 'number') {
      at++;
      const value = Number(token.text);
      return () => value;
    }
    if (token.kind === 'name') {
      at++;
      if (token.text === 'x') return x => x;
      if (token.text === 'pi') return () => Math.PI;
      const call = Object.hasOwn(FUNCTIONS, token.text) ? FUNCTIONS[token.text] : undefined;
      if (call === undefined)
        throw new ExpressionError(token.column, `"${token.text}" is not known, ${EXPECTED}`);
      expect('(');
      const inner = sum();
      expect(')');
      return x => call(inner(x));
    }
    if (!isNext('(')) refuse();
    at++;
    const inner = sum();
    expect(')');
    return inner;
  }

  const whole = sum();
  if (tokens[at].kind !== 'end') refuse();
  return whole;
}
