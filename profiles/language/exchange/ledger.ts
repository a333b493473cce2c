import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { cellOf, type FormatKey, type Row, TITLES } from './table.ts';

/** A place of a file that has been read. */
export interface At {
  readonly file: LanguageFile;
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

  /** Error that this cannot be written; `key`: the key of the step that says it. */
  refused({ file, place }: At, what: string): Error {
    return file.errors.error(place, what);
  }

  /** Notes what is otherwise there. @throws LanguageError unless differences are accepted */
  differ({ file, place }: At, what: string): void {
    const error = file.errors.error(place, `${what} (--accept writes it so)`);
    if (!this.#accepts) throw error;
    const where = `${file.path}:${error.line}`;
    this.#differences.set(`${dotted(place)} ${where} ${what}`, { where, what });
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
