import { dirname, resolve } from 'node:path';
import type { BenchRole, Finding } from '../../../dashboards/door/lab.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { Place } from '../../../drivers/contract/explain.ts';
import { bytesOf, readTextFile } from '../../../drivers/contract/text-file.ts';
import { type LanguageFiles, type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';
import { allSteps, type LanguageFile, topLists } from '../../../profiles/language/file/nodes.ts';
import { calledBy } from '../../../profiles/language/layout/called.ts';
import { builtInNames } from '../../../profiles/language/methods/built-in.ts';
import { emulatedDrivers, ownEmulatorOf } from '../../../sim/emulators/registry.ts';
import { type LoadedBench, loadSubjects } from '../../bench/bench-file.ts';
import { checkMethod } from '../../bench/method-check.ts';
import { benchOfMethods } from '../../bench/program-channel.ts';
import { jsonSchemas } from '../build/schemas.ts';
import { listedParameters } from '../commands/language/methods.ts';
import { calledFile, parseMethodFor } from '../method-of-bench.ts';
import { describeDevice, endpointsOf } from '../open-devices.ts';
import { benchRoles } from './bench-roles.ts';
import { callingText } from './calling.ts';
import { findingOf, type Looked, troubleOf } from './findings.ts';
import type { LabPlace } from './place.ts';

/** What is seen of a file of a laboratory by reading it as the program does before a run. */

/** What a bench file says. */
export interface BenchLook {
  readonly findings: readonly Finding[];
  readonly subjects: readonly string[];
  /** Driver by device. */
  readonly devices: Readonly<Record<string, string>>;
  readonly canEmulate: boolean;
  /** Where its instruments are, by device: what a run on them locks. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly roles: readonly BenchRole[];
}

/** Reads a bench with all its subjects; of one that is wrong nothing but that is known. */
export function lookAtBench(path: string): BenchLook {
  const nothing = { subjects: [], devices: {}, canEmulate: false, endpoints: {}, roles: [] };
  try {
    const { benches } = loadSubjects(path, describeDevice);
    const devices = Object.assign({}, ...benches.map(driversOf)) as Record<string, string>;
    return {
      findings: [],
      subjects: benches.flatMap(({ subject }) => subject ?? []),
      devices,
      canEmulate: Object.values(devices).every(isEmulated),
      endpoints: Object.assign({}, ...benches.map(endpointsOf)) as Record<string, string>,
      roles: benches.flatMap(benchRoles),
    };
  } catch (error) {
    const { findings } = troubleOf(error, { path, text: readTextFile(path), words: [] });
    return { ...nothing, findings };
  }
}

function driversOf({ bench }: LoadedBench): Record<string, string> {
  return Object.fromEntries(Object.entries(bench.devices).map(([id, { driver }]) => [id, driver]));
}

const isEmulated = (driver: string): boolean =>
  emulatedDrivers.includes(driver) || ownEmulatorOf(driver) !== undefined;

/** A text that is, or would be, the method file at `path`; `bench`: the file of one that it is to run on. */
export interface MethodAsked {
  readonly path: string;
  readonly text: string;
  readonly bench?: string;
}

/**
 * What is wrong in a method: by itself with all that it calls, then on a bench (with the first of its subjects). What it names must
 * lie in the laboratory: the text comes from outside.
 */
export function lookAtMethod(place: LabPlace, { path, text, bench }: MethodAsked): readonly Finding[] {
  const look = (words: readonly string[]): Looked => ({ path, text, words });
  const read = calledIn(place, path, text);
  let roles: readonly string[] = [];
  try {
    const files = readWithCalls(path, text, read);
    const { main } = files;
    mustBeKnown(files, read);
    mustNameNear(place, main);
    if (bench === undefined) return [];
    const unset = listedParameters(main.head).filter(parameter => parameter.default === undefined);
    const [first] = loadSubjects(bench, describeDevice).benches;
    const { loaded } = benchOfMethods(first);
    roles = Object.keys(loaded.bench.roles);
    if (unset.length > 0) {
      const names = unset.map(({ name }) => name).join(', ');
      return [findingOf(`on the bench it is checked once these are given: ${names}`, 'note')];
    }
    const [at, whole] =
      main.kind === 'method' ? [path, text] : [`${path} (called)`, callingText(main, resolve(path))];
    checkMethod(parseMethodFor(at, whole, loaded, { read, bytes: bytesIn(place) }), loaded);
    return [];
  } catch (error) {
    const { isBad, findings } = troubleOf(error, look([...words(), ...roles]));
    if (!isBad) throw error;
    return findings;
  }
}

/** A call of what nobody knows is told by itself, too. @throws LanguageError at the call */
function mustBeKnown(files: LanguageFiles, read: ReadCalled): void {
  for (const step of topLists(files.main).flatMap(list => [...allSteps(list)]))
    if (step.kind.key === 'call') calledBy(step, files.main, files, read);
}

type Keys = Readonly<Record<string, unknown>>;

/**
 * Every text that may be the name of a data file, whether it is read now or only in a run: of an entry of data, given to a call,
 * the default of a parameter. @throws FileError at its place
 */
function mustNameNear(place: LabPlace, file: LanguageFile): void {
  const look = (at: Place, named: unknown): void => {
    if (typeof named !== 'string') return;
    try {
      place.mustBeNear(resolve(dirname(file.path), named), named);
    } catch (error) {
      throw file.errors.valueError(at, messageOf(error));
    }
  };
  const { data, parameters } = file.head as { readonly data?: Keys; readonly parameters?: Keys };
  for (const [name, entry] of Object.entries({ ...data }) as [string, Keys][])
    look(['data', name, 'file'], entry['file']);
  for (const [name, raw] of Object.entries({ ...parameters })) {
    const isBlock = typeof raw === 'object' && raw !== null && 'default' in raw;
    if (isBlock) look(['parameters', name, 'default'], raw.default);
    else look(['parameters', name], raw);
  }
  for (const { kind, keys, place: at } of topLists(file).flatMap(list => [...allSteps(list)])) {
    if (kind.key !== 'call') continue;
    for (const [name, given] of Object.entries({ ...(keys['with'] as Keys | undefined) }))
      look([...at, 'with', name], given);
  }
}

/** Called files as anybody finds them, but none from outside of the laboratory; the file itself as it would be. */
function calledIn(place: LabPlace, path: string, text: string): ReadCalled {
  return (name, from) => {
    const to = resolve(dirname(from), name);
    if (to === resolve(path)) return { path, text };
    if (/[/\\]|\.ya?ml$/.test(name)) place.mustBeNear(to, name);
    return calledFile(name, from);
  };
}

function bytesIn(place: LabPlace): (file: string) => Buffer {
  return file => {
    place.mustBeNear(file, file);
    return bytesOf(file, 'a data file');
  };
}

let known: readonly string[] | undefined;

/** The words of the language: keys, kinds of steps, targets, and the names of the built-in methods. */
function words(): readonly string[] {
  if (known !== undefined) return known;
  const found = new Set<string>(builtInNames());
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const name of Object.keys(value as object)) found.add(name);
      walk(value);
    }
  };
  const schemas = jsonSchemas();
  walk(schemas['method.schema.json']);
  walk(schemas['procedure.schema.json']);
  known = [...found];
  return known;
}
