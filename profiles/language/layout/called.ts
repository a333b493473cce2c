import { basename } from 'node:path';
import { nearest, type Place } from '../../../drivers/contract/explain.ts';
import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import { LanguageError } from '../file/language-error.ts';
import type { LanguageFile, StepNode } from '../file/nodes.ts';
import { builtInNames, isBuiltIn } from '../methods/built-in.ts';

/** The procedure that a step calls. @throws LanguageError at the call of one that nobody knows */
export function calledBy(
  step: StepNode,
  file: LanguageFile,
  files: LanguageFiles,
  find: ReadCalled,
): LanguageFile {
  const name = String(step.keys['call']);
  const found = find(name, file.path);
  const procedure = found === undefined ? undefined : files.procedures.get(found.path);
  if (procedure !== undefined) return procedure;
  const near = nearest(name, builtInNames());
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  const text = `no file and no built-in method is called "${name}"${hint}`;
  throw file.errors.valueError([...step.place, 'call'], text);
}

/**
 * What is wrong with a built-in method as it is called is told at the call, in the file of the person; where in the built-in
 * it is stands behind it in brackets. @throws what `work` throws
 */
export function atItsCall<T>(
  step: StepNode,
  file: Pick<LanguageFile, 'errors'>,
  { path }: Pick<LanguageFile, 'path'>,
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LanguageError) || error.file !== path || !isBuiltIn(path)) throw error;
    const inside = `${error.file}:${error.line}:${error.column}`;
    throw file.errors.valueError([...step.place, 'call'], `${error.what.replace(/^call: /, '')} (${inside})`);
  }
}

/** The line of something, for people: `rate.yaml:9`; in a built-in method behind the line of its call. */
export function whereIs(file: LanguageFile, place: Place, call: string | undefined): string {
  const own = `${isBuiltIn(file.path) ? file.path : basename(file.path)}:${file.errors.lineOf(place)}`;
  return call !== undefined && isBuiltIn(file.path) ? `${call} (${own})` : own;
}
