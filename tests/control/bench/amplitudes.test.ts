import { describe, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** Spectra whose amplitude passes what the cell, the bench or the instrument bears are refused before anything starts. */

const bench = loadBench('examples/lib-suite/bench.yaml', describeDevice);

function said(steps: string, given: readonly string[] = []): string {
  const text = `method: m\nversion: 2\nparameters: { a_A: 0.5, f_Hz: 1 }\nsteps:\n${steps}`;
  try {
    parseMethodFor('m.yaml', text, bench, { given });
    return 'accepted';
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

describe('an amplitude', () => {
  const charge = '- { cc: { current_C: 1 }, for_min: 1 }\n';
  const of = (own: string): string => `- { eis: { from_Hz: 100, to_Hz: f_Hz, ${own} }, within_h: 1 }\n`;
  it.each([
    [
      'a parameter beyond the instrument',
      of('amplitude_A: a_A'),
      ['a_A=6'],
      'm.yaml:5:52: amplitude_A: analyser: amplitude 6 A, expected at most 5 A',
    ],
    [
      'a frequency that is a parameter',
      of('amplitude_A: a_A'),
      ['f_Hz=1e-4'],
      'm.yaml:5:33: to_Hz: analyser: 0.0001 Hz, expected 0.001..1000000 Hz',
    ],
    [
      'on the load that stays',
      charge + of('amplitude_A: a_A'),
      ['a_A=1'],
      'm.yaml:6:52: amplitude_A: a peak current of 6 A (5 A + 1 A of amplitude), expected at most 5 A (limits of cell.currentSet_A)',
    ],
    [
      'a part of it',
      charge + of('amplitude_pct: 20'),
      [],
      'm.yaml:6:54: amplitude_pct: a peak current of 6 A (5 A + 1 A of amplitude), expected at most 5 A (limits of cell.currentSet_A)',
    ],
    [
      'on a bias',
      of('amplitude_mV: 50, dc: { voltage_V: 4.2 }'),
      [],
      'm.yaml:5:53: amplitude_mV: a peak voltage of 4.25 V (4.2 V + 0.05 V of amplitude), expected at most 4.2 V (cell.voltageMax_V)',
    ],
    [
      'on the voltage that is held',
      `- { cv: { voltage_V: 2.5 }, for_min: 1 }\n${of('amplitude_mV: 50')}`,
      [],
      'm.yaml:6:53: amplitude_mV: a peak voltage of 2.45 V (2.5 V - 0.05 V of amplitude), expected at least 2.5 V (cell.voltageMin_V)',
    ],
    [
      'within all of them',
      `- { cc: { current_C: -1 }, for_min: 1 }\n${of('amplitude_A: a_A')}`,
      [],
      'accepted',
    ],
  ])('%s', (_what, steps, given, expected) => {
    expect(said(steps, given)).toBe(expected);
  });
});
