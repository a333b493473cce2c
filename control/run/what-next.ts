import type { CommandName } from '../contract/command.ts';
import type { BenchSession } from './session.ts';
import { ordinal } from './suspend/suspension.ts';

/** What a person does next, in one line, and the command that does it; both empty while nothing is to be done. */
export interface WhatNext {
  readonly text: string;
  readonly command: CommandName | '';
}

const NOTHING: WhatNext = { text: '', command: '' };
const wait = (text: string): WhatNext => ({ text, command: '' });

/** The next step on the way out of where the bench stands: acknowledge, clear, reset, start. */
export function whatNext(session: BenchSession, canStart: boolean): WhatNext {
  switch (session.state) {
    case 'Starting':
      return wait('Starting: waiting for readings and proofs');
    case 'Execute': {
      const asked = session.run?.asks.open ?? [];
      if (asked.length === 0) return NOTHING;
      return { text: `Asked: ${asked.map(ask => ask.text).join('; ')}`, command: 'confirm' };
    }
    case 'Suspending':
    case 'Suspended':
    case 'Unsuspending':
      return wait(howSuspended(session));
    case 'Holding':
    case 'Held':
      return outOf(session, 'Held', 'resume', 'resume goes on, stop ends the run');
    case 'Stopping':
      return wait('Stopping: load off, then the safe state');
    case 'Completing':
      return wait('Completing: the safe state is being driven');
    case 'Aborting':
      return wait('Into the safe state: wait until everything is proved or named');
    case 'Aborted':
      return outOf(session, howItEnded(session), 'clear', 'clear says that the cause is gone');
    case 'Stopped': {
      const isCleared = session.run?.outcome?.state === 'Aborted';
      return outOf(session, isCleared ? 'Cleared' : 'Stopped', 'reset', 'reset leads to the next run');
    }
    case 'Complete':
      return outOf(session, 'Complete', 'reset', 'reset leads to the next run');
    case 'Idle':
      return canStart ? { text: 'Ready: start runs the same method again', command: 'start' } : wait('Ready');
    default:
      return NOTHING;
  }
}

/** What a suspension waits for, and what comes if that does not. */
function howSuspended({ run, state, parts }: BenchSession): string {
  if (state === 'Unsuspending') return 'Recovered: the set points come back';
  const now_s = parts.clock.now_s();
  const causes = (run?.suspension.open ?? []).map(({ id, nth, since_s, back_s, isReady, recovery }) => {
    const { for_s, within_s, at_most } = recovery;
    const back = Number.isNaN(back_s)
      ? 'not back yet'
      : `back for ${Math.round(now_s - back_s)} of ${for_s} s`;
    const end = isReady ? '' : `, trips in ${Math.max(0, Math.round(since_s + within_s - now_s))} s`;
    return `${id} (${ordinal(nth)} of at most ${at_most}) ${back}${end}`;
  });
  return `Suspended, goes on by itself: ${causes.join('; ')}`;
}

function howItEnded({ run }: BenchSession): string {
  return run?.outcome?.cause.by === 'interlock' ? 'Tripped' : 'Aborted';
}

/** First the alarms, then the safe state, then the command itself. */
function outOf(session: BenchSession, where: string, command: CommandName, how: string): WhatNext {
  const blocking = session.interlocks.alarms().filter(alarm => alarm.reaction !== 'warn');
  if (blocking.some(alarm => !alarm.acknowledged))
    return { text: `${where}: acknowledge the alarms, then ${command}`, command: 'acknowledge' };
  if (blocking.length > 0) {
    const ids = blocking.map(alarm => alarm.id).join(', ');
    return wait(
      `${where}: acknowledged, but the cause is still present (${ids}); ${command} waits for it to go`,
    );
  }
  const against = command === 'resume' ? '' : session.safeState.against();
  if (against !== '') return wait(`${where}: ${command} waits, ${against}`);
  return { text: `${where}: ${how}`, command };
}
