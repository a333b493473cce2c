import { expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** The step `voltammetry`: what it asks of the bench, and how it ends. */

const CV =
  'voltammetry: { begin_V: 3.6, vertex1_V: 4, vertex2_mV: 3200, rate_mV_per_s: 10, cycles: 2, currentMax_mA: 50';
const last = (bench: Bench): string | undefined => bench.told.lines.at(-1);
const done = ({ env }: Bench): void => {
  env.measuring = { is: 'done', points: 321, reason: '' };
};

it('the first potential is held for the quiet time, then it is asked for in V and A; ends when all of it is swept', () => {
  const bench = new Bench(`- { ${CV}, quiet_s: 3, step_mV: 5 }, id: z, within_min: 5 }`);
  bench.go(2);
  expect(bench.env.applied('cell.voltageSet_V')).toBe(3.6);
  expect(bench.env.applied('cell.outputSet_on')).toBe(1);
  expect(bench.env.sweeps).toEqual([]);
  bench.go(2);
  expect(bench.env.sweeps).toEqual([
    [
      {
        kind: 'cv',
        from_V: 3.6,
        vertices_V: [4, 3.2],
        step_V: 0.005,
        rate_V_per_s: 0.01,
        scans: 2,
        currentMax_A: 0.05,
      },
      { id: 'z', label: 'z (voltammetry)', levels: {} },
    ],
  ]);
  done(bench);
  bench.go(1);
  expect(bench.told.lines.join('\n')).toMatch(/z \(voltammetry\): reached, 321 points/);
  expect(last(bench)).toBe('complete: procedure completed');
});

it('a linear one may begin at what is measured as it begins', () => {
  const bench = new Bench(
    '- { voltammetry: { begin_V: cell.voltage_V + 0.1, end_V: 4, rate_V_per_s: 0.1 }, within_min: 5 }',
  ).go(2);
  expect(bench.env.sweeps[0][0]).toEqual({
    kind: 'lsv',
    from_V: 3.7,
    to_V: 4,
    step_V: 0.001,
    rate_V_per_s: 0.1,
  });
});

it('left before its end it is given up, and the output goes off; the next step switches it on again by itself', () => {
  const bench = new Bench(
    `- { ${CV} }, until: step.time_s > 3, within_min: 5 }\n- { cv: { voltage_V: 3.7 }, for_s: 5 }`,
  );
  bench.env.delay_s = 0.3;
  bench.go(8);
  expect(bench.env.givenUp).toHaveLength(1);
  const output = bench.env.asks.filter(ask => ask.includes('outputSet_on')).map(ask => ask.split(' ')[2]);
  expect(output.slice(0, 3)).toEqual(['1', '0', '1']);
  expect(bench.env.applied('cell.outputSet_on')).toBe(1);
});

it('at its deadline it is given up and stops the run; one that fails does, too', () => {
  const late = new Bench(`- { ${CV} }, within_s: 5 }`).go(20);
  expect(late.env.givenUp).toEqual(['deadline of 5 s passed']);
  expect(last(late)).toMatch(/^stop: voltammetry: deadline of 5 s passed/);
  const bench = new Bench(`- { ${CV} }, within_min: 5 }`).go(2);
  bench.env.measuring = { is: 'failed', points: 3, reason: '0.06 A is beyond currentMax' };
  bench.go(2);
  expect(last(bench)).toBe('stop: voltammetry: 0.06 A is beyond currentMax');
});

it('after a cut it begins again from its first potential', () => {
  const bench = new Bench(`- { ${CV} }, within_min: 5 }`).go(5);
  bench.cut();
  bench.env.measuring = { is: 'none', points: 0, reason: '' };
  bench.go(2);
  expect(bench.env.sweeps).toHaveLength(2);
});

it.each([
  ['a potential beyond it', 'begin_V: 3, end_V: 6, rate_mV_per_s: 10', /sweep through 6 V, expected -1..5 V/],
  ['a rate that comes out as 0', 'begin_V: 3, end_V: 4, rate_mV_per_s: 3 - 3', /0 V\/s, expected above 0/],
  [
    'a part of a cycle',
    'begin_V: 3, vertex1_V: 4, rate_mV_per_s: 10, cycles: 3 / 2',
    /1.5 scans, expected a whole number/,
  ],
])('%s: refused in words, and nothing asked for', (_, keys, message) => {
  const bench = new Bench(`- { voltammetry: { ${keys} }, within_min: 50 }`).go(3);
  expect(last(bench)).toMatch(message);
  expect([bench.env.sweeps, bench.env.asks]).toEqual([[], []]);
});
