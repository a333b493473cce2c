import { nearest } from '../../../drivers/contract/explain.ts';
import { FUNCTION_NAMES, isFunctionName } from './functions.ts';
import { problem, type Span } from './problem.ts';
import type { Comparison, Syntax } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/**
 * The parser of the test language: recursive descent, one function a rule of the grammar.
 *
 *     condition = and { "or" and }        and  = not { "and" not }       not = "not" not | held
 *     held      = compare [ "for" TIME ]  compare = sum [ ("<" "<=" ">" ">=" "==" "!=") sum ]
 *     sum = product { ("+"|"-") product } product = unary { ("*"|"/") unary }   unary = "-" unary | atom
 *     atom = NUMBER [ UNIT ] | NAME | FUNCTION "(" condition { "," condition } ")" | "(" condition ")" | on | off
 *     TIME = NUMBER UNIT | NAME
 */

const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='];
/** So deep brackets can be nested. */
const DEEPEST = 50;
const IN_CAPITALS = /^(and|or|not|for|on|off|true|false)$/i;

/** The tree of an expression. @throws ExpressionError with the place of the first problem */
export function parseExpression(text: string): Syntax {
  return new Parser(tokensOf(text)).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Syntax {
    if (this.#peek().kind === 'end') throw problem([0, 0], 'nothing is written here, expected an expression');
    const tree = this.#condition();
    const rest = this.#peek();
    if (rest.kind === 'end') return tree;
    const [before, after] = [this.#before(), this.#tokens[this.#next + 1]];
    const isDecimal = rest.text === ',' && before?.kind === 'number' && after?.kind === 'number';
    if (isDecimal && before.end === rest.start && rest.end === after.start) {
      const found = `${before.text},${after.text} has a decimal comma`;
      throw problem([before.start, after.end], `${found}, expected ${before.text}.${after.text}`);
    }
    throw problem([rest.start, rest.end], unexpected(rest, before));
  }

  #peek(): Token {
    return this.#tokens[this.#next];
  }

  #before(): Token | undefined {
    return this.#tokens[this.#next - 1];
  }

  #take(): Token {
    return this.#tokens[this.#next++];
  }

  #sees(...texts: readonly string[]): boolean {
    const { kind, text } = this.#peek();
    return (kind === 'sign' || kind === 'keyword') && texts.includes(text);
  }

  /** Every rule that calls itself goes through here: brackets without end run out of depth, not of stack. */
  #deeper<T>(rule: () => T): T {
    const { start, end } = this.#peek();
    if (++this.#depth > DEEPEST)
      throw problem([start, end], `nested deeper than ${DEEPEST} levels, expected fewer brackets`);
    const found = rule();
    this.#depth--;
    return found;
  }

  #condition(): Syntax {
    return this.#deeper(() => this.#chain(['or'], () => this.#chain(['and'], () => this.#not())));
  }

  #chain(ops: readonly string[], part: () => Syntax): Syntax {
    let a = part();
    while (this.#sees(...ops)) {
      const op = this.#take().text;
      const b = part();
      const at = around(a, b);
      if (op === 'and' || op === 'or') a = { kind: 'logic', op, a, b, at };
      else if (op === '+' || op === '-' || op === '*' || op === '/') a = { kind: 'arithmetic', op, a, b, at };
    }
    return a;
  }

  #not(): Syntax {
    if (!this.#sees('not')) return this.#held();
    const { start } = this.#take();
    const of = this.#deeper(() => this.#not());
    return { kind: 'not', of, at: [start, of.at[1]] };
  }

  #held(): Syntax {
    const of = this.#compare();
    if (!this.#sees('for')) return of;
    this.#take();
    const token = this.#peek();
    const time = this.#atom();
    if (time.kind !== 'name' && time.kind !== 'number')
      throw problem([token.start, time.at[1]], 'expected a time with its unit after for: for 30 s');
    return { kind: 'held', of, time, at: around(of, time) };
  }

  #compare(): Syntax {
    const a = this.#sum();
    if (!this.#sees(...COMPARISONS)) return a;
    const op = this.#take().text as Comparison;
    const b = this.#sum();
    const again = this.#peek();
    if (this.#sees(...COMPARISONS)) {
      throw problem(
        [again.start, again.end],
        'two comparisons in one, expected one on each side of and: 1 < x and x < 2',
      );
    }
    return { kind: 'compare', op, a, b, at: around(a, b) };
  }

  #sum(): Syntax {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#unary()));
  }

  #unary(): Syntax {
    if (!this.#sees('-')) return this.#atom();
    const { start } = this.#take();
    const of = this.#deeper(() => this.#unary());
    return { kind: 'negate', of, at: [start, of.at[1]] };
  }

  #atom(): Syntax {
    const token = this.#take();
    const at: Span = [token.start, token.end];
    if (token.kind === 'number') return this.#number(token);
    if (token.kind === 'name')
      return this.#sees('(') ? this.#call(token) : { kind: 'name', name: token.text, at };
    if (token.kind === 'keyword' && ['on', 'off', 'true', 'false'].includes(token.text)) {
      return { kind: 'switch', value: token.text === 'on' || token.text === 'true', at };
    }
    if (token.text === '(') {
      const inner = this.#condition();
      if (this.#sees(','))
        throw problem([token.start, token.end], 'this bracket is not closed before the comma, expected )');
      this.#close(token);
      return inner;
    }
    this.#next--;
    throw problem(at, unexpected(token, this.#before()));
  }

  #number(token: Token): Syntax {
    const value = Number(token.text);
    const unit = this.#peek();
    if (unit.kind !== 'name' || unit.text.includes('.'))
      return { kind: 'number', value, at: [token.start, token.end] };
    if (IN_CAPITALS.test(unit.text)) throw problem([unit.start, unit.end], unexpected(unit, token));
    this.#take();
    return { kind: 'number', value, unit: unit.text, at: [token.start, unit.end] };
  }

  #call(name: Token): Syntax {
    if (!isFunctionName(name.text)) {
      const near = nearest(name.text, FUNCTION_NAMES, 2);
      const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
      throw problem(
        [name.start, name.end],
        `"${name.text}" is no function${hint}, expected one of ${FUNCTION_NAMES.join(', ')}`,
      );
    }
    const open = this.#take();
    const args = [this.#condition()];
    while (this.#sees(',')) {
      this.#take();
      args.push(this.#condition());
    }
    const close = this.#close(open);
    return { kind: 'call', name: name.text, args, at: [name.start, close.end] };
  }

  #close(open: Token): Token {
    const token = this.#peek();
    if (token.text === ')') return this.#take();
    if (token.kind === 'end') throw problem([open.start, open.end], 'this bracket is not closed, expected )');
    throw problem([token.start, token.end], unexpected(token, this.#before()));
  }
}

function around(a: Syntax, b: Syntax): Span {
  return [a.at[0], b.at[1]];
}

function unexpected(token: Token, before: Token | undefined): string {
  const isAfterValue =
    before !== undefined && (['number', 'name'].includes(before.kind) || before.text === ')');
  if (token.kind === 'end') return 'the expression ends here, expected a value';
  if (token.text === ')') return isAfterValue ? 'no bracket is open here' : 'expected a value before )';
  if (token.text === ',') return 'a comma belongs only between the values of a function';
  if (token.kind === 'name' && IN_CAPITALS.test(token.text))
    return `"${token.text}" has capitals, expected ${token.text.toLowerCase()}`;
  if (isAfterValue) return `"${token.text}" stands behind a value, expected a sign or and, or between them`;
  return `"${token.text}" stands where a value belongs`;
}
