import { FileError } from '../../drivers/contract/file-error.ts';
import { hasMark, quoted } from './cells.ts';
import { counted, type Draft } from './mend.ts';
import type { Series } from './series.ts';

/** Decimal points that got lost in single cells: 42 between 4.1 and 4.3 is in any range. */

/** From this part of the rows on a column counts as one of decimal numbers: programs leave the point of 4.0 away, too. */
const MOSTLY = 0.5;
/** A value so many times those beside it ... */
const PEAK = 5;
/** ... that is within this factor of them with the digits of the column behind its point, has lost it. */
const ALIKE = 1.5;
/** Points are lost in runs: the next value with one is looked for so many rows away. */
const NEAR = 20;
/** Values of fewer steps of the last digit than this leap by themselves (0.2, 2, 0.3). */
const STEPS = 10;

/**
 * Looks for whole numbers among decimal ones that fit the values beside them when the column's usual number of digits
 * stands behind a point. @throws FileError, unless the entry says that they are to be kept
 */
export function checkLostPoints(draft: Draft): void {
  const { series, entry, path, heading, done } = draft;
  const { value, cells, lines } = series;
  const digits = usualDigits(series);
  if (digits === undefined) return;
  const lost = 10 ** digits;
  let kept = 0;
  let firstLine = 0;
  for (let i = 1; i < value.length - 1; i++) {
    if (hasMark(cells[i], series.decimal) || !(value[i] > 0)) continue;
    const [before, after] = [decimalNear(series, i, -1), decimalNear(series, i, 1)];
    if (before === undefined || after === undefined) continue;
    if (!(value[i] > PEAK * Math.max(value[before], value[after]))) continue;
    const beside = Math.sqrt(value[before] * value[after]);
    const fit = value[i] / lost / beside;
    if (fit > ALIKE || fit < 1 / ALIKE || Math.abs(Number.parseInt(cells[i], 10)) < STEPS) continue;
    if (entry.lostPoints === 'refuse') {
      const found = `${heading} ${quoted(cells[i])} between ${quoted(cells[before])} and ${quoted(cells[after])}`;
      const rule = 'lostPoints: keep under data: takes it as it stands';
      throw new FileError(
        path,
        lines[i],
        `${found} has lost its decimal point, expected a value near them (${rule})`,
      );
    }
    if (kept++ === 0) firstLine = lines[i];
  }
  if (kept > 0)
    done.push(
      `${counted(kept, 'value')} that may have lost the decimal point kept (line ${firstLine} first)`,
    );
}

/** How many digits most cells have behind the mark; undefined where most have none. */
function usualDigits(series: Series): number | undefined {
  const { cells, decimal } = series;
  const counts = new Map<number, number>();
  let marked = 0;
  for (const cell of cells) {
    const at = cell.indexOf(decimal);
    if (at < 0) continue;
    marked++;
    const digits = cell.length - at - 1;
    counts.set(digits, (counts.get(digits) ?? 0) + 1);
  }
  if (marked === 0 || marked < MOSTLY * cells.length) return undefined;
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

/** The nearest row in one direction whose cell has a decimal mark and a value above 0; undefined: none is near. */
function decimalNear(series: Series, from: number, way: 1 | -1): number | undefined {
  const { cells, decimal, value } = series;
  for (let k = 1; k <= NEAR; k++) {
    const i = from + way * k;
    if (cells[i] === undefined) return undefined;
    if (hasMark(cells[i], decimal) && value[i] > 0) return i;
  }
  return undefined;
}
