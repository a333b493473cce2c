import { describe, expect, it } from 'vitest';
import { EVALUATIONS } from '../../../../profiles/language/methods/index.ts';
import { runWithTruth } from '../../../support/truth-run.ts';

/**
 * Each built-in method of a stack on the twin with short parameters: its figures against what the same definition gives
 * for the true state of the plant, |value - truth| <= u95.
 */

const PEM = new URL('../../../../examples/pem-500kw/bench.yaml', import.meta.url).pathname;
const PURGE = '- { call: purge, id: first, with: { purge_min: 3 } }';
const START = `${PURGE}\n- { call: start-stack, with: { load_pct: 30, band_K: 50 } }`;

interface Row {
  readonly method: string;
  readonly steps: readonly string[];
  /** Figures that must hold the truth. */
  readonly figures: readonly string[];
}

const ROWS: readonly Row[] = [
  { method: 'start-stack', steps: [START], figures: ['time-to-load', 'start-energy'] },
  {
    method: 'stop-stack',
    steps: [START, '- { call: stop-stack, with: { purge_min: 5 } }'],
    figures: ['stop-h2-in-o2-max'],
  },
  {
    method: 'purge',
    steps: ['- { call: purge, with: { purge_min: 5 } }'],
    figures: ['purge-o2-in-cathode', 'purge-h2-in-anode'],
  },
  {
    method: 'leak-test',
    steps: ['- { call: leak-test, with: { testPressure_barg: 5, hold_min: 10, soak_min: 2 } }'],
    figures: ['leak-rate', 'leak-decay', 'leak-test-pressure'],
  },
  {
    method: 'cool-down',
    steps: [START, '- { call: cool-down, with: { purge_min: 5 } }'],
    figures: ['end-temperature'],
  },
  {
    method: 'stabilise',
    steps: [PURGE, '- { call: stabilise, with: { window_min: 5, most_h: 1.5, band_K: 3 } }'],
    figures: ['stable-drift', 'stable-temperature'],
  },
  {
    method: 'polarisation',
    steps: [
      START,
      '- { call: polarisation, with: { dwell_s: 30, average_s: 15, loads_pct: [5, 8, 12, 18, 25, 35, 50, 65, 80, 100] } }',
    ],
    figures: ['asr', 'cell-voltage-top', 'reference-voltage', 'tafel'],
  },
  {
    method: 'conditioning',
    steps: [START, '- { call: conditioning, with: { hold_V: 1.75, window_min: 5, most_h: 0.5 } }'],
    figures: ['current-gain', 'conditioning-time'],
  },
  {
    method: 'crossover',
    steps: [START, '- { call: crossover, with: { loads_pct: [50, 20], dwell_min: 15 } }'],
    figures: ['h2-in-o2', 'crossover'],
  },
  {
    method: 'faradaic',
    steps: [START, '- { call: faradaic, with: { loads_pct: [100, 40], dwell_min: 15, average_s: 300 } }'],
    figures: ['faradaic-top', 'faradaic-lowest'],
  },
  {
    method: 'reactivity',
    steps: [START, '- { call: reactivity, with: { dwell_s: 60, rounds_count: 3 } }'],
    figures: ['dead-time', 't90', 'settling-time', 'overshoot'],
  },
  {
    method: 'flexibility',
    steps: [START, '- { call: flexibility, with: { loads_pct: [25, 50], dwell_min: 2 } }'],
    figures: ['time-to-nominal'],
  },
  {
    method: 'start-stop',
    steps: [START, '- { call: start-stop, with: { times_count: 2, off_min: 2, on_min: 5 } }'],
    figures: ['time-to-nominal', 'energy-a-start'],
  },
  {
    method: 'high-pressure',
    steps: [
      PURGE,
      '- { call: high-pressure, with: { top_barg: 5, loads_pct: [100, 60], dwell_min: 5, pause_min: 1, purge_min: 5 } }',
    ],
    figures: ['pressure-reached', 'h2-in-o2-at-pressure'],
  },
  {
    method: 'load-cycling',
    steps: [START, '- { call: load-cycling, with: { half_min: 12, times_count: 3, dwell_s: 20 } }'],
    figures: ['voltage-rise', 'degradation'],
  },
  {
    method: 'on-off',
    steps: [START, '- { call: on-off, with: { on_min: 10, off_min: 2, times_count: 2, dwell_s: 20 } }'],
    figures: ['voltage-rise', 'degradation'],
  },
  {
    method: 'durability',
    steps: [
      PURGE,
      '- { call: durability, with: { interval_h: 0.5, intervals_count: 2, window_min: 5, dwell_s: 20 } }',
    ],
    figures: ['voltage-rise', 'degradation'],
  },
  {
    method: 'ast-wave',
    steps: [START, '- { call: ast-wave, with: { block_h: 0.2, blocks_count: 2, high_V: 1.8, dwell_s: 20 } }'],
    figures: ['change-low', 'change-high'],
  },
];

describe.each(ROWS.filter(row => row.steps.length > 0))('$method', ({ method, steps, figures }) => {
  it('completes on the twin, and its figures hold what is true', { timeout: 120_000 }, async () => {
    const text = ['method: x', 'version: 2', 'steps:', ...steps].join('\n');
    const run = await runWithTruth(PEM, text);
    expect([run.state, run.reason]).toEqual(['Complete', expect.anything()]);
    const part = run.recorded?.find(p => p.method === method);
    expect(part?.isWhole).toBe(true);
    for (const id of figures) {
      const own = (k: { id: string; phase?: string }): boolean => k.id === id && k.phase === part?.name;
      const [found, truth] = [run.kpis.find(own), run.trueKpis.find(own)];
      if (process.env['SHOW'] !== undefined)
        console.log(method, id, found?.value, truth?.value, found?.u95, found?.unit);
      expect(found?.value, id).toEqual(expect.any(Number));
      expect(truth?.value, id).toEqual(expect.any(Number));
      expect(Math.abs((found?.value ?? 0) - (truth?.value ?? 0)), id).toBeLessThanOrEqual(found?.u95 ?? 0);
    }
  });
});

it('each evaluation gives the figures that it lists, with or without values', async () => {
  const run = await runWithTruth(PEM, ['method: x', 'version: 2', 'steps:', START].join('\n'));
  const listed = EVALUATIONS['start-stack'].figures.map(({ id, unit }) => ({ id, unit }));
  expect(run.kpis.filter(k => k.phase === 'start-stack').map(({ id, unit }) => ({ id, unit }))).toEqual(
    listed,
  );
});
