import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { findHeader } from './header.ts';
import { versaStudioLines } from './versastudio.ts';

/** A file of rows, before anybody knows what its columns are. */
export interface TextTable {
  readonly path: string;
  /** Names as they stand in the file, without quotes. */
  readonly header: readonly string[];
  /** Units, where a row under the header holds them. */
  readonly units?: readonly string[] | undefined;
  readonly headerLine: number;
  /** Cells as text, row by row; each row as long as the header. */
  readonly cells: readonly (readonly string[])[];
  /** Line of each row, from 1. */
  readonly lines: readonly number[];
  /** A comma inside a number is its decimal sign. */
  readonly decimalComma: boolean;
  /** Lines above the header that were left out, but for comments. */
  readonly above: number;
  /** Lines below the table that were left out. */
  readonly below: number;
}

/** Below the last row of a Gamry table: another table, or that the experiment was ended early. */
const GAMRY_END = /^\w+\t(TABLE|TOGGLE)\b/;

/**
 * Cuts a text into cells: at commas, semicolons, tabs or blanks, with `"` around cells; lines above the names of the columns
 * are left out. @throws FileError: file, line, what was expected
 */
export function readTable(path: string, text: string, expected: string): TextTable {
  const lines = [...versaStudioLines(path, text.replace(/^\uFEFF/, '').split(/\r*\n|\r/))];
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  if (lines.length === 0) throw new FileError(path, 1, `the file is empty, ${expected}`);
  const { at, names: header, units, firstRow, cut, isComma } = findHeader(path, lines);
  if (firstRow >= lines.length)
    throw new FileError(path, at + 1, 'no rows under the header, expected at least one');
  const cells: string[][] = [];
  const numbers: number[] = [];
  let end = lines.length;
  for (let i = firstRow; i < lines.length; i++) {
    if (GAMRY_END.test(lines[i])) {
      end = i;
      break;
    }
    if (/^[\s,;]*$/.test(lines[i])) continue;
    const row = cut(lines[i]);
    if (row.length !== header.length)
      throw new FileError(path, i + 1, `${row.length} values, expected ${header.length} as in the header`);
    cells.push(row);
    numbers.push(i + 1);
  }
  if (cells.length === 0)
    throw new FileError(path, at + 1, 'no rows under the header, expected at least one');
  const over = lines.slice(0, at).filter(line => line.trim() !== '');
  const above = over.every(line => /^\s*[#%]/.test(line)) ? 0 : over.length;
  return {
    path,
    header,
    units,
    headerLine: at + 1,
    cells,
    lines: numbers,
    decimalComma: !isComma,
    above,
    below: lines.length - end,
  };
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
