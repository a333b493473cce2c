import { expect, it } from 'vitest';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import { runWithTruth } from '../../../support/truth-run.ts';

/** Figures of the methods of a stack as they are listed; whether they are true: tests/validate/methods. */

const PEM = new URL('../../../../examples/pem-500kw/bench.yaml', import.meta.url).pathname;
const START =
  '- { call: purge, id: first, with: { purge_min: 3 } }\n- { call: start-stack, with: { load_pct: 30, band_K: 50 } }';

it('each evaluation gives the figures that it lists, with or without values', async () => {
  const run = await runWithTruth(PEM, ['method: x', 'version: 2', 'steps:', START].join('\n'));
  const listed = EVALUATIONS['start-stack'].figures.map(({ id, unit }) => ({ id, unit }));
  expect(run.kpis.filter(k => k.phase === 'start-stack').map(({ id, unit }) => ({ id, unit }))).toEqual(
    listed,
  );
});

it('the time to nominal load is that of steps that go up; there is none where each began there already', async () => {
  const method = (loads: string): string =>
    [
      'method: x',
      'version: 2',
      'steps:',
      '- { call: purge, with: { purge_min: 3 } }',
      '- { call: start-stack, with: { load_pct: 30, band_K: 50, rate_pct_per_s: 10 } }',
      `- { call: flexibility, with: { loads_pct: ${loads}, dwell_min: 1 } }`,
    ].join('\n');
  const found = async (loads: string) =>
    (await runWithTruth(PEM, method(loads))).kpis.find(
      k => k.id === 'time-to-nominal' && k.phase === 'flexibility',
    );
  const none = await found('[100]');
  expect(none?.value).toBeNull();
  expect(none?.definition ?? '').toContain('began at the nominal load');
  const both = await found('[50, 100]');
  expect(both?.definition).toContain('mean of 1:');
  expect(both?.value).toBeGreaterThan(3);
});

it('a tight stack passes a leak test at the lowest pressure that it takes', async () => {
  const call = '{ call: leak-test, with: { testPressure_barg: 0.5, soak_min: 1, hold_min: 2 } }';
  const method = ['method: x', 'version: 2', 'steps:', `- ${call}`].join('\n');
  const tight = await runWithTruth(PEM, method);
  expect(tight.kpis.find(k => k.id === 'leak-test-pressure')?.value).toBeCloseTo(0.55, 1);
  expect(tight.kpis.filter(k => k.phase === 'leak-test').map(({ id }) => id)).toContain('leak-decay');
  expect(tight.state, tight.reason).toBe('Complete');
});
