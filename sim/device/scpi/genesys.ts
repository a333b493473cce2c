import { type Dialect, fixed } from './common.ts';
import { numberOf } from './words.ts';

/** TDK-Lambda Genesys. Lines ended by CR, each command answered with OK or an error; deaf until its address has been called. */
export const genesys: Dialect = {
  terminator: '\r',
  errorDepth: 1,
  setMax: 1,
  isMultidrop: true,
  interpreter(state) {
    let isCalled = false;
    const shown = fixed(3);
    const words: Readonly<Record<string, (argument: string) => string>> = {
      'IDN?': () => `LAMBDA,${state.plate.model}`,
      'SN?': () => state.plate.serial,
      RMT: argument => done(state.takeRemote(argument !== 'LOC')),
      'RMT?': () => (state.remote ? 'REM' : 'LOC'),
      AST: argument => done(state.extras.set('restart', argument === '1' ? 'ON' : 'OFF')),
      'AST?': () => state.extras.get('restart') ?? 'OFF',
      PV: argument => (state.remote && state.writeSet('voltage', numberOf(argument)) ? 'OK' : 'E01'),
      'PV?': () => shown(state.set('voltage')),
      'MV?': () => shown(state.measured('voltage')),
      PC: argument => (state.remote && state.writeSet('current', numberOf(argument)) ? 'OK' : 'E01'),
      'PC?': () => shown(state.set('current')),
      'MC?': () => shown(state.measured('current')),
      OUT: argument => (state.remote && state.switchOutput(/^(ON|1)$/.test(argument)) ? 'OK' : 'E07'),
      'OUT?': () => (state.output ? 'ON' : 'OFF'),
      CLS: () => done(state.clearTrips()),
    };
    return line => {
      state.heard();
      const [word, argument = ''] = line.trim().toUpperCase().split(/\s+/);
      if (word === 'ADR') {
        isCalled = argument === (state.extras.get('address') ?? '6');
        return isCalled ? 'OK' : undefined;
      }
      if (!isCalled) return undefined;
      return words[word]?.(argument) ?? 'C01';
    };
  },
};
const done = (_: unknown): string => 'OK';
