import type { UAObject, UAVariable } from 'node-opcua';
import { answered } from './calls.ts';
import type { Asked } from './line.ts';
import type { Model } from './model.ts';
import type { UnitOf } from './unit.ts';

/** Lock of a functional unit (OPC 10000-100, LockingServices): whoever has it is in control of the laboratory. */

const LONGEST_REASON = 200;
/** Answers of the locking services: done; it is locked already, by whomever, or it is not locked. */
const OK = 0;
const NOT_DONE = -1;

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
  show('Locked', DataType.Boolean, () => control() !== null);
  show('LockingUser', DataType.String, () => control()?.by ?? '');
  show('LockingClient', DataType.String, () => (control() === null ? '' : 'cellbench door'));
  show('RemainingLockTime', DataType.Double, () => (control()?.left_s ?? 0) * 1000);

  const bind = (name: string, asks: (context: string) => Asked): void =>
    calls.bind(model, { node: lock, name, said: say }, async (inputs, context) => {
      const holder = control()?.by;
      // Who has it already asks for RenewLock.
      if (name === 'InitLock' && holder !== undefined && holder === calls.nameOf(context)) {
        say(`${holder} has the lock already: expected RenewLock`);
        return { status: 'Good', outputs: [{ dataType: DataType.Int32, value: NOT_DONE }] };
      }
      const asked = asks(String(inputs[0]?.value ?? '').trim());
      const outcome = await calls.ask(context, asked, say);
      const { status } = answered(outcome);
      const isRefused = !outcome.isDone && (outcome.status === 400 || outcome.status === 409);
      if (!outcome.isDone && !isRefused) return { status };
      // Taken and renewed: the answer says who is in control now.
      const by = outcome.isDone ? (outcome.answer as { by?: string } | null)?.by : undefined;
      const isOk = outcome.isDone && (name === 'ExitLock' || by === calls.nameOf(context));
      return { status: 'Good', outputs: [{ dataType: DataType.Int32, value: isOk ? OK : NOT_DONE }] };
    });
  // A reason is what takes it from somebody else: InitLock waits for it to be free, BreakLock does not.
  bind('InitLock', context => ({
    route: 'takeControl',
    body: {},
    reasonIfFree: context.slice(0, LONGEST_REASON),
  }));
  const taken = { route: 'takeControl', body: { reason: 'BreakLock over OPC UA' } };
  bind('BreakLock', () => taken);
  bind('ExitLock', () => ({ route: 'releaseControl' }));
  bind('RenewLock', () => ({ route: 'control' }));
}
