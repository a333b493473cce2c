import type { CommandName, LiveSnapshot } from '../../../control/view.ts';

/** What is asked once more before it goes out. */
export type Asking = Extract<CommandName, 'stop' | 'skip' | 'limit'>;

/** A question that stands on the page: it belongs to the run, and a skip to the step, of which it was asked. */
export interface Question {
  readonly what: Asking;
  /** Empty: nothing had been heard of the run. */
  readonly run: string;
  /** Name of the step, and the run time at which it began, s; of a skip. */
  readonly step: string;
  readonly began_s?: number;
}

/** Why a question may not be answered any more: its run or its step is over, or it is no longer possible. */
export type Gone = 'run' | 'step' | 'now';

type Heard = Pick<LiveSnapshot, 'run' | 'allowed'>;

/** One run of one bench: the next one of the same session is another. */
export function whichRun({ id, startedUtc }: LiveSnapshot['run']): string {
  return `${id} ${startedUtc}`;
}

/** A question about what runs now. */
export function questionOf(what: Asking, heard: Heard | undefined): Question {
  if (heard === undefined) return { what, run: '', step: '' };
  const { skips, step } = heard.run;
  return { what, run: whichRun(heard.run), step, ...(what === 'skip' ? skips : {}) };
}

/** Why it is gone for good; undefined: it stands. `isHeard`: what was heard last is true now. */
export function goneBy(question: Question, heard: Heard | undefined, isHeard: boolean): Gone | undefined {
  const { what, run, step, began_s } = question;
  if (heard === undefined || !isHeard) return undefined;
  if (run !== '' && run !== whichRun(heard.run)) return 'run';
  const { skips } = heard.run;
  const isOther =
    skips === undefined || began_s === undefined ? step !== heard.run.step : began_s !== skips.began_s;
  if (what === 'skip' && isOther) return 'step';
  return heard.allowed.includes(what) ? undefined : 'now';
}
