import { z } from 'zod';
import type { InterlockSpec } from '../../bench/bench.ts';
import { FLOOD_ALARM, PRIORITY_OF, type Priority } from '../../contract/alarm.ts';
import { kindOf } from '../../kinds/interlocks/index.ts';
import { Chatter, chatterSchema } from './chatter.ts';
import { type Life, type LifeRules, lifeSchema, NORMAL } from './life.ts';

/** What is remembered of one alarm, JSON. */
export const savedEntry = z.strictObject({ life: lifeSchema, chatter: chatterSchema });
export type SavedEntry = z.infer<typeof savedEntry>;

/** One alarm of a bench with its life. */
export interface Entry {
  readonly id: string;
  readonly reaction: InterlockSpec['reaction'];
  readonly priority: Priority;
  readonly rules: LifeRules;
  readonly unit: string;
  /** Its probe counts down: a figure is shown with the other sign. */
  readonly isBelow: boolean;
  readonly chatter: Chatter;
  life: Life;
}

/** The entry of an interlock; `saved`: as it is remembered. */
export function entryOf(spec: InterlockSpec, shelve_s: number, saved: SavedEntry | undefined): Entry {
  const { unit, trips } = kindOf(spec).rehearsed(spec);
  const { id, reaction } = spec;
  return {
    id,
    reaction,
    priority: priorityOf(spec),
    rules: { acts: reaction !== 'warn', shelve_s },
    unit,
    isBelow: trips === '<',
    chatter: new Chatter(saved?.chatter),
    life: saved?.life ?? NORMAL,
  };
}

/** How urgent an alarm of this interlock is: as the bench file says, else by its consequence. */
export function priorityOf({ priority, reaction }: InterlockSpec): Priority {
  return priority ?? PRIORITY_OF[reaction];
}

/** The alarm that says that there are too many. */
export function floodEntry(shelve_s: number, saved: SavedEntry | undefined): Entry {
  return {
    id: FLOOD_ALARM,
    reaction: 'warn',
    priority: 'medium',
    rules: { acts: false, shelve_s },
    unit: 'alarms',
    isBelow: false,
    chatter: new Chatter(saved?.chatter),
    life: saved?.life ?? NORMAL,
  };
}

/** The value that a figure of its probe stands for; null: nothing usable. */
export function shownFigure({ isBelow }: Pick<Entry, 'isBelow'>, figure: number | null): number | null {
  if (figure === null || !Number.isFinite(figure)) return null;
  return isBelow ? -figure : figure;
}
