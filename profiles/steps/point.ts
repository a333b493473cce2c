import { z } from 'zod';
import { ended, hasLasted } from './ask.ts';
import { defineKind, type Labelled, type Op } from './define.ts';
import { layRamp } from './ramp.ts';
import { figure } from './saved.ts';
import type { StepEnd, StepEnv } from './step.ts';
import { end_s, notNegative, number, positive, role } from './words.ts';

/** A point of a sweep: dwells, then the average of the last average_s is a point of the curve. */
export interface PointInstruction extends Labelled {
  readonly op: 'point';
  readonly leg: 'up' | 'down' | 'single';
  readonly setpoint: number;
  readonly dwell_s: number;
  readonly average_s: number;
  /** Ends the sweep leg early when this role goes over the limit (e.g. mean cell voltage). */
  readonly stopAbove: { readonly role: string; readonly limit: number } | null;
  /** Where the run goes on when `stopAbove` ends the leg: the first instruction after the leg. */
  readonly legEnd?: number;
  /** Skip the point while H2 in O2 would be unsafe: needs current >= minCurrentPerBar_A * absolute bar. */
  readonly minCurrentPerBar_A: number;
}

/** `sweep: { role, values, rate_per_s, dwell_s, average_s, leg }`: ramps and points. */
export const sweepKind = defineKind({
  schema: z
    .strictObject({
      role,
      values: z.array(number).min(1).max(1000),
      rate_per_s: positive,
      dwell_s: end_s,
      average_s: positive,
      leg: z.enum(['up', 'down', 'single']),
      /** The leg ends early when this role goes over the limit. */
      stopAbove: z.strictObject({ role, limit: number }).optional(),
      minCurrentPerBar_A: notNegative.default(0),
    })
    .refine(s => s.average_s <= s.dwell_s, 'expected average_s <= dwell_s'),
  isCompound: true,
  lay(own, layout) {
    const { role, rate_per_s, dwell_s, average_s, leg, minCurrentPerBar_A } = own;
    const legEnd = layout.at + 2 * own.values.length;
    for (const value of own.values) {
      layRamp(layout, { role, to: value, rate_per_s });
      const point = { op: 'point', leg, setpoint: value, dwell_s, average_s, minCurrentPerBar_A } as const;
      layout.emit({ ...point, stopAbove: own.stopAbove ?? null, legEnd }, `point ${leg} ${value}`);
      layout.plan(dwell_s);
    }
  },
});

/** Where the pressure of i_min(p) is read. */
const PRESSURE = 'cathode.pressure_barg';
const ATMOSPHERE_BAR = 1.01325;

const saved = z.strictObject({ unbroken_s: z.number(), begin_s: figure });

/** See `PointInstruction`. */
export const pointOp: Op<PointInstruction> = {
  endings: ['time', 'skipped'],
  sets: () => [],
  reads: i => [
    ...(i.stopAbove === null ? [] : [i.stopAbove.role]),
    ...(i.minCurrentPerBar_A > 0 ? [PRESSURE] : []),
  ],
  shorten: (i, k) => ({ ...i, dwell_s: i.dwell_s / k, average_s: i.average_s / k }),
  sweepEnd: i => i.legEnd,
  open(instruction, env, json) {
    const { leg, setpoint, dwell_s, average_s } = instruction;
    /**
     * `unbroken_s`: elapsed step time since which nothing has stood still: the window must lie behind it. `begin_s`: run
     * time at which the point began.
     */
    const state = json === undefined ? { unbroken_s: 0, begin_s: null } : saved.parse(json);
    const due_s = (): number => Math.max(dwell_s, state.unbroken_s + average_s);
    return {
      due_s,
      tick(tick) {
        const { t_s, elapsed_s } = tick;
        state.begin_s ??= t_s;
        const left = leftOut(instruction, env, state.begin_s);
        if (left !== undefined) return left;
        if (tick.isAfterHold) state.unbroken_s = elapsed_s;
        if (!hasLasted(elapsed_s, due_s())) return undefined;
        const data = { leg, setpoint, from_s: t_s - average_s, to_s: t_s };
        env.note(t_s, { kind: 'point', data }, `${leg} ${setpoint}`);
        return ended('time', 'time');
      },
      state: () => ({ ...state }),
    };
  },
};

/** Why the point cannot be measured; undefined: it can. What was read before the point began tells nothing of it. */
function leftOut(instruction: PointInstruction, env: StepEnv, begin_s: number): StepEnd | undefined {
  const { minCurrentPerBar_A, setpoint, stopAbove } = instruction;
  if (minCurrentPerBar_A > 0) {
    // i_min(p): below it the oxygen made no longer dilutes the permeated hydrogen.
    const least_A = minCurrentPerBar_A * (env.value(PRESSURE) + ATMOSPHERE_BAR);
    // Two parts in a hundred for sensors and set point; NaN fails.
    if (!(setpoint >= 0.98 * least_A)) {
      return ended('skipped', `skipped: below i_min(p) = ${least_A.toFixed(0)} A`);
    }
  }
  if (stopAbove === null || !(env.arrived_s(stopAbove.role) > begin_s)) return undefined;
  const value = env.value(stopAbove.role);
  if (!(value > stopAbove.limit)) return undefined;
  const reason = `${stopAbove.role} = ${value.toPrecision(5)} > ${stopAbove.limit}: rest of the leg skipped`;
  return { kind: 'skipped', reason, leadsTo: 'skipSweep' };
}
