import { QUALITY } from '../../../drivers/contract/frame.ts';
import { frozenIn } from '../../../profiles/cell/standing/frozen.ts';
import type { CellFacts, RecordedSeries } from '../../../profiles/recorded-run.ts';
import { indexAt } from '../../../profiles/series-parts.ts';
import { withMarked } from './marked-rows.ts';
import type { CyclerReadings } from './read-cycler.ts';
import { usableColumn } from './usable-columns.ts';

/**
 * The readings with those of a recorder that froze marked uncertain: voltage and current stand still to the last digit
 * while a current flows. Each stretch is said; its first row was read.
 */
export function withFrozenMarked(readings: CyclerReadings, cell: CellFacts): CyclerReadings {
  const { t_s } = readings;
  const [current, voltage] = (['current', 'voltage'] as const).map(
    (field): RecordedSeries => known(t_s, usableColumn(readings, field)),
  );
  return withMarked(
    readings,
    frozenIn(current, voltage, cell, 1).map(({ from_s, to_s }) => ({
      from: indexAt(t_s, from_s) + 1,
      to: indexAt(t_s, to_s) + 1,
      why: 'voltage and current stand still to the last digit while current flows: frozen',
      fields: ['current', 'voltage', 'power'],
    })),
    { quality: QUALITY.uncertain },
  );
}

function known(t_s: Float64Array, column: Float64Array): RecordedSeries {
  const rows = [...column.keys()].filter(i => !Number.isNaN(column[i]));
  return { t_s: Float64Array.from(rows, i => t_s[i]), value: Float64Array.from(rows, i => column[i]) };
}
