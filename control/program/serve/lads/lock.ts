import type { UAObject, UAVariable } from 'node-opcua';
import { type Asked, answered } from './calls.ts';
import type { Model } from './model.ts';
import type { UnitOf } from './unit.ts';

/** Lock of a functional unit (OPC 10000-100, LockingServices): whoever has it is in control of the laboratory. */

/** Answers of the locking services: done; somebody else has it; it is not locked. */
const OK = 0;
const TAKEN = -1;
const NOT_LOCKED = -1;

/** Lets it be taken and given back; there is one control for the whole laboratory. */
export function addLock(
  model: Model,
  lock: UAObject,
  { control, calls, now }: UnitOf,
  say: (text: string) => void,
): void {
  const { DataType } = model.opcua;
  const show = (name: string, dataType: number, look: () => unknown): void =>
    model.show(model.part<UAVariable>(lock, name), dataType, () => ({
      value: look(),
      utc_ms: now.clock.utc_ms(),
    }));
  show('Locked', DataType.Boolean, () => control.now() !== null);
  show('LockingUser', DataType.String, () => control.now()?.by ?? '');
  show('LockingClient', DataType.String, () => (control.now() === null ? '' : 'cellbench door'));
  show('RemainingLockTime', DataType.Double, () => control.left_s() * 1000);

  const bind = (name: string, otherwise: number, asked: Asked): void =>
    calls.bind(model, { node: lock, name, said: say }, async (_inputs, context) => {
      const outcome = await calls.ask(context, asked);
      const { status, text } = answered(outcome);
      say(text);
      const isRefused = !outcome.isDone && (outcome.status === 400 || outcome.status === 409);
      if (!outcome.isDone && !isRefused) return { status };
      const isOk = outcome.isDone && (name === 'ExitLock' || control.is(calls.nameOf(context)));
      return { status: 'Good', outputs: [{ dataType: DataType.Int32, value: isOk ? OK : otherwise }] };
    });
  // A reason is what takes it from somebody else: InitLock waits for it to be free, BreakLock does not.
  bind('InitLock', TAKEN, { route: 'takeControl', body: {} });
  bind('BreakLock', NOT_LOCKED, { route: 'takeControl', body: { reason: 'BreakLock over OPC UA' } });
  bind('ExitLock', NOT_LOCKED, { route: 'releaseControl' });
  bind('RenewLock', NOT_LOCKED, { route: 'control' });
}
