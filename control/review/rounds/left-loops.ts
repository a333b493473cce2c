import { z } from 'zod';
import { leavingText } from '../../../profiles/recorded-round.ts';
import { EVENT_DATA } from '../../record/events.ts';
import { eventsOf, type RecordedEvent } from '../../record/recorded-events.ts';

/** Loops that something led out of before their last round was through: values that somebody may look for were not measured. */

/** A loop and what led out of it, the first of `count` times. */
export const leftLoopSchema = z.strictObject({
  ...EVENT_DATA.roundsLeft.shape,
  t_s: z.number(),
  count: z.number().int(),
});
export type LeftLoop = z.infer<typeof leftLoopSchema>;

/** Those of a record: one entry for a loop and what led out of it, however often. */
export function leftLoops(events: readonly RecordedEvent[]): LeftLoop[] {
  const found = new Map<string, LeftLoop>();
  for (const { t_s, data } of eventsOf(events, 'roundsLeft')) {
    const key = JSON.stringify([data.where, data.kind, data.by, data.reason]);
    const before = found.get(key);
    found.set(
      key,
      before === undefined ? { ...data, t_s, count: 1 } : { ...before, count: before.count + 1 },
    );
  }
  return [...found.values()];
}

/**
 * What a person must know before the night: of an `each` a value that it lists is missing, of a deadline something was too
 * slow. A `repeat` has its number as a most, and an `each` may say itself when it has enough: that is worth a note.
 */
export const isMissed = ({ loop, kind }: LeftLoop): boolean =>
  kind === 'deadline' || (loop === 'each' && kind !== 'until' && kind !== 'time');

/** In one sentence, of all times that it was. */
export const leftLoopText = (left: LeftLoop): string =>
  `${leavingText(left)}${left.count === 1 ? '' : ` (the first of ${left.count} times)`}`;
