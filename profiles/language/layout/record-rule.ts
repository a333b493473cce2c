import type { Place } from '../../../drivers/contract/explain.ts';
import type { OnBench } from '../bench/on-bench.ts';
import type { Conversion } from '../units/unit.ts';
import type { Seconds, Value } from './instruction.ts';
import { secondsOf, valueAt } from './values.ts';

/** Which rows are kept while something of a method runs, as it is written; JSON. What is not said is that of what lies around. */
export interface RecordRule {
  /** At least one row in so long. */
  readonly every_s?: Seconds;
  /** Every row so long before it and after it. */
  readonly before_s?: Seconds;
  readonly after_s?: Seconds;
  /** By role of the bench: a row where it has moved by so much, turned into its unit by `to`. */
  readonly change?: Readonly<Record<string, { readonly by: Value; readonly to: Conversion }>>;
}

type Keys = Readonly<Record<string, unknown>>;

/** The same as a part of an instruction. */
export function recordOf(keys: Keys, place: Place, on: OnBench): { readonly record?: RecordRule } {
  const record = recordAt(keys, place, on);
  return record === undefined ? {} : { record };
}

/** The rule behind a `record` key; undefined: there is none. `place`: of what it belongs to. */
export function recordAt(keys: Keys, place: Place, on: OnBench): RecordRule | undefined {
  const raw = keys['record'];
  if (typeof raw !== 'object' || raw === null) return undefined;
  const own = raw as Keys;
  const at = [...place, 'record'];
  const [every_s, before_s, after_s] = ['every', 'before', 'after'].map(stem => secondsOf(own, at, stem, on));
  const change = Object.entries({ ...(own['change'] as Keys | undefined) }).flatMap(([name, by]) => {
    const found = on.changes.get(name);
    if (found === undefined) return [];
    return [[found.role, { by: valueAt(by, [...at, 'change', name], on), to: found.to }] as const];
  });
  return {
    ...(every_s === undefined ? {} : { every_s }),
    ...(before_s === undefined ? {} : { before_s }),
    ...(after_s === undefined ? {} : { after_s }),
    ...('change' in own ? { change: Object.fromEntries(change) } : {}),
  };
}
