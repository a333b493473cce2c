import type { Found } from './fault.ts';

/** What all kills together have shown. */

export interface KindTally {
  n: number;
  /** Slowest, and the 99th of a hundred; null: it never had to go off. */
  off_max_s: number | null;
  off_p99_s: number | null;
  /** How often which layer put the output off, or that it was off or the run went on. */
  readonly layers: Record<string, number>;
}

export interface Tally {
  kills: number;
  unsafe: number;
  rows_lost: number;
  wrong_counters: number;
  /** Anything else that is not as it should be. */
  other: number;
  skipped: number;
  readonly kinds: Record<string, KindTally>;
}

/** Of these, each with its kind. */
export function tallyOf(all: readonly { readonly kind: string; readonly found: Found }[]): Tally {
  const tally: Tally = {
    kills: 0,
    unsafe: 0,
    rows_lost: 0,
    wrong_counters: 0,
    other: 0,
    skipped: 0,
    kinds: {},
  };
  const times = new Map<string, number[]>();
  for (const { kind, found } of all) {
    if (found.skipped !== undefined) {
      tally.skipped++;
      continue;
    }
    tally.kills++;
    if (found.unsafe.length > 0) tally.unsafe++;
    tally.rows_lost += found.rows_lost;
    if (found.wrongCounters.length > 0) tally.wrong_counters++;
    if (found.other.length > 0) tally.other++;
    tally.kinds[kind] ??= { n: 0, off_max_s: null, off_p99_s: null, layers: {} };
    const of = tally.kinds[kind];
    of.n++;
    for (const layer of found.layers) of.layers[layer] = (of.layers[layer] ?? 0) + 1;
    if (found.off_s !== undefined) times.set(kind, [...(times.get(kind) ?? []), found.off_s]);
  }
  for (const [kind, off_s] of times) {
    const sorted = off_s.sort((a, b) => a - b);
    tally.kinds[kind].off_max_s = rounded(sorted[sorted.length - 1]);
    tally.kinds[kind].off_p99_s = rounded(sorted[Math.ceil(0.99 * sorted.length) - 1]);
  }
  return tally;
}

/** Whether something is there that must not be. */
export function isBad({ unsafe, rows_lost, wrong_counters, other }: Tally): boolean {
  return unsafe + rows_lost + wrong_counters + other > 0;
}

function rounded(value_s: number): number {
  return Number(value_s.toFixed(2));
}
