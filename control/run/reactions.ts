import { messageOf } from '../../drivers/contract/errors.ts';
import type { Json } from '../../profiles/steps/step.ts';
import type { Cause } from '../contract/cause.ts';
import { isFinal, isInStep, nextState } from '../contract/run-state.ts';
import { recoveryOf } from '../kinds/interlocks/recover.ts';
import { WatchdogAudit, type WatchdogNews } from '../tick/watchdog-audit.ts';
import { AlarmBook } from '../watch/alarms/book.ts';
import type { Listeners, Raised } from '../watch/interlocks.ts';
import type { BenchSession } from './session.ts';

/** What a session does about what happens on the bench. */

const EVENT_OF = { hold: 'hold', suspend: 'suspend', stop: 'stop', trip: 'abort' } as const;

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
  const { id, reaction, recover, t_s } = raised;
  const { phase = '', step = '' } = session.run ?? {};
  const cause: Cause = { by: 'interlock', id };
  // What ends or holds a run is told however often it comes; a second cause of a suspension counts while it lasts, too.
  const acts =
    reaction !== 'warn' &&
    (recover !== undefined || nextState(session.state, EVENT_OF[reaction]) !== undefined);
  if (reaction === 'trip') session.abort(cause, () => `${id}: ${raised.text}`);
  const said = session.alarms.raised(id, t_s, acts);
  if (said === undefined && !acts) return;
  const text = `${id}: ${raised.text}`;
  const unusable = raised.isUnusable ? { isUnusable: true as const } : {};
  const data = { id, reaction, ...said, ...unusable, ...raised.came, phase, step };
  session.note({ kind: 'alarm', data }, text);
  if (reaction === 'stop') session.stop(cause, text);
  else if (reaction === 'hold') session.hold(text, cause);
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

/** Once a second: set values that somebody else has changed, watchdogs that are no longer as they were armed. */
export function auditOutputs({ state, gate, watchdogs }: BenchSession): void {
  // While the safe state is being driven, the lines are its own; and never both at once before a poll.
  const asks = state !== 'Completing' && state !== 'Aborting' && watchdogs.look();
  if (!asks && isInStep(state)) void gate.held.audit();
}

/** Looks after the instruments' own watchdogs: one that is lost with an output on trips, else it is told. */
export function watchdogsOf(session: BenchSession): WatchdogAudit {
  const { devices, clock } = session.parts;
  const isOn = outputIsOn(session);
  return new WatchdogAudit({ devices: devices.values(), clock, isOn, tell: news => hearOf(session, news) });
}

function hearOf(session: BenchSession, { device, is, isOn, text }: WatchdogNews): void {
  // In the safe state, and on the way into it, it is told; there is nothing more to be switched off.
  const { state } = session;
  const isSafe = isFinal(state) || state === 'Completing' || state === 'Aborting' || state === 'Clearing';
  if (is !== 'back' && isOn && !isSafe) session.abort({ by: 'watchdog', id: device }, text);
  const armed_s = is === 'back' ? (session.parts.bench.devices[device].watchdog?.timeout_s ?? null) : null;
  session.note({ kind: 'watchdog', data: { device, armed_s, what: is } }, text);
}

/**
 * Whether anything that a device sets stands otherwise than in the safe state, by what was read back last. What was asked for
 * and is not known to hold counts as on; what nobody has set or read, as off.
 */
function outputIsOn({ gate, parts: { bench, roles, devices } }: BenchSession): (device: string) => boolean {
  const ofBench = new Map(
    bench.safeState.steps.flatMap(step => ('set' in step ? [[step.set, step.to]] : [])),
  );
  const outputs = [...roles.settable.values()].flatMap(({ role, device, key, tolerance }) => {
    const own = devices.get(device)?.safeList.find(([name]) => name === key)?.[1];
    const safe = own ?? ofBench.get(role);
    return safe === undefined ? [] : [{ role, device, tolerance, safe }];
  });
  return device =>
    outputs.some(output => {
      if (output.device !== device) return false;
      const isOurs = gate.answer(output.role).outcome !== 'none';
      const applied = gate.applied(output.role);
      if (isOurs && Number.isNaN(applied)) return true;
      const held = Number.isNaN(applied) ? gate.held.last(output.role) : applied;
      return Math.abs(held - output.safe) > output.tolerance + 1e-9 * Math.abs(output.safe);
    });
}
