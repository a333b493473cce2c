import { FileError } from '../../../drivers/contract/yaml-file.ts';
import type { TextTable } from './table.ts';

/** Real and imaginary part beside modulus and phase in one file: they must be of the same impedance. */

/** May differ by so much of the modulus, and by what the printed digits leave open. */
const APART_FRAC = 0.02;

interface Column {
  readonly place: number;
  readonly factor: number;
  readonly values: Float64Array;
}

/** Columns of a spectrum as they were read, in Ohm and deg. */
export type ImpedanceColumns = ReadonlyMap<string, Column>;

/** Refuses a file whose two ways of saying Z contradict each other. Im may have either sign. @throws FileError with both */
export function refuseContradiction(table: TextTable, columns: ImpedanceColumns): void {
  const [re, im, modulus, phase] = ['re_Ohm', 'im_Ohm', 'modulus_Ohm', 'phase_deg'].map(n => columns.get(n));
  if (re === undefined || im === undefined || (modulus === undefined && phase === undefined)) return;
  const wrong = [1, -1].map(sign => firstApart(table, re, im, modulus, phase, sign));
  if (wrong.includes(-1)) return;
  const i = Math.max(...wrong);
  const cartesian_Ohm = Math.hypot(re.values[i], im.values[i]);
  const angle_deg = (Math.atan2(im.values[i], re.values[i]) * 180) / Math.PI;
  const name = (c: Column): string => table.header[c.place];
  const said = [modulus, phase]
    .filter(c => c !== undefined)
    .map(c => `${name(c)} ${table.cells[i][c.place]}`)
    .join(' and ');
  throw new FileError(
    table.path,
    table.lines[i],
    `${name(re)} ${table.cells[i][re.place]} and ${name(im)} ${table.cells[i][im.place]} are ${short(cartesian_Ohm)} Ohm at ${short(angle_deg)} deg, ` +
      `${said} in the same row contradict them; expected one impedance, or only one pair of these columns`,
  );
}

function firstApart(
  table: TextTable,
  re: Column,
  im: Column,
  modulus: Column | undefined,
  phase: Column | undefined,
  sign: number,
): number {
  return table.cells.findIndex((_, i) => {
    const own_Ohm = Math.hypot(re.values[i], im.values[i]);
    const other_Ohm = modulus?.values[i] ?? own_Ohm;
    const own_rad = Math.atan2(sign * im.values[i], re.values[i]);
    const angle = phase === undefined ? own_rad : (phase.values[i] * Math.PI) / 180;
    const apart_Ohm = Math.hypot(
      re.values[i] - other_Ohm * Math.cos(angle),
      sign * im.values[i] - other_Ohm * Math.sin(angle),
    );
    const digits_Ohm = [re, im, modulus].reduce(
      (sum, c) => sum + (c === undefined ? 0 : lastDigit(table, c, i)),
      0,
    );
    const digits_rad = phase === undefined ? 0 : (lastDigit(table, phase, i) * Math.PI) / 180;
    return apart_Ohm > APART_FRAC * own_Ohm + digits_Ohm + digits_rad * other_Ohm;
  });
}

/** What one step of the last printed digit is, in the unit of the column. */
function lastDigit(table: TextTable, { place, factor }: Column, row: number): number {
  const parts = /^[+-]?\d*(?:[.,](\d*))?(?:e([+-]?\d+))?$/i.exec(table.cells[row][place]);
  return Math.abs(factor) * 10 ** (Number(parts?.[2] ?? 0) - (parts?.[1]?.length ?? 0));
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
