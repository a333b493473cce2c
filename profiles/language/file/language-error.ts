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

  constructor(
    file: string,
    at: { readonly line: number; readonly column: number },
    what: string,
    mark: string,
  ) {
    super(file, at.line, `${what}\n${mark}`);
    this.name = 'LanguageError';
    this.message = `${file}:${at.line}:${at.column}: ${what}\n${mark}`;
    this.column = at.column;
    this.what = what;
  }
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
