import { statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';
import { damageLine } from '../damage-note.ts';
import type { PackedInput } from '../pack/inputs.ts';
import { SEAL_FILES } from '../pack/sealed-folder.ts';
import { filesIn } from '../pack/sums.ts';
import type { WrittenColumn } from '../readings.ts';
import type { RunSource } from '../recorded-run.ts';
import { fileId, Graph, type Ref } from './graph.ts';
import { addRun } from './run-entities.ts';

/** A run as an RO-Crate 1.2 (w3id.org/ro/crate/1.2): what is in the folder, and where it comes from. */

/** Number of a licence in SPDX's list; empty: nobody has said. */
export type Licence = string;

const METADATA = 'ro-crate-metadata.json';
const VERSION = 'https://w3id.org/ro/crate/1.2';

/** By ending: what a file is for programs. */
const ENCODINGS: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.html': 'text/html',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.txt': 'text/plain',
  '.pem': 'application/x-pem-file',
  '.parquet': 'application/vnd.apache.parquet',
};
/** Sums cannot be in themselves. */
const SEALS: Readonly<Record<string, string>> = {
  SHA256SUMS: 'SHA-256 of every other file but its own signature and key, in the form of coreutils',
  'SHA256SUMS.sig': 'Ed25519 signature of SHA256SUMS',
  'public-key.pem': 'public half of the key of the signature',
};

/** Writes `ro-crate-metadata.json` over all that the folder has; the seals come after it. */
export function writeRoCrate(
  source: RunSource,
  dir: string,
  about: {
    readonly institution: string;
    readonly licence: Licence;
    readonly now_ms: number;
    readonly inputs: readonly PackedInput[];
    readonly columns: readonly WrittenColumn[];
  },
): void {
  const graph = new Graph();
  graph.add({
    '@id': METADATA,
    '@type': 'CreativeWork',
    about: { '@id': './' },
    conformsTo: { '@id': VERSION },
  });
  const { meta, bench } = source;
  const started = new Date(source.started_ms).toISOString();
  const isReal = meta.get('mode') === 'bench';
  const files = addFiles(new Graph(), dir, new Date(about.now_ms).toISOString());
  const parts = files.all();
  // The root stands right behind its descriptor, as readers expect; what it names comes after it.
  const rest = new Graph();
  const run = addRun(rest, source, { ...about, files: parts.map(({ '@id': id }) => ({ '@id': id })) });
  const { record } = damageLine(source);
  const left = record === undefined ? '' : ` THE RECORD IS DAMAGED, parts are left out (${record}).`;
  const nature = isReal ? 'measured on the bench' : 'simulated: nothing of it was measured';
  graph.add({
    '@id': './',
    '@type': 'Dataset',
    name: `${meta.get('method') ?? ''} on ${meta.get('bench') ?? ''}, ${started}${isReal ? '' : ' (simulated)'}`,
    description:
      `Test run of ${bench.subject?.name ?? 'what the bench file does not name'}: readings of every instrument, set ` +
      `points, events, figures with their expanded uncertainty (k = 2). Mode ${meta.get('mode') ?? ''}: ${nature}.${left}`,
    datePublished: new Date(about.now_ms).toISOString(),
    license: licence(rest, about.licence),
    publisher: rest.add({ '@id': '#institution', '@type': 'Organization', name: about.institution }),
    ...(run.sample === undefined ? {} : { about: run.sample }),
    mentions: run.action,
    variableMeasured: run.variables,
    hasPart: parts.map(({ '@id': id }): Ref => ({ '@id': id })),
  });
  for (const entity of [...parts, ...rest.all()]) graph.add(entity);
  const document = { '@context': `${VERSION}/context`, '@graph': graph.all() };
  writeFileSync(join(dir, METADATA), `${JSON.stringify(document, null, 2)}\n`);
}

function addFiles(graph: Graph, dir: string, made: string): Graph {
  for (const path of filesIn(dir)) {
    graph.add({
      '@id': fileId(path),
      '@type': 'File',
      name: path,
      contentSize: String(statSync(join(dir, path)).size),
      encodingFormat: ENCODINGS[extname(path)] ?? 'application/octet-stream',
      sha256: sha256OfFile(join(dir, path)),
      dateCreated: made,
    });
  }
  for (const path of SEAL_FILES) {
    const encodingFormat = ENCODINGS[extname(path)] ?? 'application/octet-stream';
    graph.add({ '@id': fileId(path), '@type': 'File', name: path, description: SEALS[path], encodingFormat });
  }
  return graph;
}

function licence(graph: Graph, spdx: Licence): Ref {
  if (spdx !== '')
    return graph.add({
      '@id': `https://spdx.org/licenses/${spdx}`,
      '@type': 'CreativeWork',
      name: spdx,
      description: `How others may use this: the licence that SPDX lists as ${spdx}.`,
    });
  return graph.add({
    '@id': '#licence',
    '@type': 'CreativeWork',
    name: 'No licence stated',
    description: 'Whoever made this has not said how others may use it: ask before you do.',
  });
}
