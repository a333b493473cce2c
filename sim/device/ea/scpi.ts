import { type Interpreter, interpreter, numberOf, switchOf, type Word, type Words } from '../scpi/words.ts';
import { FULL_SCALE, PROTECTION_MAX, SET_MAX, type SetQuantity, type SupplyQuantity } from './quantities.ts';
import type { SupplyAlarm, SupplyState } from './state.ts';

/**
 * SCPI of the 10000 series, the part a bench needs (Programming ModBus & SCPI 10k 20k, 35400100 REV01): identification,
 * ownership, set and measured values of both sides, output, protections, interface monitoring, what DC does when remote
 * control ends, error queue. Lines end with LF; answers carry units.
 */

const ERRORS: Readonly<Record<number, string>> = {
  0: 'No error',
  [-100]: 'Command error',
  [-200]: 'Execution error',
  [-201]: 'Invalid while in local',
  [-221]: 'Settings conflict',
  [-222]: 'Data out of range',
  [-225]: 'Out of memory',
};
const QUEUE_DEPTH = 5;
const COMMANDS_PER_LINE = 5;
const BUFFER_BYTES = 256;
/** SCPI-1999's "undefined header", which this maker calls a command error. */
const UNDEFINED_HEADER = -113;

/**
 * The supply's SCPI interpreter. What it refuses goes into its queue of five errors, to be read with SYST:ERR?, as on the
 * instrument; nothing throws. `onOutputOff` is called just before the DC output is switched off by command.
 */
export function supplyScpi(state: SupplyState, onOutputOff?: () => void): Interpreter {
  const errors: number[] = [];
  const pushError = (code: number): void => {
    if (errors.length < QUEUE_DEPTH) errors.push(code === UNDEFINED_HEADER ? -100 : code);
  };

  /** Carried out in remote control of this interface only. */
  const whenRemote = (act: () => number | undefined): number | undefined => {
    if (state.local) return -201;
    return state.holder === 'ethernet' ? act() : -221;
  };
  const shown = (quantity: SupplyQuantity, unit: string): string =>
    `${state.actual(quantity).toFixed(2)}${unit}`;
  const nominalOf = (quantity: SetQuantity): number =>
    state.nominal(quantity === 'sinkCurrent' ? 'current' : quantity === 'sinkPower' ? 'power' : quantity);

  const value = (
    quantity: SetQuantity,
    unit: string,
    most: number,
    raw: () => number,
    write: (raw: number) => void,
  ): Word => ({
    ask: () => `${((raw() / FULL_SCALE) * nominalOf(quantity)).toFixed(2)}${unit}`,
    say(argument) {
      const scale = /kW$/i.test(argument) ? 1000 : 1;
      const wanted = /^MAX/i.test(argument)
        ? most
        : /^MIN/i.test(argument)
          ? 0
          : Math.round(((numberOf(argument) * scale) / nominalOf(quantity)) * FULL_SCALE);
      if (!(wanted >= 0 && wanted <= most)) return -222;
      return whenRemote(() => void write(wanted));
    },
  });
  const set = (quantity: SetQuantity, unit: string): Word =>
    value(
      quantity,
      unit,
      SET_MAX,
      () => state.setRaw(quantity),
      raw => state.writeSet(quantity, raw),
    );
  const protection = (quantity: SetQuantity, unit: string): Word =>
    value(
      quantity,
      unit,
      PROTECTION_MAX,
      () => state.protectionRaw(quantity),
      raw => state.writeProtection(quantity, raw),
    );
  const toggle = (shows: () => boolean, write: (on: boolean) => number | undefined): Word => ({
    ask: () => (shows() ? 'ON' : 'OFF'),
    say(argument) {
      const on = switchOf(argument);
      return on === undefined ? -222 : write(on);
    },
  });
  const nominal = (quantity: SupplyQuantity, unit: string): Word => ({
    ask: () => `${state.nominal(quantity)}${unit}`,
  });
  const count = (n: number): Word => ({ ask: () => String(state.alarmCounts[n]) });

  const words: Words = [
    [
      '*IDN',
      { ask: () => `EA Elektro-Automatik GmbH, ${state.ratings.type}, ${state.ratings.serial}, V3.10, ` },
    ],
    [
      '*RST',
      {
        say() {
          if (state.local) return -201;
          state.takeRemote(true);
          onOutputOff?.();
          state.switchOutput(false);
          state.acknowledge();
          return undefined;
        },
      },
    ],
    [
      'SYSTem:LOCK',
      toggle(
        () => state.remote,
        on => {
          if (state.local) return -201;
          if (state.holder === 'usb') return -221;
          state.takeRemote(on);
          return undefined;
        },
      ),
    ],
    ['SYSTem:LOCK:OWNer', { ask: () => (state.remote ? 'REMOTE' : state.local ? 'LOCAL' : 'NONE') }],
    [
      'POWer:STAGe:AFTer:REMote',
      {
        ask: () => (state.afterRemote === 'off' ? 'OFF' : 'AUTO'),
        say(argument) {
          if (!/^(AUTO|OFF)$/i.test(argument)) return -222;
          return whenRemote(() => {
            state.afterRemote = /^OFF$/i.test(argument) ? 'off' : 'unchanged';
            return undefined;
          });
        },
      },
    ],
    ['[SOURce:]VOLTage', set('voltage', 'V')],
    ['[SOURce:]CURRent', set('current', 'A')],
    ['[SOURce:]POWer', set('power', 'W')],
    ['SINK:CURRent', set('sinkCurrent', 'A')],
    ['SINK:POWer', set('sinkPower', 'W')],
    ['[SOURce:]VOLTage:PROTection[:LEVel]', protection('voltage', 'V')],
    ['[SOURce:]CURRent:PROTection[:LEVel]', protection('current', 'A')],
    ['[SOURce:]POWer:PROTection[:LEVel]', protection('power', 'W')],
    ['SINK:CURRent:PROTection[:LEVel]', protection('sinkCurrent', 'A')],
    ['SINK:POWer:PROTection[:LEVel]', protection('sinkPower', 'W')],
    ['MEASure[:SCALar]:VOLTage[:DC]', { ask: () => shown('voltage', 'V') }],
    ['MEASure[:SCALar]:CURRent[:DC]', { ask: () => shown('current', 'A') }],
    ['MEASure[:SCALar]:POWer[:DC]', { ask: () => shown('power', 'W') }],
    [
      'MEASure[:SCALar]:ARRay',
      { ask: () => [shown('voltage', 'V'), shown('current', 'A'), shown('power', 'W')].join(', ') },
    ],
    [
      'OUTPut',
      toggle(
        () => state.output,
        on =>
          whenRemote(() => {
            if (!on) onOutputOff?.();
            return state.switchOutput(on) ? undefined : -200;
          }),
      ),
    ],
    ['SYSTem:NOMinal:VOLTage', nominal('voltage', 'V')],
    ['SYSTem:NOMinal:CURRent', nominal('current', 'A')],
    ['SYSTem:NOMinal:POWer', nominal('power', 'W')],
    ['SYSTem:ALARm:COUNt:OVOLtage', count(0)],
    ['SYSTem:ALARm:COUNt:OCURrent', count(1)],
    ['SYSTem:ALARm:COUNt:OPOWer', count(2)],
    ['SYSTem:ALARm:COUNt:OTEMperature', count(3)],
    ['SYSTem:ALARm:COUNt:PFAil', count(4)],
    ['SYSTem:SINK:ALARm:COUNt:OCURrent', count(5)],
    ['SYSTem:SINK:ALARm:COUNt:OPOWer', count(6)],
    [
      'SYSTem:COMMunicate:MONitoring:TIMeout',
      {
        ask: () => String(state.monitoring.timeout_s),
        say(argument) {
          const timeout_s = numberOf(argument);
          if (!(Number.isInteger(timeout_s) && timeout_s >= 1 && timeout_s <= 36000)) return -222;
          return whenRemote(() => void state.setMonitoring({ timeout_s }));
        },
      },
    ],
    [
      'SYSTem:COMMunicate:MONitoring:ACTion',
      toggle(
        () => state.monitoring.active,
        on => whenRemote(() => void state.setMonitoring({ active: on })),
      ),
    ],
    ['STATus:QUEStionable[:CONDition]', { ask: () => String(questionable(state)) }],
    ['STATus:OPERation[:CONDition]', { ask: () => String(operation(state)) }],
    [
      'SYSTem:ERRor[:NEXT]',
      {
        ask() {
          const code = errors.shift() ?? 0;
          // Reading the queue acknowledges alarms whose cause is gone: the guide warns of it.
          state.acknowledge();
          return `${code},"${ERRORS[code]}"`;
        },
      },
    ],
  ];
  const carryOut = interpreter({ heard: () => state.heard(), pushError }, words);
  return line => {
    if (line.length <= BUFFER_BYTES && line.split(';').length <= COMMANDS_PER_LINE) return carryOut(line);
    state.heard();
    pushError(-225);
    return undefined;
  };
}

