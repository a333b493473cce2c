import { type Command, type CommandName, misfitOf } from '../contract/command.ts';
import { isRunning, nextState } from '../contract/run-state.ts';
import { acknowledge, clear, reset } from './lead-out.ts';
import type { BenchSession } from './session.ts';

/** What was decided on something that a person asked for, and why. */
export interface Decision {
  readonly accepted: boolean;
  readonly text: string;
}

/** Nobody offers a start: the last run is not through with its record, or there is no page to start from. */
const NO_START =
  'not now: the record of the last run is still being concluded, or this program runs its method once (--no-serve)';

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
  const misfit = misfitOf(asked);
  if (misfit !== undefined) return { accepted: false, text: misfit[1] };
  const notNow: Decision = { accepted: false, text: `not possible in state ${state}` };
  const unless = (against: string, done: string): Decision =>
    against === '' ? { accepted: true, text: done } : { accepted: false, text: against };
  switch (command) {
    case 'skip':
      if (state !== 'Execute' || session.run === undefined) return notNow;
      return unless(session.run.skip(`${by}: ${reason}`), 'skipped: the method goes on behind this step');
    case 'limit': {
      if (!isRunning(state)) return notNow;
      const from = session.interlocks.limitOf(interlock) ?? Number.NaN;
      const against = session.interlocks.change(interlock, value);
      const text = `${interlock}: ${from} -> ${value} in this run (${by}: ${reason})`;
      const data = { id: interlock, from, to: value, by, reason };
      if (against === '') session.note({ kind: 'limitChange', data }, text);
      return unless(against, text);
    }
    case 'edit': {
      const { method = '', sha256 = '', from = '' } = asked;
      if (state !== 'Held') return { accepted: false, text: `${notNow.text}, expected the run held (hold)` };
      if (edit === undefined) return { accepted: false, text: 'this run takes no edits' };
      return edit({ by, reason, method, sha256, from }).then(against =>
        unless(against, 'edited: resume goes on with the new method'),
      );
    }
    case 'hold':
      return session.hold(`held (${by})`)
        ? unless('', 'holding: method time stands still; the set points of a stack stay, a cell rests')
        : notNow;
    case 'resume':
      return unless(session.resume(), 'resumed');
    case 'stop':
      return session.stop({ by: 'person', id: by }, `stopped by a person (${by})`)
        ? unless('', 'stopping: load off, then the safe state')
        : notNow;
    case 'abort':
      if (state === 'Idle' || state === 'Aborted') return notNow;
      session.abort({ by: 'person', id: by }, `aborted by a person (${by})`);
      return unless('', 'aborting: at once into the safe state');
    case 'acknowledge':
      return alarm !== undefined && !alarms.standing().some(a => a.id === alarm)
        ? { accepted: false, text: `no alarm ${alarm} stands` }
        : unless('', acknowledge(session, alarm, by));
    case 'shelve': {
      const { for_s = 0 } = asked;
      return unless(alarms.shelve({ id: alarm ?? '', for_s, by, reason }), `${alarm} is shelved`);
    }
    case 'unshelve':
      return unless(alarms.unshelve(alarm ?? '', by), `${alarm} is no longer shelved`);
    case 'clear':
      return unless(clear(session), 'cleared');
    case 'reset':
      return unless(reset(session), 'reset');
    case 'confirm': {
      const confirmed = session.run?.asks.confirm(by) ?? [];
      if (confirmed.length === 0) return { accepted: false, text: 'nothing is asked' };
      return unless('', `confirmed: ${confirmed.map(ask => ask.text).join('; ')}`);
    }
    case 'start':
      if (state !== 'Idle') return notNow;
      if (startAgain === undefined) return { accepted: false, text: NO_START };
      return startAgain().then(against => unless(against, 'started'));
  }
}

/** What a person may ask for now. */
export function allowedNow(session: BenchSession, canStart: boolean): CommandName[] {
  const { state, interlocks, alarms, safeState } = session;
  const allowed: CommandName[] = [];
  if (nextState(state, 'hold') === 'Holding') allowed.push('hold');
  if (state === 'Execute' && session.run?.skip() === '') allowed.push('skip');
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
