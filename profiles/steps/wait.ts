import { z } from 'zod';
import { ended, hasLasted, timedOut } from './ask.ts';
import {
  type Condition,
  compiled,
  conditions,
  holds,
  isTrueOf,
  type StepCondition,
  shortened,
  textOf,
  UNWATCHED,
  watch,
  watchedSchema,
} from './conditions.ts';
import { defineKind, type Labelled, type Layout, type Op } from './define.ts';
import { figure } from './saved.ts';
import { laySet } from './set.ts';
import { CURRENT_SET, end_s, type OnTimeout, onTimeout, positive, shown, values } from './words.ts';

/** Waits for_s at most; ends early when all conditions hold. No conditions = a plain hold. */
export interface WaitInstruction extends Labelled {
  readonly op: 'wait';
  readonly for_s: number;
  readonly until: readonly Condition[];
  readonly onTimeout: OnTimeout;
}

/** `hold: { for_s, set?, until?, average_s? }`. */
export const holdKind = defineKind({
  schema: z
    .strictObject({
      for_s: end_s,
      set: values.optional(),
      until: conditions.optional(),
      onTimeout: onTimeout.default('continue'),
      /** The last average_s are recorded as a point that the evaluation finds again. */
      average_s: positive.optional(),
    })
    .refine(h => h.average_s === undefined || h.until === undefined, 'expected average_s or until, not both')
    .refine(h => h.average_s === undefined || h.average_s <= h.for_s, 'expected average_s <= for_s'),
  lay(own, layout) {
    const { for_s, average_s } = own;
    if (own.set !== undefined) laySet(layout, own.set);
    if (average_s === undefined) {
      layWait(layout, for_s, own.until ?? [], own.onTimeout, `hold ${for_s} s`);
      return;
    }
    const setpoint = layout.settingOf(CURRENT_SET)?.[1] ?? 0;
    const point = { op: 'point', leg: 'single', setpoint, dwell_s: for_s, average_s } as const;
    layout.emit({ ...point, stopAbove: null, minCurrentPerBar_A: 0 }, `hold ${for_s} s`);
    layout.plan(for_s);
  },
});

/** `waitUntil: { all, timeout_s, onTimeout }`. */
export const waitUntilKind = defineKind({
  schema: z.strictObject({ all: conditions, timeout_s: end_s, onTimeout }),
  lay(own, layout) {
    const label = `wait until ${own.all.map(c => c.role).join(', ')}`;
    layWait(layout, own.timeout_s, own.all, own.onTimeout, label);
  },
});

/** `purge: { for_s, set, until?, extra_s? }`: opens, waits, closes what it opened. */
export const purgeKind = defineKind({
  schema: z.strictObject({
    /** The valves stay open this long. */
    for_s: end_s,
    /** Set at the start (1 = open); everything set to something else than 0 goes back to 0 afterwards. */
    set: values,
    /** After for_s: wait on with the valves open until all hold, extra_s at most. */
    until: conditions.optional(),
    extra_s: positive.default(600),
    onTimeout: onTimeout.default('stop'),
  }),
  isCompound: true,
  lay(own, layout) {
    const { for_s, set: open, until } = own;
    laySet(layout, open);
    layWait(layout, for_s, [], 'continue', `purge ${for_s} s`);
    if (until !== undefined) layWait(layout, own.extra_s, until, own.onTimeout, 'purge until clean');
    const closed = Object.keys(open).filter(role => open[role] !== 0);
    laySet(layout, Object.fromEntries(closed.map(role => [role, 0])));
  },
});

function layWait(
  layout: Layout,
  for_s: number,
  until: readonly StepCondition[],
  onTimeout: OnTimeout,
  label: string,
): void {
  layout.emit({ op: 'wait', for_s, until: until.map(compiled), onTimeout }, label);
  layout.plan(until.length === 0 ? for_s : Math.min(for_s, expectedWait_s(for_s, until)));
}

/** How long a wait for conditions will probably take: the longest time that one must hold, and a quarter of the bound. */
function expectedWait_s(for_s: number, until: readonly StepCondition[]): number {
  const held_s = until.map(c => ('stableBand' in c ? c.over_s : c.for_s));
  return Math.max(...held_s) + for_s / 4;
}

const saved = z.strictObject({
  watched: z.array(watchedSchema),
  /** Run time at which the step began, s. */
  begin_s: figure,
  /** All that it waits for held before it began, and has never been seen not to hold. */
  wasMet: z.boolean(),
});

/** See `WaitInstruction`. */
export const waitOp: Op<WaitInstruction> = {
  endings: ['time', 'condition', 'timeout'],
  sets: () => [],
  reads: i => i.until.map(c => c.role),
  shorten: (i, k, guard) => ({
    ...i,
    // A wait for a state that must come is guarded; one that may end without it is a duration.
    for_s: i.until.length > 0 && i.onTimeout !== 'continue' ? guard(i.for_s) : i.for_s / k,
    until: i.until.map(c => shortened(c, k)),
  }),
  open(instruction, env, json) {
    const { until, for_s, onTimeout } = instruction;
    let { watched, begin_s, wasMet } =
      json === undefined
        ? {
            watched: until.map(() => UNWATCHED),
            begin_s: null,
            wasMet: until.length > 0 && until.every(c => isTrueOf(c, env.value(c.role))),
          }
        : saved.parse(json);
    if (until.length === 0) {
      return {
        due_s: () => for_s,
        tick: ({ elapsed_s }) => (hasLasted(elapsed_s, for_s) ? ended('time', 'time') : undefined),
        state: () => ({ watched, begin_s, wasMet }),
      };
    }
    return {
      due_s: () => for_s,
      tick(tick) {
        const { t_s, elapsed_s } = tick;
        const since_s = begin_s ?? t_s;
        begin_s = since_s;
        let met = true;
        // Every condition sees every tick: they keep their own time. What was read before the step began, perhaps
        // before its set point was applied, says nothing about it.
        watched = until.map((condition, i) => {
          const last = tick.isAfterHold ? UNWATCHED : watched[i];
          const { role } = condition;
          const isNew = env.arrived_s(role) > since_s;
          const now = watch(condition, last, elapsed_s, isNew ? env.value(role) : Number.NaN);
          if (isNew && now.since_s === null) wasMet = false;
          met = holds(condition, now, elapsed_s) && met;
          return now;
        });
        if (met) return { ...ended('condition', until.map(textOf).join(' and ')), wasMet };
        if (!hasLasted(elapsed_s, for_s)) return undefined;
        const without = until.map(textOf).join(' and ');
        return timedOut(`time-out after ${shown(for_s)} s without ${without}`, onTimeout);
      },
      state: () => ({ watched: watched.map(w => ({ ...w })), begin_s, wasMet }),
    };
  },
};
