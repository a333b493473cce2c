import { messageOf } from '../../drivers/contract/errors.ts';
import type { Cause } from '../contract/cause.ts';
import { isInStep } from '../contract/run-state.ts';
import { recoveryOf } from '../kinds/interlocks/recover.ts';
import type { Listeners, Raised } from '../watch/interlocks.ts';
import type { BenchSession } from './session.ts';

/** What a session does about what happens on the bench. */

/** What the interlocks of a session lead to. */
export function reactionsOf(session: BenchSession): Listeners {
  return {
    raised: raised => react(session, raised),
    cleared: (id, text) => session.note({ kind: 'clear', data: { id } }, `${id} clear: ${text}`),
    failed: error =>
      session.abort({ by: 'self', id: 'interlocks' }, `cellbench itself failed: ${messageOf(error)}`),
    applied: role => session.gate.applied(role),
  };
}

function react(session: BenchSession, raised: Raised): void {
  const { id, reaction, recover } = raised;
  const cause: Cause = { by: 'interlock', id };
  if (reaction === 'trip') session.abort(cause, () => `${id}: ${raised.text}`);
  const text = `${id}: ${raised.text}`;
  const data = { id, reaction, ...(raised.isUnusable ? { isUnusable: true as const } : {}) };
  session.note({ kind: 'alarm', data }, text);
  if (reaction === 'stop') session.stop(cause, text);
  else if (reaction === 'hold') session.hold(text);
  else if (recover !== undefined)
    session.suspend({ of: 'interlock', id, recovery: recoveryOf(recover), text });
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
