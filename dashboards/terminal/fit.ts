import { shortFigure, unitWords } from '../../control/view.ts';

/** A fit as the terminal shows it. */

/** What is shown of a parameter; `sim/fit/estimate.ts` makes it. */
export interface FittedRow {
  readonly name: string;
  readonly value: number;
  readonly u: number;
  readonly low95: number;
  readonly high95: number;
  readonly state: 'fitted' | 'atBound' | 'undetermined';
}

/** What is shown of a fit. */
export interface FitSummary {
  readonly plant: string;
  readonly set: string;
  readonly kind: string;
  readonly file: string;
  readonly points: number;
  readonly rows: readonly FittedRow[];
  readonly groups: readonly { readonly label: string; readonly unit: string; readonly rmse: number }[];
  /** What was done to the data, and what was found about them. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Parameters with their 95 % intervals, how well they reproduce the data, and what to know before using them. */
export function fitText(fit: FitSummary): string {
  const told = fit.rows.filter(row => row.state !== 'undetermined');
  const width = Math.max(9, ...told.map(row => row.name.length)) + 2;
  const left = fit.rows.filter(row => row.state === 'undetermined').map(row => row.name);
  const rows = told.map(row =>
    `${row.name.padEnd(width)}${digits(row.value, row.u).padStart(14)} ${intervalText(row).padStart(31)}  ${row.state === 'atBound' ? 'at its bound' : ''}`.trimEnd(),
  );
  return [
    `${fit.plant} (${fit.set}) fitted to ${fit.kind} ${fit.file}, ${fit.points} points`,
    '',
    `${'parameter'.padEnd(width)}${'value'.padStart(14)} ${'95 % interval'.padStart(31)}`,
    ...rows,
    '',
    ...(left.length === 0
      ? []
      : [`Left as they are, these data do not determine them: ${left.join(', ')}`, '']),
    ...fit.groups.map(g => `rmse of ${g.label}: ${rmseText(g)}`),
    ...(fit.notes.length === 0 ? [] : ['', 'The data:', ...fit.notes.map(n => `  ${n}`)]),
    ...(fit.warnings.length === 0 ? [] : ['', 'Before using it:', ...fit.warnings.map(w => `  ${w}`)]),
  ].join('\n');
}

/** `low .. high`, or nothing where there is no interval. */
export function intervalText(row: Pick<FittedRow, 'low95' | 'high95' | 'u'>): string {
  return Number.isFinite(row.u) ? `${digits(row.low95, row.u)} .. ${digits(row.high95, row.u)}` : '';
}

/** Root mean square with its unit; volts below 1 V as millivolts. */
export function rmseText({ unit, rmse }: { readonly unit: string; readonly rmse: number }): string {
  return unit === 'V' && rmse < 1
    ? `${shortFigure(1000 * rmse)} mV`
    : `${shortFigure(rmse)} ${unitWords(unit)}`.trimEnd();
}

/** As many digits as the uncertainty leaves two of. */
export function digits(value: number, u: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  if (!(u > 0)) return shortFigure(value);
  const significant = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(u)) + 2;
  const rounded = Number(value.toPrecision(Math.min(12, Math.max(2, significant))));
  return Math.abs(rounded) >= 1e-4 && Math.abs(rounded) < 1e7
    ? String(rounded)
    : rounded.toExponential(Math.min(11, Math.max(1, significant - 1)));
}
