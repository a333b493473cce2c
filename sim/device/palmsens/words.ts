/**
 * How a MethodSCRIPT instrument writes and reads numbers. From the maker's examples (MethodSCRIPT 1.8) and the packages in
 * them; knows nothing of the driver.
 */

const PREFIXES = ['a', 'f', 'p', 'n', 'u', 'm', ' ', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const MOST = 0x7ffffff;

/** A variable of a script, with what the instrument says of a value that it has measured. */
export interface Variable {
  type: string;
  value: number;
  isWhole: boolean;
  status?: number | undefined;
  range?: number | undefined;
}

/** Seven digits and the finest prefix in which the value fits them. */
export function packageNumber({ value, isWhole }: Pick<Variable, 'value' | 'isWhole'>): string {
  if (Number.isNaN(value)) return '     nan';
  if (isWhole) return `${digits(value)}i`;
  for (const [i, prefix] of PREFIXES.entries()) {
    const power = 3 * i - 18;
    const whole = Math.round(power < 0 ? value * 10 ** -power : value / 10 ** power);
    if (Math.abs(whole) <= MOST) return `${digits(whole)}${value === 0 ? ' ' : prefix}`;
  }
  return '     nan';
}

const digits = (whole: number): string =>
  Math.max(0, Math.min(0xfffffff, whole + 0x8000000))
    .toString(16)
    .toUpperCase()
    .padStart(7, '0');

/** Type, number, and behind commas status and range where they are said. */
export function packageVariable(variable: Variable): string {
  const { type, status, range } = variable;
  const said = [
    ...(status === undefined ? [] : [`1${status.toString(16).toUpperCase()}`]),
    ...(range === undefined ? [] : [`2${range.toString(16).toUpperCase().padStart(2, '0')}`]),
  ];
  return [type + packageNumber(variable), ...said].join(',');
}

/** A number of a script: whole, with a prefix; hexadecimal, binary. Undefined where it is none: there is no decimal point. */
export function scriptNumber(text: string): Pick<Variable, 'value' | 'isWhole'> | undefined {
  if (/^0x[0-9A-Fa-f]+$/.test(text) || /^0b[01]+$/.test(text)) return { value: Number(text), isWhole: true };
  const match = /^(-?\d+)([afpnumkMGTPEi]?)$/.exec(text);
  if (match === null) return undefined;
  if (match[2] === 'i') return { value: Number(match[1]), isWhole: true };
  const power = match[2] === '' ? 0 : 3 * PREFIXES.indexOf(match[2] as (typeof PREFIXES)[number]) - 18;
  return { value: Number(`${match[1]}e${power}`), isWhole: false };
}
