import { mustLook } from '../../door/lab/must-look.ts';
import type { LabRun } from '../../door/lab.ts';

/** What is shown of the end of a run that is over: its verdict, or that it ended without a word and somebody must look. */
export function endOf({ verdict, cutOff }: Pick<LabRun, 'verdict' | 'cutOff'>): string {
  return cutOff !== null && mustLook(cutOff) ? 'cut off' : verdict;
}
