import { WORD_UNITS } from './table.ts';
import { type Unit, unitHint, unitNamed } from './unit.ts';

/** A name is stem + unit: `current_A_per_cm2` is the current in A per cm2. */

export type WordUnit = (typeof WORD_UNITS)[number];

/** A name taken apart. `unit`: how its values are measured, or the word for values that are no numbers. */
export interface SplitName {
  readonly stem: string;
  readonly unit: Unit | WordUnit;
}

/** Text of the unit of a name. */
export function unitText(unit: Unit | WordUnit): string {
  return typeof unit === 'string' ? unit : unit.text;
}

/** Stem and unit of a name or a role: the longest ending that is a unit; undefined where there is none. */
export function splitName(name: string): SplitName | undefined {
  for (let cut = name.indexOf('_'); cut > 0; cut = name.indexOf('_', cut + 1)) {
    const stem = name.slice(0, cut);
    const ending = name.slice(cut + 1);
    // In "x_V_per_" nothing is left that "per" would belong to.
    if (stem.endsWith('.') || stem.endsWith('_per')) continue;
    const word = WORD_UNITS.find(w => w === ending);
    if (word !== undefined) return { stem, unit: word };
    const unit = unitNamed(ending);
    if (unit !== undefined) return { stem, unit };
  }
  return undefined;
}

/** Why a name has no unit that can be used, with what was probably meant. */
export function noUnit(name: string): string {
  const cut = name.indexOf('_');
  const hints = name
    .split('_')
    .map((_, i, parts) => unitHint(parts.slice(i).join('_')))
    .slice(1);
  const hint = cut < 0 ? '' : (hints.find(h => h !== '') ?? '');
  return `"${name}" has no unit${hint}, expected stem_unit like "current_A"`;
}
