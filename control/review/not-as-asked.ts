import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import { rowGapsSchema } from './lost/row-gaps.ts';
import { rowsLostSchema } from './lost/rows-lost.ts';
import { unreadSchema } from './lost/unread.ts';
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

/**
 * A step that held a potential by software; of several runs or stretches of it the worst figures, in the unit of the role:
 * root mean square since it was there, and furthest beyond, seen from where it came. Null: it never was there.
 */
export const controlledSchema = z.strictObject({
  phase: z.string(),
  step: z.string(),
  role: z.string(),
  unit: z.string(),
  target: figure,
  /** What counts as held. */
  within: figure,
  rms: figure.nullable(),
  beyond: figure.nullable(),
  readings: whole,
  count: whole,
});
export type Controlled = z.infer<typeof controlledSchema>;

/**
 * A step that lasted longer or shorter than its `for_` by more than is allowed (by `exact_`, or half a second and 2 %), s of
 * the method, because its set points and the next ones were applied differently late; of several runs of it the worst.
 */
export const inexactStepSchema = z.strictObject({
  phase: z.string(),
  step: z.string(),
  asked_s: figure,
  lasted_s: figure,
  allowed_s: figure,
  count: whole,
});
export type InexactStep = z.infer<typeof inexactStepSchema>;

/** Keys of `result.json` for all of it. Absent: nothing was found, or nobody looked. */
export const notAsAskedKeys = {
  /** What was asked of the output and did not come, what may be no reading, and what is not whole. */
  shortSteps: z.array(shortStepSchema.readonly()).readonly().optional(),
  sameFigures: z.array(sameFigureSchema.readonly()).readonly().optional(),
  /** Steps that did not last as long as was asked. */
  inexactSteps: z.array(inexactStepSchema.readonly()).readonly().optional(),
  incomplete: z.array(incompleteSchema.readonly()).readonly().optional(),
  /** Instruments without a usable reading for a good part of the run. */
  unread: z.array(unreadSchema.readonly()).readonly().optional(),
  /** Potentials that software held, and how well. */
  controlled: z.array(controlledSchema.readonly()).readonly().optional(),
  /** Instruments without rows up to a cut: what waited in memory went with the program. */
  rowsLost: z.array(rowsLostSchema.readonly()).readonly().optional(),
  /** Instruments without a row for longer than a reading is good for: over a cut, or while their line was gone. */
  rowGaps: z.array(rowGapsSchema.readonly()).readonly().optional(),
};

/** Steps that held a potential by software; of records that say what counts as held. */
export function controlledSteps(events: readonly RecordedEvent[], timeline: Timeline): Controlled[] {
  const found = new Map<string, Controlled>();
  for (const event of eventsOf(events, 'controlled')) {
    const { step, within, role, target, rms, beyond, readings } = event.data;
    if (step === undefined || within === undefined) continue;
    const { phase } = timeline.of(event);
    const key = JSON.stringify([phase, step, role, target]);
    const before = found.get(key);
    found.set(key, {
      ...{ phase, step, role, unit: unitOf(role) ?? '', target, within },
      rms: worse(before?.rms, rms),
      beyond: worse(before?.beyond, beyond),
      readings: (before?.readings ?? 0) + readings,
      count: (before?.count ?? 0) + 1,
    });
  }
  return [...found.values()];
}

function worse(a: number | null | undefined, b: number | null): number | null {
  return a === null || a === undefined ? b : b === null ? a : Math.max(a, b);
}

/** It was not held as the bench file says that it is: beyond by more, or away by more in the mean. */
export function isNotHeld({ within, rms, beyond }: Controlled): boolean {
  return (beyond ?? 0) > within || (rms ?? 0) > within;
}

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

/** Steps that lasted longer or shorter than was asked: one entry for a step and what it asks, however often it ran. */
export function inexactSteps(events: readonly RecordedEvent[], timeline: Timeline): InexactStep[] {
  const found = new Map<string, InexactStep>();
  for (const event of eventsOf(events, 'inexact')) {
    const { step, asked_s, lasted_s, allowed_s } = event.data;
    const { phase } = timeline.of(event);
    const key = JSON.stringify([phase, step, asked_s]);
    const before = found.get(key);
    const isWorse =
      before === undefined || Math.abs(lasted_s - asked_s) > Math.abs(before.lasted_s - before.asked_s);
    found.set(key, {
      ...(isWorse ? { phase, step, asked_s, lasted_s, allowed_s } : before),
      count: (before?.count ?? 0) + 1,
    });
  }
  return [...found.values()];
}
