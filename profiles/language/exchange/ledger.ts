import type { Place } from '../../../drivers/contract/explain.ts';
import type { LanguageError } from '../file/language-error.ts';
import type { LanguageFile } from '../file/nodes.ts';
import type { Source } from '../file/source.ts';
import { cellOf, type FormatKey, type Row, TITLES } from './table.ts';

/** A file with its errors: one of ours, or a foreign one that is read. */
export type ErrorFile = Pick<LanguageFile, 'path'> & {
  readonly errors: Pick<Source, 'error' | 'valueError'>;
};

/** A place of a file that has been read. */
export interface At {
  readonly file: ErrorFile;
  readonly place: Place;
}

/** Something that the written file says otherwise than the one it was made of. */
export interface Difference {
  /** File and line, `rate.yaml:9`. */
  readonly where: string;
  readonly what: string;
}

/**
 * What cannot be said in another language: refused with its line, or, where the other file still does nearly the same
 * and a person accepts that, listed.
 */
export class Ledger {
  readonly format: FormatKey;
  readonly #accepts: boolean;
  readonly #differences = new Map<string, Difference>();

  constructor(format: FormatKey, accepts: boolean) {
    this.format = format;
    this.#accepts = accepts;
  }

  /** In the order in which they were met, each once. */
  get differences(): readonly Difference[] {
    return [...this.#differences.values()];
  }

  /** What was noted so far is not written after all. */
  forget(): void {
    this.#differences.clear();
  }

  /** Error that this cannot be written; `key`: the key of the step that says it. */
  refused({ file, place }: At, what: string): Error {
    return file.errors.error(place, what);
  }

  /** Notes what is otherwise there. @throws LanguageError unless differences are accepted */
  differ({ file, place }: At, what: string): void {
    this.note(file.path, text => file.errors.error(place, text), what);
  }

  /** As `differ`, of a place that `error` knows. */
  note(path: string, error: (text: string) => LanguageError, what: string): void {
    const found = error(`${what} (--accept writes it so)`);
    if (!this.#accepts) throw found;
    const where = `${path}:${found.line}`;
    this.#differences.set(`${where}:${found.column} ${what}`, {
      where,
      what: found.what.replace(' (--accept writes it so)', ''),
    });
  }

  /** Looks a row up in the table. `what`: the thing that is said; `instead`: what stands there. @throws LanguageError */
  row(row: Row, at: At, what: string, instead = ''): void {
    const cell = cellOf(this.format, row);
    const title = TITLES[this.format];
    if (cell === 'not') throw this.refused(at, `${what} cannot be said in ${title}`);
    if (cell === 'unknown') throw this.refused(at, `how ${title} says ${what} is not known here`);
    if (cell === 'difference') this.differ(at, `${what} cannot be said in ${title}: ${instead}`);
  }
}
