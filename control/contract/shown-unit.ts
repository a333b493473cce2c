import { unitOf } from '../../drivers/contract/units.ts';
import { splitName, unitText } from '../../profiles/language/units/names.ts';

/** The unit that a role is shown in: of instruments, or any of the language (derived roles of a method); '' where it has none. */
export function shownUnit(role: string): string {
  const known = unitOf(role);
  if (known !== undefined) return known;
  const split = splitName(role);
  return split === undefined ? '' : unitText(split.unit);
}
