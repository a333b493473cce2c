import type { Cause } from '../../contract/cause.ts';
import { isInStep } from '../../contract/run-state.ts';
import { inEnglish, ordinal, type Said, say } from '../../contract/said/said.ts';
import type { BenchSession } from '../session.ts';
import type { Suspending } from './suspension.ts';

/** What lets a run stand still and go on: a person's hold, and a suspension that recovers by itself. */

/** Operator pause: method time stands still; the set points of a stack stay, a cell rests. Limits go on. `cause`: who or what held it. */
export function hold(session: BenchSession, reason: string, cause?: Cause): boolean {
  if (!session.go('hold')) return false;
  session.gate.pause(true);
  session.reason = reason;
  session.cause = cause;
  session.run?.held(false);
  return true;
}

/** What stands against going on after a hold. */
export function againstResume({ run, state, interlocks }: BenchSession): Said | undefined {
  if (state !== 'Held') return say('cannotResume', { state });
  if (interlocks.isBlocked()) return say('alarmsFirst');
  const ids = (run?.suspension.open ?? []).filter(({ isReady }) => !isReady).map(({ id }) => id);
  return run?.suspension.isReady === false ? say('notBack', { ids }) : undefined;
}

/** Goes on after a hold. Returns what stands against it. */
export function resume(session: BenchSession): string {
  const against = againstResume(session);
  if (against !== undefined) return inEnglish(against);
  session.go('unhold');
  recovered(session);
  goOn(session);
  session.go('unheld');
  return '';
}

/** An interlock or a limit of the method with a recovery is exceeded. */
export function suspend(session: BenchSession, cause: Suspending): void {
  const { run, parts } = session;
  // Nothing of a method is under way: there is nothing to suspend, and nothing starts while it stands.
  if (run === undefined || !isInStep(session.state)) return;
  const begun = run.suspension.raise(cause, parts.clock.now_s());
  if (begun.is === 'goes on') return;
  if (begun.is === 'too often') {
    ends(session, cause, begun.text);
    return;
  }
  const { sets, for_s, within_s, at_most } = cause.recovery;
  const data = { id: cause.id, of: cause.of, nth: begun.nth, at_most, for_s, within_s, sets };
  session.note({ kind: 'suspended', data }, `${cause.text}; the ${ordinal(begun.nth)} of at most ${at_most}`);
  if (session.go('suspend')) {
    session.reason = cause.text;
    session.cause = { by: cause.of === 'interlock' ? 'interlock' : 'step', id: cause.id };
  }
  session.gate.pause(true);
  run.held(false);
}

/** One tick while method time stands still: limits and the recovery go on. */
export function stillOn(session: BenchSession, isBeat: boolean): void {
  const { run } = session;
  if (session.state === 'Holding') session.go('held');
  const isThere = run?.held(isBeat) === true;
  if (run === undefined || !run.suspension.isOpen || !isInStep(session.state)) return;
  const places = run.notYetBack();
  const late = run.suspension.look(session.parts.clock.now_s(), ({ of, id }) =>
    of === 'limit' ? places.has(id) : session.interlocks.isActive(id),
  );
  if (late !== undefined) {
    const { within_s, for_s } = late.recovery;
    ends(session, late, `${late.text}: not back for ${for_s} s within ${within_s} s of its recovery`);
  } else if (session.state === 'Suspending' && isThere) session.go('suspended');
  else if (session.state === 'Suspended' && run.suspension.isReady) goesOnByItself(session);
}

/** The set points are on their way back; what `goesOn` of the method tells leads into Execute. */
function goesOnByItself(session: BenchSession): void {
  // A person has something to acknowledge: the person lets it go on, too.
  if (session.interlocks.isBlocked()) {
    const { reason, cause } = session;
    hold(session, reason, cause);
    return;
  }
  session.go('unsuspend');
  recovered(session);
  goOn(session);
}

function goOn(session: BenchSession): void {
  session.gate.pause(false);
  session.run?.goesOn();
  session.reason = '';
  session.cause = undefined;
}

function recovered(session: BenchSession): void {
  const { run, parts } = session;
  if (run === undefined || !run.suspension.isOpen) return;
  const now_s = parts.clock.now_s();
  for (const { id, of, nth, since_s } of run.suspension.over()) {
    const lasted_s = now_s - since_s;
    const data = { id, of, nth, lasted_s };
    session.note(
      { kind: 'recovered', data },
      `${id} is back, the run goes on after ${lasted_s.toFixed(1)} s`,
    );
  }
}

/** It ends in the safe state, and a person acknowledges it. */
function ends(session: BenchSession, { of, id }: Suspending, text: string): void {
  session.abort(of === 'interlock' ? { by: 'interlock', id } : { by: 'step', id }, text);
  if (of === 'interlock') session.interlocks.latch(id);
}
