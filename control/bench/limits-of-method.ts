import type { SetValues } from '../../profiles/language/explain/set-values.ts';
import type { Recovery } from '../../profiles/steps/recovery.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import { recoveryOf } from '../kinds/interlocks/recover.ts';
import type { InterlockSpec } from './bench.ts';
import type { LoadedBench } from './bench-file.ts';
import { benchNames, nameOf } from './bench-names.ts';

/** Which limits of a bench stand around a method: gates of what it sets, interlocks over what it moves and reads. */

/** What the gate lets through of one role, and what the method sets it to, both in the unit of the role. */
export interface GateOfRole {
  readonly role: string;
  readonly min: number;
  readonly max: number;
  readonly ramp_per_s: number | null;
  /** Lowest and highest set value that is known before the run; null: none is. */
  readonly sets: readonly [low: number, high: number] | null;
  /** All of what it is set to is known before the run. */
  readonly isWhole: boolean;
  /** The gate refuses a value that the method sets. */
  readonly isBeyond: boolean;
}

/** An interlock in words. */
export interface InterlockOfMethod {
  readonly id: string;
  readonly reaction: InterlockSpec['reaction'];
  /** What is compared, with the limit in `unit`; of a condition the whole of it. */
  readonly of: string;
  readonly isCondition: boolean;
  /** Of a condition: the cause counts as gone only where this is true; null: where it is not true any more. */
  readonly clear: string | null;
  readonly trips: '>' | '<';
  readonly limit: number;
  readonly unit: string;
  readonly delay_s: number;
  readonly armed: string;
  /** Of one that suspends. */
  readonly recovery: Recovery | null;
}

/** Limits around a method; `others`: how many interlocks of the bench look at something else. */
export interface LimitsOfMethod {
  readonly gates: readonly GateOfRole[];
  readonly interlocks: readonly InterlockOfMethod[];
  readonly others: number;
}

/** What a method does to a bench. `tags`: those of its steps. */
export interface MethodOnBench {
  readonly sets: ReadonlyMap<string, SetValues>;
  readonly reads: readonly string[];
  readonly tags: readonly string[];
}

/** Sums of decimal figures are not exact. */
const ROUNDING = 1e-9;

/** The gate refuses this value of a role; never one that is not known (NaN). */
export function isBeyondGate(value: number, { min, max }: Pick<GateOfRole, 'min' | 'max'>): boolean {
  const room = ROUNDING * Math.max(1, Math.abs(min), Math.abs(max));
  return value < min - room || value > max + room;
}

/** The limits of a bench that matter for what a method sets and reads. */
export function limitsOfMethod(loaded: LoadedBench, method: MethodOnBench): LimitsOfMethod {
  const { bench } = loaded;
  const names = benchNames(loaded);
  const gates = [...method.sets].flatMap(([role, { low, high, isWhole }]): GateOfRole[] => {
    const limit = bench.limits[role];
    if (limit === undefined) return [];
    const { min, max, ramp_per_s = null } = limit;
    const isBeyond = isBeyondGate(low, limit) || isBeyondGate(high, limit);
    return [{ role, min, max, ramp_per_s, sets: Number.isNaN(low) ? null : [low, high], isWhole, isBeyond }];
  });
  const parts = partsMoved(method);
  const own = bench.interlocks.filter(spec => {
    if (method.tags.includes(spec.armed)) return true;
    if (spec.armed === 'load' && parts.has('stack')) return true;
    return kindOf(spec)
      .judged(spec, names)
      .some(role => method.reads.includes(nameOf(role)) || parts.has(role.split('.')[0]));
  });
  const interlocks = own.map((spec): InterlockOfMethod => {
    const { role, trips, limit, unit, isCondition = false } = kindOf(spec).rehearsed(spec);
    const { id, reaction, delay_s, armed } = spec;
    const recovery = spec.recover === undefined ? null : recoveryOf(spec.recover);
    const clear = 'clear' in spec ? (spec.clear ?? null) : null;
    return { id, reaction, of: role, isCondition, clear, trips, limit, unit, delay_s, armed, recovery };
  });
  return { gates, interlocks, others: bench.interlocks.length - own.length };
}

/** Parts of the bench that a set value moves: a load of a stack moves its cells and its gas, too. */
function partsMoved({ sets }: MethodOnBench): ReadonlySet<string> {
  const parts = new Set([...sets.keys()].map(role => role.split('.')[0]));
  if (parts.has('stack')) for (const part of ['cell', 'o2', 'h2', 'water']) parts.add(part);
  return parts;
}
