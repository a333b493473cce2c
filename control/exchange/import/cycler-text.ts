import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { parse } from 'csv-parse';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { columnsIn, type Field, type FileColumn } from './columns.ts';

/** The text file of a cycler: where its table begins, how it is written, and its rows one after the other. */

/** How a file is written. */
export interface CyclerText {
  readonly path: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly separator: string;
  readonly decimal: '.' | ',';
  /** Line of the headings, from 1. */
  readonly line: number;
  readonly headings: readonly string[];
  readonly columns: ReadonlyMap<Field, FileColumn>;
  /** Lines above the headings. */
  readonly preamble: readonly string[];
}

/** One row: its cells, and its line in the file. */
export interface CyclerRow {
  readonly cells: readonly string[];
  readonly line: number;
}

const LOOKED_AT = 1 << 18;
const LINES_LOOKED_AT = 400;
const MOST_SHOWN = 40;
/** Control characters of text: tab, line feed, vertical tab, form feed, carriage return. */
const IN_TEXT = [0x09, 0x0a, 0x0b, 0x0c, 0x0d];
const SEPARATORS = ['\t', ';', ','];
const REQUIRED: readonly Field[] = ['time', 'voltage', 'current'];
const WHAT: Readonly<Record<string, string>> = {
  time: 'the time since the begin, e.g. Test Time / s, Total Time(s), Test_Time(s), time/s',
  voltage: 'the voltage, e.g. Voltage / V, Voltage(V), Ecell/V',
  current: 'the current, e.g. Current / A, Current(mA), <I>/mA',
};

/** Finds the table in a file. @throws FileError that names what is missing, and the line of the headings */
export function openCyclerText(path: string): CyclerText {
  const head = headOf(path);
  const encoding = encodingOf(head);
  const odd = encoding.startsWith('utf-16')
    ? -1
    : head.findIndex(byte => byte < 0x20 && !IN_TEXT.includes(byte));
  if (odd >= 0)
    throw new FileError(
      path,
      0,
      `the file is binary (byte ${odd + 1}), expected text: export it from the cycler's program as such`,
    );
  const text = new TextDecoder(encoding).decode(head);
  const lines = text.split(/\r\n|\n|\r/).slice(0, LINES_LOOKED_AT);
  if (lines.length < 2) throw new FileError(path, 0, 'no table in it, expected headings and rows');
  const found = declaredHeader(path, lines) ?? bestHeader(lines);
  const { at, separator, headings, columns } = found;
  for (const field of REQUIRED) {
    if (columns.has(field)) continue;
    const there = headings
      .slice(0, 12)
      .map(heading => `"${heading.trim().slice(0, MOST_SHOWN)}"`)
      .join(', ');
    throw new FileError(path, at + 1, `no column for ${WHAT[field]}; found ${there || 'no headings'}`);
  }
  const body = lines.slice(at + 1, at + 40).filter(line => line.trim() !== '');
  return {
    path,
    encoding,
    separator,
    decimal: decimalOf(body, separator),
    line: at + 1,
    headings,
    columns,
    preamble: lines.slice(0, at),
  };
}

/** The rows below the headings. @throws FileError where the text cannot be taken apart */
export async function* rowsOf({
  path,
  encoding,
  separator,
  line,
  headings,
}: CyclerText): AsyncGenerator<CyclerRow> {
  const parser = parse({
    delimiter: separator,
    from_line: line + 1,
    // One file may have several: a header by one program, rows by another.
    record_delimiter: ['\r\n', '\n', '\r'],
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    bom: true,
    ltrim: separator !== '\t',
  });
  const decoder = new TextDecoder(encoding);
  const input = createReadStream(path);
  input.on('error', error => parser.destroy(error));
  input.on('data', piece => {
    if (!parser.write(decoder.decode(piece as Buffer, { stream: true }))) {
      input.pause();
      parser.once('drain', () => input.resume());
    }
  });
  input.on('end', () => parser.end(decoder.decode()));
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (record.length > headings.length && record.slice(headings.length).some(cell => cell.trim() !== ''))
        throw new FileError(
          path,
          info.lines,
          `${record.length} cells, expected ${headings.length} as the headings in line ${line}`,
        );
      // Spreadsheets write empty lines as separators.
      if (record.some(cell => cell.trim() !== '')) yield { cells: record, line: info.lines };
    }
  } catch (error) {
    if (error instanceof FileError) throw error;
    const at = typeof error === 'object' && error !== null && 'lines' in error ? Number(error.lines) : 0;
    throw new FileError(path, at, `cannot be taken apart: ${plainReason(error)}`);
  } finally {
    input.destroy();
  }
}

interface Header {
  readonly at: number;
  readonly separator: string;
  readonly headings: readonly string[];
  readonly columns: ReadonlyMap<Field, FileColumn>;
}

/** EC-Lab and BT-Lab say how many lines stand above the table; the last of them are the headings. */
function declaredHeader(path: string, lines: readonly string[]): Header | undefined {
  if (!/^(EC|BT)-Lab ASCII FILE/i.test(lines[0])) return undefined;
  const said = lines.slice(0, 5).findIndex(line => /^Nb header lines\s*:/i.test(line));
  const count = Number(/:\s*(\d+)/.exec(lines[said] ?? '')?.[1]);
  if (!(count >= 1 && count <= lines.length))
    throw new FileError(path, 2, `found "${(lines[1] ?? '').slice(0, 60)}", expected "Nb header lines : N"`);
  return headerAt(lines, count - 1, '\t');
}

/** The line whose headings tell the most of what is needed; the first of equals. */
function bestHeader(lines: readonly string[]): Header {
  let best: { header: Header; score: number } | undefined;
  for (let at = 0; at < lines.length; at++) {
    for (const separator of SEPARATORS) {
      if (!lines[at].includes(separator)) continue;
      const header = headerAt(lines, at, separator);
      const needed = REQUIRED.filter(field => header.columns.has(field)).length;
      const score = 100 * needed + header.columns.size;
      if (score > (best?.score ?? 0)) best = { header, score };
    }
  }
  return best?.header ?? headerAt(lines, 0, ',');
}

function headerAt(lines: readonly string[], at: number, separator: string): Header {
  const headings = lines[at].split(separator).map(cell => cell.replace(/^\s*"(.*)"\s*$/, '$1'));
  return { at, separator, headings, columns: columnsIn(headings) };
}

/** A comma may stand in the numbers of a file that is not parted by commas, unless its first rows have points. */
function decimalOf(body: readonly string[], separator: string): '.' | ',' {
  if (separator === ',') return '.';
  const cells = body.flatMap(line => line.split(separator)).map(cell => cell.trim());
  const commas = cells.filter(cell => /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(cell)).length;
  const points = cells.filter(cell => /^[+-]?\d+\.\d+(e[+-]?\d+)?$/i.test(cell)).length;
  return points > commas ? '.' : ',';
}

/** The first bytes of a file. @throws FileError where it is none that can be read */
function headOf(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new FileError(path, 0, 'no such file, expected the text file of a cycler');
  if (!found.isFile()) throw new FileError(path, 0, 'it is no file, expected the text file of a cycler');
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(LOOKED_AT);
      return head.subarray(0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new FileError(path, 0, `cannot be opened: ${plainReason(error)}`);
  }
}

/** UTF-8 or UTF-16 where the bytes say so; else what European instruments write. A workbook or a picture is refused later. */
function encodingOf(head: Buffer): CyclerText['encoding'] {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
