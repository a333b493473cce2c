import type { YamlPlace } from './yaml-place.ts';

/** What a JSON schema allows at a place: as far as completion and hover need it. */

/** A JSON schema, as far as it is read here. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** A word that may stand at a place. */
export interface SchemaWord {
  readonly label: string;
  readonly is: 'key' | 'value';
  readonly description: string;
  /** It must stand there. */
  readonly isRequired: boolean;
}

/** All that a schema may be, without references. */
function allOf(root: JsonSchema, schema: JsonSchema): readonly JsonSchema[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const meant = root.$defs?.[name];
    return meant === undefined ? [] : allOf(root, meant);
  }
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...others.flatMap(other => allOf(root, other))];
}

/** The schemas of what stands at a path. */
function schemasAt(root: JsonSchema, path: readonly string[]): readonly JsonSchema[] {
  let found = allOf(root, root);
  for (const key of path) {
    found = found.flatMap(schema => {
      const inside =
        key === '[]'
          ? schema.items
          : (schema.properties?.[key] ??
            (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined));
      return inside === undefined ? [] : allOf(root, inside);
    });
  }
  return found;
}

/** What may be written at a place. */
export function wordsAt(root: JsonSchema, place: YamlPlace): readonly SchemaWord[] {
  const found = schemasAt(root, place.path);
  const words = place.writes === 'key' ? keysOf(found, place.siblings) : valuesOf(found);
  return [...new Map(words.map(word => [word.label, word])).values()];
}

function keysOf(found: readonly JsonSchema[], siblings: readonly string[]): SchemaWord[] {
  const fits = (schema: JsonSchema): boolean =>
    schema.additionalProperties !== false || siblings.every(key => schema.properties?.[key] !== undefined);
  return found.filter(fits).flatMap(({ properties = {}, required = [], title }) =>
    Object.entries(properties)
      .filter(([key]) => !siblings.includes(key))
      .map(([label, { description = title ?? '' }]) => ({
        label,
        is: 'key' as const,
        description,
        isRequired: required.includes(label),
      })),
  );
}

function valuesOf(found: readonly JsonSchema[]): SchemaWord[] {
  return found.flatMap(schema => {
    const values = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])];
    if (schema.type === 'boolean') values.push(true, false);
    return values.map(value => ({
      label: String(value),
      is: 'value' as const,
      description: schema.description ?? '',
      isRequired: false,
    }));
  });
}

/** What a key means; empty: nothing is said of it. */
export function meaningOf(root: JsonSchema, path: readonly string[]): string {
  return schemasAt(root, path).find(({ description }) => description !== undefined)?.description ?? '';
}
