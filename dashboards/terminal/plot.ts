import type { RecordedSeries } from '../../control/view.ts';
import { partsOf, shortFigure } from '../../control/view.ts';

/** Lowest and highest usable value of each column of a picture; NaN where a column has none. */
interface Columns {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Spreads a series over `columns` equal times from 0 to end_s, so that no peak is lost. */
function columnsOf(series: RecordedSeries, end_s: number, columns: number): Columns {
  const low = new Float64Array(columns).fill(Number.NaN);
  const high = new Float64Array(columns).fill(Number.NaN);
  for (const { t_s, value } of partsOf(series)) {
    for (let i = 0; i < t_s.length; i++) {
      const v = value[i];
      if (Number.isNaN(v)) continue;
      const c = Math.min(columns - 1, Math.max(0, Math.floor((t_s[i] / end_s) * columns)));
      if (!(v >= low[c])) low[c] = v;
      if (!(v <= high[c])) high[c] = v;
    }
  }
  return { low, high };
}

/** Dots of a Braille cell from top to bottom, left and right column (Unicode 2800 + bits). */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];
const AXIS = 9;

/**
 * A series over time as a few lines of Braille dots with its highest and lowest value on the left: `width` characters
 * in all, `height` lines. A column without a usable value stays empty.
 */
export function plotLines(series: RecordedSeries, end_s: number, width: number, height: number): string[] {
  const columns = Math.max(2, 2 * (width - AXIS - 2));
  const { low, high } = columnsOf(series, end_s, columns);
  let bottom = Infinity;
  let top = -Infinity;
  for (let c = 0; c < columns; c++) {
    if (low[c] < bottom) bottom = low[c];
    if (high[c] > top) top = high[c];
  }
  if (bottom > top) return [`${' '.repeat(AXIS)} no usable values`];
  const dots = 4 * height;
  const row = (v: number): number =>
    top === bottom ? dots - 1 : Math.min(dots - 1, Math.floor(((top - v) / (top - bottom)) * dots));
  const cells = Array.from({ length: height }, () => new Uint8Array(columns / 2));
  for (let c = 0; c < columns; c++) {
    if (Number.isNaN(low[c])) continue;
    for (let r = row(high[c]); r <= row(low[c]); r++) cells[r >> 2][c >> 1] |= DOTS[c & 1][r & 3];
  }
  return cells.map((line, i) => {
    const label = i === 0 ? shortFigure(top) : i === height - 1 && top !== bottom ? shortFigure(bottom) : '';
    const text = Array.from(line, bits => (bits === 0 ? ' ' : String.fromCodePoint(0x2800 + bits))).join('');
    return `${label.padStart(AXIS)} ┤${text}`.trimEnd();
  });
}

/** The time axis below such plots: 0 on the left, the end on the right, in hours, minutes or seconds. */
export function timeAxisLine(end_s: number, width: number): string {
  const [unit, unit_s] = end_s > 3 * 3600 ? ['h', 3600] : end_s > 180 ? ['min', 60] : ['s', 1];
  const inner = Math.max(12, width - AXIS - 2);
  const words = [0, 0.25, 0.5, 0.75, 1].map(part =>
    shortFigure(Number(((part * end_s) / (unit_s as number)).toPrecision(3))),
  );
  let line = '';
  words.forEach((word, i) => {
    const text = i === words.length - 1 ? `${word} ${unit}` : word;
    const at =
      Math.round((i / (words.length - 1)) * inner) -
      (i === 0 ? 0 : i === words.length - 1 ? text.length : Math.floor(text.length / 2));
    line = line.padEnd(at) + text;
  });
  return `${' '.repeat(AXIS)} 0${line.slice(1)}`.trimEnd();
}
