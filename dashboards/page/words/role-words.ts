import { roleText } from '../../format.ts';
import { words } from './language.ts';

const MEMBERS = /\[\](?:\.(min|mean|max))?$/;

/** A role in the words of the language that is shown; one that the table does not know by its own name. */
export function roleWords(role: string, unit: string): string {
  const { roles, members } = words();
  const known = roles[role.replace(MEMBERS, '')];
  if (known === undefined) return roleText(role, unit);
  const figure = MEMBERS.exec(role)?.[1] as keyof typeof members | undefined;
  return figure === undefined ? known : `${known} ${members[figure]}`;
}
