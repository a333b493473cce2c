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
    /** With a checksum behind a command the answer has one too; a wrong one is C04 (manual, recalled). */
    const checked = (line: string, answer: (line: string) => string | undefined): string | undefined => {
      const at = line.lastIndexOf('$');
      if (at < 0) return answer(line);
      const isRight = sumOf(line.slice(0, at)) === line.slice(at + 1);
      const reply = isRight ? answer(line.slice(0, at)) : isCalled ? 'C04' : undefined;
      return reply === undefined ? undefined : `${reply}$${sumOf(reply)}`;
    };
    return whole =>
      checked(whole.trim().toUpperCase(), line => {
        state.heard();
        const [word, argument = ''] = line.split(/\s+/);
        if (word === 'ADR') {
          isCalled = argument === (state.extras.get('address') ?? '6');
          return isCalled ? 'OK' : undefined;
        }
        if (!isCalled) return undefined;
        return words[word]?.(argument) ?? 'C01';
      });
  },
};
const sumOf = (text: string): string =>
  (Buffer.from(text, 'latin1').reduce((sum, byte) => sum + byte, 0) % 256)
    .toString(16)
    .toUpperCase()
    .padStart(2, '0');
const done = (_: unknown): string => 'OK';
