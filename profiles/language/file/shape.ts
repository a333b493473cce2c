import type { z } from 'zod';
import { explainFirst, type Place } from '../../../drivers/contract/explain.ts';
import type { Source } from './source.ts';

/** Checks a part of the file against its schema. @throws LanguageError with the place of the first misfit */
export function checkShape(source: Source, schema: z.ZodType, raw: unknown, place: Place): void {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return;
  const found = explainFirst(schema, raw, parsed.error);
  const at = [...place, ...found.place];
  const isKey = found.missing || isUnknownKey(parsed.error.issues, found.place);
  throw isKey ? source.error(at, found.text) : source.valueError(at, found.text);
}

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
