/** Two texts beside each other, line by line. Pure. */

/** A row of both: a line of each, or of one of them only; numbers from 1. */
export interface BothRow {
  readonly mine: BothLine | undefined;
  readonly theirs: BothLine | undefined;
  readonly isSame: boolean;
}
export interface BothLine {
  readonly line: number;
  readonly text: string;
}
/** Rows that are shown, or how many the same ones are left out there. */
export type BothPart = BothRow | { readonly left: number };

/** So many the same lines stay before and behind what differs. */
const AROUND = 2;
/** Beyond so many pairs of lines the middle is not looked through: it stands there as wholly different. */
const MOST_PAIRS = 4_000_000;

/** Lines of both, those that belong together in one row. */
export function bothTexts(mine: string, theirs: string): readonly BothRow[] {
  const [a, b] = [mine.split('\n'), theirs.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const rows: BothRow[] = [];
  const same = (i: number, j: number): void => {
    rows.push({ mine: lineOf(a, i), theirs: lineOf(b, j), isSame: true });
  };
  for (let i = 0; i < head; i++) same(i, i);
  const [toA, toB] = [a.length - tail, b.length - tail];
  let [i, j] = [head, head];
  for (const [nextA, nextB] of [
    ...commonOf(a.slice(head, toA), b.slice(head, toB)),
    [toA - head, toB - head],
  ]) {
    const [untilA, untilB] = [head + nextA, head + nextB];
    for (; i < untilA || j < untilB; i++, j++)
      rows.push({
        mine: i < untilA ? lineOf(a, i) : undefined,
        theirs: j < untilB ? lineOf(b, j) : undefined,
        isSame: false,
      });
    [i, j] = [untilA, untilB];
    if (untilA < toA && untilB < toB) same(i++, j++);
  }
  for (let k = 0; k < tail; k++) same(toA + k, toB + k);
  return rows;
}

/** The same without what lies far from any difference. */
export function shortened(rows: readonly BothRow[]): readonly BothPart[] {
  const isNear = rows.map((_, at) =>
    rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(one => !one.isSame),
  );
  const parts: BothPart[] = [];
  for (const [at, row] of rows.entries()) {
    const last = parts.at(-1);
    if (isNear[at]) parts.push(row);
    else if (last !== undefined && 'left' in last) parts[parts.length - 1] = { left: last.left + 1 };
    else parts.push({ left: 1 });
  }
  return parts;
}

function lineOf(lines: readonly string[], at: number): BothLine {
  return { line: at + 1, text: lines[at] };
}

/** Places in both of the longest run of lines that they have in common, in order. */
function commonOf(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > MOST_PAIRS) return [];
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1] + 1
          : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i++;
    else j++;
  }
  return found;
}
