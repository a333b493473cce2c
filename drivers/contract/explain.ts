import type { z } from 'zod';

/**
 * Turns what zod found wrong into one sentence for the person who wrote the file: where, what, what was
 * expected. Unknown keys name the nearest known key. Pure.
 */

export type Place = readonly (string | number)[];

/** One fault of a file, said so that the person who wrote it finds and mends it. */
export interface Explanation {
  /** Keys and indices from the root of the file to the culprit. */
  readonly place: Place;
  /** True if the culprit is a key that is not there: its line is its parent's. */
  readonly missing: boolean;
  readonly text: string;
}

type Issue = z.core.$ZodIssue;

/** A value that does not fit its schema, explained while the schema was at hand. */
export class MisfitError extends Error {
  readonly found: Explanation;

  constructor(found: Explanation) {
    super(found.place.length === 0 ? found.text : `${dotted(found.place)}: ${found.text}`);
    this.name = 'MisfitError';
    this.found = found;
  }
}

/** The value as the schema makes it. @throws MisfitError with the first problem */
export function parseExplained<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MisfitError(explainFirst(schema, value, parsed.error));
}

/** The first problem of a failed parse of `value`. */
export function explainFirst(schema: z.ZodType, value: unknown, error: z.ZodError): Explanation {
  return explain(schema, value, foremost(error.issues), []);
}

/** The first issue; but a misspelt key explains the key that is missing beside it. */
function foremost(issues: readonly Issue[]): Issue {
  const first = issues[0];
  const block = JSON.stringify(first.path.slice(0, -1));
  const misspelt = issues.find(i => i.code === 'unrecognized_keys' && JSON.stringify(i.path) === block);
  return misspelt ?? first;
}

function explain(schema: unknown, root: unknown, issue: Issue, above: Place): Explanation {
  const place = [...above, ...issue.path.map(key => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter(issues => issues.length > 0);
    if (branches.length > 0) {
      const best = branches.reduce((a, b) => (strangeness(b) < strangeness(a) ? b : a));
      return explain(schema, root, foremost(best), place);
    }
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : undefined;
    const key =
      'discriminator' in issue && issue.discriminator !== undefined ? issue.discriminator : undefined;
    const named = key === undefined || place.at(-1) === key ? place : [...place, key];
    const found = valueAt(root, named);
    const expected = options === undefined ? issue.message : `expected one of ${options.join(', ')}`;
    return found === undefined
      ? { place: named, missing: true, text: `missing key "${String(named.at(-1))}", ${expected}` }
      : { place: named, missing: false, text: `${show(found)} is not known, ${expected}` };
  }
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    const known = knownKeys(schema, place, issue.keys);
    const near = nearest(key, known);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    const expected = known.length === 0 ? 'expected no such key' : `expected one of ${known.join(', ')}`;
    return { place: [...place, key], missing: false, text: `unknown key "${key}"${hint}, ${expected}` };
  }
  if (issue.code === 'invalid_key') {
    return {
      place,
      missing: false,
      text: `key ${show(place.at(-1))}: ${issue.issues[0]?.message ?? issue.message}`,
    };
  }
  const found = valueAt(root, place);
  const expected = expectation(issue);
  if (found === undefined && place.length > 0) {
    return { place, missing: true, text: `missing key "${String(place.at(-1))}", ${expected}` };
  }
  const hint = commaHint(found, expected) + quoteHint(found, issue);
  return { place, missing: false, text: `found ${show(found)}${hint}, ${expected}` };
}

/** `2460` where the text "2460" belongs: YAML reads it as a number. */
function quoteHint(found: unknown, issue: Issue): string {
  const isPlain = typeof found === 'number' || typeof found === 'boolean';
  const isMeant = isPlain && issue.code === 'invalid_value' && issue.values.includes(String(found));
  return isMeant ? ` (a text: write "${found}" in quotes)` : '';
}

/** `2,4` where a number belongs is 2.4 written as people do in half of the world. */
function commaHint(found: unknown, expected: string): string {
  const isComma =
    typeof found === 'string' && /^[+-]?\d+,\d+$/.test(found) && /\bnumber\b|\btime\b/.test(expected);
  return isComma ? ` (a decimal comma: write ${found.replace(',', '.')})` : '';
}

