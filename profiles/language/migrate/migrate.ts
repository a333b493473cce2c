import {
  Document,
  isMap,
  isPair,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { z } from 'zod';
import type { Place } from '../../../drivers/contract/explain.ts';
import { type FileError, parseYamlFile } from '../../../drivers/contract/yaml-file.ts';
import { Channel, channelOf, type ModeNumbers } from './channel.ts';
import { GENERATED } from './follow.ts';
import { type OldFile, oldFileSchema } from './old-file.ts';
import { type Migrating, migrateSteps } from './steps.ts';
import type { NewStep } from './words.ts';

/** A method of version 1 written in version 2: remarks stay where they stood, what is not quite the same is said. */

/** What a person should look at, with its line in the old file. */
export interface MigrationWarning {
  readonly line: number;
  readonly text: string;
}

/** What came of it. */
export interface Migrated {
  readonly text: string;
  readonly warnings: readonly MigrationWarning[];
}

/** Longest line before a list or block is written over several. */
const LINE_WIDTH = 120;

/**
 * Writes a method file of version 1 in version 2. `modes`: what the numbers of a cycler's channel mean, from the bench
 * file. @throws FileError with the line of what is no method of version 1, or cannot be said in version 2
 */
export function migrate(path: string, text: string, modes: ModeNumbers = new Map()): Migrated {
  // First of all: what is of another version is not read for its slips.
  parseYamlFile(path, text, z.looseObject({ version: oldFileSchema.shape.version }));
  const old = parseYamlFile(path, text, oldFileSchema);
  const file = old.value;
  const warnings: MigrationWarning[] = [];
  const remarks = remarksOf(text);
  const said = new Map<NewStep, string[]>();
  const followed = new Set<string>();
  const all = [...file.phases.flatMap(phase => phase.steps), ...file.finally];
  const name = channelOf(all);
  const to: Migrating = {
    channel: name === undefined ? undefined : new Channel(name, modes),
    warn: (place, what) => warnings.push({ line: old.lineOf(place), text: what }),
    fail(place, what): never {
      throw old.error(place, what) satisfies FileError;
    },
    follows: source => void followed.add(source),
    remark(place, at) {
      const found = remarks.get(JSON.stringify(place)) ?? [];
      if (found.length > 0) said.set(at, [...(said.get(at) ?? []), ...found]);
    },
  };
  return { text: written(file, to, { said, remarks, followed }), warnings };
}

interface Remarks {
  /** Names of the load series that are followed. */
  readonly followed: ReadonlySet<string>;
  /** Remarks before each new step. */
  readonly said: ReadonlyMap<NewStep, readonly string[]>;
  /** Remarks by the place where they stood in the old file. */
  readonly remarks: ReadonlyMap<string, readonly string[]>;
}

function written(file: OldFile, to: Migrating, { said, remarks, followed }: Remarks): string {
  const doc = new Document({});
  const root = new YAMLMap();
  doc.contents = root as unknown as typeof doc.contents;
  const put = (key: string, value: unknown): void => {
    root.items.push(doc.createPair(key, value) as Pair);
  };
  put('method', file.method);
  put('version', 2);
  if (file.description !== undefined) put('doc', file.description);
  const listOf = (steps: readonly NewStep[]): YAMLSeq => {
    const list = new YAMLSeq();
    for (const step of steps) list.items.push(stepNode(step));
    return list;
  };
  const stepNode = (step: NewStep): YAMLMap => {
    const map = new YAMLMap();
    for (const [key, value] of Object.entries(step)) {
      const isList = key === 'steps' || key === 'then';
      const inner = isList ? listOf(value as NewStep[]) : doc.createNode(value, { flow: true });
      map.items.push(doc.createPair(key, inner) as Pair);
    }
    const before = said.get(step);
    if (before !== undefined) map.commentBefore = before.join('\n');
    return map;
  };
  const phases = new YAMLSeq();
  for (const [i, phase] of file.phases.entries()) {
    const map = new YAMLMap();
    map.items.push(doc.createPair('name', phase.name) as Pair);
    const steps = migrateSteps(phase.steps, ['phases', i, 'steps'], to);
    map.items.push(doc.createPair('steps', listOf(steps.length > 0 ? steps : NOTHING)) as Pair);
    const before = remarks.get(JSON.stringify(['phases', i]));
    if (before !== undefined) map.commentBefore = before.join('\n');
    phases.items.push(map);
  }
  const last = migrateSteps(file.finally, ['finally'], to);
  // Where no file was named, version 1 made a wind.
  const made = followed.has(GENERATED) && file.data[GENERATED] === undefined;
  const data = { ...(made ? { [GENERATED]: { generated: 'wind' } } : {}), ...file.data };
  if (Object.keys(data).length > 0) put('data', data);
  put('phases', phases);
  const rests = to.channel === undefined ? [] : NOTHING;
  put('finally', listOf([...rests, ...last]));
  const head = remarks.get('[]');
  if (head !== undefined) doc.commentBefore = head.join('\n');
  const end = remarks.get('["finally"]');
  const lastKey = root.items.at(-1)?.key as Node | undefined;
  if (end !== undefined && lastKey !== undefined) lastKey.commentBefore = end.join('\n');
  const text = doc.toString({ indentSeq: false, lineWidth: LINE_WIDTH, flowCollectionPadding: true });
  return `${text.trimEnd()}\n`;
}

/** Where only a channel was set: it stands off in version 2 as soon as nothing drives it. */
const NOTHING: readonly NewStep[] = [{ rest: {}, for_s: 1 }];

/** Remarks of a file by the nearest step, phase or head that they belong to. */
function remarksOf(text: string): ReadonlyMap<string, readonly string[]> {
  const doc = parseDocument(text, { lineCounter: new LineCounter() });
  const found = new Map<string, string[]>();
  const note = (place: Place, remark: string | null | undefined): void => {
    if (remark === null || remark === undefined) return;
    const key = JSON.stringify(place);
    found.set(key, [...(found.get(key) ?? []), ...remark.split('\n')]);
  };
  note([], doc.commentBefore);
  const look = (node: unknown, place: Place, owner: Place): void => {
    const own = isStepPlace(place) ? place : owner;
    if (isPair(node)) {
      look(node.key, place, own);
      look(node.value, place, own);
      return;
    }
    const { commentBefore, comment } = (node ?? {}) as { commentBefore?: string; comment?: string };
    // What stands above the first entry of a list is the list's.
    const first = [...place, 0];
    note(isSeq(node) && isStepPlace(first) ? first : own, commentBefore);
    if (isMap(node)) for (const pair of node.items) look(pair, [...place, keyOf(pair)], own);
    else if (isSeq(node)) for (const [i, item] of node.items.entries()) look(item, [...place, i], own);
    note(own, comment);
  };
  look(doc.contents, [], []);
  return found;
}

function keyOf(pair: Pair): string {
  const { key } = pair;
  return String((key as { value?: unknown } | null)?.value ?? '');
}

/** A phase, a step of a list, or the end of the file. */
function isStepPlace(place: Place): boolean {
  const last = place.at(-1);
  if (place.length === 1 && last === 'finally') return true;
  if (typeof last !== 'number') return false;
  const list = place.at(-2);
  return list === 'steps' || list === 'phases' || list === 'finally';
}
