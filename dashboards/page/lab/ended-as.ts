import type { RunState } from '../../../control/view.ts';
import type { CutOff } from '../../door/lab/cut-off.ts';
import { mustLook } from '../../door/lab/must-look.ts';
import { CUT_OFF } from '../words/lab/cut-off.ts';
import { language } from '../words/language.ts';

/** States in which a run says itself that it is over. */
const FINAL: readonly (RunState | undefined)[] = ['Complete', 'Stopped', 'Aborted'];

/** How a run that is over is shown where the last state that was seen of it is another one. */
export interface Ended {
  readonly word: string;
  readonly tone: 'bad' | 'quiet';
}

/** Of a run that is over by the word of the door. `state`: the last that was seen; undefined: that one says it all. */
export function endedAs(cutOff: CutOff | null, state: RunState | undefined): Ended | undefined {
  const say = CUT_OFF[language()];
  if (cutOff !== null) return { word: say.state, tone: mustLook(cutOff) ? 'bad' : 'quiet' };
  return FINAL.includes(state) ? undefined : { word: say.over, tone: 'quiet' };
}
