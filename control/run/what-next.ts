import type { CommandName } from '../contract/command.ts';
import {
  type Did,
  inEnglish,
  type Said,
  type Standing,
  type SuspendedBy,
  say,
} from '../contract/said/said.ts';
import type { BenchSession } from './session.ts';

/** What a person does next: as data and in one line, and the command that does it; empty while nothing is to be done. */
export interface WhatNext {
  readonly text: string;
  readonly command: CommandName | '';
  /** Absent: nothing is to be done. */
  readonly said?: Said;
}

const NOTHING: WhatNext = { text: '', command: '' };
const next = (said: Said, command: CommandName | '' = ''): WhatNext => ({
  text: inEnglish(said),
  command,
  said,
});

/** The next step on the way out of where the bench stands: acknowledge, clear, reset, start. */
export function whatNext(session: BenchSession, canStart: boolean): WhatNext {
  switch (session.state) {
    case 'Starting':
      return next(say('starting'));
    case 'Execute': {
      const asked = session.run?.asks.open ?? [];
      if (asked.length === 0) return NOTHING;
      return next(say('asked', { asks: asked.map(ask => ask.text) }), 'confirm');
    }
    case 'Unsuspending':
      return next(say('recovered'));
    case 'Suspending':
    case 'Suspended':
      return next(say('suspended', { by: suspendedBy(session) }));
    case 'Holding':
    case 'Held':
      return outOf(session, 'Held', 'resume');
    case 'Stopping':
      return next(say('stopping'));
    case 'Completing':
      return next(say('completing'));
    case 'Aborting':
      return next(say('aborting'));
    case 'Aborted':
      return outOf(session, howItEnded(session), 'clear');
    case 'Stopped': {
      const isCleared = session.run?.outcome?.state === 'Aborted';
      return outOf(session, isCleared ? 'Cleared' : 'Stopped', 'reset');
    }
    case 'Complete':
      return outOf(session, 'Complete', 'reset');
    case 'Idle':
      return canStart ? next(say('startAgain'), 'start') : next(say('ready'));
    default:
      return NOTHING;
  }
}

/** Why a run stands where it stands, as data; none: nothing has stopped it, or it is known in words only. */
export function whyHere(session: BenchSession): { readonly why?: Said } {
  const { reason, cause } = session;
  if (cause === undefined || reason === '') return {};
  return { why: say('caused', { did: didOf(session), ...cause, text: reason }) };
}

function didOf({ state, run }: BenchSession): Did {
  if (state === 'Holding' || state === 'Held' || state === 'Unholding') return 'held';
  if (state === 'Suspending' || state === 'Suspended' || state === 'Unsuspending') return 'suspended';
  return state === 'Aborting' || run?.outcome?.state === 'Aborted' ? 'aborted' : 'stopped';
}

/** What a suspension waits for, and what comes if that does not. */
function suspendedBy({ run, parts }: BenchSession): readonly SuspendedBy[] {
  const now_s = parts.clock.now_s();
  return (run?.suspension.open ?? []).map(({ id, nth, since_s, back_s, isReady, recovery }) => {
    const { for_s, within_s, at_most } = recovery;
    return {
      id,
      nth,
      most: at_most,
      back_s: Number.isNaN(back_s) ? null : Math.round(now_s - back_s),
      for_s,
      trips_s: isReady ? null : Math.max(0, Math.round(since_s + within_s - now_s)),
    };
  });
}

function howItEnded({ run }: BenchSession): Standing {
  return run?.outcome?.cause.by === 'interlock' ? 'Tripped' : 'Aborted';
}

/** First the alarms, then the safe state, then the command itself. */
function outOf(session: BenchSession, where: Standing, command: CommandName): WhatNext {
  const way = { where, command };
  const blocking = session.interlocks.alarms().filter(alarm => alarm.reaction !== 'warn');
  if (blocking.some(alarm => !alarm.acknowledged)) return next(say('acknowledgeFirst', way), 'acknowledge');
  if (blocking.length > 0) return next(say('causePresent', { ...way, ids: blocking.map(({ id }) => id) }));
  const against = command === 'resume' ? undefined : session.safeState.notYet();
  if (against?.code === 'notSafe') return next(say('readsNotSafe', { ...way, ...against.with }));
  if (against !== undefined) return next(say('stillDriven', way));
  return next(say('wayOn', way), command);
}
