import type { RunState } from '../../../view.ts';

/** What a run is doing, in the words of OPC 30500-1: state of the functional unit, and that within Running. */
export interface LadsState {
  readonly unit: 'Stopped' | 'Running' | 'Stopping' | 'Aborting' | 'Aborted' | 'Clearing';
  /** Stays what it was where `unit` is none of Running. */
  readonly running: Exclude<RunState, LadsState['unit']> | undefined;
}

/** Of a unit on which nothing is under way. */
export const NOTHING: LadsState = { unit: 'Stopped', running: 'Idle' };

/** Of a run under way: our states have the names of the standard, which has two machines of what is one here. */
export function ladsStateOf(state: RunState): LadsState {
  switch (state) {
    case 'Stopping':
    case 'Aborting':
    case 'Aborted':
    case 'Clearing':
      return { unit: state, running: undefined };
    case 'Stopped':
      // Its program still writes what it has found: nothing else begins on the unit before it is gone.
      return { unit: 'Stopping', running: undefined };
    default:
      return { unit: 'Running', running: state };
  }
}
