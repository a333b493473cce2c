import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import { type WatchdogPart, type WatchdogReading, watchdogReading } from '../contract/watchdog.ts';
import type { Exchange } from '../device-table.ts';
import type { ModbusReply, ModbusRequest } from '../transport/modbus-request.ts';
import type { LineRequest } from '../transport/rtu-tcp/link.ts';
import { STATUS, statusOf } from './registers.ts';

/** What this driver asks: registers, and SCPI where there is no register for it. */
export type EaRequest = ModbusRequest | LineRequest;
type Ask = Exchange<EaRequest, ModbusReply>;

/** Range of `SYST:COMM:MON:TIM`, whole seconds. */
const TIME_RANGE_s = [1, 36_000] as const;
/** "A write is acknowledged before it acts; the delay varies": so long it may take. Chosen by us. */
const SETTLE_s = 0.5;
const SETTLE_STEP_s = 0.02;

const words =
  (meanings: Readonly<Record<string, number>>) =>
  (answer: string): ModbusReply | undefined => {
    const value = meanings[answer.toUpperCase()];
    return value === undefined ? undefined : [value];
  };
const onOrOff = words({ ON: 1, OFF: 0, '1': 1, '0': 0 });
const whole = (answer: string): ModbusReply | undefined =>
  /^\d{1,5}(\.0*)?\s?s?$/i.test(answer) ? [Number.parseInt(answer, 10)] : undefined;

/** What can be set by SCPI alone, and how its answer reads. */
const SETTINGS = {
  /** What DC does when remote control ends, also by the monitoring (= register 425): 0 off, 1 stays as it is. */
  'POW:STAG:AFT:REM': words({ OFF: 0, AUTO: 1 }),
  'SYST:COMM:MON:TIM': whole,
  'SYST:COMM:MON:ACT': onOrOff,
} as const;

type Setting = readonly [name: keyof typeof SETTINGS, argument: string, expected: number];

/** What must hold while it is armed, in the order in which it is set. */
const armedAs = (whole_s: number): readonly Setting[] => [
  ['POW:STAG:AFT:REM', 'OFF', 0],
  ['SYST:COMM:MON:TIM', String(whole_s), whole_s],
  ['SYST:COMM:MON:ACT', 'ON', 1],
];

/** Sets and reads back until it holds; rejects with `readback`. Never asks `SYST:ERR?`: that acknowledges alarms. */
async function make(
  where: string,
  clock: Clock,
  ask: Ask,
  [name, argument, expected]: Setting,
): Promise<void> {
  await ask({ fn: 'line', text: `${name} ${argument}` });
  const until_s = clock.now_s() + SETTLE_s;
  for (;;) {
    const [got] = await ask({ fn: 'line', text: `${name}?`, read: SETTINGS[name] });
    if (got === expected) return;
    if (clock.now_s() >= until_s) {
      throw new DeviceError('readback', where, `${name}: set ${argument}, read back ${got}`);
    }
    await clock.sleep(SETTLE_STEP_s);
  }
}

/**
 * Arms the interface monitoring, the supply's own watchdog; resolves with its time in whole seconds, rounded down: it may
 * be stricter than asked for, never laxer. All that its time-out does is to end remote control; whether DC goes off then
 * is another setting, which must be OFF before anything counts as armed.
 */
export async function armMonitoring(
  where: string,
  clock: Clock,
  ask: Ask,
  timeout_s: number,
): Promise<number> {
  const whole_s = Math.floor(timeout_s);
  const [low_s, high_s] = TIME_RANGE_s;
  if (!(whole_s >= low_s && whole_s <= high_s)) {
    const text = `watchdog of ${timeout_s} s; the instrument takes ${low_s}..${high_s} s`;
    throw new DeviceError('range', where, text);
  }
  for (const setting of armedAs(whole_s)) await make(where, clock, ask, setting);
  return whole_s;
}

/**
 * Whether the monitoring still stands as it was armed with that time; it acts on remote control, and without that there is
 * nothing left that it would end. Asks only, one question after the other.
 */
export async function readMonitoring(ask: Ask, whole_s: number): Promise<WatchdogReading> {
  const parts: WatchdogPart[] = [];
  const { isRemote } = statusOf(await ask(STATUS));
  if (!isRemote) parts.push({ what: 'remote control (status bit 11)', armed: 'ON', read: 'OFF' });
  for (const [name, argument, expected] of armedAs(whole_s)) {
    let said = '';
    const read = (answer: string): ModbusReply | undefined => {
      said = answer;
      return SETTINGS[name](answer);
    };
    const [found] = await ask({ fn: 'line', text: `${name}?`, read });
    parts.push({ what: name, armed: argument, read: said || String(found), isSame: found === expected });
  }
  return watchdogReading(parts);
}

/** Switches the monitoring off: it is stored, and the next user's output would end with it. */
export function disarmMonitoring(where: string, clock: Clock, ask: Ask): Promise<void> {
  return make(where, clock, ask, ['SYST:COMM:MON:ACT', 'OFF', 0]);
}
