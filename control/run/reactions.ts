import { messageOf } from '../../drivers/contract/errors.ts';
import type { Json } from '../../profiles/steps/step.ts';
import type { Cause } from '../contract/cause.ts';
import { isInStep, nextState } from '../contract/run-state.ts';
import { AlarmBook } from '../watch/alarms/book.ts';
import type { Listeners, Raised } from '../watch/interlocks.ts';
import type { BenchSession } from './session.ts';

/** What a session does about what happens on the bench. */

const EVENT_OF = { hold: 'hold', stop: 'stop', trip: 'abort' } as const;

/** What every control tick begins with. */
export function beatOf({ interlocks, alarms, gate, parts }: BenchSession): void {
  interlocks.tick(parts.clock.now_s());
  alarms.tick();
  gate.tick();
}

/** The list of alarms that people see, told by the interlocks of the session. */
export function alarmsOf(session: BenchSession, saved: Json | undefined): AlarmBook {
  const { bench, clock } = session.parts;
  return new AlarmBook(
    {
      interlocks: bench.interlocks,
      rules: bench.alarms,
      now_s: () => clock.now_s(),
      note: (body, text) => session.note(body, text),
      look: id => session.interlocks.look(id),
    },
    saved,
  );
}

/** What the interlocks of a session lead to. */
export function reactionsOf(session: BenchSession): Listeners {
  return {
    raised: raised => react(session, raised),
    cleared: (id, text, peak) => {
      const said = session.alarms.cleared(id, session.parts.clock.now_s(), peak);
      if (said !== undefined) session.note({ kind: 'clear', data: { id, ...said } }, `${id} clear: ${text}`);
    },
    failed: error =>
      session.abort({ by: 'self', id: 'interlocks' }, `cellbench itself failed: ${messageOf(error)}`),
    applied: role => session.gate.applied(role),
  };
}

function react(session: BenchSession, raised: Raised): void {
  const { id, reaction, t_s } = raised;
  const cause: Cause = { by: 'interlock', id };
  // What ends or holds a run is told however often it comes.
  const acts = reaction !== 'warn' && nextState(session.state, EVENT_OF[reaction]) !== undefined;
  if (reaction === 'trip') session.abort(cause, () => `${id}: ${raised.text}`);
  const said = session.alarms.raised(id, t_s, acts);
  if (said === undefined && !acts) return;
  const text = `${id}: ${raised.text}`;
  const data = { id, reaction, ...said, ...(raised.isUnusable ? { isUnusable: true as const } : {}) };
  session.note({ kind: 'alarm', data }, text);
  if (reaction === 'stop') session.stop(cause, text);
  else if (reaction === 'hold') session.hold(text);
}

/** Set points that failed or were changed by somebody else end a run, applied ones let it go on; what devices do is written down. */
export function watchOutputs(session: BenchSession): void {
  const { gate, parts } = session;
  gate.settled$.add(() => session.run?.settled());
  // On the way into the safe state a failed set point is not news.
  gate.failed$.add(({ role, text }) => {
    if (isInStep(session.state) || session.state === 'Starting')
      session.abort({ by: 'set-point', id: role }, text);
  });
  gate.foreign$.add(({ role, text }) => session.abort({ by: 'set-point', id: role }, text));
  for (const { id, onState } of parts.devices.values()) {
    onState((state, reason) => {
      const text = `${id} ${state}${reason === '' ? '' : `: ${reason}`}`;
      session.note({ kind: 'device', data: { device: id, state } }, text);
    });
  }
}

/** One tick of a hold: the limits of the method go on. */
export function heldOn(session: BenchSession, isBeat: boolean): void {
  if (session.state === 'Holding') session.go('held');
  session.run?.held(isBeat);
}
