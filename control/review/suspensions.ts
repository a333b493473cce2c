import { z } from 'zod';
import type { RecordedEvent } from '../record/recorded-events.ts';
import { clockText, durationWords } from '../words.ts';
import type { Timeline } from './timeline.ts';

/** The suspensions of a run: what led to each, how long it lasted, how it ended. */

const figure = z.number();
/** One suspension by one cause; run time, s. */
export const suspensionSchema = z.strictObject({
  /** The interlock, or the line of the limit. */
  id: z.string(),
  of: z.enum(['interlock', 'limit']),
  /** The how manyth of this cause in the run, and how many there may be. */
  nth: z.number().int(),
  at_most: z.number().int(),
  phase: z.string(),
  step: z.string(),
  from_s: figure,
  lasted_s: figure,
  /** `recovered`: the run went on; `ended`: it ended meanwhile. */
  how: z.enum(['recovered', 'ended']),
});
/** One suspension by one cause. */
export type SuspensionLife = Readonly<z.infer<typeof suspensionSchema>>;

/** All of them in the order in which they began. */
export function suspensionsOf(events: readonly RecordedEvent[], timeline: Timeline): SuspensionLife[] {
  const lives: { -readonly [K in keyof SuspensionLife]: SuspensionLife[K] }[] = [];
  const open = new Set<(typeof lives)[number]>();
  for (const event of events) {
    if (event.kind === 'suspended') {
      const { id, of, nth, at_most } = event.data;
      const { phase, step } = timeline.of(event);
      const life = {
        id,
        of,
        nth,
        at_most,
        phase,
        step,
        from_s: event.t_s,
        lasted_s: 0,
        how: 'ended' as const,
      };
      lives.push(life);
      open.add(lives[lives.length - 1]);
    } else if (event.kind === 'recovered') {
      for (const life of open) {
        if (life.id !== event.data.id) continue;
        life.how = 'recovered';
        life.lasted_s = event.t_s - life.from_s;
        open.delete(life);
      }
    } else if (event.kind === 'end') {
      for (const life of open) life.lasted_s = event.t_s - life.from_s;
      open.clear();
    }
  }
  return lives;
}

/** `Suspended 2 times, 340 s in all: by stack-hot (2 of at most 3)`; empty where it never was. */
export function suspensionsText(lives: readonly SuspensionLife[]): string {
  if (lives.length === 0) return '';
  const all_s = lives.reduce((sum, { lasted_s }) => sum + lasted_s, 0);
  const causes = [...new Set(lives.map(({ id }) => id))].map(id => {
    const own = lives.filter(life => life.id === id);
    return `${id} (${own.length} of at most ${own[0].at_most}, first at ${clockText(own[0].from_s)} h)`;
  });
  const often = lives.length === 1 ? 'once' : `${lives.length} times`;
  return `Suspended ${often}, ${durationWords(all_s)} in all: by ${causes.join(', ')}`;
}
