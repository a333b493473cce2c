import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { Journal } from '../../record/journal.ts';
import type { ResultCurve } from '../../review/result.ts';

/** The averaged points of each polarisation curve as a dataset of the record: what a plot or a fit is made of. */

const COLUMNS = [
  'current_A',
  'currentDensity_A_per_cm2',
  'cellVoltage_V',
  'cellVoltageU95_V',
  'temperature_degC',
] as const;

/** Writes them. A temperature that nobody measured is bad, not 0; the word of a row is its leg. */
export function writeCurves(journal: Pick<Journal, 'dataset'>, curves: readonly ResultCurve[]): void {
  for (const { phase, points } of curves) {
    if (points.length === 0) continue;
    const kind = 'polarisation-curve';
    const about = JSON.stringify({ points: 'means over the counted window of each point', u95: 'k = 2' });
    const dataset = journal.dataset({ t_s: points[0].t_s, kind, name: phase, columns: COLUMNS, about });
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
    dataset.add({
      rows: rows.length,
      values: Float64Array.from(rows.flat()),
      quality: Uint8Array.from(quality),
      reasons: new Map(points.map(({ leg }, i) => [i, leg])),
    });
  }
}
