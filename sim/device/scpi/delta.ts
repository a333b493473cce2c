import { type Dialect, ERRORS, fixed, identityWord, measureWord, outputWord, setWord } from './common.ts';
import type { Quantity } from './state.ts';
import { interpreter, numberOf, type Word } from './words.ts';

/**
 * Delta Elektronika SM15K (Ethernet & Sequencer Programming, July 2021). Sources of set values: each quantity has its own,
 * and a value counts only while it is Ethernet.
 */
export const delta: Dialect = {
  terminator: '\n',
  errorDepth: 10,
  setMax: 1,
  interpreter(state) {
    const source = (word: string): Word => ({
      ask: () => state.extras.get(word) ?? 'Front',
      say(argument) {
        if (!/^(Front|Web|Sequencer|Ethernet|Slot[1-4]|Remote|Local)$/i.test(argument)) return -224;
        state.extras.set(word, argument);
        return undefined;
      },
    });
    const isOurs = (word: string): boolean => state.extras.get(word)?.toLowerCase() === 'ethernet';
    const maximum = (quantity: Quantity): Word => ({ ask: () => state.nominal(quantity).toFixed(4) });
    const negative: Word = {
      ask: () => Number(state.extras.get('negative') ?? '0').toFixed(4),
      say(argument) {
        const value = numberOf(argument);
        if (!(value <= 0 && value >= -state.nominal('current'))) return -222;
        state.extras.set('negative', String(value));
        return undefined;
      },
    };
    const { watchdog } = state;
    return interpreter(state, [
      ['*IDN', identityWord(state, 'DELTA ELEKTRONIKA BV', '0')],
      ['SYSTem:REMote:CV[:STAtus]', source('cv')],
      ['SYSTem:REMote:CC[:STAtus]', source('cc')],
      ['SYSTem:REMote:CP[:STAtus]', source('cp')],
      ['SOURce:VOLtage:MAXimum', maximum('voltage')],
      ['SOURce:CURrent:MAXimum', maximum('current')],
      ['SOURce:POWer:MAXimum', maximum('power')],
      ['SOURce:VOLtage', setWord(state, 'voltage', fixed(4), () => isOurs('cv'))],
      ['SOURce:CURrent', setWord(state, 'current', fixed(4), () => isOurs('cc'))],
      ['SOURce:POWer', setWord(state, 'power', fixed(2), () => isOurs('cp'))],
      ['SOURce:CURrent:NEGative', negative],
      ['MEASure:VOLtage', measureWord(state, 'voltage', fixed(4))],
      ['MEASure:CURrent', measureWord(state, 'current', fixed(4))],
      ['MEASure:POWer', measureWord(state, 'power', fixed(2))],
      ['OUTPut', outputWord(state, ['0', '1'])],
      ['SYSTem:ERRor', { ask: () => deltaError(state.nextError()) }],
      ['*RST', { say: () => void (state.writeSet('voltage', 0) && state.writeSet('current', 0)) }],
      [
        'SYSTem:COMmunicate:WATchdog',
        {
          ask(argument) {
            if (/^SET$/i.test(argument)) return String(Math.round(1000 * watchdog.timeout_s));
            const wasActed = watchdog.acted;
            watchdog.acted = false;
            // Asking clears the time-out, its latch too.
            if (wasActed) state.clearTrips();
            return watchdog.armed ? String(Math.round(1000 * watchdog.timeout_s)) : wasActed ? '0' : '-1';
          },
          say(argument) {
            const [word, value] = argument.toUpperCase().split(',');
            const timeout_s = numberOf(value ?? '') / 1000;
            if (word === 'SET' && !(timeout_s >= 0.02 && timeout_s <= 10)) return -222;
            if (word !== 'SET' && word !== 'STOP') return -224;
            watchdog.armed = word === 'SET';
            if (word === 'SET') watchdog.timeout_s = timeout_s;
            return undefined;
          },
        },
      ],
    ]);
  },
};
const deltaError = (code: number): string => (code === 0 ? '0,None' : `${code},${ERRORS[code] ?? 'Error'}`);
