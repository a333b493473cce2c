import { type Finding, LabRefusal } from '../../../dashboards/door/lab.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { nearest } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { GivenError } from '../../../profiles/language/explain/given.ts';
import { LanguageError } from '../../../profiles/language/file/language-error.ts';
import { UsageError } from '../options.ts';
import { isBadInput } from '../run-files.ts';
import { systemTrouble } from '../system-error.ts';

/** What is wrong in a file or with what was asked, as it goes from a thread or a process to whoever asked. */
export interface Trouble {
  /** Bad input, not a failure of our own. */
  readonly isBad: boolean;
  readonly text: string;
  /** Place by place, of the file that was looked at; of others with their own place in the text. */
  readonly findings: readonly Finding[];
}

/** A file that was looked at, and the words that would be right in it. */
export interface Looked {
  readonly path: string;
  readonly text: string;
  readonly words: readonly string[];
}

/** So many places are told of one file: nobody reads more at a time. */
const MOST_FINDINGS = 200;

/** Anything thrown; `of`: the file that somebody has before him. */
export function troubleOf(error: unknown, of?: Looked): Trouble {
  // Whoever asks here has filled in a field: no word of the command line.
  if (error instanceof UsageError && error.cause instanceof GivenError)
    return { isBad: true, text: error.cause.message, findings: [findingOf(error.cause.message)] };
  const system = isBadInput(error) ? undefined : systemTrouble(error);
  const isBad = isBadInput(error) || system !== undefined;
  const text = system ?? messageOf(error);
  if (!(error instanceof FileError)) return { isBad, text, findings: [findingOf(text)] };
  const all = error instanceof LanguageError ? error.all : [error];
  const lines = of?.text.split(/\r?\n/) ?? [];
  const findings = all.slice(0, MOST_FINDINGS).map(one => placed(one, of, lines));
  const others = all.length - findings.length;
  const more = others > 0 ? [findingOf(`${others} more like these, expected them mended first`)] : [];
  return { isBad, text, findings: [...findings, ...more] };
}

/** Something wrong that has no place. */
export function findingOf(text: string, severity: Finding['severity'] = 'error'): Finding {
  return { severity, line: 0, column: 0, text, hint: null };
}

/** What is told of it at the door. */
export function refusalOf({ isBad, text, findings }: Trouble): Error {
  return isBad ? new LabRefusal('bad', text, findings) : new Error(text);
}

function placed(error: FileError, of: Looked | undefined, lines: readonly string[]): Finding {
  const isLanguage = error instanceof LanguageError;
  const column = isLanguage ? error.column : error.character;
  const text = isLanguage ? error.what : error.text;
  if (of !== undefined && error.file !== of.path) {
    const at = [error.file, ...(error.line > 0 ? [error.line] : []), ...(column > 0 ? [column] : [])];
    return findingOf(`${at.join(':')}: ${text}`);
  }
  const hint = of === undefined ? null : hintAt(of, lines[error.line - 1] ?? '', column);
  return { severity: 'error', line: error.line, column, text, hint };
}

/** The word that stands there, where it is none of those that would be right and one of them is like it. */
function hintAt({ words }: Looked, line: string, column: number): string | null {
  const written = line.slice(Math.max(0, column - 1));
  const [word = ''] = /[\p{L}_][\p{L}\p{N}_.-]*/u.exec(written) ?? [];
  if (word.length < 3 || words.includes(word)) return null;
  return nearest(word, words, Math.ceil(word.length / 3)) ?? null;
}
