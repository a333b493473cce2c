import { CsvError, type Options, parse } from 'csv-parse/sync';
import { FileError } from '../../drivers/contract/file-error.ts';

/** How a file parts its columns, found from its first lines; and the one place where the parser library is called. */

export type Separator = ',' | ';' | '\t' | '|' | ' ';

/** A row of cells and the line that it ends on, from 1. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** First lines of a file, apart from comments and empty lines. */
export interface Head {
  readonly separator: Separator;
  readonly rows: readonly Row[];
  /** Comment lines without their mark: headings of some instruments stand in one. */
  readonly comments: readonly Row[];
}

/** So many lines are looked at for separator and headings. */
const HEAD_LINES = 200;
/** Marks that begin a comment line. */
const COMMENT = /^\s*(#|%(?=[ %\w])|\/\/|!)\s*/;
/** A remark at the end of a line. */
const REMARK = /\s+#(\s.*)?$/;
const SEPARATORS: readonly Separator[] = ['\t', ';', '|', ','];
const NAMES: Readonly<Record<Separator, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'blanks',
};

/** Name of a separator in messages. */
export function nameOf(separator: Separator): string {
  return NAMES[separator];
}

/** Takes the first lines of a file apart. `given`: the separator where somebody has said it. @throws FileError */
export function headOf(path: string, text: string, given: Separator | undefined): Head {
  const lines = firstLines(text);
  const isComment = (line: string): boolean => COMMENT.test(line);
  const plain = lines.map(line => (isComment(line) ? '' : line));
  const separator = given ?? separatorOf(plain.filter(line => line.trim() !== ''));
  const rows: Row[] = [];
  parseRows(path, plain.join('\n'), separator, 1, row => rows.push(row));
  const comments = lines.flatMap((line, i) => {
    if (!isComment(line)) return [];
    const found: Row[] = [];
    const bare = line.replace(COMMENT, '').replaceAll('"', '');
    parseRows(path, bare, separator, 1, row => found.push({ line: i + 1, cells: row.cells }));
    return found;
  });
  return { separator, rows, comments };
}

/**
 * Parses a text from a line on, row by row; empty lines and comment lines (#) are left out. @throws FileError where quotes
 * do not close
 */
export function parseRows(
  path: string,
  text: string,
  separator: Separator,
  fromLine: number,
  take: (row: Row) => void,
): void {
  let lastLine = 0;
  const options: Options = {
    delimiter: separator === ' ' ? '\t' : separator,
    // One file may have several: a header by one program, rows by another.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    comment: '#',
    comment_no_infix: true,
    trim: separator !== '\t',
    on_record: (cells: string[], context) => {
      lastLine = context.lines;
      const end = cells.length - 1;
      if (cells[end]?.includes('#')) cells[end] = cells[end].replace(REMARK, '');
      if (lastLine >= fromLine && cells.some(cell => cell.trim() !== '')) take({ line: lastLine, cells });
      return null;
    },
  };
  try {
    // Runs of blanks are one separator: files of fixed columns.
    parse(separator === ' ' ? text.replace(/^[ \t]+/gm, '').replace(/[ \t]+/g, '\t') : text, options);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const what =
      error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : 'wrong quotes';
    throw new FileError(path, lastLine + 1, `${what}, expected a pair of quotes around a cell`);
  }
}

function firstLines(text: string): string[] {
  const lines: string[] = [];
  const end = /\r\n|\r|\n/g;
  let from = 0;
  while (lines.length < HEAD_LINES && from < text.length) {
    const match = end.exec(text);
    lines.push(text.slice(from, match?.index ?? text.length));
    from = match === null ? text.length : end.lastIndex;
  }
  return lines;
}

/** The separator that parts most of the lines into equally many columns; of several the rarer sign. */
function separatorOf(lines: readonly string[]): Separator {
  const columns = (line: string, separator: Separator): number =>
    separator === ' '
      ? line.trim().split(/[ \t]+/).length
      : line.replace(/"[^"]*"/g, '').split(separator).length;
  // Headings and what stands above them may have other counts: the last lines are data.
  const tail = lines.slice(-Math.max(1, Math.ceil(lines.length / 2)));
  for (const separator of SEPARATORS) {
    const counts = new Map<number, number>();
    for (const line of tail) {
      const n = columns(line, separator);
      if (n > 1) counts.set(n, (counts.get(n) ?? 0) + 1);
    }
    if (Math.max(0, ...counts.values()) >= 0.8 * tail.length) return separator;
  }
  const isBlanks = tail.length > 0 && tail.every(line => columns(line, ' ') > 1);
  return isBlanks ? ' ' : ',';
}
