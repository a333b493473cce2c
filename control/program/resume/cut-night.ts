import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import type { Still } from '../../run/resume/still.ts';
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

/** Whether a run can be gone on with: why not (empty: it can), and how it will stand still then. */
export function takingUp(run: string): { readonly against: string; readonly still?: Still | undefined } {
  try {
    return { against: '', still: cutNightOf(run).cut.saved.still };
  } catch (error) {
    if (isBadInput(error)) return { against: messageOf(error) };
    throw error;
  }
}
