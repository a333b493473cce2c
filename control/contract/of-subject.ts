import type { Place } from '../../drivers/contract/explain.ts';

/** A bench file with several subjects, as it is with one of them: plain data, before any schema. */

type Block = Readonly<Record<string, unknown>>;

/** Keys whose entries of the subject stand beside those of the bench; what is not here stands in one place only. */
export const JOINED = ['devices', 'roles', 'limits', 'figures', 'softwareControl'] as const;
const LISTS = ['interlocks'] as const;

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The subjects of a file by their names; none where one stands on the bench without a name. */
export function subjectsIn(file: unknown): Readonly<Record<string, Block>> {
  const entries = isBlock(file) ? file['subjects'] : undefined;
  if (!isBlock(entries)) return {};
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, isBlock(entry) ? entry : {}]),
  );
}

/**
 * The bench with the subject of this name on it: its facts, devices, roles, limits and interlocks beside those that all
 * have. As it is where it has none of that name.
 */
export function onSubject(file: unknown, name: string | undefined): unknown {
  const own = name === undefined ? undefined : subjectsIn(file)[name];
  if (own === undefined || !isBlock(file)) return file;
  const { subjects: _, ...bench } = file;
  const joined: Record<string, unknown> = { ...bench, ...own };
  for (const key of JOINED) {
    const [all, more] = [bench[key], own[key]];
    if (isBlock(all) && isBlock(more)) joined[key] = { ...all, ...more };
  }
  for (const key of LISTS) {
    const [all, more] = [bench[key], own[key]];
    if (Array.isArray(all) && Array.isArray(more))
      joined[key] = [...(all as unknown[]), ...(more as unknown[])];
  }
  return joined;
}

/** Where in the file an entry of that bench stands. */
export function placeInFile(file: unknown, name: string, place: Place): Place {
  const own = subjectsIn(file)[name] ?? {};
  const [key, entry, ...rest] = place;
  const below = ['subjects', name];
  if (key === undefined) return below;
  if (!(key in own)) return place;
  if (LISTS.some(list => list === key) && typeof entry === 'number') {
    const all = isBlock(file) && Array.isArray(file[key]) ? file[key].length : 0;
    return entry < all ? place : [...below, key, entry - all, ...rest];
  }
  const isJoined = JOINED.some(joined => joined === key);
  const inOwn = own[key];
  const isOwn = !isJoined || entry === undefined || (isBlock(inOwn) && Object.hasOwn(inOwn, String(entry)));
  return isOwn ? [...below, ...place] : place;
}
