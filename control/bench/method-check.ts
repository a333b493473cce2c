import { dotted } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import type { SetValues } from '../../profiles/language/explain/set-values.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { LoadedBench } from './bench-file.ts';
import { tagsThatNoStepHas } from './checks/armed-tags.ts';
import { type Accepted, reasonFor } from './checks/objection.ts';

/** A method file, read for a bench. */
export interface LoadedMethod {
  readonly path: string;
  /** Files of the procedures that it calls, to the end; built-in ones are no file. */
  readonly called: readonly string[];
  readonly procedure: Procedure;
  /** What it sets itself, by role, as far as it is known before the run. */
  readonly sets: ReadonlyMap<string, SetValues>;
}

/**
 * Every tag of an interlock must be one that a step of the method has. Returns all that the lab accepts of bench and
 * method together. @throws FileError in the bench file for an interlock that this method would never arm
 */
export function checkMethod(method: LoadedMethod, loaded: LoadedBench): readonly Accepted[] {
  const { bench, path, lineOf } = loaded;
  const tags = new Set(method.procedure.instructions.flatMap(i => i.tags));
  const own = [...tagsThatNoStepHas(bench, tags)].map((objection): Accepted => {
    const { entry, place, check, text, isSlip } = objection;
    const reason = isSlip ? { missing: '' } : reasonFor(bench, objection, [objection]);
    if ('missing' in reason)
      throw new FileError(path, lineOf(place), `${dotted(place)}: ${text} (${method.path})${reason.missing}`);
    return { place: dotted(entry), line: lineOf(entry), check, reason: reason.given };
  });
  return [...loaded.accepted, ...own];
}
