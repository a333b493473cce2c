import { z } from 'zod';
import type { StepEndKind } from '../../profiles/steps/step.ts';
import type { CauseBy } from '../contract/cause.ts';
import type { JournalEvent } from './events.ts';

/** Words that stand in the data of events. */

/** One of these words, each named once; the compiler sees to it that none is missing. */
function oneOf<T extends string>(all: Readonly<Record<T, true>>): z.ZodType<T, T> {
  return z.custom<T>(value => typeof value === 'string' && Object.hasOwn(all, value));
}

/** How a step ended. */
export const stepEnd = oneOf<StepEndKind>({
  applied: true,
  reached: true,
  time: true,
  condition: true,
  timeout: true,
  skipped: true,
  refused: true,
  failed: true,
});

const causeBy = oneOf<CauseBy>({
  procedure: true,
  person: true,
  signal: true,
  interlock: true,
  step: true,
  'set-point': true,
  watchdog: true,
  start: true,
  record: true,
  rehearsal: true,
  guard: true,
  self: true,
});

/** What ended a run, as data. */
export const causeSchema = z.object({ by: causeBy, id: z.string(), because: z.string().exactOptional() });

/** These come by the dozen and stand in the journal; the page shows what a person acts on. */
export const NOT_SHOWN: readonly JournalEvent['kind'][] = [
  'point',
  'phaseEnd',
  'tags',
  'callReturned',
  'roundValues',
];
