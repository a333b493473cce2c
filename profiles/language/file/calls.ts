import { nearest } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { splitName } from '../units/names.ts';
import { withoutUnusedDefaults } from './given-defaults.ts';
import { declaredNames, isList } from './names-of-file.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from './nodes.ts';
import { readLanguageText } from './read-file.ts';
import { checkLanes } from './rules/lanes.ts';

/** A file with all procedures that it calls, each read once. */
export interface LanguageFiles {
  readonly main: LanguageFile;
  /** By the path that `read` was asked for. */
  readonly procedures: ReadonlyMap<string, LanguageFile>;
}

/** How a file that another names is found: its path and text, or undefined for a built-in that is no file. */
export type ReadCalled = (
  name: string,
  from: string,
) => { readonly path: string; readonly text: string } | undefined;

/**
 * Reads a file and what it calls, to the end. @throws FileError of any of them; of a file that calls itself, directly or
 * over others, with the line of that call; of a method that is called, or a parameter that a procedure does not have
 */
export function readWithCalls(path: string, text: string, read: ReadCalled): LanguageFiles {
  const procedures = new Map<string, LanguageFile>();
  const calls = new Map<string, Given[]>();
  const main = readLanguageText(path, text);
  const procedureOf = new Map<StepNode, LanguageFile>();
  const files: LanguageFile[] = [];
  follow(main, [path]);
  for (const file of files) checkCalledLanes(file);
  for (const [at, procedure] of procedures)
    procedures.set(at, withoutUnusedDefaults(procedure, calls.get(at) ?? [], isGivenBy));
  return { main, procedures };

  /** Once all procedures have been read. */
  function checkCalledLanes(file: LanguageFile): void {
    for (const step of topLists(file).flatMap(list => [...allSteps(list)])) {
      if (step.kind.key !== 'together') continue;
      checkLanes(file.errors, step, one => procedureOf.get(one));
    }
  }

  function follow(file: LanguageFile, trail: readonly string[]): void {
    const source = file.errors;
    files.push(file);
    for (const step of topLists(file).flatMap(list => [...allSteps(list)])) {
      if (step.kind.key !== 'call') continue;
      const name = String(step.keys['call']);
      const at = [...step.place, 'call'];
      const found = opened(name, file.path, message => source.valueError(at, message));
      if (found === undefined) continue;
      if (trail.includes(found.path)) {
        const circle = [...trail.slice(trail.indexOf(found.path)), found.path].join(' -> ');
        throw source.valueError(at, `calls itself: ${circle}; loops are written with repeat`);
      }
      const known = procedures.get(found.path);
      const called = known ?? readLanguageText(found.path, found.text);
      if (called.kind === 'method')
        throw source.valueError(at, `${name} is a method, expected a procedure (its first line)`);
      checkWith(source, step, called, file);
      procedureOf.set(step, called);
      calls.set(found.path, [...(calls.get(found.path) ?? []), givenBy(step)]);
      if (known !== undefined) continue;
      procedures.set(found.path, called);
      follow(called, [...trail, found.path]);
    }
  }

  function opened(name: string, from: string, fail: (message: string) => Error): ReturnType<ReadCalled> {
    try {
      return read(name, from);
    } catch (error) {
      if (error instanceof FileError) throw fail(error.message);
      throw error;
    }
  }
}

type Given = Readonly<Record<string, unknown>>;

/** What a call gives. */
const givenBy = (step: StepNode): Given => (step.keys['with'] ?? {}) as Given;

/** A parameter stands among what is given, in whatever unit. */
function isGivenBy(name: string, given: Given): boolean {
  return Object.hasOwn(given, name) || Object.keys(given).some(one => likeNamed(one, [name]) === name);
}

/** The name behind `name` or `reverse(name)`. */
const listNameOf = (text: string): string => text.replace(/^\s*reverse\(|[\s)]/g, '');

function checkWith(
  source: LanguageFile['errors'],
  step: StepNode,
  called: LanguageFile,
  caller: LanguageFile,
): void {
  const parameters = (called.head['parameters'] ?? {}) as Readonly<Record<string, unknown>>;
  const given = givenBy(step);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(parameters, name)) continue;
    const like = likeNamed(name, Object.keys(parameters));
    if (like !== undefined && !Object.hasOwn(given, like)) continue;
    throw source.error([...step.place, 'with', name], noParameter(name, called));
  }
  const { own } = declaredNames(caller);
  for (const [name, raw] of Object.entries(given)) {
    const isGiven = Array.isArray(raw) || (typeof raw === 'string' && own.get(listNameOf(raw)) === true);
    if (isGiven === isList(parameters[name])) continue;
    const what = isGiven ? 'one value, found a list' : 'a list, found one value';
    throw source.error([...step.place, 'with', name], `${name} of ${called.name} is ${what}`);
  }
  for (const [name, value] of Object.entries(parameters)) {
    const isBlock = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isBlock || 'default' in value || isGivenBy(name, given)) continue;
    throw source.error(
      [...step.place, 'call'],
      `${called.name} needs ${name}, expected with: { ${name}: ... }`,
    );
  }
}

/** Why nothing can be given under this name, with the parameter that may be meant. */
export function noParameter(name: string, called: LanguageFile): string {
  const known = Object.keys((called.head['parameters'] ?? {}) as Given);
  const near = likeNamed(name, known) ?? nearest(name, known, Math.ceil(name.length / 3));
  const hint = near === undefined || near === name ? '' : ` (did you mean ${near}?)`;
  const expected = known.length === 0 ? 'it has none' : `expected one of ${known.join(', ')}`;
  return `${called.name} has no such parameter${hint}, ${expected}`;
}

/** The parameter that looks like what is given, in whatever unit. */
function likeNamed(asked: string, names: readonly string[]): string | undefined {
  const split = splitName(asked);
  if (split === undefined || typeof split.unit !== 'object') return undefined;
  return names.find(name => {
    const own = splitName(name);
    return own?.stem === split.stem && typeof own.unit === 'object';
  });
}
