import { LanguageError, markOf } from '../../file/language-error.ts';

/**
 * Reads the little of Python that an experiment is written in: texts, numbers, lists, tuples, calls with keywords, names
 * that were given before, `+` and `*`. Nothing is run.
 */

/** Where something stands in a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A value with its place in the text. */
export type PyValue =
  | { readonly is: 'text'; readonly text: string; readonly at: Stretch }
  | { readonly is: 'number'; readonly value: number; readonly at: Stretch }
  | { readonly is: 'word'; readonly word: string; readonly at: Stretch }
  | { readonly is: 'list' | 'tuple'; readonly items: readonly PyValue[]; readonly at: Stretch }
  | { readonly is: 'times'; readonly of: PyValue; readonly times: number; readonly at: Stretch }
  | { readonly is: 'joined'; readonly parts: readonly PyValue[]; readonly at: Stretch }
  | {
      readonly is: 'call';
      /** Last part of the name: `Experiment` of `pybamm.Experiment`. */
      readonly name: string;
      readonly args: readonly PyValue[];
      readonly keywords: ReadonlyMap<string, PyValue>;
      readonly at: Stretch;
    };

/** What a text says: its values that were given to no name, and those that were, in order. */
export interface PyStatement {
  readonly name: string | undefined;
  readonly value: PyValue;
}

interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'line' | 'end';
  readonly text: string;
  readonly at: Stretch;
}

/** An error at a stretch of a text. */
export function errorIn(path: string, text: string, { start, end }: Stretch, what: string): LanguageError {
  const before = text.slice(0, start).split('\n');
  const line = before.length;
  const column = before[line - 1].length + 1;
  const written = text.split(/\r?\n/)[line - 1] ?? '';
  return new LanguageError(path, { line, column }, what, markOf(written, column, Math.max(1, end - start)));
}

const DEEPEST = 50;
const TOKEN =
  /[ \t\r]+|#[^\n]*|(?<line>\n)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?<sign>[-+*/=(),[\]])/y;

function tokensOf(path: string, text: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null)
      throw errorIn(
        path,
        text,
        { start, end: start + 1 },
        `found ${JSON.stringify(text[start])}, expected a list of steps`,
      );
    const [kind, word] = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined || word === undefined) continue;
    if (kind === 'sign') depth += '(['.includes(word) ? 1 : ')]'.includes(word) ? -1 : 0;
    // Inside brackets a line has no end.
    if (kind === 'line' && depth > 0) continue;
    tokens.push({ kind: kind as Token['kind'], text: word, at: { start, end: TOKEN.lastIndex } });
  }
  return [...tokens, { kind: 'end', text: '', at: { start: text.length, end: text.length } }];
}

/** @throws LanguageError of the first thing that is none of these */
export function readPython(path: string, text: string): readonly PyStatement[] {
  return new Parser(path, text).statements();
}

