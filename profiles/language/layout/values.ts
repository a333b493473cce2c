import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import type { OnBench, ResolvedExpression } from '../bench/on-bench.ts';
import { numberUnit, stemOf } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { conversion, unitNamed } from '../units/unit.ts';
import type { Labelled, Seconds, Value } from './instruction.ts';

/** Turns what stands in a file into values of instructions: expressions by their place, times in s. */

type Keys = Readonly<Record<string, unknown>>;
const RULES = ['record', 'limits', 'resume', 'evaluate'];
const RULE_STEMS = ['average', 'exact'];

/** A block with every expression in it worked out. */
export function resolved(raw: unknown, place: Place, on: OnBench): unknown {
  const expression = on.expressions.get(dotted(place));
  if (expression !== undefined) return expression;
  if (Array.isArray(raw)) return raw.map((member, i) => resolved(member, [...place, i], on));
  if (typeof raw !== 'object' || raw === null) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, resolved(value, [...place, key], on)]),
  );
}

/** One value. */
export function valueAt(raw: unknown, place: Place, on: OnBench): Value {
  const found = on.expressions.get(dotted(place));
  if (found !== undefined) return found;
  return typeof raw === 'number' || typeof raw === 'boolean' ? raw : String(raw);
}

/** A condition; undefined where the key is not there. */
export function conditionAt(place: Place, on: OnBench): ResolvedExpression | undefined {
  return on.expressions.get(dotted(place));
}

/** The time behind `for_`, `within_`, in s. */
export function secondsOf(step: StepNode, stem: string, on: OnBench): Seconds | undefined {
  const key = Object.keys(step.keys).find(k => stemOf(k) === stem);
  const unit = key === undefined ? undefined : numberUnit(key);
  const second = unitNamed('s');
  if (key === undefined || unit === undefined || second === undefined) return undefined;
  const { num, den } = conversion(unit, second);
  const raw = step.keys[key];
  if (typeof raw === 'number') return (raw * num) / den;
  const expression = conditionAt([...step.place, key], on);
  return expression === undefined ? undefined : { expression, factor: num / den };
}

/** What a step is called and which rules it carries. `file`: its path. */
export function labelOf(step: StepNode, file: string, on: OnBench): Labelled {
  const { keys, place, id } = step;
  const rules = Object.entries(keys).filter(
    ([key]) => RULES.includes(key) || RULE_STEMS.includes(stemOf(key) ?? ''),
  );
  const { name, tags } = keys as Keys;
  return {
    place: `${file} ${dotted(place)}`,
    ...(id === undefined ? {} : { id }),
    ...(typeof name === 'string' ? { name } : {}),
    tags: Array.isArray(tags) ? tags.map(String) : [],
    rules: Object.fromEntries(rules.map(([key, raw]) => [key, resolved(raw, [...place, key], on)])),
  };
}
