import type { Context, PlannedStep } from '../bench/plan.ts';
import type { BenchNames } from '../bench/reference.ts';
import { namesIn } from '../file/names-of-file.ts';
import { splitName } from '../units/names.ts';
import { resolveRelative } from '../units/relative.ts';
import { sameDimension, unitNamed } from '../units/unit.ts';

/**
 * Figures of the bench file that a method takes, by the names under which it asks for them; those that a unit needs (C, pct
 * of nominal, per area) under the name in the bench file.
 */
export function figuresOfBench(
  steps: readonly PlannedStep[],
  head: Context,
  bench: BenchNames,
): Readonly<Record<string, number>> {
  const found = new Map<string, number>();
  const relative = (name: string): void => {
    const split = splitName(name);
    if (split === undefined || typeof split.unit === 'string') return;
    const quantity = split.stem.slice(split.stem.lastIndexOf('.') + 1).replace(/Set$/, '');
    const resolved = resolveRelative(quantity, split.unit, bench.subject);
    if (resolved === undefined || !('figure' in resolved)) return;
    const value = bench.subject[resolved.figure];
    if (value !== undefined) found.set(`subject.${resolved.figure}`, value);
  };
  for (const { file, on, names } of onePerFile([head, ...steps])) {
    for (const { slots } of on.expressions.values()) {
      for (const slot of slots) if (slot.from === 'figure of the bench') found.set(slot.name, slot.value);
    }
    for (const { syntax } of file.expressions.values()) {
      for (const name of namesIn(syntax)) {
        const reference = names.find(name);
        if ('wrong' in reference) continue;
        if (reference.from === 'part of the run') relative(name);
        if (reference.from === 'role' && isOtherQuantity(name, reference.role)) relative(name);
      }
    }
    for (const [place, { role }] of on.sets) {
      const name = nameAt(place);
      if (isOtherQuantity(name, role)) relative(name);
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The last key of a place; roles have dots of their own. */
function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('.') + 1);
}

/** True where the unit asked for is not one of the role's own quantity. */
function isOtherQuantity(name: string, role: string): boolean {
  const [asked, own] = [splitName(name)?.unit, splitName(role)?.unit];
  if (typeof asked !== 'object' || typeof own !== 'object') return false;
  return !sameDimension(asked, unitNamed(own.text) ?? own);
}

function onePerFile(all: readonly Context[]): readonly Context[] {
  return [...new Map(all.map(one => [one.file.path, one])).values()];
}
