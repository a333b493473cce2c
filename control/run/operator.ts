import { type Command, type CommandName, misfitOf } from '../contract/command.ts';
import { isRunning, nextState } from '../contract/run-state.ts';
import { inEnglish, type Said, say } from '../contract/said/said.ts';
import { acknowledge, againstClear, againstReset, clear, reset } from './lead-out.ts';
import type { BenchSession } from './session.ts';
import { againstResume } from './suspend/pauses.ts';

/** What was decided on something that a person asked for, and why. */
export interface Decision {
  readonly accepted: boolean;
  readonly text: string;
  /** The same as data; absent: it is known in words only. */
  readonly said?: Said;
}

/** Begins the same method once more; resolves with what stands against it, empty = begun. */
export type StartAgain = () => Promise<string>;

/** Reads an edited method and takes it for the run that is held; resolves with what stands against it, empty = taken. */
export type EditRun = (asked: EditAsked) => Promise<string>;

/** What is asked of an edit: who (with the door), why, which file, and in place of which. */
export type EditAsked = Required<Pick<Command, 'by' | 'reason' | 'method' | 'sha256' | 'from'>>;

/**
 * A person asks, on the page or in the terminal; whether it may be done is decided here, once for all of them, and
 * stands in the record with who asked.
 */
export async function decide(
  session: BenchSession,
  asked: Command,
  door: string,
  startAgain: StartAgain | undefined,
  edit?: EditRun,
): Promise<Decision> {
  const { command, alarm, reason } = asked;
  const by = asked.by === undefined ? door : `${asked.by} (${door})`;
  const decision = await decideOn(session, asked, by, { startAgain, edit });
  const data = {
    command,
    by,
    accepted: decision.accepted,
    ...(alarm === undefined ? {} : { alarm }),
    ...(reason === undefined ? {} : { reason }),
  };
  const why = reason === undefined ? '' : ` because ${reason}`;
  session.note({ kind: 'command', data }, `${command} (${by}${why}): ${decision.text}`);
  // What a person has said holds over a power cut.
  if (decision.accepted) void session.parts.recording.flush();
  return decision;
}

function decideOn(
  session: BenchSession,
  asked: Command,
  by: string,
  { startAgain, edit }: { readonly startAgain: StartAgain | undefined; readonly edit: EditRun | undefined },
): Decision | Promise<Decision> {
  const { state, alarms } = session;
  const { command, alarm, interlock = '', value = Number.NaN, reason = '' } = asked;
  const because = reason === '' ? '' : `: ${reason}`;
  const misfit = misfitOf(asked);
  if (misfit !== undefined) return { accepted: false, text: misfit[1] };
  const done = (said: Said): Decision => ({ accepted: true, text: inEnglish(said), said });
  const no = (said: Said): Decision => ({ accepted: false, text: inEnglish(said), said });
  const notNow = (): Decision => no(say('notNow', { state }));
  /** Of what stands against it only the words are known. */
  const unless = (against: string, said: Said): Decision =>
    against === '' ? done(said) : { accepted: false, text: against };
  switch (command) {
    case 'skip':
      return skip(session, asked, `${by}: ${reason}`);
    case 'limit': {
      if (!isRunning(state)) return notNow();
      const from = session.interlocks.limitOf(interlock) ?? Number.NaN;
      const against = session.interlocks.change(interlock, value);
      if (against !== undefined) return no(against);
      const data = { id: interlock, from, to: value, by, reason };
      const changed = done(say('limitChanged', data));
      session.note({ kind: 'limitChange', data }, changed.text);
      return changed;
    }
    case 'edit': {
      const { method = '', sha256 = '', from = '' } = asked;
      if (state !== 'Held') return no(say('notHeld', { state }));
      if (edit === undefined) return no(say('noEdits'));
      return edit({ by, reason, method, sha256, from }).then(against => unless(against, say('edited')));
    }
    case 'hold':
      return session.hold(`held (${by})`, { by: 'person', id: by }) ? done(say('holding')) : notNow();
    case 'resume': {
      const against = againstResume(session);
      return against === undefined ? unless(session.resume(), say('resumed')) : no(against);
    }
    case 'stop':
      return session.stop({ by: 'person', id: by }, `stopped by a person (${by})${because}`)
        ? done(say('isStopping'))
        : notNow();
    case 'abort':
      if (state === 'Idle' || state === 'Aborted') return notNow();
      session.abort({ by: 'person', id: by }, `aborted by a person (${by})${because}`);
      return done(say('isAborting'));
    case 'acknowledge':
      return alarm !== undefined && !alarms.standing().some(a => a.id === alarm)
        ? no(say('noAlarmStands', { id: alarm }))
        : done(acknowledge(session, alarm, by));
    case 'shelve': {
      const { for_s = 0 } = asked;
      const wanted = { id: alarm ?? '', for_s, by, reason };
      const against = alarms.againstShelving(wanted);
      return against === undefined ? unless(alarms.shelve(wanted), say('shelved', wanted)) : no(against);
    }
    case 'unshelve': {
      const id = alarm ?? '';
      if (!alarms.isShelved(id)) return no(say('notShelved', { id }));
      return unless(alarms.unshelve(id, by), say('unshelved', { id }));
    }
    case 'clear': {
      const against = againstClear(session);
      return against === undefined ? unless(clear(session), say('cleared')) : no(against);
    }
    case 'reset': {
      const against = againstReset(session);
      return against === undefined ? unless(reset(session), say('reset')) : no(against);
    }
    case 'confirm': {
      const confirmed = session.run?.asks.confirm(by) ?? [];
      if (confirmed.length === 0) return no(say('nothingAsked'));
      return done(say('confirmed', { asks: confirmed.map(ask => ask.text) }));
    }
    case 'start':
      if (state !== 'Idle') return notNow();
      if (startAgain === undefined) return no(say('noStart'));
      return startAgain().then(against => unless(against, say('started')));
  }
}

