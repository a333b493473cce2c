import { nearest, type Place } from '../../../drivers/contract/explain.ts';
import { textOf } from '../../../drivers/contract/text-file.ts';
import { builtInNames, builtInText } from '../methods/built-in.ts';
import { splitName } from '../units/names.ts';
import { Collector } from './collect.ts';
import { collectCommon, collectStep } from './collect-step.ts';
import { checkDataEntry, isEndlessEntry } from './data-entry.ts';
import { isOwnName, isRole } from './keys.ts';
import { Gathered } from './language-error.ts';
import { declaredNames, isList, KEPT_NAMES } from './names-of-file.ts';
import { allSteps, type LanguageFile, type PhaseNode, type StepNode, topLists } from './nodes.ts';
import { readSteps } from './read-step.ts';
import { checkEnds } from './rules/ends.ts';
import { checkNamesInOrder } from './rules/names.ts';
import { checkOrder } from './rules/order.ts';
import { checkWays } from './rules/ways.ts';
import { fileSchemaOf } from './schema.ts';
import { checkShape } from './shape.ts';
import { type Source, sourceOf } from './source.ts';

/** Reads a method or procedure file of version 2. */

type Keys = Readonly<Record<string, unknown>>;

const SCHEMA = fileSchemaOf();

/** As `readLanguageText`, of the bytes of a file. @throws FileError also of what is no UTF-8 */
export function readLanguageBytes(path: string, bytes: Uint8Array): LanguageFile {
  return readLanguageText(path, textOf(path, bytes));
}

/**
 * A file, checked as far as it can be without a bench and without other files: grammar, units, ends, targets.
 * @throws FileError with what is wrong, the first of the file first, each with its line, column and a mark
 */
export function readLanguageText(path: string, text: string): LanguageFile {
  const source = sourceOf(path, text);
  const head = headOf(source);
  // What is wrong in the head and in the steps is told in one go.
  const gathered = new Gathered();
  const data = (head['data'] ?? {}) as Readonly<Record<string, Keys>>;
  gathered.part(() => checkData(source, data));
  const phases = gathered.part(() => phasesOf(source, head)) ?? [];
  const last = gathered.part(() => lastOf(source, head)) ?? [];
  const file = { phases, finally: last };
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  gathered.part(() => checkNames(source, head, steps));
  const isSound = gathered.isNone;
  const into = new Collector(source, declaredNames({ head, ...file }));
  for (const [name, value] of Object.entries((head['parameters'] ?? {}) as Keys))
    if (isOwnName(name)) gathered.part(() => collectParameter(source, into, name, value));
  // Where names, data or steps are wrong, what asks for them may be right: it is not looked at.
  if (!isSound) gathered.mustBeNone();
  gathered.part(() => collectHead(source, into, head));
  for (const phase of phases) {
    if (phase.name !== '')
      gathered.part(() => collectCommon(source, into, phaseKeys(head, phase), phase.place));
  }
  for (const step of steps) gathered.part(() => collectStep(source, into, step));
  gathered.part(() => checkEvaluated(source, steps));
  gathered.mustBeNone();
  const endless = Object.keys(data).filter(name => isEndlessEntry(data[name]));
  checkEnds(file, { source, expressions: into.expressions, endless, data: Object.keys(data) });
  checkWays(source, file, Object.keys(data));
  checkNamesInOrder(source, { head, ...file }, into.expressions);
  const kind = 'method' in head ? 'method' : 'procedure';
  checkOrder(source, { kind, head, ...file }, into.expressions);
  return {
    path,
    kind,
    name: String(head[kind]),
    head,
    ...file,
    errors: source,
    expressions: into.expressions,
  };
}

