import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import type { Timeline } from './timeline.ts';

/** What instruments did not give although it was asked of them, and what they may not have measured. */

const figure = z.number();
const whole = z.number().int().min(0);

/** A step whose output stayed away from what it asks, in the unit of its role; of several runs of it the longest. */
export const shortStepSchema = z.strictObject({
  phase: z.string(),
  step: z.string(),
  role: z.string(),
  unit: z.string(),
  asked: figure,
  /** The value furthest from it. */
  shown: figure,
  from_s: figure,
  away_s: figure,
  count: whole,
});
export type ShortStep = z.infer<typeof shortStepSchema>;

/**
 * A reading that repeated itself to the last digit, the first of `count`: a voltage while so much charge flowed or the current
 * moved, or a gauge that was noisy before, with at most `usual_readings` equal ones.
 */
export const sameFigureSchema = z.strictObject({
  role: z.string(),
  unit: z.string(),
  value: figure,
  at: z.strictObject({ t_s: figure, phase: z.string(), step: z.string() }),
  readings: whole,
  charge_Ah: figure.optional(),
  moved_A: figure.optional(),
  usual_readings: whole.optional(),
  count: whole,
});
export type SameFigure = z.infer<typeof sameFigureSchema>;

/** A spectrum or a voltammogram that is not whole: given up, failed, or with points that did not come or are bad. */
export const incompleteSchema = z.strictObject({
  kind: z.enum(['spectrum', 'voltammogram']),
  name: z.string(),
  from_s: figure,
  points: whole,
  asked: whole,
  reason: z.string(),
});
export type Incomplete = z.infer<typeof incompleteSchema>;

/** Those of a record, in the order of their ends. */
export function incompleteOnes(events: readonly RecordedEvent[]): Incomplete[] {
  return events.flatMap(({ kind, data }) => {
    if ((kind !== 'spectrum' && kind !== 'voltammogram') || data.whole) return [];
    const { name, start_s, points, asked, reason } = data;
    return [{ kind, name, from_s: start_s, points, asked, reason }];
  });
}

/** Steps whose output stayed away from what they ask: one entry for a step and a role, however often it ran. */
export function shortSteps(events: readonly RecordedEvent[], timeline: Timeline): ShortStep[] {
  const told = eventsOf(events, 'short');
  // What is told at the end of a step has it all, what is told as it begins holds where no end came.
  const whole = new Map(
    told.map(event => [`${event.data.role} ${event.data.from_s} ${event.data.step}`, event]),
  );
  const found = new Map<string, ShortStep>();
  for (const event of whole.values()) {
    const { step, role, asked, shown, from_s, away_s } = event.data;
    // It is told in its step, which may have begun with the phase.
    const { phase } = timeline.of(event);
    const key = JSON.stringify([phase, step, role]);
    const before = found.get(key);
    const one = { phase, step, role, unit: unitOf(role) ?? '', asked, shown, from_s, away_s };
    found.set(key, {
      ...(before === undefined || before.away_s < away_s ? one : before),
      count: (before?.count ?? 0) + 1,
    });
  }
  return [...found.values()];
}

/** Readings that repeated themselves to the last digit; of each role the first. */
export function sameFigures(events: readonly RecordedEvent[], timeline: Timeline): SameFigure[] {
  const found = new Map<string, SameFigure>();
  for (const { data } of eventsOf(events, 'sameFigure')) {
    const { role, from_s, ...shown } = data;
    const before = found.get(role);
    if (before !== undefined) found.set(role, { ...before, count: before.count + 1 });
    else {
      const at = timeline.at(from_s);
      found.set(role, { role, unit: unitOf(role) ?? '', at, ...shown, count: 1 });
    }
  }
  return [...found.values()];
}
