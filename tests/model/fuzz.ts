import fc from 'fast-check';
import { type Happening, play } from './play.ts';
import { sequences } from './sequences.ts';

/** Plays n sequences of a seed; what is wrong is made short before it is told. */

/** What one stretch of sequences came to. */
export interface Told {
  readonly played: number;
  readonly runs: number;
  /** How many sequences came into each state. */
  readonly states: Readonly<Record<string, number>>;
  /** The first sequence of each violation, made as short as it still shows it. */
  readonly wrong: readonly { readonly what: string; readonly sequence: readonly Happening[] }[];
}

const STRETCH = 200;

/** @throws whatever the session throws: that is none of its ways */
export async function fuzz(
  of: { readonly seed: number; readonly n: number },
  tell: (told: Told) => void,
): Promise<void> {
  for (let from = 0; from < of.n; from += STRETCH) {
    const n = Math.min(STRETCH, of.n - from);
    const states: Record<string, number> = {};
    let runs = 0;
    const isRight = fc.asyncProperty(sequences, async sequence => {
      const played = await play(sequence);
      for (const state of played.states) states[state] = (states[state] ?? 0) + 1;
      runs += played.runs;
      if (played.violations.length > 0) throw new Error(played.violations.join('; '));
    });
    // Its own seed for each stretch: what fails is found again by it.
    const details = await fc.check(isRight, { seed: of.seed * 1_000_003 + from, numRuns: n });
    const wrong = details.failed
      ? [
          {
            what: `${details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance)} (seed ${details.seed}, path ${details.counterexamplePath})`,
            sequence: details.counterexample?.[0] ?? [],
          },
        ]
      : [];
    tell({ played: details.failed ? details.numRuns : n, runs, states, wrong });
  }
}
