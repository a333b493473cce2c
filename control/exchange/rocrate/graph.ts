/** The flat graph of an RO-Crate: entities by `@id` that refer to each other. */

/** A reference to another entity. */
export interface Ref {
  readonly '@id': string;
}
type Value = string | number | boolean | Ref | readonly (string | Ref)[];
/** An entity of the graph; a property without a value is left out. */
export interface Entity {
  readonly '@id': string;
  readonly '@type': string | readonly string[];
  readonly [property: string]: Value | undefined;
}

/** Entities in the order added; each `@id` once. */
export class Graph {
  readonly #entities = new Map<string, Entity>();

  /** Adds it, unless one of its `@id` is there already; returns the reference to it. */
  add(entity: Entity): Ref {
    if (!this.#entities.has(entity['@id'])) this.#entities.set(entity['@id'], entity);
    return { '@id': entity['@id'] };
  }

  /** A fact about an entity as one of its own: what, how much, of which unit. */
  fact(
    id: string,
    name: string,
    value: string | number,
    more: Readonly<Record<string, string | Ref>> = {},
  ): Ref {
    return this.add({ '@id': id, '@type': 'PropertyValue', name, value, ...more });
  }

  /** As `@graph`. */
  all(): Entity[] {
    return [...this.#entities.values()];
  }
}

/** The `@id` of a file of the crate: its path as a URI. */
export function fileId(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
