import { unitOf } from '../../drivers/contract/units.ts';
import { unitWord } from '../../profiles/language/file/keys.ts';

/** The unit that a role is shown in: of instruments, or any of the language (derived roles of a method); '' where it has none. */
export function shownUnit(role: string): string {
  return unitOf(role) ?? unitWord(role);
}
