import { unitOf } from '../../../drivers/contract/units.ts';
import type { OldAfter, OldCondition } from './old-file.ts';

/** A step of version 2 as it will stand in the file: keys in their order. */
export type NewStep = Record<string, unknown>;

/** The name that version 2 drives a set point by: of `stack.currentSet_A` it is `stack.current_A`. */
export function drivenName(role: string): string {
  return role.replace(/Set_([A-Za-z0-9_]+)$/, '_$1');
}

/** A value as it is written: what is on or off in words. */
export function writtenValue(role: string, value: number): unknown {
  if (unitOf(role) !== 'on' || (value !== 0 && value !== 1)) return value;
  return value === 1 ? 'on' : 'off';
}

/** `{ role: value, ... }` of version 2. */
export function setsOf(sets: Readonly<Record<string, number>>): NewStep {
  return Object.fromEntries(
    Object.entries(sets).map(([role, value]) => [drivenName(role), writtenValue(role, value)]),
  );
}

/** All conditions at once, as an expression. */
export function textOf(conditions: readonly OldCondition[]): string {
  return conditions.map(conditionText).join(' and ');
}

function conditionText(condition: OldCondition): string {
  if ('stableBand' in condition) {
    const { role, over_s, stableBand } = condition;
    return `span(${role}, ${over_s} s) <= ${stableBand}`;
  }
  const { role, is, limit, for_s } = condition;
  return `${role} ${is} ${limit}${for_s > 0 ? ` for ${for_s} s` : ''}`;
}

/** A bound with what comes after it: a normal end where the run went on, else a deadline. */
export function boundOf(bound_s: number, after: OldAfter): NewStep {
  if (after === 'continue') return { for_s: bound_s };
  return { within_s: bound_s, ...(after === 'trip' ? { otherwise: 'trip' } : {}) };
}

/** A short decimal: 0.3 * 100 is 30. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
