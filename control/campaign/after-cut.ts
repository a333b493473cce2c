import { z } from 'zod';

/**
 * What becomes of a run that was cut off: its program is gone (a kill, a power cut, a full disk) and its record has no end.
 * It goes on in its own record, is done anew, or waits for a person, by `after_cut` of the run.
 */

/** A run goes on this often where nothing is said. */
const MOST_RESUMED = 3;

export const afterCutSchema = z.union([
  z.enum(['resume', 'anew', 'hold']),
  z.strictObject({ resume: z.number().int().min(1).max(20) }),
]);
/** The rule, as the file has it. */
export type AfterCut = z.output<typeof afterCutSchema>;

/** How a run was cut off. */
export interface Cut {
  /** Why it cannot go on in its own record; empty: it can. */
  readonly against: string;
  /** Somebody has to look at the bench before it goes on: the mark of its guard, a safe state that is not proved. */
  readonly needsWord: boolean;
}

/** The way that is taken: `fails` is what `on_failure` decides. */
export type AfterCutWay = 'goes on' | 'goes on, held' | 'anew' | 'anew, held' | 'fails';

/** How often it may go on at most. */
export function mostResumed(rule: AfterCut): number {
  return typeof rule === 'object' ? rule.resume : MOST_RESUMED;
}

/** What the rule makes of a cut; `before`: how often it has gone on, or been done anew, already. A person needs no bound. */
export function wayAfterCut(
  rule: AfterCut,
  { against }: Cut,
  before: { readonly resumed: number; readonly anew: number },
): AfterCutWay {
  if (rule === 'hold') return against === '' ? 'goes on, held' : 'anew, held';
  if (rule === 'anew') return before.anew < MOST_RESUMED ? 'anew' : 'fails';
  return against === '' && before.resumed < mostResumed(rule) ? 'goes on' : 'fails';
}
