import { z } from 'zod';
import type { AlarmState } from '../../contract/alarm.ts';
import { type Said, say } from '../../contract/said/said.ts';

/**
 * The life of one alarm as ISA-18.2 draws it: a pure state machine, time arrives as an input. It only says what a person is
 * shown: what an interlock does to the bench is decided elsewhere and knows nothing of it.
 */

const at = z.number().nullable();

/** What is remembered of one alarm, JSON; times in s of the session's clock. */
export const lifeSchema = z.strictObject({
  is: z.enum(['normal', 'unacknowledged', 'acknowledged', 'returned', 'latched']),
  on_s: at,
  off_s: at,
  acknowledged_s: at,
  acknowledgedBy: z.string(),
  count: z.number().int(),
  /** The figure farthest on the bad side since it rose last, signed as its probe signs it; null: nothing usable. */
  peak: at,
  isFirstOut: z.boolean(),
  /**
   * How one that came first fired, kept from when it went until a person has seen that: it may fire once more meanwhile, in
   * other words. `peak` as above, of the times before.
   */
  kept: z.strictObject({ on_s: z.number(), text: z.string(), peak: at }).exactOptional(),
  shelved: z.strictObject({ by: z.string(), reason: z.string(), until_s: z.number() }).nullable(),
});
export type Life = Readonly<z.infer<typeof lifeSchema>>;

/** Nothing has happened yet. */
export const NORMAL: Life = {
  is: 'normal',
  on_s: null,
  off_s: null,
  acknowledged_s: null,
  acknowledgedBy: '',
  count: 0,
  peak: null,
  isFirstOut: false,
  shelved: null,
};

/** What happens to an alarm. `peak`: the largest figure while it stood, not finite: nothing usable; `text`: what it said. */
export type LifeInput =
  | { readonly is: 'raised'; readonly t_s: number; readonly isFirstOut: boolean }
  | { readonly is: 'cleared'; readonly t_s: number; readonly peak: number; readonly text?: string }
  | { readonly is: 'acknowledged'; readonly t_s: number; readonly by: string }
  | {
      readonly is: 'shelved';
      readonly t_s: number;
      readonly for_s: number;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly is: 'unshelved' }
  | { readonly is: 'time'; readonly t_s: number };

/** What is fixed for one alarm. */
export interface LifeRules {
  /** It acts on the run (hold, stop, trip): it latches, and cannot be shelved, for what acts is always shown. */
  readonly acts: boolean;
  /** Longest that it may be shelved for, s. */
  readonly shelve_s: number;
}

/** What follows. The same object where nothing changes. */
export function lifeAfter(life: Life, input: LifeInput, rules: LifeRules): Life {
  switch (input.is) {
    case 'raised':
      return raised(life, input.t_s, input.isFirstOut);
    case 'cleared':
      return cleared(life, input, rules);
    case 'acknowledged':
      return acknowledged(life, input.t_s, input.by);
    case 'shelved': {
      const { t_s, for_s, by, reason } = input;
      if (refusalToShelve(input, rules) !== undefined) return life;
      return { ...life, shelved: { by, reason, until_s: t_s + for_s } };
    }
    case 'unshelved':
      return life.shelved === null ? life : { ...life, shelved: null };
    case 'time':
      return life.shelved !== null && input.t_s >= life.shelved.until_s ? { ...life, shelved: null } : life;
  }
}

/** A new occurrence, whoever acknowledged the last one. */
function raised(life: Life, t_s: number, isFirstOut: boolean): Life {
  if (isPresent(life)) return life;
  const { count, shelved, kept } = life;
  const first = life.is === 'latched' && kept !== undefined ? { kept } : {};
  return { ...NORMAL, is: 'unacknowledged', on_s: t_s, count: count + 1, isFirstOut, ...first, shelved };
}

type Cleared = Extract<LifeInput, { is: 'cleared' }>;

function cleared(life: Life, { t_s, peak: figure, text = '' }: Cleared, { acts }: LifeRules): Life {
  if (!isPresent(life)) return life;
  const peak = Number.isFinite(figure) ? figure : null;
  const { kept, ...rest } = life;
  const gone = { ...rest, off_s: t_s, peak };
  if (life.is === 'acknowledged') return { ...gone, is: 'normal' };
  if (acts && life.isFirstOut) {
    const { on_s, text: said } = kept ?? { on_s: life.on_s ?? t_s, text };
    return { ...gone, is: 'latched', kept: { on_s, text: said, peak: farther(kept?.peak ?? null, peak) } };
  }
  if (acts) return { ...gone, is: 'latched' };
  // Whoever shelved it did not want to hear of it.
  return { ...gone, is: life.shelved === null ? 'returned' : 'normal' };
}

function acknowledged(life: Life, t_s: number, by: string): Life {
  if (life.is === 'normal' || life.is === 'acknowledged') return life;
  const is = life.is === 'unacknowledged' ? 'acknowledged' : 'normal';
  return { ...life, is, acknowledged_s: t_s, acknowledgedBy: by };
}

/** The figure farther on the bad side; null: neither is usable. */
export function farther(one: number | null, other: number | null): number | null {
  const found = Math.max(one ?? Number.NEGATIVE_INFINITY, other ?? Number.NEGATIVE_INFINITY);
  return Number.isFinite(found) ? found : null;
}

/** Its cause is present. */
export function isPresent({ is }: Life): boolean {
  return is === 'unacknowledged' || is === 'acknowledged';
}

/** Why it cannot be shelved like that; undefined: it can. */
export function refusalToShelve(
  { for_s, by, reason }: { readonly for_s: number; readonly by: string; readonly reason: string },
  { acts, shelve_s }: LifeRules,
  id = '',
): Said | undefined {
  if (acts) return say('acts', { id });
  if (!(for_s > 0)) return say('noTime', { id, for_s });
  if (for_s > shelve_s) return say('tooLong', { id, for_s, most_s: shelve_s });
  if (by.trim() === '') return say('byNobody', { id });
  if (reason.trim() === '') return say('withoutReason', { id });
  return undefined;
}

/** As a list of alarms calls it. `isArmed`: its limit counts in the present step. */
export function stateOf(life: Life, isArmed: boolean): AlarmState {
  if (life.shelved !== null) return 'shelved';
  if (life.is === 'normal' && !isArmed) return 'suppressed';
  return life.is;
}
