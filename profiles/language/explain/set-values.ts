import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { constantAt } from '../bench/constants.ts';
import type { SetTarget } from '../bench/on-bench.ts';
import type { PlannedStep } from '../bench/plan.ts';
import { stemOf } from '../file/keys.ts';
import { converted } from '../units/unit.ts';

/** What a method sets a role to, in the unit of the role; `isWhole`: all of it is known before the run. */
export interface SetValues {
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
}

/** Every role that is set by `keys`, with its lowest and highest value as far as they are known (NaN: none is). */
export function setValues(keys: readonly SetKey[]): ReadonlyMap<string, SetValues> {
  const found = new Map<string, SetValues>();
  for (const { role, values } of keys) {
    const before = found.get(role) ?? { low: Number.NaN, high: Number.NaN, isWhole: true };
    const usable = [...values, before.low, before.high].filter(Number.isFinite);
    found.set(role, {
      low: usable.length === 0 ? Number.NaN : Math.min(...usable),
      high: usable.length === 0 ? Number.NaN : Math.max(...usable),
      isWhole: before.isWhole && values.every(Number.isFinite),
    });
  }
  return found;
}

/** A key of a step that sets a role: where it stands, and its value each time, in the unit of the role (NaN: not known). */
export interface SetKey {
  readonly place: Place;
  readonly role: string;
  readonly values: readonly number[];
}

/** Every key of a step that sets a role. */
export function valuesSetBy(planned: PlannedStep): readonly SetKey[] {
  const { step, on, visits } = planned;
  return valuesIn(step.keys[step.kind.key]).flatMap(([key, raw]): SetKey[] => {
    const place = [...step.place, step.kind.key, ...key];
    const target = on.sets.get(dotted(place));
    if (target === undefined) return [];
    const beside = target.beside === undefined ? [] : [besideOf(place, target.beside)];
    const values = visits.map(({ known }) => converted(constantAt(place, raw, on, known), target.to));
    if (target.ends === undefined) return [{ place, role: target.role, values }, ...beside];
    const { charge, discharge } = target.ends;
    const currents = visits.map(({ known }) => currentOf(planned, known));
    // Which way it goes may be known in the run only.
    const ofWay = (is: (current: number) => boolean): number[] =>
      values.flatMap((value, i) =>
        is(currents[i]) ? [value] : Number.isNaN(currents[i]) ? [Number.NaN] : [],
      );
    return [
      { place, role: charge, values: ofWay(current => current >= 0) },
      { place, role: discharge, values: ofWay(current => current < 0) },
    ].filter(key => key.values.length > 0);
  });
}

function besideOf(place: Place, { role, low, high }: NonNullable<SetTarget['beside']>): SetKey {
  return { place, role, values: [low, high] };
}

/** The current that a step asks for in one visit, in the unit it is written in; NaN: not known. */
function currentOf({ step, on }: PlannedStep, known: PlannedStep['visits'][number]['known']): number {
  const own = valuesIn(step.keys[step.kind.key]).find(([[key]]) => stemOf(key) === 'current');
  return own === undefined
    ? Number.NaN
    : constantAt([...step.place, step.kind.key, ...own[0]], own[1], on, known);
}

/** Values of a block with their keys; those of blocks in it, too (`standby`). */
function valuesIn(block: unknown): readonly (readonly [readonly string[], unknown])[] {
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return [];
  return Object.entries(block).flatMap(([key, raw]) => [
    [[key], raw] as const,
    ...valuesIn(raw).map(([inside, value]) => [[key, ...inside], value] as const),
  ]);
}