/** Ends the step under way, and no other one than was asked about: it may have ended by itself meanwhile. */
function skip({ state, run }: BenchSession, { began_s }: Command, why: string): Decision {
  const no = (said: Said): Decision => ({ accepted: false, text: inEnglish(said), said });
  if (state !== 'Execute' || run === undefined) return no(say('notNow', { state }));
  const found = run.skip();
  if (typeof found === 'string')
    return began_s === undefined
      ? { accepted: false, text: found }
      : no(say('notThatStep', { step: run.step }));
  const { step } = found;
  if (began_s !== undefined && began_s !== found.began_s) return no(say('notThatStep', { step }));
  run.skip(why);
  const said = say('skipped', { step });
  return { accepted: true, text: inEnglish(said), said };
}

/** What a person may ask for now. */
export function allowedNow(session: BenchSession, canStart: boolean): CommandName[] {
  const { state, interlocks, alarms, safeState } = session;
  const allowed: CommandName[] = [];
  if (nextState(state, 'hold') === 'Holding') allowed.push('hold');
  if (state === 'Execute' && typeof session.run?.skip() === 'object') allowed.push('skip');
  if (isRunning(state)) allowed.push('limit');
  if (state === 'Held' && !interlocks.isBlocked()) allowed.push('resume');
  if (nextState(state, 'stop') !== undefined) allowed.push('stop');
  if (!['Idle', 'Aborting', 'Aborted'].includes(state)) allowed.push('abort');
  if (alarms.isOpen || interlocks.blocking().length > 0) allowed.push('acknowledge');
  const standing = alarms.standing();
  if (standing.some(a => a.reaction === 'warn' && a.shelved === null)) allowed.push('shelve');
  if (standing.some(a => a.shelved !== null)) allowed.push('unshelve');
  const isSafe = !interlocks.isBlocked() && safeState.against() === '';
  if (state === 'Aborted' && isSafe) allowed.push('clear');
  if (nextState(state, 'reset') !== undefined && isSafe) allowed.push('reset');
  if (state === 'Execute' && (session.run?.asks.open.length ?? 0) > 0) allowed.push('confirm');
  if (state === 'Idle' && canStart) allowed.push('start');
  return allowed;
}
