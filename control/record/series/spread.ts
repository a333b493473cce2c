import type { DatabaseSync } from 'node:sqlite';
import type { RecordedSeries } from '../../../profiles/recorded-run.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import type { OpenBlocks } from '../blocks/open-blocks.ts';
import { FrameReader } from '../stretches.ts';
import { extentsOf } from './extents.ts';
import { Points } from './points.ts';

/**
 * How far the members of an array role lie apart, in its unit, out of the record: of each `stride` rows the one where it is
 * most, so that a picture of few points misses none. NaN where each of them has a member that is not usable.
 */
export function readSpread(
  db: DatabaseSync,
  entry: MeasuredRole,
  stride: number,
  blocks: OpenBlocks,
): RecordedSeries {
  const widest = new Points();
  const step = Math.max(1, Math.floor(stride));
  const { device, first, count } = entry;
  const channels = Array.from({ length: count }, (_, i) => first + i);
  let [seen, at_s, most] = [0, Number.NaN, Number.NaN];
  for (const stretch of new FrameReader(db, device, blocks).stretches({ channels })) {
    const { low, high } = extentsOf(stretch, entry);
    for (let r = 0; r < stretch.rows; r++) {
      const value = high[r] - low[r];
      if (seen === 0 || value > most || (Number.isNaN(most) && !Number.isNaN(value))) {
        at_s = stretch.t_s[r];
        most = value;
      }
      seen++;
      if (seen < step) continue;
      widest.add(at_s, most);
      seen = 0;
    }
  }
  if (seen > 0) widest.add(at_s, most);
  return widest.series();
}
