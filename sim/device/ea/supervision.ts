import { PROTECTION_MAX, type SetQuantity } from './quantities.ts';

/** What is supervised, in the order of the registers; the rest of 559..577 are thresholds of the sink's protections. */
const EVENTS = [
  ['UVD', 559, 'voltage', 'below'],
  ['OVD', 561, 'voltage', 'above'],
  ['UCD', 563, 'current', 'below'],
  ['OCD', 565, 'current', 'above'],
  ['OPD', 567, 'power', 'above'],
  ['sinkUCD', 571, 'sinkCurrent', 'below'],
  ['sinkOCD', 573, 'sinkCurrent', 'above'],
  ['sinkOPD', 575, 'sinkPower', 'above'],
] as const satisfies readonly (readonly [string, number, SetQuantity, 'below' | 'above'])[];
export type SupervisionAlarm = (typeof EVENTS)[number][0];
export const SUPERVISED: readonly SupervisionAlarm[] = EVENTS.map(([alarm]) => alarm);
/** Threshold and action of each. */
export const SUPERVISED_REGISTERS: readonly number[] = EVENTS.flatMap(([, first]) => [first, first + 1]);
/** Events of the sink side stand from here on; not on the list of PSBE. */
export const FIRST_OF_SINK = 571;

/** Actions 0 nothing, 1 signal, 2 warning, 3 alarm: only the last one switches DC off, and only that shows in the status. */
const ACTIONS = 4;
const ALARM = 3;

/** Supervision of what is measured (UVD, OVD, UCD, OCD, OPD), with a threshold and an action each; part of the user profile. */
export interface Supervision {
  /** Threshold or action of a register, undefined where it has none. */
  raw(register: number): number | undefined;
  /** False if the value is none. */
  write(register: number, value: number): boolean;
  /** Alarms whose cause is there. `share`: parts of the rating that flow that way. */
  causes(share: (quantity: SetQuantity) => number): SupervisionAlarm[];
}

/** With the thresholds wide open and no action, as after a reset (default). */
export function supervision(): Supervision {
  const held = new Map<number, number>();
  for (const [, first, , side] of EVENTS) {
    held.set(first, side === 'below' ? 0 : PROTECTION_MAX);
    held.set(first + 1, 0);
  }
  const isAction = (register: number): boolean => EVENTS.some(([, first]) => first + 1 === register);
  const at = (register: number): number => held.get(register) ?? Number.NaN;
  return {
    raw: register => held.get(register),
    write(register, value) {
      if (!(isAction(register) ? value < ACTIONS : value <= PROTECTION_MAX)) return false;
      held.set(register, value);
      return true;
    },
    causes: share =>
      EVENTS.filter(([, first, quantity, side]) => {
        if (at(first + 1) !== ALARM) return false;
        const over = share(quantity) - at(first);
        return side === 'below' ? over < 0 : over > 0;
      }).map(([alarm]) => alarm),
  };
}
