import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { Journal } from '../../record/journal.ts';
import type { DatasetHead, DatasetRows } from '../../record/journal-messages.ts';
import type { ResultCurve } from '../../review/result.ts';

/** The averaged points of each polarisation curve as a dataset of the record: what a plot or a fit is made of. */

const COLUMNS = [
  'current_A',
  'currentDensity_A_per_cm2',
  'cellVoltage_V',
  'cellVoltageU95_V',
  'temperature_degC',
] as const;

/** As a journal takes them, numbered from 1. A temperature that nobody measured is bad, not 0; a row's word is its leg. */
export function curveDatasets(curves: readonly ResultCurve[]): {
  readonly datasets: readonly DatasetHead[];
  readonly datasetRows: readonly DatasetRows[];
} {
  const measured = curves.filter(({ points }) => points.length > 0);
  const about = JSON.stringify({ points: 'means over the counted window of each point', u95: 'k = 2' });
  return {
    datasets: measured.map(({ phase, points }) => ({
      t_s: points[0].t_s,
      kind: 'polarisation-curve',
      name: phase,
      columns: COLUMNS,
      about,
    })),
    datasetRows: measured.map(({ points }, i) => rowsOf(points, i + 1)),
  };
}

function rowsOf(points: ResultCurve['points'], dataset: number): DatasetRows {
  const rows = points.map(point => [
    point.t_s,
    point.current_A,
    point.currentDensity_A_per_cm2,
    point.cellVoltage_V,
    point.u95_V,
    point.temperature_degC ?? Number.NaN,
  ]);
  const quality = rows.flatMap(([, ...values]) =>
    values.map(value => (Number.isNaN(value) ? QUALITY.bad : QUALITY.good)),
  );
  return {
    dataset,
    rows: rows.length,
    values: Float64Array.from(rows.flat()),
    quality: Uint8Array.from(quality),
    reasons: new Map(points.map(({ leg }, i) => [i, leg])),
  };
}

/** Writes them. */
export function writeCurves(journal: Pick<Journal, 'dataset'>, curves: readonly ResultCurve[]): void {
  const { datasets, datasetRows } = curveDatasets(curves);
  datasets.forEach((head, i) => {
    journal.dataset(head).add(datasetRows[i]);
  });
}
