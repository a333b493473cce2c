/** Points of one line: x ascending, null = no usable value. */
export interface LinePoints {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/**
 * Thins a line to what a picture `columns` pixels wide can show: first, lowest, highest and last value of each
 * pixel column, so that no peak is lost, and a gap wherever the column holds one. Lines that are short already
 * are handed back as they are.
 */
export function thin(line: LinePoints, low: number, high: number, columns: number): LinePoints {
  const n = line.x.length;
  if (n <= 2 * columns || high <= low) return line;
  const x: number[] = [];
  const y: (number | null)[] = [];
  const perColumn = columns / (high - low);
  for (let from = 0, to = 0; from < n; from = to) {
    const column = Math.floor(((line.x[from] ?? 0) - low) * perColumn);
    let gap = false;
    let first = -1;
    let last = -1;
    let least = -1;
    let most = -1;
    for (; to < n && Math.floor(((line.x[to] ?? 0) - low) * perColumn) === column; to++) {
      const value = valueAt(line, to);
      if (value === null) {
        gap = true;
        continue;
      }
      if (first < 0) first = to;
      last = to;
      if (least < 0 || value < (valueAt(line, least) ?? value)) least = to;
      if (most < 0 || value > (valueAt(line, most) ?? value)) most = to;
    }
    for (const i of [...new Set([first, least, most, last])].sort((a, b) => a - b)) {
      if (i < 0) continue;
      x.push(line.x[i] ?? 0);
      y.push(valueAt(line, i));
    }
    if (gap) {
      x.push(line.x[to - 1] ?? 0);
      y.push(null);
    }
  }
  return { x, y };
}

/** The value at i if it is a finite number. */
export function valueAt(line: LinePoints, i: number): number | null {
  const value = line.y[i];
  return value === null || value === undefined || !Number.isFinite(value) ? null : value;
}
