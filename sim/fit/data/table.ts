import { FileError } from '../../../drivers/contract/yaml-file.ts';

/** A file of rows, before anybody knows what its columns are. */
export interface TextTable {
  readonly path: string;
  /** Names as they stand in the file, without quotes. */
  readonly header: readonly string[];
  readonly headerLine: number;
  /** Cells as text, row by row; each row as long as the header. */
  readonly cells: readonly (readonly string[])[];
  /** Line of each row, from 1. */
  readonly lines: readonly number[];
  /** A comma inside a number is its decimal sign. */
  readonly decimalComma: boolean;
}

/** Lines in front of the header that begin so say nothing to us. */
const COMMENT = /^\s*[#%]/;

/**
 * Cuts a text at commas, semicolons or tabs (whichever the header has), with `"` around cells, and leaves out comment lines
 * (`#`, `%`) above the header. @throws FileError: file, line, what was expected
 */
export function readTable(path: string, text: string, expected: string): TextTable {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  if (lines.length === 0) throw new FileError(path, 1, `the file is empty, ${expected}`);
  let first = 0;
  while (first < lines.length - 1 && (COMMENT.test(lines[first]) || lines[first].trim() === '')) first++;
  const separator = ['\t', ';'].find(s => lines[first].includes(s)) ?? ',';
  const cut = (line: string): string[] => line.split(separator).map(bare);
  const header = cut(lines[first]);
  if (first === lines.length - 1)
    throw new FileError(path, first + 1, 'no rows under the header, expected at least one');
  const cells: string[][] = [];
  const numbers: number[] = [];
  for (let i = first + 1; i < lines.length; i++) {
    const row = cut(lines[i]);
    if (row.length !== header.length)
      throw new FileError(
        path,
        i + 1,
        `${row.length} values, expected ${header.length} as in the header, and no blank line`,
      );
    cells.push(row);
    numbers.push(i + 1);
  }
  return { path, header, headerLine: first + 1, cells, lines: numbers, decimalComma: separator !== ',' };
}

function bare(cell: string): string {
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}

// The decimal numbers that people write; Number() alone would take '' and '0x10' too.
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** One column as numbers. @throws FileError with the line of the first cell that is none */
export function numbersOf(table: TextTable, column: number): Float64Array {
  return Float64Array.from(table.cells, (row, i) => {
    const cell = row[column];
    const plain = table.decimalComma && !cell.includes('.') ? cell.replace(',', '.') : cell;
    if (!NUMBER.test(plain))
      throw new FileError(
        table.path,
        table.lines[i],
        `${table.header[column]} ${JSON.stringify(cell)}, expected a number`,
      );
    return Number(plain);
  });
}