function headOf(source: Source): Keys {
  const { value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw source.error([], 'found no block, expected method, version and steps');
  const keys: Keys = { ...value };
  if (keys['version'] === 1)
    throw source.valueError(
      ['version'],
      'this file is of version 1, expected 2 (npx cellbench migrate FILE --bench BENCH --out NEW writes it anew)',
    );
  checkShape(source, SCHEMA, keys, []);
  if ('method' in keys === 'procedure' in keys) {
    const what = 'method' in keys ? 'method and procedure in one file' : 'neither method nor procedure';
    throw source.error('procedure' in keys ? ['procedure'] : [], `${what}, expected one of them with a name`);
  }
  if ('steps' in keys === 'phases' in keys) {
    const what = 'steps' in keys ? 'steps and phases in one file' : 'neither steps nor phases';
    throw source.error('phases' in keys ? ['phases'] : [], `${what}, expected one of them`);
  }
  return keys;
}

function phasesOf(source: Source, head: Keys): readonly PhaseNode[] {
  if ('steps' in head) {
    return [{ name: '', place: [], steps: readSteps(source, head['steps'], ['steps']), reentry: [] }];
  }
  const phases = head['phases'] as readonly Keys[];
  return phases.map((phase, i) => {
    const place: Place = ['phases', i];
    const name = String(phase['name']);
    if (name === 'finally' || phases.findIndex(p => p['name'] === name) !== i)
      throw source.valueError(
        [...place, 'name'],
        `"${name}" is taken, expected each phase name once, not finally`,
      );
    const steps = readSteps(source, phase['steps'], [...place, 'steps']);
    const reentry = 'reentry' in phase ? readSteps(source, phase['reentry'], [...place, 'reentry']) : [];
    const { limits, record } = phase;
    return { name, place, steps, reentry, limits, record };
  });
}

function lastOf(source: Source, head: Keys): readonly StepNode[] {
  return 'finally' in head ? readSteps(source, head['finally'], ['finally']) : [];
}

function phaseKeys(head: Keys, { place }: PhaseNode): Keys {
  return (head['phases'] as readonly Keys[])[Number(place[1])];
}

function checkData(source: Source, data: Readonly<Record<string, Keys>>): void {
  for (const [name, entry] of Object.entries(data)) {
    const at: Place = ['data', name];
    if (KEPT_NAMES.includes(name)) throw source.error(at, 'is a word of the language, expected another name');
    checkDataEntry(source, name, entry);
  }
}

/** Names that the file gives itself must have units, and a list stays a list. */
function checkNames(source: Source, head: Keys, steps: readonly StepNode[]): void {
  const parameters = (head['parameters'] ?? {}) as Keys;
  for (const name of Object.keys(parameters)) {
    if (!isOwnName(name))
      throw source.error(['parameters', name], `"${name}" is no name with a unit, expected one like rate_C`);
  }
  const derived = Object.keys((head['derived'] ?? {}) as Keys);
  const twice = derived.find(name => name in parameters);
  if (twice !== undefined)
    throw source.error(['derived', twice], 'is a parameter already, expected another name');
  for (const { kind, keys, place } of steps) {
    if (kind.key !== 'let' && kind.key !== 'each') continue;
    const names = Object.keys(keys[kind.key] as Keys);
    const worked = names.find(name => derived.includes(name));
    if (worked !== undefined)
      throw source.error([...place, kind.key, worked], 'is derived already, expected another name');
    const taken = names.find(name => isList(parameters[name]));
    if (taken !== undefined)
      throw source.error([...place, kind.key, taken], 'is a list already, expected another name');
  }
}

/** What works out the figures of a block is named after a built-in method. */
function checkEvaluated(source: Source, steps: readonly StepNode[]): void {
  for (const { keys, place } of steps) {
    const name = keys['evaluate'];
    if (typeof name !== 'string' || builtInText(name) !== undefined) continue;
    const near = nearest(name, builtInNames());
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
    throw source.valueError(
      [...place, 'evaluate'],
      `no built-in method is called "${name}"${hint}, expected one of npx cellbench methods`,
    );
  }
}

function collectParameter(source: Source, into: Collector, name: string, value: unknown): void {
  const at: Place = ['parameters', name];
  if (!isBlock(value)) {
    into.values(at, name, value);
    return;
  }
  for (const key of ['min', 'max']) if (key in value) into.named([...at, key], name, value[key]);
  if ('default' in value) into.values([...at, 'default'], name, value['default']);
  checkRange(source, at, value);
}

function collectHead(source: Source, into: Collector, head: Keys): void {
  for (const [role, text] of Object.entries((head['derived'] ?? {}) as Keys)) {
    if (splitName(role) === undefined || !(isRole(role) || isOwnName(role)))
      throw source.error(['derived', role], `"${role}" is no name with a unit, expected one like rise_mV`);
    into.named(['derived', role], role, text);
  }
  for (const [name, value] of Object.entries((head['returns'] ?? {}) as Keys)) {
    if (!isOwnName(name))
      throw source.error(
        ['returns', name],
        `"${name}" is no name with a unit, expected one like capacity_Ah`,
      );
    into.named(['returns', name], name, value);
  }
  collectCommon(source, into, head, []);
}

function checkRange(source: Source, at: Place, value: Keys): void {
  const [least, most, given] = [value['min'], value['max'], value['default']];
  const all = Array.isArray(given) ? given : [given];
  if (typeof least === 'number' && typeof most === 'number' && least > most)
    throw source.valueError([...at, 'min'], `found ${least}, which is above max ${most}`);
  for (const one of all) {
    if (typeof one !== 'number') continue;
    if (typeof least === 'number' && one < least)
      throw source.valueError([...at, 'default'], `found ${one}, expected ${least} or more (min)`);
    if (typeof most === 'number' && one > most)
      throw source.valueError([...at, 'default'], `found ${one}, expected ${most} or less (max)`);
  }
}

function isBlock(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
