import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMap, isScalar, parseDocument } from 'yaml';
import { LabRefusal } from '../../../dashboards/door/lab.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { type LabPlace, nameOf, RUNS } from './place.ts';

/** The files of a laboratory that people write, told from each other by what stands in them. */

const KINDS = ['bench', 'method', 'campaign'] as const;
export type FileKind = (typeof KINDS)[number];

/** A file as it stands. */
export interface LabEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: FileKind;
  readonly title: string;
  readonly sha256: string;
  /** A method that others call. */
  readonly isProcedure: boolean;
}

/** Larger ones nobody has written by hand. */
const LARGEST_BYTES = 1 << 20;
const DEEPEST = 8;
const MOST_FILES = 5000;
const MOST_FOLDERS = 2000;

/** What was found stands for so long, s; looking takes at most this share of the time, however often it is asked for. */
const KEPT_S = 0.5;
const SHARE = 0.1;

/** Finds them; what has been read once is read again when it has changed. */
export class Catalogue {
  readonly #place: LabPlace;
  readonly #clock: Pick<Clock, 'now_s'>;
  #found: readonly LabEntry[] = [];
  #until_s = Number.NEGATIVE_INFINITY;
  readonly #known = new Map<string, { readonly stamp: string; readonly entry: LabEntry | undefined }>();

  constructor(place: LabPlace, clock: Pick<Clock, 'now_s'> = realClock()) {
    this.#place = place;
    this.#clock = clock;
  }

  /** Those of a kind, by name: as they were a moment ago, where somebody has just asked. */
  all(kind: FileKind): LabEntry[] {
    const begun_s = this.#clock.now_s();
    if (begun_s >= this.#until_s) {
      this.#found = this.#look();
      const now_s = this.#clock.now_s();
      this.#until_s = now_s + Math.max(KEPT_S, (now_s - begun_s) / SHARE);
    }
    return this.#found.filter(entry => entry.kind === kind);
  }

  /** Something was written here: the next who asks for all sees it. */
  changed(): void {
    this.#until_s = Number.NEGATIVE_INFINITY;
  }

  #look(): LabEntry[] {
    const paths = this.#paths();
    const there = new Set(paths);
    for (const path of this.#known.keys()) if (!there.has(path)) this.#known.delete(path);
    return paths.flatMap(path => this.#entry(path) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** One of a kind; undefined: there is none of that name. @throws LabRefusal for a name that is none */
  find(kind: FileKind, name: string): LabEntry | undefined {
    const path = this.#place.pathOf(name);
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true && this.#place.has(path);
    const entry = isFile ? this.#entry(path) : undefined;
    return entry?.kind === kind ? entry : undefined;
  }

  /** @throws LabRefusal where there is none */
  one(kind: FileKind, name: string): LabEntry {
    const found = this.find(kind, name);
    if (found !== undefined) return found;
    throw new LabRefusal('missing', `${name}: no such ${kind} in the laboratory`);
  }

  #entry(path: string): LabEntry | undefined {
    const name = nameOf(relative(this.#place.root, path));
    if (name === undefined) return undefined;
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.size > LARGEST_BYTES) return undefined;
    const stamp = `${found.ino} ${found.mtimeMs} ${found.ctimeMs} ${found.size}`;
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.entry;
    const entry = entryOf(name, path);
    this.#known.set(path, { stamp, entry });
    return entry;
  }

  #paths(): string[] {
    const files: string[] = [];
    const seen = new Set<string>();
    const walk = (folder: string, real: string, depth: number): void => {
      if (seen.has(real) || seen.size >= MOST_FOLDERS) return;
      seen.add(real);
      for (const entry of entriesOf(folder)) {
        const path = join(folder, entry.name);
        if (files.length >= MOST_FILES) return;
        if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
        // What is no link is where it seems to be.
        const isLink = entry.isSymbolicLink();
        if (isLink && !this.#place.has(path)) continue;
        const isFolder = isLink
          ? statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
          : entry.isDirectory();
        if (!isFolder && entry.name.endsWith('.yaml')) files.push(path);
        else if (isFolder && depth < DEEPEST && !isOfRuns(path, this.#place.root))
          walk(path, isLink ? realpathSync(path) : join(real, entry.name), depth + 1);
      }
    };
    walk(this.#place.root, this.#place.root, 0);
    return files;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that we may not read holds nothing for us.
    return [];
  }
}

/** What runs leave behind is not for reading here. */
function isOfRuns(path: string, root: string): boolean {
  return path === join(root, RUNS) || existsSync(join(path, 'run.sqlite'));
}

function entryOf(name: string, path: string): LabEntry | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Gone meanwhile, or not ours to read.
    return undefined;
  }
  const head = headOf(text);
  const kind = head === undefined ? undefined : kindOf(head);
  if (head === undefined || kind === undefined) return undefined;
  return {
    name,
    path,
    kind,
    title: titleOf(head, kind) ?? name,
    sha256: sha256Of(text),
    isProcedure: head.has('procedure'),
  };
}

/** The keys of a file at its left edge, with their values where these are plain; also of one that is broken further down. */
export function headOf(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const { contents } = parseDocument(text, { version: '1.2', prettyErrors: false });
    if (!isMap(contents)) return undefined;
    return new Map(
      contents.items.flatMap(({ key, value }) =>
        isScalar(key) ? [[String(key.value), isScalar(value) ? value.value : value] as const] : [],
      ),
    );
  } catch {
    // Nested beyond what the reader takes: no file of a person.
    return undefined;
  }
}

/** By the key with which each kind of file begins, and one that it cannot be without. */
export function kindOf(head: ReadonlyMap<string, unknown>): FileKind | undefined {
  if (head.has('campaign') && head.has('runs')) return 'campaign';
  if ((head.has('method') || head.has('procedure')) && head.has('version')) return 'method';
  return head.has('bench') && (head.has('devices') || head.has('subjects')) ? 'bench' : undefined;
}

function titleOf(head: ReadonlyMap<string, unknown>, kind: FileKind): string | undefined {
  const words = kind === 'method' ? ['doc', 'method', 'procedure'] : [kind];
  const said = words.map(word => head.get(word)).find(value => typeof value === 'string');
  return typeof said === 'string' && said !== '' ? said : undefined;
}
