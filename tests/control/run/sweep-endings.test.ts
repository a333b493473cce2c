import { describe, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { runWithTruth } from '../../support/truth-run.ts';

/** Sweeps on the twin of a bench, and what is refused before the start. */

const BENCH = 'examples/potentiostat/bench.yaml';
const method = (...steps: string[]): string =>
  `method: sweeps\nversion: 2\nsteps:\n${steps.map(step => `- ${step}`).join('\n')}\n`;
const sweep = (keys: string, beside = 'within_min: 20'): string => `{ voltammetry: { ${keys} }, ${beside} }`;

describe('a sweep on the twin', () => {
  it('of a Li|Li cell: measured whole at each rate, and its missing peaks say why', async () => {
    const call =
      '{ call: cyclic-voltammetry, with: { vertex1_V: 0.08, vertex2_V: -0.08, rates_mV_per_s: [20, 40], cycles_count: 1, step_mV: 4, rest_min: 0.1 } }';
    const { state, kpis, steps } = await runWithTruth(BENCH, method(call));
    expect(state).toBe('Complete');
    expect(steps.filter(({ op }) => op === 'voltammetry').map(({ ended }) => ended)).toEqual([
      'reached',
      'reached',
    ]);
    const found = kpis.filter(({ id }) => id.startsWith('anodic-peak-current'));
    expect(found.map(({ id }) => id)).toEqual([
      'anodic-peak-current-at-20mV_per_s',
      'anodic-peak-current-at-40mV_per_s',
    ]);
    for (const { value, definition } of found) {
      expect(value).toBeNull();
      expect(definition).toContain('no peak in the sweep upwards: the current is largest at its end');
    }
  });

  it('a limit that trips ends it, and nothing flows any more', async () => {
    const limits = 'within_min: 20, limits: [{ when: cell.current_A > 0.4 mA, then: trip }]';
    const steps = sweep('begin_V: 0, end_V: 0.4, rate_mV_per_s: 4', limits);
    const run = await runWithTruth(BENCH, method('{ rest: {}, for_s: 2 }', steps));
    expect([run.state, run.reason]).toEqual(['Aborted', expect.stringMatching(/0.4 mA/)]);
    const { value } = run.truth('cell.current_A');
    expect(Math.max(...value)).toBeGreaterThan(4e-4);
    expect(Math.max(...value)).toBeLessThan(6e-4);
    expect(value.at(-1)).toBe(0);
  });
});

describe('what the instrument cannot is refused before the start', () => {
  const loaded = loadBench(BENCH, describeDevice);
  const plain = 'begin_V: 0, end_V: 0.5, rate_mV_per_s: 10';
  it.each([
    [
      'a potential beyond it',
      sweep('begin_V: 0, end_V: 1.5, rate_mV_per_s: 10'),
      /4:5: .*1.5 V, expected -1..1 V/,
    ],
    [
      'a rate beyond it',
      sweep('begin_V: 0, end_V: 0.5, rate_V_per_s: 10'),
      /10 V\/s, expected above 0 and at most 1/,
    ],
    ['no rate at all', sweep('begin_V: 0, end_V: 0.5, rate_mV_per_s: 0'), /found 0, expected more than 0/],
    ['no end', sweep('begin_V: 0, rate_mV_per_s: 10'), /expected end_V, vertex1_V/],
    ['no deadline', `{ voltammetry: { ${plain} } }`, /has no deadline/],
    [
      'a deadline that it passes',
      sweep(plain, 'within_s: 20'),
      /20 s is shorter than the sweep takes, expected 50 s/,
    ],
    ['too many points', sweep(`${plain}, step_mV: 0.01`), /50001 points, expected 3..10000/],
    [
      'a current beyond it',
      sweep(`${plain}, currentMax_A: 1`),
      /currentMax of 1 A, expected above 0 and at most 0.01 A/,
    ],
    ['cycles of a linear sweep', sweep(`${plain}, cycles: 2`), /cycles belongs to cycles/],
    [
      'a call with a vertex beyond it',
      '{ call: cyclic-voltammetry, with: { vertex1_V: 3, vertex2_V: 0 } }',
      /sweep through 3 V|sets cell.voltageSet_V to 3/,
    ],
  ])('%s', (_, step, message) => {
    expect(() => parseMethodFor('m.yaml', method(step), loaded)).toThrow(message);
  });

  it('a bench without a potentiostat', () => {
    const source = loadBench('examples/source-meter/bench.yaml', describeDevice);
    const text = method(sweep('begin_V: 3, end_V: 3.5, rate_mV_per_s: 10'));
    expect(() => parseMethodFor('m.yaml', text, source)).toThrow(
      /nothing on this bench sweeps a potential by itself/,
    );
  });
});
