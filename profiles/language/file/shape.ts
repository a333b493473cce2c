import type { z } from 'zod';
import { explainFirst, type Place, valueAt } from '../../../drivers/contract/explain.ts';
import { goThrough } from '../expression/typed.ts';
import { numberUnit } from './keys.ts';
import type { Source } from './source.ts';

/** Checks a part of the file against its schema. @throws LanguageError with the place of the first misfit */
export function checkShape(source: Source, schema: z.ZodType, raw: unknown, place: Place): void {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return;
  const found = explainFirst(schema, raw, parsed.error);
  const at = [...place, ...found.place];
  const isKey = found.missing || isUnknownKey(parsed.error.issues, found.place);
  const listed = isKey ? undefined : listForValue(raw, found.place);
  if (listed !== undefined) throw source.valueError(at, listed);
  throw isKey ? source.error(at, found.text) : source.valueError(at, found.text);
}

/** What to write where a list of values stands behind a key that takes one; undefined: that is not what is wrong. */
function listForValue(raw: unknown, place: Place): string | undefined {
  const key = place.at(-1);
  const list = valueAt(raw, place);
  const unit = typeof key === 'string' ? numberUnit(key)?.text : undefined;
  if (unit === undefined || !Array.isArray(list) || list.length === 0) return undefined;
  if (!list.every(one => typeof one === 'number' || typeof one === 'string')) return undefined;
  const written = `[${list.slice(0, MOST_SHOWN).join(', ')}${list.length > MOST_SHOWN ? ', ...' : ''}]`;
  return `found a list, expected one value in ${unit}: ${goThrough(unit, written)}`;
}

const MOST_SHOWN = 6;

/** True where what is wrong is the key itself. */
function isUnknownKey(issues: readonly z.core.$ZodIssue[], place: Place): boolean {
  return issues.some(issue => {
    if (issue.code === 'invalid_union') {
      const inside = place.slice(issue.path.length);
      return issue.errors.some(errors => isUnknownKey(errors, inside));
    }
    if (issue.code !== 'unrecognized_keys') return false;
    return issue.keys.some(key => JSON.stringify([...issue.path, key]) === JSON.stringify(place));
  });
}
