/** What an operator may ask of a run. */
export const COMMANDS = [
  'hold',
  'resume',
  'stop',
  'abort',
  'acknowledge',
  'clear',
  'reset',
  'start',
  'confirm',
  'skip',
  'limit',
] as const;
/**
 * hold, resume: pause and go on. stop: load off, then the safe state. abort: at once into the safe state. acknowledge: one
 * alarm, or all. clear: a person says that the cause of a trip is gone. reset: ready for the next run. start: the same
 * method once more. confirm: what the method asks of a person is so. skip: the step that runs now is over, the
 * method goes on behind it. limit: an interlock has another limit for this run, as strict as the bench or more.
 */
export type CommandName = (typeof COMMANDS)[number];

/** What an operator asks for. Asking is all: whether it may be done, the run decides. */
export interface Command {
  readonly command: CommandName;
  /** For acknowledge: the alarm's id, or absent for all. */
  readonly alarm?: string;
  /** For limit: the interlock's id, and its limit from now on, in the unit of its role. */
  readonly interlock?: string;
  readonly value?: number;
  /** Who asks, and why: of what changes the course of a run. */
  readonly name?: string;
  readonly reason?: string;
}

/** Commands that change the course of a run: who and why stands in the record, or they are refused. */
export const WITH_REASON: readonly CommandName[] = ['skip', 'limit'];
