import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import type { KpiValue } from '../../../profiles/kpi.ts';

/**
 * One line of the acceptance table of the figures: what the evaluation makes of a made-up record, and the truth that
 * the record was made from. `basis`: what the expected value rests on.
 */
export interface FigureRow {
  readonly id: string;
  readonly value: number;
  readonly expected: number;
  readonly tolerance: number;
  readonly within: boolean;
  readonly basis: string;
}

/** Rows of one kind, with pictures. */
export interface FigureSection {
  readonly title: string;
  readonly rows: readonly FigureRow[];
  readonly pictures: readonly FigureSpec[];
}

/** Judges a row: no number is never within. */
export function figureRow(row: Omit<FigureRow, 'within'>): FigureRow {
  return { ...row, within: Math.abs(row.value - row.expected) <= row.tolerance };
}

/** A figure against its truth. */
export function valueRow(
  kpis: readonly KpiValue[],
  id: string,
  of: string,
  expected: number,
  tolerance: number,
  basis: string,
): FigureRow {
  const value = kpis.find(k => k.id === of)?.value ?? Number.NaN;
  return figureRow({ id: `${id}: ${of}`, value, expected, tolerance, basis });
}

/** A figure whose own uncertainty must reach its truth. */
export function coveredRow(
  kpis: readonly KpiValue[],
  id: string,
  of: string,
  expected: number,
  basis: string,
): FigureRow {
  const found = kpis.find(k => k.id === of);
  const value = found?.value ?? Number.NaN;
  return figureRow({
    id: `${id}: ${of} within its u95`,
    value,
    expected,
    tolerance: found?.u95 ?? Number.NaN,
    basis,
  });
}

/** A figure that must not be there, and says why in these words: 1 if so. */
export function reasonRow(kpis: readonly KpiValue[], id: string, of: string, words: RegExp): FigureRow {
  const found = kpis.find(k => k.id === of);
  const said = found !== undefined && found.value === null && words.test(found.definition);
  return figureRow({
    id: `${id}: no ${of}, and why`,
    value: said ? 1 : 0,
    expected: 1,
    tolerance: 0,
    basis: `no value can be had from this record; the definition says ${words.source}`,
  });
}
