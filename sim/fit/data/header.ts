import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { meaningOf, unitOf } from './columns.ts';

/** Where the table of a file begins: potentiostats and cyclers write lines of their own above the names of the columns. */

/** The line with the names, and how lines are cut. */
export interface FoundHeader {
  /** Index of the line with the names. */
  readonly at: number;
  readonly names: readonly string[];
  /** Units, where a row under the names holds them; as long as `names`. */
  readonly units?: readonly string[] | undefined;
  /** Index of the first row of numbers. */
  readonly firstRow: number;
  readonly cut: (line: string) => string[];
  /** A comma parts the cells. */
  readonly isComma: boolean;
}

/** Lines in front of the header that begin so say nothing to us. */
const COMMENT = /^\s*[#%]/;
/** So many lines are looked at: EC-Lab writes some 60, Gamry some 100. */
const LOOKED_AT = 600;
/** A number as it begins a cell of a row. */
const NUMBER_LIKE = /^[+-]?[\d.,]*\d/;
/** Stands between names and rows of ZPlot and ZView. */
const END_OF_COMMENTS = /^\s*"?End Comments/i;

interface Cutter {
  readonly isComma: boolean;
  readonly cut: (line: string) => string[];
}

const at = (separator: string): Cutter => ({
  isComma: separator === ',',
  cut: line => withoutTail(line.split(separator).map(bare), separator === '\t'),
});
const TAB = at('\t');
const SEMICOLON = at(';');
const COMMA = at(',');
/** Names may have blanks inside, columns then stand two and more apart. */
const GAPS: Cutter = {
  isComma: false,
  // ZView puts all names between one pair of quotes.
  cut: line =>
    bare(line)
      .split(/\s{2,}/)
      .map(bare),
};
const BLANKS: Cutter = { isComma: false, cut: line => line.trim().split(/\s+/).map(bare) };

/** Finds the header. `lines` are not empty. @throws FileError where EC-Lab's own count of header lines is wrong */
export function findHeader(path: string, lines: readonly string[]): FoundHeader {
  let first = 0;
  while (first < lines.length - 1 && (COMMENT.test(lines[first]) || lines[first].trim() === '')) first++;
  const said = saidByEcLab(path, lines);
  if (said !== undefined) return complete(lines, said, TAB);
  const plain = [TAB, SEMICOLON].find(c => c.cut(lines[first]).length > 1) ?? COMMA;
  let best = { line: first, cutter: plain, worth: worthOf(lines, first, plain) };
  for (let i = first; i < Math.min(lines.length, first + LOOKED_AT); i++) {
    for (const cutter of [TAB, SEMICOLON, COMMA, GAPS, BLANKS]) {
      const worth = worthOf(lines, i, cutter);
      if (worth > best.worth) best = { line: i, cutter, worth };
    }
    // A file that begins with its names is taken at its word.
    if (i === first && best.worth > 0) break;
  }
  return complete(lines, best.line, best.cutter);
}

/** EC-Lab and BT-Lab (BioLogic) say how many lines stand above the table; the last of them are the names. */
function saidByEcLab(path: string, lines: readonly string[]): number | undefined {
  if (!/^(EC|BT)-Lab ASCII FILE/i.test(lines[0])) return undefined;
  const said = lines.slice(0, 5).find(line => /^Nb header lines\s*:/i.test(line)) ?? '';
  const count = Number(/:\s*(\d+)/.exec(said)?.[1]);
  if (!(count >= 1 && count <= lines.length))
    throw new FileError(path, 2, `${JSON.stringify(said.slice(0, 60))}, expected "Nb header lines : N"`);
  return count - 1;
}

/** 0: no names that tell what a file is; a spectrum counts more than a series or a curve. */
function worthOf(lines: readonly string[], i: number, { cut }: Cutter): number {
  const cells = cut(lines[i]);
  if (cells.length < 2) return 0;
  const units = unitRow(cells, cut(lines[i + 1] ?? ''));
  const names = new Set(cells.map((cell, k) => meaningOf(cell, units?.[k])?.name.replace(/_.*$/, '')));
  const has = (...some: readonly string[]): boolean => some.some(name => names.has(name));
  if (has('frequency') && ((has('re') && has('im')) || (has('modulus') && has('phase')))) return 2;
  const current = has('current', 'cell.current', 'stack.current', 'cell.currentSet', 'stack.currentSet');
  const voltage = has('cellVoltage', 'stackVoltage', 'cell.voltage', 'stack.voltage');
  return current && voltage ? 1 : 0;
}

function complete(lines: readonly string[], line: number, header: Cutter): FoundHeader {
  const names = header.cut(lines[line]);
  let firstRow = line + 1;
  const units = unitRow(names, header.cut(lines[firstRow] ?? ''));
  if (units !== undefined) firstRow++;
  else if (END_OF_COMMENTS.test(lines[firstRow] ?? '')) firstRow++;
  // CH Instruments leaves a line empty here; what comes behind is looked at by the table.
  if ((lines[firstRow] ?? '').trim() === '' && firstRow < lines.length - 1) firstRow++;
  const row = lines[firstRow] ?? '';
  const fits = (c: Cutter): boolean => c.cut(row).length === names.length;
  const isApart = header === GAPS || header === BLANKS;
  const own = isApart ? (/,\s/.test(row) ? COMMA : BLANKS) : header;
  const body = [own, TAB, SEMICOLON, COMMA, BLANKS].find(fits) ?? header;
  return { at: line, names, units, firstRow, cut: body.cut, isComma: body.isComma };
}

/** The row under the names if it holds their units: no number in it, and one unit at least. */
function unitRow(names: readonly string[], row: readonly string[]): readonly string[] | undefined {
  if (row.length > names.length || row.some(cell => NUMBER_LIKE.test(cell))) return undefined;
  const units = row.map(cell => cell.replace(/^[([]\s*(.*?)\s*[)\]]$/, '$1'));
  if (!units.some(unit => unitOf(unit) !== undefined)) return undefined;
  return names.map((_, k) => units[k] ?? '');
}

/** Instruments end their lines with a tab, which is no column. */
function withoutTail(cells: string[], isTab: boolean): string[] {
  while (isTab && cells.length > 1 && cells[cells.length - 1] === '') cells.pop();
  return cells;
}

function bare(cell: string): string {
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}
