import type { Quantity, ScpiState, Trip } from './state.ts';
import { done, type Interpreter, numberOf, switchOf, type Word, type Words } from './words.ts';

/** How one family of supplies speaks. */
export interface Dialect {
  readonly terminator: '\n' | '\r' | '\r\n';
  readonly errorDepth: number;
  /** Set values are taken up to this part of the rating. */
  readonly setMax: number;
  /** Several of them hear the same line; who was not called is silent. */
  readonly isMultidrop?: true;
  /** Which output a command names; absent: the family has one. */
  outputOf?(command: string): number | undefined;
  interpreter(state: ScpiState): Interpreter;
}

/** SCPI-1999 21.8: error numbers and their texts. */
export const ERRORS: Readonly<Record<number, string>> = {
  0: 'No error',
  [-109]: 'Missing parameter',
  [-113]: 'Undefined header',
  [-221]: 'Settings conflict',
  [-222]: 'Data out of range',
  [-224]: 'Illegal parameter value',
  [-350]: 'Queue overflow',
};
/** An entry of the error queue as SCPI-1999 writes it. */
export const errorText = (code: number): string => `${code},"${ERRORS[code] ?? 'Execution error'}"`;
/** Bits of the questionable register (recalled from the makers' manuals). */
const BITS: Readonly<Record<Trip, number>> = {
  overvoltage: 0,
  overcurrent: 1,
  overtemperature: 4,
  watchdog: 11,
};
/** The questionable register. */
export const tripBits = (state: ScpiState): string =>
  String([...state.trips].reduce((bits, trip) => bits | (1 << BITS[trip]), 0));

/** NR3, as Keysight writes it; a broken sensor is SCPI's "not a number". */
export const nr3 = (value: number): string => {
  if (Number.isNaN(value)) return '9.91E+37';
  const text = value.toExponential(5).toUpperCase();
  return `${value < 0 ? '' : '+'}${text.replace(/E([+-])(\d)$/, 'E$10$2')}`;
};
/** Plain digits. */
export const fixed =
  (decimals: number, unit = '') =>
  (value: number): string =>
    Number.isNaN(value) ? `9.91E37${unit}` : value.toFixed(decimals) + unit;

/** How a family writes a number. */
export type Show = (value: number) => string;

/** A set value: `when` says whether it may be set now. */
export function setWord(
  state: ScpiState,
  quantity: Quantity,
  show: Show,
  when: () => boolean = () => true,
): Word {
  return {
    ask: argument => show(/^MAX/i.test(argument) ? state.nominal(quantity) : state.set(quantity)),
    say(argument) {
      if (argument === '') return -109;
      if (!when()) return -221;
      // A channel list may follow, separated by a comma.
      return state.writeSet(quantity, numberOf(argument.split(',')[0])) ? undefined : -222;
    },
  };
}

/** A reading. */
export const measureWord = (state: ScpiState, quantity: Quantity, show: Show): Word => ({
  ask: () => show(state.measured(quantity)),
});

/** The output, and how its state is shown. */
export function outputWord(
  state: ScpiState,
  shown: readonly [string, string],
  when: () => boolean = () => true,
): Word {
  return {
    ask: () => shown[state.output ? 1 : 0],
    say(argument) {
      const on = switchOf(argument.split(',').find(part => switchOf(part) !== undefined) ?? '');
      if (on === undefined) return -224;
      return when() && state.switchOutput(on) ? undefined : -221;
    },
  };
}

/** `*IDN?`. */
export const identityWord = (state: ScpiState, maker: string, firmware: string): Word => ({
  ask: () => `${maker},${state.plate.model},${state.plate.serial},${firmware}`,
});

/** What IEEE 488.2 and SCPI-1999 have every supply understand. */
export function standardWords(state: ScpiState, show: Show, output: readonly [string, string]): Words {
  return [
    ['[SOURce#:]VOLTage[:LEVel]', setWord(state, 'voltage', show)],
    ['[SOURce#:]CURRent[:LEVel]', setWord(state, 'current', show)],
    ['[SOURce:]VOLTage[:LEVel]', setWord(state, 'voltage', show)],
    ['[SOURce:]CURRent[:LEVel]', setWord(state, 'current', show)],
    ['MEASure[:SCALar]:VOLTage[:DC]', measureWord(state, 'voltage', show)],
    ['MEASure[:SCALar]:CURRent[:DC]', measureWord(state, 'current', show)],
    ['OUTPut[:STATe]', outputWord(state, output)],
    ['OUTPut:PROTection:CLEar', { say: () => done(state.clearTrips()) }],
    ['STATus:QUEStionable[:CONDition]', { ask: () => tripBits(state) }],
    ['SYSTem:ERRor[:NEXT]', { ask: () => errorText(state.nextError()) }],
    ['*OPC', { ask: () => '1', say: () => undefined }],
    ['*CLS', { say: () => done(drain(state)) }],
  ];
}

function drain(state: ScpiState): void {
  while (state.nextError() !== 0);
}

/** Output off when nothing has been heard for so many whole seconds; latches. */
export function watchdogWords(state: ScpiState, header: string): Words {
  const { watchdog } = state;
  return [
    [
      header,
      {
        ask: () => (watchdog.armed ? '1' : '0'),
        say(argument) {
          const on = switchOf(argument);
          if (on === undefined) return -224;
          watchdog.armed = on;
          return undefined;
        },
      },
    ],
    [
      'OUTPut:PROTection:WDOG:DELay',
      {
        ask: () => String(watchdog.timeout_s),
        say(argument) {
          const timeout_s = Math.round(numberOf(argument));
          if (!(timeout_s >= 1 && timeout_s <= 3600)) return -222;
          watchdog.timeout_s = timeout_s;
          return undefined;
        },
      },
    ],
  ];
}
