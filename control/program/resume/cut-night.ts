import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { loadNight, type NightFiles } from '../rehearse/rehearse-once.ts';
import { isBadInput } from '../run-files.ts';
import { type CutRun, cutRunOf, mustBeUnchanged } from './cut-run.ts';

/** A run that was cut off, with its files as they were. @throws FileError where it cannot be gone on with */
export function cutNightOf(run: string): { readonly cut: CutRun; readonly night: NightFiles } {
  const cut = cutRunOf(run);
  const night = loadNight({ ...cut.given, accept: true });
  if (night.onCycler !== undefined)
    throw new FileError(
      cut.path,
      0,
      "was a cycler's own program, which a new start takes up where it is: start it again",
    );
  mustBeUnchanged(cut.inputs, night.inputs);
  return { cut, night };
}

/** Why a run cannot be gone on with; empty: it can. */
export function againstTakingUp(run: string): string {
  try {
    cutNightOf(run);
    return '';
  } catch (error) {
    if (isBadInput(error)) return messageOf(error);
    throw error;
  }
}
