import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';

/** Words of the test language that several step kinds use. Units are the last part of each key. */

/** Any number. */
export const number = z.number({ error: 'expected a number' });
/** A number above 0. */
export const positive = number.refine(v => v > 0, 'expected a number > 0');
/** 0 or more. */
export const notNegative = number.refine(v => v >= 0, 'expected a number >= 0');
/** Longest single step: 10,000 h, so that a slip of the pen (ms for s) is seen. */
const LONGEST_S = 3.6e7;
/** The time by which a step has ended, s. */
export const end_s = z
  .number({ error: 'expected the time after which this step ends, in s (every step must end by itself)' })
  .refine(v => v > 0 && v <= LONGEST_S, `expected a time > 0 and <= ${LONGEST_S} s`);
/** A role with its unit. */
export const role = z
  .string({ error: 'expected a role with its unit, e.g. "stack.current_A"' })
  .refine(name => /^[a-z][A-Za-z0-9]*\./.test(name) && unitOf(name) !== undefined, {
    error: 'expected a role with its unit, e.g. "stack.current_A" (units: drivers/contract/units.ts)',
  });
/** `{ role: value, ... }`. */
export const values = z
  .record(role, number)
  .refine(v => Object.keys(v).length > 0, 'expected at least one "role: value"');
/** What happens when a bounded step runs out of time without its condition. */
export const onTimeout = z.enum(['continue', 'stop', 'trip']);
/** What happens when a bounded step runs out of time without its condition. */
export type OnTimeout = z.output<typeof onTimeout>;

/** The set current of a stack: what `load` and the set point of a point go by. */
export const CURRENT_SET = 'stack.currentSet_A';
/** The DC output of a stack. */
export const OUTPUT_SET = 'stack.outputSet_on';

/** A duration as people read it: 7.5, not 7.499999999. */
export function shown(value: number): number {
  return Number(value.toPrecision(6));
}
