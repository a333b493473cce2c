import type { LanguageEnv } from '../../profiles/language/run/env.ts';
import type { MethodEvents } from '../../profiles/language/run/method-events.ts';
import { MethodRun } from '../../profiles/language/run/method-run.ts';
import type { MethodState } from '../../profiles/language/run/method-state.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import { Sequencer, type SequencerEvents, type SequencerState } from './sequencer.ts';

/** What runs a procedure, one look at a time: the language's own, or the sequencer of version 1. */
export type Conductor = Sequencer | MethodRun;
/** What it tells the run. */
export type ConductorEvents = SequencerEvents & MethodEvents;
/** What it remembers, JSON. */
export type ConductorState = SequencerState | MethodState;

/** Begins a procedure, or goes on with it from a state of the same kind; `isCut`: by the rules of its steps. */
export function conductorOf(
  procedure: Procedure,
  env: LanguageEnv,
  events: ConductorEvents,
  saved?: ConductorState,
  isCut = false,
): Conductor {
  const { program } = procedure;
  const isLanguage = saved !== undefined && 'language' in saved;
  return program === undefined
    ? new Sequencer(procedure, env, events, isLanguage ? undefined : saved)
    : new MethodRun(program, env, events, isLanguage ? saved : undefined, isCut);
}
