import { type Dialect, errorText, fixed } from './common.ts';
import type { Quantity } from './state.ts';
import { interpreter, numberOf, switchOf, type Word } from './words.ts';

/** Where the output goes when remote control ends, also by the monitoring: OFF from the factory, here as the last user left it. */
const STAGE = 'stage';

/**
 * EA PSB 10000 over its own port (Programming ModBus & SCPI 10k 20k, 35400100 REV01): answers carry units, writes need remote
 * control, the monitoring ends it and stays on. With `POW:STAG:AFT:REM AUTO` the output then stays as it is.
 */
export const ea: Dialect = {
  terminator: '\n',
  errorDepth: 5,
  setMax: 1.02,
  interpreter(state) {
    const { watchdog } = state;
    watchdog.leavesOutput = true;
    /** What the monitoring has ended is no trip that latches: only remote control is gone. */
    const isRemote = (): boolean => {
      if (watchdog.acted) {
        watchdog.acted = false;
        watchdog.armed = true;
        state.takeRemote(false);
        state.clearTrips();
      }
      return state.remote;
    };
    const set = (quantity: Quantity, unit: string): Word => ({
      ask: () => fixed(2, unit)(state.set(quantity)),
      say(argument) {
        if (!isRemote()) return -221;
        return state.writeSet(quantity, numberOf(argument)) ? undefined : -222;
      },
    });
    const kept = (key: string, first: string, values: RegExp): Word => ({
      ask: () => state.extras.get(key) ?? first,
      say(argument) {
        if (!isRemote()) return -221;
        if (!values.test(argument)) return -222;
        state.extras.set(key, argument.toUpperCase());
        watchdog.leavesOutput = (state.extras.get(STAGE) ?? 'AUTO') === 'AUTO';
        return undefined;
      },
    });
    const nominal = (quantity: Quantity, unit: string): Word => ({
      ask: () => `${state.nominal(quantity)}${unit}`,
    });
    const shown = (quantity: Quantity, unit: string): string => fixed(2, unit)(state.measured(quantity));
    const alarmBits = (): number =>
      (state.trips.has('overvoltage') ? 1 : 0) |
      (state.trips.has('overcurrent') ? 2 : 0) |
      (state.trips.has('overtemperature') ? 8 : 0) |
      (isRemote() ? 1 << 10 : 0) |
      (state.output ? 1 << 11 : 0);
    return interpreter(state, [
      [
        '*IDN',
        { ask: () => `EA Elektro-Automatik GmbH, ${state.plate.model}, ${state.plate.serial}, V3.02, ` },
      ],
      [
        'SYSTem:LOCK',
        {
          say(argument) {
            const on = switchOf(argument);
            if (on === undefined) return -222;
            isRemote();
            if (!on && watchdog.leavesOutput !== true) state.switchOutput(false);
            state.takeRemote(on);
            return undefined;
          },
        },
      ],
      ['SYSTem:LOCK:OWNer', { ask: () => (isRemote() ? 'REMOTE' : 'NONE') }],
      ['POWer:STAGe:AFTer:REMote', kept(STAGE, 'AUTO', /^(AUTO|OFF)$/i)],
      ['SINK:CURRent', kept('sink', '0.00A', /^[\d.]+A?$/i)],
      ['[SOURce:]VOLTage', set('voltage', 'V')],
      ['[SOURce:]CURRent', set('current', 'A')],
      ['[SOURce:]POWer', set('power', 'W')],
      ['MEASure[:SCALar]:VOLTage[:DC]', { ask: () => shown('voltage', 'V') }],
      ['MEASure[:SCALar]:CURRent[:DC]', { ask: () => shown('current', 'A') }],
      [
        'MEASure[:SCALar]:ARRay',
        { ask: () => [shown('voltage', 'V'), shown('current', 'A'), shown('power', 'W')].join(', ') },
      ],
      [
        'OUTPut',
        {
          ask: () => (state.output ? 'ON' : 'OFF'),
          say(argument) {
            const on = switchOf(argument);
            if (on === undefined) return -222;
            return isRemote() && state.switchOutput(on) ? undefined : -221;
          },
        },
      ],
      ['SYSTem:NOMinal:VOLTage', nominal('voltage', 'V')],
      ['SYSTem:NOMinal:CURRent', nominal('current', 'A')],
      ['SYSTem:NOMinal:POWer', nominal('power', 'W')],
      ['STATus:QUEStionable[:CONDition]', { ask: () => String(alarmBits()) }],
      [
        'SYSTem:COMMunicate:MONitoring:TIMeout',
        {
          ask: () => String(watchdog.timeout_s),
          say(argument) {
            const timeout_s = numberOf(argument);
            if (!isRemote()) return -221;
            if (!(Number.isInteger(timeout_s) && timeout_s >= 1 && timeout_s <= 36000)) return -222;
            watchdog.timeout_s = timeout_s;
            return undefined;
          },
        },
      ],
      [
        'SYSTem:COMMunicate:MONitoring:ACTion',
        {
          ask: () => (watchdog.armed ? 'ON' : 'OFF'),
          say(argument) {
            const on = switchOf(argument);
            if (on === undefined) return -222;
            if (!isRemote()) return -221;
            watchdog.armed = on;
            return undefined;
          },
        },
      ],
      [
        'SYSTem:ERRor[:NEXT]',
        {
          ask() {
            // Reading the queue acknowledges alarms whose cause is gone: the guide warns of it.
            state.clearTrips();
            return errorText(state.nextError());
          },
        },
      ],
    ]);
  },
};