function expectation(issue: Issue): string {
  // A message of our own schemas says what was expected, in the field's words.
  if (issue.message.startsWith('expected ')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${article(issue.expected)}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `expected at least ${issue.minimum} ${issue.origin === 'array' ? 'entries' : 'characters'}`
        : `expected a number ${issue.inclusive ? '>=' : '>'} ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `expected at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : 'characters'}`
        : `expected a number ${issue.inclusive ? '<=' : '<'} ${issue.maximum}`;
    default:
      return `expected: ${issue.message}`;
  }
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  if (type === 'record' || type === 'object') return 'a block of "key: value" lines';
  if (type === 'array') return 'a list';
  if (type === 'string') return 'a text';
  return `a ${type}`;
}

/** Branch of a union that fits least badly: unknown keys and a wrong literal weigh most. */
function strangeness(issues: readonly Issue[]): number {
  let sum = 0;
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') sum += 10 * issue.keys.length;
    else if (issue.code === 'invalid_value') sum += 5;
    else sum += issue.path.length > 1 ? 1 : 3;
  }
  return sum;
}

interface Definition {
  readonly type?: string;
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly keyType?: unknown;
  /** Of an enum. */
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
  readonly in?: unknown;
  readonly getter?: () => unknown;
}

function definitionOf(schema: unknown): Definition {
  return (schema as { def?: Definition } | undefined)?.def ?? {};
}

/** Schemas that may stand at a place (several behind a union). */
function schemasAt(schema: unknown, place: Place): unknown[] {
  const def = definitionOf(schema);
  if (def.type === 'lazy' && def.getter !== undefined) return schemasAt(def.getter(), place);
  if (def.innerType !== undefined) return schemasAt(def.innerType, place);
  if (def.type === 'pipe') return schemasAt(def.in, place);
  if (def.options !== undefined && def.type === 'union') return def.options.flatMap(o => schemasAt(o, place));
  if (place.length === 0) return [schema];
  const [key, ...rest] = place;
  const named = def.shape !== undefined && Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
  const next = named ?? def.element ?? def.valueType;
  return next === undefined ? [] : schemasAt(next, rest);
}

function knownKeys(schema: unknown, place: Place, unknown: readonly string[]): string[] {
  const shapes = schemasAt(schema, place)
    .map(found => [...Object.keys(definitionOf(found).shape ?? {}), ...keysOfRecord(found)])
    .filter(keys => unknown.every(key => !keys.includes(key)));
  return [...new Set(shapes.flat())];
}

/** Words that may be keys of a record, where only some may. */
function keysOfRecord(schema: unknown): string[] {
  return Object.values(definitionOf(definitionOf(schema).keyType).entries ?? {}).map(String);
}

/** The known word that was probably meant, never the one that was written: at most `most` letters away, whatever their case; undefined if none is. */
export function nearest(
  word: string,
  known: readonly string[],
  most = Math.max(2, Math.ceil(word.length / 2)),
): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    if (candidate === word) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Damerau 1964: fewest insertions, deletions, substitutions and swaps of two neighbours. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/** What stands at a place of parsed data, or undefined. */
export function valueAt(root: unknown, place: Place): unknown {
  let value = root;
  for (const key of place) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** `phases[2].steps[0].hold.for_s` */
export function dotted(place: Place): string {
  return place.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

/** What was found, so that a person knows it again: whole if it is short, else its beginning. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value, LONGEST_TEXT));
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing';
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : shortened(flow(value, 0), LONGEST_SHOWN);
  return shortened(flow(value, 0), LONGEST_SHOWN);
}

const LONGEST_TEXT = 60;
const LONGEST_SHOWN = 90;
const MOST_SHOWN = 12;

/** Without the password of an address: what was found is shown on terminals and kept in logs. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^\s/@:]*):[^\s/@]*@/g, '$1:***@');
}

function shortened(whole: string, most: number): string {
  const text = withoutPassword(whole);
  return text.length <= most ? text : `${text.slice(0, most)} ...`;
}

/** As it would stand in one line of the file; blocks inside blocks are left out. */
function flow(value: unknown, depth: number): string {
  if (typeof value === 'string') return shortened(value, LONGEST_TEXT);
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth > 0) return Array.isArray(value) ? '[...]' : '{ ... }';
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_SHOWN).map(v => flow(v, depth + 1));
    return `[${[...shown, ...(value.length > MOST_SHOWN ? ['...'] : [])].join(', ')}]`;
  }
  const entries = Object.entries(value).slice(0, MOST_SHOWN);
  if (entries.length === 0) return 'an empty block';
  return `{ ${entries.map(([key, v]) => `${key}: ${flow(v, depth + 1)}`).join(', ')} }`;
}
