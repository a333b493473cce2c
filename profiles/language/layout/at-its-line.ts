import { dotted } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { LanguageFiles } from '../file/calls.ts';
import type { LanguageError } from '../file/language-error.ts';
import { allSteps, topLists } from '../file/nodes.ts';
import { isBuiltIn } from '../methods/built-in.ts';
import { whereIs } from './called.ts';
import type { Program } from './instruction.ts';

/**
 * What a check of the laid-out program throws names a step by the label of its place (`m.yaml steps[0]`); a person gets the
 * line of that step, marked; of one in a built-in method the line of its call. @throws what `check` throws
 */
export function atItsLine<T>(files: LanguageFiles, program: Program, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof FileError) || error.line > 0) throw error;
    for (const file of [files.main, ...files.procedures.values()]) {
      const steps = topLists(file).flatMap(list => [...allSteps(list)]);
      const step = steps.find(({ place }) => `${file.path} ${dotted(place)}` === error.file);
      if (step === undefined) continue;
      const found = file.errors.error([...step.place, step.kind.key], error.text);
      throw isBuiltIn(file.path) ? (atCallOf(files, program, error.file, found) ?? found) : found;
    }
    throw error;
  }
}

/** The error at the call, in the file of the person, that leads to a step of a built-in method. */
function atCallOf(
  { main, procedures }: LanguageFiles,
  { instructions }: Program,
  place: string,
  { what, file: inside, line, column }: LanguageError,
): LanguageError | undefined {
  const instruction = instructions.find(one => 'place' in one && one.place === place);
  const where = instruction !== undefined && 'where' in instruction ? instruction.where : '';
  for (const file of [main, ...procedures.values()]) {
    if (isBuiltIn(file.path)) continue;
    for (const step of topLists(file).flatMap(list => [...allSteps(list)])) {
      const at = [...step.place, 'call'];
      if (step.kind.key === 'call' && where.startsWith(`${whereIs(file, at, undefined)} (`))
        return file.errors.valueError(at, `${what} (${inside}:${line}:${column})`);
    }
  }
  return undefined;
}