class Parser {
  readonly #path: string;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #given = new Map<string, PyValue>();
  #next = 0;
  #depth = 0;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.#tokens = tokensOf(path, text);
  }

  statements(): readonly PyStatement[] {
    const found: PyStatement[] = [];
    while (this.#peek().kind !== 'end') {
      if (this.#peek().kind === 'line') this.#next += 1;
      else if (['import', 'from'].includes(this.#peek().text)) {
        while (!['line', 'end'].includes(this.#peek().kind)) this.#next += 1;
      } else found.push(this.#statement());
    }
    return found;
  }

  #statement(): PyStatement {
    const first = this.#peek();
    let name: string | undefined;
    if (first.kind === 'name' && this.#tokens[this.#next + 1]?.text === '=') {
      name = first.text;
      this.#next += 2;
    }
    const value = this.#sum();
    const { kind, text, at } = this.#peek();
    if (kind !== 'line' && kind !== 'end')
      throw this.#error(at, `found ${text}, expected the end of the line`);
    if (name !== undefined) this.#given.set(name, value);
    return { name, value };
  }

  #sum(): PyValue {
    const parts = [this.#product()];
    while (this.#peek().text === '+' && this.#peek().kind === 'sign') {
      this.#next += 1;
      parts.push(this.#product());
    }
    if (parts.length === 1) return parts[0];
    const at = { start: parts[0].at.start, end: parts[parts.length - 1].at.end };
    const wrong = parts.find(part => !isList(part));
    if (wrong !== undefined) throw this.#error(wrong.at, 'only lists are put together here');
    return { is: 'joined', parts, at };
  }

  #product(): PyValue {
    let value = this.#atom();
    while (this.#peek().kind === 'sign' && ['*', '/'].includes(this.#peek().text)) {
      const { text: sign } = this.#peek();
      this.#next += 1;
      const by = this.#atom();
      const at = { start: value.at.start, end: by.at.end };
      if (value.is === 'number' && by.is === 'number')
        value = { is: 'number', value: sign === '*' ? value.value * by.value : value.value / by.value, at };
      else {
        const [of, times] = isList(value) ? [value, by] : [by, value];
        if (
          sign !== '*' ||
          !isList(of) ||
          times.is !== 'number' ||
          !Number.isInteger(times.value) ||
          times.value < 1
        )
          throw this.#error(at, 'expected a list times a whole number');
        value = { is: 'times', of, times: times.value, at };
      }
    }
    return value;
  }

  #atom(): PyValue {
    const token = this.#peek();
    const { kind, text, at } = token;
    this.#next += 1;
    if (kind === 'text') return { is: 'text', text: text.slice(1, -1).replaceAll(/\\(.)/g, '$1'), at };
    if (kind === 'number') return { is: 'number', value: Number(text), at };
    if (text === '-' && this.#peek().kind === 'number') {
      const of = this.#atom();
      if (of.is === 'number') return { ...of, value: -of.value, at: { start: at.start, end: of.at.end } };
    }
    if (kind === 'name') return this.#named(token);
    if (text === '[' || text === '(') {
      this.#enter(at);
      const { items, end, hasComma } = this.#items(text === '[' ? ']' : ')', at);
      this.#depth -= 1;
      const span = { start: at.start, end };
      if (text === '(' && items.length === 1 && !hasComma) return items[0];
      return { is: text === '[' ? 'list' : 'tuple', items, at: span };
    }
    throw this.#error(
      at,
      `found ${kind === 'end' ? 'the end' : JSON.stringify(text)}, expected a step, a list or a call`,
    );
  }

  #named({ text, at }: Token): PyValue {
    if (this.#peek().text !== '(') {
      if (['None', 'True', 'False'].includes(text)) return { is: 'word', word: text, at };
      const given = this.#given.get(text);
      if (given === undefined)
        throw this.#error(at, `${text} has no value here: only lists, texts and numbers are read`);
      return { ...given, at };
    }
    const open = this.#peek().at;
    this.#next += 1;
    this.#enter(open);
    const { items, end, keywords } = this.#items(')', open);
    this.#depth -= 1;
    const name = text.slice(text.lastIndexOf('.') + 1);
    return { is: 'call', name, args: items, keywords, at: { start: at.start, end } };
  }

  #items(
    close: string,
    open: Stretch,
  ): { items: PyValue[]; keywords: Map<string, PyValue>; end: number; hasComma: boolean } {
    const items: PyValue[] = [];
    const keywords = new Map<string, PyValue>();
    let hasComma = false;
    while (this.#peek().text !== close || this.#peek().kind !== 'sign') {
      if (this.#peek().kind === 'end') throw this.#error(open, `is never closed, expected ${close}`);
      const key =
        this.#tokens[this.#next + 1]?.text === '=' && this.#peek().kind === 'name'
          ? this.#peek().text
          : undefined;
      if (key !== undefined) this.#next += 2;
      const value = this.#sum();
      if (key === undefined) items.push(value);
      else keywords.set(key, value);
      if (this.#peek().text === ',') {
        this.#next += 1;
        hasComma = true;
      } else if (this.#peek().text !== close && this.#peek().kind !== 'end')
        throw this.#error(this.#peek().at, `expected a comma or ${close}`);
    }
    const { end } = this.#peek().at;
    this.#next += 1;
    return { items, keywords, end, hasComma };
  }

  #enter(at: Stretch): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#error(at, 'is nested too deeply');
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? this.#tokens[this.#tokens.length - 1];
  }

  #error(at: Stretch, what: string): LanguageError {
    return errorIn(this.#path, this.#text, at, what);
  }
}

function isList(value: PyValue): boolean {
  return ['list', 'tuple', 'times', 'joined'].includes(value.is);
}
