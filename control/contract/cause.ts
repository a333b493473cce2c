/** Why a run ended, as data: nobody has to read it out of a sentence. */

/**
 * Who or what asked for the end.
 *
 * | by | id |
 * |---|---|
 * | procedure | `complete` |
 * | person | who, and through what it was asked: `A. Miller (page)`, `terminal`; `because`: why, where that was said |
 * | signal | `SIGINT`, `SIGTERM`, `SIGHUP`, `SIGQUIT` |
 * | interlock | its id in the bench file |
 * | step | the step's label; how it ended stands in its own event |
 * | set-point | the role that was refused, failed on the wire, or was changed by somebody else |
 * | watchdog | the device whose own watchdog is no longer as it was armed, while an output of it was on |
 * | start | what stood against the start: `readings`, `alarm`, `not-safe`, `watchdog` |
 * | record | `journal`: what happens can no longer be written down; `cut-off`: it ends without an end |
 * | guard | `lost`: the second process is gone, silent or wrong; `silence`, `gone`, `garbled`: it ended a controller that was |
 * | rehearsal | `on-hold`, `never-ends`: nobody is there to lead a rehearsal on |
 * | self | where cellbench itself failed |
 */
export type CauseBy =
  | 'procedure'
  | 'person'
  | 'signal'
  | 'interlock'
  | 'step'
  | 'set-point'
  | 'watchdog'
  | 'start'
  | 'record'
  | 'guard'
  | 'rehearsal'
  | 'self';

/** The cause of an ending; JSON. */
export interface Cause {
  readonly by: CauseBy;
  readonly id: string;
  /** Why a person asked for it; absent: nothing was said. */
  readonly because?: string;
}

/** What could not be done or proved on the way into the safe state, and the next independent means. */
export interface Unproven {
  readonly what: string;
  readonly otherwise: string;
}
