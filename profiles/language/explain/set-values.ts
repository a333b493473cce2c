import { dotted } from '../../../drivers/contract/explain.ts';
import { constantAt } from '../bench/constants.ts';
import type { PlannedStep } from '../bench/plan.ts';
import { converted } from '../units/unit.ts';

/** What a method sets a role to, in the unit of the role; `isWhole`: all of it is known before the run. */
export interface SetValues {
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
}

/** Every role that is set, with its lowest and highest value as far as they are known (NaN: none is). */
export function setValues(steps: readonly PlannedStep[]): ReadonlyMap<string, SetValues> {
  const found = new Map<string, SetValues>();
  for (const planned of steps) {
    const at = [...planned.step.place, planned.step.kind.key];
    for (const [key, raw] of valuesIn(planned.step.keys[planned.step.kind.key])) {
      const place = [...at, ...key];
      const target = planned.on.sets.get(dotted(place));
      if (target === undefined) continue;
      const values = planned.visits.map(({ known }) => {
        return converted(constantAt(place, raw, planned.on, known), target.to);
      });
      const before = found.get(target.role) ?? { low: Number.NaN, high: Number.NaN, isWhole: true };
      const usable = [...values, before.low, before.high].filter(Number.isFinite);
      found.set(target.role, {
        low: usable.length === 0 ? Number.NaN : Math.min(...usable),
        high: usable.length === 0 ? Number.NaN : Math.max(...usable),
        isWhole: before.isWhole && values.every(Number.isFinite),
      });
    }
  }
  return found;
}

/** Values of a block with their keys; those of blocks in it, too (`standby`). */
function valuesIn(block: unknown): readonly (readonly [readonly string[], unknown])[] {
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return [];
  return Object.entries(block).flatMap(([key, raw]) => [
    [[key], raw] as const,
    ...valuesIn(raw).map(([inside, value]) => [[key, ...inside], value] as const),
  ]);
}
