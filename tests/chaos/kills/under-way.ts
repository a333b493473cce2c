import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../../control/review/result.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Controller } from '../wires/controller.ts';
import type { Instruments } from '../wires/instruments.ts';
import type { Seen } from '../wires/seen.ts';
import type { Moment } from './fault.ts';

/** A run under way, as it is seen from outside. */

/** The sign of a moment in what the instruments see, and how long behind it it may come, s. */
const SIGNS: Readonly<
  Record<Moment, { readonly within_s: number; readonly isSign: (seen: Seen) => boolean }>
> = {
  starting: { within_s: 4, isSign: () => true },
  ramp: {
    within_s: 0.8,
    isSign: seen => seen.what === 'stack' && seen.output_on === 1 && seen.current_A > 50,
  },
  load: { within_s: 1.5, isSign: seen => seen.what === 'stack' && seen.current_A > 1400 },
  pressure: {
    within_s: 1,
    isSign: seen => seen.what === 'stack' && seen.current_A > 1400 && seen.cathode_barg > 2.5,
  },
};
/** Longest way to any of them, on a busy machine, with the safe state before it, s. */
const LONGEST_S = 120;

/** Waits for it and a share (0..1) of the time in which it may come; false: the program has ended before. */
export async function awaitMoment(
  moment: Moment,
  share: number,
  at: {
    readonly controller: Controller;
    readonly instruments: Instruments;
    readonly clock: Clock;
    readonly from: number;
    readonly isOld: boolean;
  },
): Promise<boolean> {
  const { controller, instruments, clock } = at;
  const { within_s, isSign } = SIGNS[moment];
  const until_s = clock.now_s() + LONGEST_S;
  // A run that has been seen goes on: its next one.
  let next = at.isOld ? instruments.log.length : at.from;
  for (let isThere = moment === 'starting'; !isThere; ) {
    for (; next < instruments.log.length && !isThere; next++) isThere = isSign(instruments.log[next]);
    if (controller.exit() !== undefined || clock.now_s() > until_s) return false;
    await clock.sleep(0.005);
  }
  await clock.sleep(share * within_s);
  return controller.exit() === undefined;
}

/** The result of a run; undefined: there is none (yet). */
export function resultOf(out: string): RunResult | undefined {
  const path = join(out, 'result.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunResult) : undefined;
}

/** What a program said last. */
export function lastWords(controller: Controller): string {
  return controller.said().trim().slice(-300).replaceAll('\n', ' | ');
}
