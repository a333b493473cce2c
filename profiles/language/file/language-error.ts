import { FileError } from '../../../drivers/contract/file-error.ts';

/**
 * A method or procedure that cannot be used: `rate.yaml:9:13: within_h: what is wrong`, with the line as it is written
 * and a mark below what is meant.
 */
export class LanguageError extends FileError {
  /** Column of the culprit, from 1. */
  readonly column: number;
  /** What is wrong, without file, place and mark. */
  readonly what: string;
  /** The line as it is written, marked. */
  readonly mark: string;
  /** It, and what else is wrong in the file, in the order in which it was found. */
  readonly all: readonly LanguageError[];

  constructor(
    file: string,
    at: { readonly line: number; readonly column: number },
    what: string,
    mark: string,
    others: readonly LanguageError[] = [],
  ) {
    super(file, at.line, `${what}\n${mark}`);
    this.name = 'LanguageError';
    this.column = at.column;
    this.what = what;
    this.mark = mark;
    const own = `${file}:${at.line}:${at.column}: ${what}\n${mark}`;
    const more = others.length - (MOST_TOLD - 1);
    const told = others.slice(0, MOST_TOLD - 1).map(({ message }) => message);
    this.message = [own, ...told, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
    this.all = [this, ...others];
  }
}

/** So many errors of a file are told at once. */
const MOST_TOLD = 20;

/** Gathers what is wrong in parts of a file that do not hang on each other. */
export class Gathered {
  readonly #found: LanguageError[] = [];
  readonly #messages = new Set<string>();

  /** Does a part; undefined where something is wrong in it. */
  part<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      const [first, ...others] = error.all;
      for (const one of [others.length === 0 ? first : alone(first), ...others]) {
        // What is gone through several times is wrong once.
        if (this.#messages.has(one.message)) continue;
        this.#messages.add(one.message);
        this.#found.push(one);
      }
      return undefined;
    }
  }

  /** Nothing was wrong so far. */
  get isNone(): boolean {
    return this.#found.length === 0;
  }

  /** @throws LanguageError with all that was found, the first line of the file first */
  mustBeNone(): void {
    const [first, ...others] = this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column);
    if (first === undefined) return;
    throw others.length === 0 ? first : alone(first, others);
  }
}

function alone(error: LanguageError, others: readonly LanguageError[] = []): LanguageError {
  const { file, line, column, what, mark } = error;
  return new LanguageError(file, { line, column }, what, mark, others);
}

const LONGEST_LINE = 110;

/** The stretch of a line with `^` below it; a long line is cut around the stretch. */
export function markOf(line: string, column: number, length: number): string {
  const plain = line.replaceAll('\t', ' ').trimEnd();
  const cut = Math.max(0, Math.min(column - 1 - LONGEST_LINE / 2, plain.length - LONGEST_LINE));
  const shown = plain.slice(cut, cut + LONGEST_LINE);
  const room = Math.max(1, Math.min(length, shown.length - (column - 1 - cut)));
  return `  ${shown}\n  ${' '.repeat(column - 1 - cut)}${'^'.repeat(room)}`;
}
