import { roleText } from '../../../format.ts';
import { language, words } from '../language.ts';

const MEMBERS = /\[\](?:\.(min|mean|max))?$/;
/** The quantity of a role ends in its unit. */
const UNIT =
  /_(?:[A-Z][A-Za-z0-9]*|pct|vol_pct|degC|bar[ag]?|m[VA]|kW|uS_per_cm|s|on|count)(?:_per_[A-Za-z0-9]+)*$/;

/** A role in the words of the language that is shown; one that the table does not know is made of its parts, or stands as it is. */
export function roleWords(role: string, unit: string): string {
  const { members } = words();
  const bare = role.replace(MEMBERS, '');
  const name = wordsOf(bare);
  if (name === undefined) return language() === 'en' ? roleText(role, unit) : partsOf(bare, unit);
  const figure = MEMBERS.exec(role)?.[1] as keyof typeof members | undefined;
  return figure === undefined ? name : `${name} ${members[figure]}`;
}

/** The same of a role whose unit is not at hand: it stands at the end of its name. */
export function roleName(role: string): string {
  const [, unit = ''] = /_((?:vol_)?[A-Za-z]+(?:_per_[A-Za-z]+)*)(?:\[\])?$/.exec(role) ?? [];
  return roleWords(role, unit);
}

/** Out of the table; of what is set the words of what it sets. */
function wordsOf(bare: string): string | undefined {
  const { roles, setOf } = words();
  const known = roles[bare];
  if (known !== undefined) return known;
  const measured = roles[bare.replace(/Set(?=_)/, '')];
  return measured === undefined || !/Set_/.test(bare) ? undefined : setOf(measured);
}

/** Place and quantity by their own words where both are known, else its name in the bench file. */
function partsOf(bare: string, unit: string): string {
  const { places, quantities, placed } = words();
  const name = unit === '' ? bare.replace(UNIT, '') : bare.replace(`_${unit}`, '').replace(UNIT, '');
  const [place = '', quantity = ''] = name.split('.');
  const known = quantities[quantity.replace(/Set$/, '')];
  if (known === undefined) return roleText(bare, unit);
  return placed(places[place] ?? place, known);
}