/** STAT:QUES: 0 OVP, 1 OCP, 2 OPP, 3 OT, 4 OVD, 5 UVD, 6 OCD, 7 UCD, 8 OPD, 9 local, 10 remote, 11 DC on, 13 power fail. */
function questionable(state: SupplyState): number {
  const bit = (on: boolean, n: number): number => (on ? 1 << n : 0);
  const has = (...alarms: SupplyAlarm[]): boolean => alarms.some(alarm => state.alarms.has(alarm));
  return (
    bit(has('OV'), 0) |
    bit(has('OC', 'sinkOC'), 1) |
    bit(has('OP', 'sinkOP'), 2) |
    bit(has('OT'), 3) |
    bit(has('OVD'), 4) |
    bit(has('UVD'), 5) |
    bit(has('OCD', 'sinkOCD'), 6) |
    bit(has('UCD', 'sinkUCD'), 7) |
    bit(has('OPD', 'sinkOPD'), 8) |
    bit(state.local, 9) |
    bit(state.remote, 10) |
    bit(state.output, 11) |
    bit(has('PF'), 13)
  );
}

/** STAT:OPER: 7 CTO (interface monitoring expired), 8 CV, 9 CC, 10 CP, 12 sink. */
function operation(state: SupplyState): number {
  const regulation = { 0: 8, 2: 9, 3: 10 }[state.regulation];
  const cto = state.monitoring.expired ? 1 << 7 : 0;
  return cto | (state.output ? 1 << regulation : 0) | (state.sinks ? 1 << 12 : 0);
}
