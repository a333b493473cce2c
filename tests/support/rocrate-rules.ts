import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from './sha256.ts';

/**
 * What RO-Crate 1.2 (w3id.org/ro/crate/1.2: structure, root data entity, data entities, contextual entities) asks of the
 * metadata of a folder, and what we ask beside it: every file is listed with size and SHA-256.
 */

type Entity = Readonly<Record<string, unknown>>;
const isRef = (value: unknown): value is { '@id': string } =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === '@id';
const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
/** Cannot be in the sums of which they are made. */
const SEALS = ['SHA256SUMS', 'SHA256SUMS.sig', 'public-key.pem'];
const METADATA = 'ro-crate-metadata.json';

/** What somebody who checks a crate would object to. */
export function crateObjections(dir: string): string[] {
  const said: string[] = [];
  const document = JSON.parse(readFileSync(join(dir, METADATA), 'utf8')) as Entity;
  if (document['@context'] !== 'https://w3id.org/ro/crate/1.2/context') said.push('@context is another');
  const graph = document['@graph'] as Entity[];
  const byId = new Map(graph.map(entity => [String(entity['@id']), entity]));
  if (byId.size !== graph.length) said.push('an @id stands twice');
  for (const entity of graph) said.push(...objectionsTo(entity, byId));
  const descriptor = byId.get(METADATA);
  if (descriptor?.['@type'] !== 'CreativeWork') said.push('the descriptor is no CreativeWork');
  if (JSON.stringify(descriptor?.['conformsTo']) !== '{"@id":"https://w3id.org/ro/crate/1.2"}')
    said.push('the descriptor conforms to something else');
  const about = descriptor?.['about'];
  const root = isRef(about) ? byId.get(about['@id']) : undefined;
  if (root === undefined) return [...said, 'no root'];
  if (!listOf(root['@type']).includes('Dataset')) said.push('the root is no Dataset');
  for (const name of ['name', 'description', 'datePublished'])
    if (typeof root[name] !== 'string' || root[name] === '') said.push(`the root has no ${name}`);
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(String(root['datePublished'])))
    said.push('datePublished is no date');
  const licence = isRef(root['license']) ? byId.get(root['license']['@id']) : undefined;
  if (typeof licence?.['name'] !== 'string' || typeof licence['description'] !== 'string')
    said.push('the licence has no name and description');
  return [...said, ...objectionsToFiles(dir, byId, listOf(root['hasPart']))];
}

function objectionsTo(entity: Entity, byId: ReadonlyMap<string, Entity>): string[] {
  const id = entity['@id'];
  if (typeof id !== 'string' || id === '') return ['an entity without @id'];
  const said: string[] = [];
  if (listOf(entity['@type']).length === 0) said.push(`${id}: no @type`);
  for (const [name, value] of Object.entries(entity)) {
    if (name.startsWith('@')) continue;
    for (const one of listOf(value)) {
      // The graph is flat: nothing stands within something else.
      if (typeof one === 'object' && !isRef(one)) said.push(`${id}: ${name} is nested`);
      if (isRef(one) && !/^https?:/.test(one['@id']) && !byId.has(one['@id']))
        said.push(`${id}: ${name} names ${one['@id']}, which is nowhere`);
    }
  }
  return said;
}

function objectionsToFiles(
  dir: string,
  byId: ReadonlyMap<string, Entity>,
  parts: readonly unknown[],
): string[] {
  const said: string[] = [];
  const named = new Set(parts.flatMap(part => (isRef(part) ? [part['@id']] : [])));
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(dir.length + 1);
    if (!entry.isFile() || path === METADATA) continue;
    const id = encodeURI(path);
    const file = byId.get(id);
    if (!named.has(id) || file?.['@type'] !== 'File') said.push(`${path}: is not listed`);
    else if (SEALS.includes(path)) continue;
    else if (file['sha256'] !== sha256Hex(readFileSync(join(dir, path))))
      said.push(`${path}: another SHA-256`);
    else if (file['contentSize'] !== String(statSync(join(dir, path)).size))
      said.push(`${path}: another size`);
  }
  for (const id of named) if (!existsSync(join(dir, decodeURI(id)))) said.push(`${id}: is not there`);
  return said;
}
