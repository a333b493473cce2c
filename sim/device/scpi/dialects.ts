import {
  type Dialect,
  fixed,
  identityWord,
  nr3,
  outputWord,
  setWord,
  standardWords,
  watchdogWords,
} from './common.ts';
import { delta } from './delta.ts';
import { ea } from './ea.ts';
import { genesys } from './genesys.ts';
import { done, interpreter } from './words.ts';

const keysight: Dialect = {
  terminator: '\n',
  errorDepth: 20,
  setMax: 1.02,
  outputOf: command => numberIn(/\(@(\d+)\)/.exec(command)),
  interpreter: state =>
    interpreter(state, [
      ['*IDN', identityWord(state, 'Keysight Technologies', 'C.00.08')],
      ...watchdogWords(state, 'OUTPut:PROTection:WDOG'),
      ...standardWords(state, nr3, ['0', '1']),
    ]),
};

const kikusui: Dialect = {
  terminator: '\n',
  errorDepth: 16,
  setMax: 1.05,
  interpreter: state =>
    interpreter(state, [
      ['*IDN', identityWord(state, 'KIKUSUI', 'IFC01.00 IOC01.00')],
      ['MEASure:ALL', { ask: () => `${nr3(state.measured('current'))},${nr3(state.measured('voltage'))}` }],
      ['SYSTem:COMMunicate:RLSTate', { say: argument => done(state.takeRemote(!/^LOC/i.test(argument))) }],
      ...standardWords(state, nr3, ['0', '1']),
    ]),
};

const itech: Dialect = {
  terminator: '\n',
  errorDepth: 20,
  setMax: 1,
  interpreter: state =>
    interpreter(state, [
      ['*IDN', identityWord(state, 'ITECH', '1.10')],
      ['SYSTem:REMote', { say: () => done(state.takeRemote(true)) }],
      ['SYSTem:LOCal', { say: () => done(state.takeRemote(false)) }],
      ['[SOURce:]VOLTage[:LEVel]', setWord(state, 'voltage', fixed(3), () => state.remote)],
      ['[SOURce:]CURRent[:LEVel]', setWord(state, 'current', fixed(3), () => state.remote)],
      ['OUTPut[:STATe]', outputWord(state, ['0', '1'], () => state.remote)],
      ...watchdogWords(state, 'OUTPut:PROTection:WDOG:STATe'),
      ...standardWords(state, fixed(3), ['0', '1']),
    ]),
};

/** Questions name their output `CHn`, set values `SOURn:`. */
const rigol: Dialect = {
  terminator: '\n',
  errorDepth: 20,
  setMax: 1.05,
  outputOf: command => numberIn(/\bCH(\d)\b/i.exec(command) ?? /^:?SOUR(?:ce)?(\d)/i.exec(command)),
  interpreter(state) {
    const chosen = (): string => state.extras.get('output') ?? '1';
    return interpreter(state, [
      ['*IDN', identityWord(state, 'RIGOL TECHNOLOGIES', '00.01.16')],
      [
        'INSTrument:NSELect',
        {
          ask: () => chosen(),
          say(argument) {
            if (!/^[123]$/.test(argument)) return -222;
            state.extras.set('output', argument);
            return undefined;
          },
        },
      ],
      ...standardWords(state, fixed(3), ['OFF', 'ON']),
    ]);
  },
};

/** One output behind a serial port. */
const bk: Dialect = {
  terminator: '\n',
  errorDepth: 20,
  setMax: 1,
  interpreter: state =>
    interpreter(state, [
      ['*IDN', identityWord(state, 'B&K PRECISION', 'V1.00-V1.00')],
      ['SYSTem:REMote', { say: () => done(state.takeRemote(true)) }],
      ['SYSTem:LOCal', { say: () => done(state.takeRemote(false)) }],
      ...standardWords(state, fixed(3), ['0', '1']),
    ]),
};

/** A load in constant current: it has an input, and no voltage to set. Its current is what it draws. */
const bkLoad: Dialect = {
  terminator: '\n',
  errorDepth: 20,
  setMax: 1,
  interpreter: state =>
    interpreter(state, [
      ['*IDN', { ask: () => `B&K PRECISION, ${state.plate.model}, ${state.plate.serial}, 1.37-1.42` }],
      ['SYSTem:REMote', { say: () => done(state.takeRemote(true)) }],
      ['SYSTem:LOCal', { say: () => done(state.takeRemote(false)) }],
      ['[SOURce:]FUNCtion', { ask: () => 'CURR', say: a => (/^CURR/i.test(a) ? undefined : -224) }],
      ['INPut[:STATe]', outputWord(state, ['0', '1'])],
      ['[SOURce:]VOLTage[:LEVel]', {}],
      ['OUTPut[:STATe]', {}],
      ...standardWords(state, fixed(3), ['0', '1']),
    ]),
};

function numberIn(match: RegExpExecArray | null): number | undefined {
  return match === null ? undefined : Number(match[1]);
}

/** The families that can be emulated, written from the papers that devices of theirs come with. */
export const DIALECTS = { keysight, kikusui, itech, rigol, delta, genesys, ea, bk, bkLoad } as const;
export type DialectName = keyof typeof DIALECTS;
