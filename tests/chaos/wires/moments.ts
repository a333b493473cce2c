import type { Clock } from '../../../drivers/contract/clock.ts';
import { FINALLY_DEGC, MULTI_DEGC } from './bench.ts';
import type { Controller } from './controller.ts';
import type { Instruments } from './instruments.ts';
import type { Seen } from './seen.ts';

/** When an ending comes: moments of the run as the instruments see it, each with a random time behind it. */

export type Moment = 'starting' | 'purge' | 'load' | 'outputs' | 'pressure' | 'vent' | 'concluding';

export const AT_LOAD: readonly Moment[] = ['load', 'outputs', 'pressure'];
export const RUNNING: readonly Moment[] = ['purge', ...AT_LOAD];
export const ALL: readonly Moment[] = ['starting', ...RUNNING, 'vent', 'concluding'];

/** The signs of a moment in the log, and how long after the sign it may come, s. `vent`: after a stop at pressure. */
const SIGNS: Readonly<
  Record<Moment, { readonly within_s: number; readonly isSign: (seen: Seen) => boolean }>
> = {
  starting: { within_s: 3, isSign: () => true },
  purge: { within_s: 2, isSign: seen => isSet(seen, 'n2.cathodeValveSet_on', 1) },
  load: { within_s: 1.5, isSign: seen => seen.what === 'stack' && seen.current_A > 1000 },
  outputs: {
    within_s: 0.25,
    isSign: seen => MULTI_DEGC.some(degC => isSet(seen, 'stack.temperatureSet_degC', degC)),
  },
  pressure: { within_s: 1.5, isSign: seen => seen.what === 'stack' && seen.cathode_barg > 3.3 },
  vent: { within_s: 1.5, isSign: seen => isOff(seen) },
  concluding: { within_s: 3.5, isSign: seen => isSet(seen, 'stack.temperatureSet_degC', FINALLY_DEGC) },
};

function isSet(seen: Seen, signal: string, value: number): boolean {
  return seen.what === 'set' && seen.signal === signal && Math.abs(seen.value - value) < 1e-3;
}

/** The supply was told to switch off. */
export function isOff(seen: Seen): boolean {
  return isSet(seen, 'stack.outputSet_on', 0) && seen.what === 'set' && seen.by === 'line';
}

/** The run begins at its first step. */
export function hasBegun(seen: Seen): boolean {
  return isSet(seen, 'n2.pressureSet_barg', 1);
}

/**
 * Waits for a sign among what is seen from entry `from` on. False if the controller ended before, or the time is up.
 */
export async function signOf(
  isSign: (seen: Seen) => boolean,
  at: { instruments: Instruments; controller: Controller; clock: Clock; from: number; within_s: number },
): Promise<boolean> {
  const { instruments, controller, clock } = at;
  const until_s = clock.now_s() + at.within_s;
  let next = at.from;
  for (;;) {
    for (; next < instruments.log.length; next++) if (isSign(instruments.log[next])) return true;
    if (controller.exit() !== undefined || clock.now_s() > until_s) return false;
    await clock.sleep(0.005);
  }
}

/** Longest way from the start of the program to any moment, s: a busy machine is slow to start. */
const LONGEST_S = 90;

/** Waits for the moment and a share (0..1) of the time in which it may come. */
export async function reach(
  moment: Moment,
  share: number,
  at: { instruments: Instruments; controller: Controller; clock: Clock; from: number },
): Promise<boolean> {
  const { within_s, isSign } = SIGNS[moment];
  const { clock, controller } = at;
  if (moment === 'vent') {
    if (!(await reach('pressure', 1, at))) return false;
    const from = at.instruments.log.length;
    process.kill(controller.pid, 'SIGINT');
    if (!(await signOf(isSign, { ...at, from, within_s: 20 }))) return false;
  } else if (!(await signOf(isSign, { ...at, within_s: LONGEST_S }))) return false;
  await clock.sleep(share * within_s);
  return controller.exit() === undefined;
}
