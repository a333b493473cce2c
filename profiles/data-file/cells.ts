/** Single cells of a load file: numbers with either decimal mark, and what stands for "no value". */

export type Decimal = '.' | ',';

/** Decimal numbers that people write; Number() alone would take '' and '0x10' too. */
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;
const PLAIN_COMMA = /^[+-]?(\d+,?\d*|,\d+)([eEdD][+-]?\d+)?$/;
/** Fortran writes D for double precision. */
const FORTRAN = /[dD](?=[+-]?\d+$)/;
/** Groups of three digits with marks between: 1,234,567.8 and 1.234.567,8. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;
const GROUPED_COMMA = /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/;
/** 1'234'500 and 1 234 500 */
const GROUPED_APART = /^[+-]?[1-9]\d{0,2}(['’ \u00a0\u202f]\d{3})+([.,]\d*)?$/;
const NO_VALUE = /^(|-+|nan|n\/?a|n\/e|n\.a\.|#n\/?a|null|none|nil|missing|\?|#value!|#wert!|#div\/0!|#nv)$/i;

/** Whether a cell says that there is no value: empty, NaN, n/a, n/e (ENTSO-E), null, -, #N/A ... */
export function isNoValue(cell: string): boolean {
  return NO_VALUE.test(cell);
}

/** The number of a cell; NaN where it is none. Only with a comma as decimal mark may points group thousands, and the other way round. */
export function numberOf(cell: string, decimal: Decimal): number {
  const whole = GROUPED_APART.test(cell) ? cell.replace(/['’ \u00a0\u202f]/g, '') : cell;
  const minus = whole.startsWith('\u2212') ? `-${whole.slice(1)}` : whole;
  if (decimal === '.') {
    if (PLAIN.test(minus)) return Number(minus.replace(FORTRAN, 'e'));
    return GROUPED.test(minus) ? Number(minus.replaceAll(',', '')) : Number.NaN;
  }
  if (PLAIN_COMMA.test(minus)) return Number(minus.replace(',', '.').replace(FORTRAN, 'e'));
  return GROUPED_COMMA.test(minus) ? Number(minus.replaceAll('.', '').replace(',', '.')) : Number.NaN;
}

/** Whether a cell is a number with either decimal mark. */
export function isNumber(cell: string): boolean {
  const text = cell.trim();
  return !Number.isNaN(numberOf(text, '.')) || !Number.isNaN(numberOf(text, ','));
}

const LARGE = /^[+-]?[1-9]\d{2,}$/;

/** What a column's cells say of the decimal mark; `open`: both readings fit, and they differ. */
export type DecimalFound = Decimal | 'open' | undefined;

/**
 * The decimal mark of some cells; undefined where none has a mark. `1,234` in every cell may be either: a comma then is
 * the decimal mark where commas do not part columns.
 */
export function decimalOf(cells: Iterable<string>, partedByComma: boolean): DecimalFound {
  let commaOnly = false;
  let pointOnly = false;
  let hasComma = false;
  let isOpen = false;
  // Whole numbers of three digits and more beside 1.100: thousands without a comma behind them?
  let isLarge = false;
  for (const cell of cells) {
    if (!/\d/.test(cell)) continue;
    const asPoint = numberOf(cell, '.');
    const asComma = numberOf(cell, ',');
    if (Number.isNaN(asPoint) && !Number.isNaN(asComma)) commaOnly = true;
    if (!Number.isNaN(asPoint) && Number.isNaN(asComma)) pointOnly = true;
    if (cell.includes(',')) hasComma = true;
    if (LARGE.test(cell)) isLarge = true;
    if (!Number.isNaN(asPoint) && !Number.isNaN(asComma) && asPoint !== asComma) isOpen = true;
  }
  if (commaOnly && pointOnly) return 'open';
  if (commaOnly) return ',';
  if (pointOnly) return '.';
  if (!isOpen) return undefined;
  // 1.234 alone is a decimal point everywhere; a comma between columns cannot be one unless it is quoted.
  if (!hasComma) return isLarge ? 'open' : '.';
  return partedByComma ? 'open' : ',';
}

/** Whether the cell has this decimal mark. */
export function hasMark(cell: string, decimal: Decimal): boolean {
  return cell.includes(decimal);
}

/** As it stands in the file, cut to a length that fits a message; nothing in it steers a terminal. */
export function quoted(of: string): string {
  const text = of.replace(/[\u0080-\u009f]/g, '\uFFFD');
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
