import { z } from 'zod';
import { title } from '../../../drivers/contract/title.ts';

/**
 * A method file of version 1, as far as it takes to write it anew. What its values may be was checked when it ran; here
 * only the shape is, so that nothing is read wrongly.
 */

const number = z.number({ error: 'expected a number' });
const role = z
  .string({ error: 'expected a role with its unit, e.g. "stack.current_A"' })
  .regex(/^[a-z][A-Za-z0-9]*\.[A-Za-z0-9_]+$/, 'expected a role with its unit, e.g. "stack.current_A"');
const sets = z.record(role, number);
const after = z.enum(['continue', 'stop', 'trip']);

const compare = z.strictObject({
  role,
  is: z.enum(['>', '<', '>=', '<=']),
  limit: number,
  for_s: number.default(0),
});
const steady = z.strictObject({ role, stableBand: number, over_s: number });
const condition = z.union([compare, steady]);
const conditions = z.array(condition).min(1);

const pressure = z.strictObject({
  to_barg: number,
  rate_bar_per_min: number,
  holdEvery_bar: number.default(0),
  hold_s: number.default(0),
  h2InO2Gate_vol_pct: number,
  minCurrentPerBar_A: number,
  timeout_s: number,
  onTimeout: after,
  setRole: role.default('cathode.pressureSet_barg'),
  pressureRole: role.default('cathode.pressure_barg'),
  h2InO2Role: role.default('o2.h2_vol_pct'),
  currentRole: role.default('stack.current_A'),
});

/** What each kind of step says. */
export const OLD_KINDS = {
  hold: z.strictObject({
    for_s: number,
    set: sets.optional(),
    until: conditions.optional(),
    onTimeout: after.default('continue'),
    average_s: number.optional(),
  }),
  ramp: z.strictObject({
    role,
    to: number,
    rate_per_s: number.optional(),
    rate_per_min: number.optional(),
    timeout_s: number.optional(),
  }),
  set: sets,
  waitUntil: z.strictObject({ all: conditions, timeout_s: number, onTimeout: after }),
  follow: z.strictObject({
    source: z.string().min(1),
    for_s: number,
    setRole: role.default('stack.currentSet_A'),
    voltageRole: role.default('stack.voltage_V'),
    powerRole: role.default('stack.power_W'),
    scale_kW: number,
    currentNominal_A: number,
    voltageNominal_V: number,
    minLoad_frac: number,
    restart_frac: number,
    maxLoad_frac: number,
    ramp_frac_per_s: number,
    onStandby: sets.default({}),
    onRestart: sets.default({}),
  }),
  sweep: z.strictObject({
    role,
    values: z.array(number).min(1),
    rate_per_s: number,
    dwell_s: number,
    average_s: number,
    leg: z.enum(['up', 'down', 'single']),
    stopAbove: z.strictObject({ role, limit: number }).optional(),
    minCurrentPerBar_A: number.default(0),
  }),
  pressurise: pressure,
  depressurise: pressure,
  purge: z.strictObject({
    for_s: number,
    set: sets,
    until: conditions.optional(),
    extra_s: number.default(600),
    onTimeout: after.default('stop'),
  }),
} as const;

type OldKinds = typeof OLD_KINDS;
/** A kind of step of version 1. */
export type OldKind = keyof OldKinds;
/** What a step of a kind says, defaults filled in. */
export type OldOwn<K extends OldKind> = z.output<OldKinds[K]>;
/** `{ role, is, limit, for_s }` or `{ role, stableBand, over_s }`. */
export type OldCondition = z.output<typeof condition>;
/** What came after a bound without its condition. */
export type OldAfter = z.output<typeof after>;

const plainStep = z.strictObject({
  name: z.string().min(1).optional(),
  tags: z.array(z.string()).optional(),
  hold: OLD_KINDS.hold.optional(),
  ramp: OLD_KINDS.ramp.optional(),
  set: OLD_KINDS.set.optional(),
  waitUntil: OLD_KINDS.waitUntil.optional(),
  follow: OLD_KINDS.follow.optional(),
  sweep: OLD_KINDS.sweep.optional(),
  pressurise: OLD_KINDS.pressurise.optional(),
  depressurise: OLD_KINDS.depressurise.optional(),
  purge: OLD_KINDS.purge.optional(),
  call: z
    .strictObject({ method: z.string().min(1), with: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
});

/** A step of version 1. */
export interface OldStep extends z.output<typeof plainStep> {
  repeat?: { times: number; steps: OldStep[] } | undefined;
}

const KEYS = [...(Object.keys(OLD_KINDS) as OldKind[]), 'repeat', 'call'] as const;

const step: z.ZodType<OldStep> = z
  .strictObject({
    ...plainStep.shape,
    repeat: z.strictObject({ times: z.int().min(1), steps: z.array(z.lazy(() => step)).min(1) }).optional(),
  })
  .refine(s => KEYS.filter(key => s[key] !== undefined).length === 1, {
    error: `expected exactly one of ${KEYS.join(', ')} in a step`,
  });

/** A method file of version 1. */
export const oldFileSchema = z.strictObject({
  method: title,
  version: z.literal(1, { error: 'expected 1: only methods of version 1 are migrated' }),
  description: z.string().optional(),
  data: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  phases: z.array(z.strictObject({ name: z.string(), steps: z.array(step).min(1) })).min(1),
  finally: z.array(step).min(1),
});

/** See `oldFileSchema`. */
export type OldFile = z.output<typeof oldFileSchema>;
