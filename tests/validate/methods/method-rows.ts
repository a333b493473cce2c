import { type CoverageRow, coverageOf } from '../covered/covered.ts';
import type { MethodNight } from './method-nights.ts';

/** How often the figures of the built-in methods hold the truth of their twins. */

/** One figure of one method over many seeds. */
export interface MethodRow {
  readonly method: string;
  readonly figure: string;
  /** Of the first seed. */
  readonly value: number;
  readonly truth: number;
  readonly u95: number;
  readonly twoRms: number;
  readonly n: number;
  readonly held: number;
  /**
   * `yes`: held in 93 to 97 % of the seeds; `noise`: a share that so many seeds show of a true one in there (2 standard
   * deviations); `wide`: held more often; `narrow`: held less often.
   */
  readonly within: 'yes' | 'noise' | 'wide' | 'narrow';
  /** Why it may hold more often: what its uncertainty is made of. */
  readonly because?: string;
}

const ASKED = [0.93, 0.97] as const;

/** What a share of n seeds says of 93 to 97 %. */
export function verdictOf(held: number, n: number): MethodRow['within'] {
  const share = held / n;
  const [low, high] = ASKED;
  if (share >= low && share <= high) return 'yes';
  const slack = (border: number): number => 2 * Math.sqrt((border * (1 - border)) / n);
  if (share < low) return share >= low - slack(low) ? 'noise' : 'narrow';
  return share <= high + slack(high) ? 'noise' : 'wide';
}

/** Rehearses a night over n seeds. The figures of its methods, in the order in which they come. */
export async function methodRows(
  night: MethodNight,
  n: number,
  options: Parameters<typeof coverageOf>[2],
): Promise<MethodRow[]> {
  return rowsOfMethods(night, await coverageOf(night, n, options));
}

/** The rows of a night that are figures of its methods. */
export function rowsOfMethods(night: MethodNight, rows: readonly CoverageRow[]): MethodRow[] {
  return rows.flatMap(row => rowOf(night, row));
}

function rowOf({ methods, wide = {} }: MethodNight, row: CoverageRow): MethodRow[] {
  const [method, figure] = row.figure.split(': ');
  if (!methods.includes(method)) return [];
  const held = Math.round(row.covered_frac * row.n);
  const because = wide[row.figure.replace(/-at-.*$/, '')];
  return [
    {
      method,
      figure,
      value: row.value,
      truth: row.truth,
      u95: row.u95_median,
      twoRms: 2 * row.rms_error,
      n: row.n,
      held,
      within: verdictOf(held, row.n),
      ...(because === undefined ? {} : { because }),
    },
  ];
}

/** A method holds where no figure is narrow, and none is wide without a reason. */
export function holds(rows: readonly MethodRow[]): boolean {
  return rows.every(
    ({ within, because }) => within !== 'narrow' && (within !== 'wide' || because !== undefined),
  );
}
