import { nearest } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';

/** Measured data for a fit: a CSV file whose header says what it is. */

/** Columns of numbers by name, in the order of the file. */
export interface FitData {
  readonly path: string;
  readonly kind: 'curve' | 'series' | 'spectrum';
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** What can be wrong with a request to fit, beside the data file: parameters, operating point, subject. */
export class FitError extends Error {}

const CURVE = [
  'current_A',
  'cellVoltage_V',
  'stackVoltage_V',
  'temperature_degC',
  'cathode_barg',
  'anode_barg',
  'u_V',
];
const SPECTRUM = ['frequency_Hz', 're_Ohm', 'im_Ohm'];
const EXPECTED =
  'expected a header of a polarisation curve (current_A with cellVoltage_V or stackVoltage_V; also temperature_degC, cathode_barg, anode_barg, u_V), ' +
  'a time series (time_s and roles such as cell.current_A, cell.voltage_V) or a spectrum (frequency_Hz,re_Ohm,im_Ohm)';
// The decimal numbers that people write; Number() alone would take '' and '0x10' too.
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Reads a data file. Pure: text in, columns out. @throws FileError: file, line, what was expected */
export function readFitData(path: string, text: string): FitData {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop();
  if (lines.length === 0) throw new FileError(path, 1, `the file is empty, ${EXPECTED}`);
  const header = lines[0].split(',').map(name => name.trim());
  const kind = kindOf(path, header);
  if (lines.length === 1) throw new FileError(path, 1, 'no rows under the header, expected at least one');
  const columns = new Map(header.map(name => [name, new Float64Array(lines.length - 1)] as const));
  for (let i = 1; i < lines.length; i++) {
    const cells = lines[i].split(',');
    if (cells.length !== header.length)
      throw new FileError(
        path,
        i + 1,
        `${cells.length} values, expected ${header.length} as in the header, and no blank line`,
      );
    header.forEach((name, k) => {
      const cell = cells[k].trim();
      if (!NUMBER.test(cell))
        throw new FileError(path, i + 1, `${name} ${JSON.stringify(cell)}, expected a number`);
      const column = columns.get(name);
      if (column !== undefined) column[i - 1] = Number(cell);
    });
  }
  const data: FitData = { path, kind, rows: lines.length - 1, columns };
  checkValues(data);
  return data;
}

function kindOf(path: string, header: readonly string[]): FitData['kind'] {
  const has = (name: string): boolean => header.includes(name);
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (twice !== undefined) throw new FileError(path, 1, `column ${twice} stands twice, expected each once`);
  if (has('time_s')) {
    if (header.length < 3)
      throw new FileError(
        path,
        1,
        `${header.join(',')}, expected time_s, at least one column that drives and one that is compared`,
      );
    return 'series';
  }
  const known = has('frequency_Hz') ? SPECTRUM : CURVE;
  const stranger = header.find(name => !known.includes(name));
  const isSpectrum = SPECTRUM.every(has);
  const isCurve = has('current_A') && has('cellVoltage_V') !== has('stackVoltage_V');
  if (stranger === undefined && (isSpectrum || isCurve)) return isSpectrum ? 'spectrum' : 'curve';
  const near = stranger === undefined ? undefined : nearest(stranger, [...known, 'time_s']);
  const hint = near === undefined || has(near) ? '' : ` (did you mean "${near}" for "${stranger}"?)`;
  throw new FileError(path, 1, `header ${JSON.stringify(header.join(',').slice(0, 80))}${hint}, ${EXPECTED}`);
}

function checkValues({ path, kind, rows, columns }: FitData): void {
  const refuse = (
    name: string,
    isGood: (value: number, before: number) => boolean,
    expected: string,
  ): void => {
    const column = columns.get(name);
    if (column === undefined) return;
    for (let i = 0; i < rows; i++) {
      if (!isGood(column[i], i > 0 ? column[i - 1] : Number.NEGATIVE_INFINITY))
        throw new FileError(path, i + 2, `${name} ${column[i]}, expected ${expected}`);
    }
  };
  refuse('u_V', u => u > 0, 'a standard uncertainty > 0');
  if (kind === 'spectrum') refuse('frequency_Hz', f => f > 0, 'a frequency > 0');
  if (kind === 'series') refuse('time_s', (t, before) => t > before, 'a time later than the row before');
}

/** A column that the file must have. */
export function columnOf(data: FitData, name: string): Float64Array {
  const column = data.columns.get(name);
  if (column === undefined) throw new FileError(data.path, 1, `no column ${name}, ${EXPECTED}`);
  return column;
}
