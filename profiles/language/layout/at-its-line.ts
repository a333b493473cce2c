import { dotted } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { LanguageFiles } from '../file/calls.ts';
import { allSteps, topLists } from '../file/nodes.ts';

/**
 * What a check of the laid-out program throws names a step by the label of its place (`m.yaml steps[0]`); a person gets the
 * line of that step, marked. @throws what `check` throws
 */
export function atItsLine<T>(files: LanguageFiles, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof FileError) || error.line > 0) throw error;
    for (const file of [files.main, ...files.procedures.values()]) {
      const steps = topLists(file).flatMap(list => [...allSteps(list)]);
      const step = steps.find(({ place }) => `${file.path} ${dotted(place)}` === error.file);
      if (step !== undefined) throw file.errors.error([...step.place, step.kind.key], error.text);
    }
    throw error;
  }
}
