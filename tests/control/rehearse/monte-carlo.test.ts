import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type PoolResult, runMany } from '../../../control/program/rehearse/monte-carlo-pool.ts';
import {
  drawParameters,
  planOfRun,
  type Sample,
  seedOfRun,
  summarise,
  type Uncertain,
} from '../../../control/rehearse/monte-carlo.ts';
import { correlation, quantilesOf, wilson } from '../../../control/rehearse/statistics.ts';
import type { Rehearsal } from '../../../control/rehearse/summary.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { copyExample, RUN_TIMEOUT_MS, scratchFolder } from '../../stories/support/program.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

describe('statistics', () => {
  it('Wilson interval of known cases', () => {
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3: 81 of 263, 15 of 148, 0 of 20.
    const shown = ([k, n]: number[]) => {
      const { low, high } = wilson(k, n);
      return [low.toFixed(4), high.toFixed(4)];
    };
    expect(shown([81, 263])).toEqual(['0.2553', '0.3662']);
    expect(shown([15, 148])).toEqual(['0.0624', '0.1605']);
    expect(shown([0, 20])).toEqual(['0.0000', '0.1611']);
    expect(wilson(0, 0)).toEqual({ probability: 0, low: 0, high: 1 });
  });

  it('quantiles and rank correlation', () => {
    expect(quantilesOf([3, 1, 2, 5, 4])).toEqual({ p5: 1.2, p50: 3, p95: 4.8 });
    expect(correlation([1, 2, 3, 4], [10, 20, 30, 4000])).toBe(1);
    expect(correlation([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
    expect(correlation([1, 2, 3], [5, 5, 5])).toBeNaN();
    // Ties share their rank: ranks 0.5 0.5 2 3 against 0 1 2 3.
    expect(correlation([1, 1, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });
});

describe('drawing', () => {
  const declared: Uncertain[] = [
    { name: 'a_V', value: 2, low: 1.9, high: 2.2, u: 0.1 },
    { name: 'rate_A', value: 1e-5, low: 1e-7, high: 1e-3, u: 1e-5 },
    { name: 'exact_L', value: 3, low: 1, high: 5, u: 0 },
  ];
  const drawn = Array.from({ length: 4000 }, (_, i) => planOfRun(declared, 1, i).parameters);

  it('normal, clipped to the bounds; the exact is left alone', () => {
    const a = drawn.map(d => d['a_V']);
    expect(Math.min(...a)).toBe(1.9);
    expect(Math.max(...a)).toBe(2.2);
    // A normal of 0.1 lies below 1.9 in 15.9 % and above 2.2 in 2.3 %.
    expect(a.filter(v => v === 1.9).length / a.length).toBeCloseTo(0.159, 1);
    expect(quantilesOf(a).p50).toBeCloseTo(2, 1);
    expect(drawn.every(d => !('exact_L' in d))).toBe(true);
  });

  it('log-normal where the bounds span decades: never below 0, median at the value, as wide as declared', () => {
    const logs = drawn.map(d => Math.log(d['rate_A']));
    const { p5, p50, p95 } = quantilesOf(logs);
    expect(p50).toBeCloseTo(Math.log(1e-5), 1);
    // u = value: the logarithm has a deviation of sqrt(ln 2).
    expect(p95 - p50).toBeCloseTo(1.645 * Math.sqrt(Math.log(2)), 1);
    expect(p50 - p5).toBeCloseTo(1.645 * Math.sqrt(Math.log(2)), 1);
  });

  it('each run has its own seed, and no stream of its own begins like that of its sensors', () => {
    const seeds = Array.from({ length: 10_000 }, (_, i) => seedOfRun(1, i));
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seedOfRun(2, 0)).not.toBe(seedOfRun(1, 0));
    const { seed, parameters } = planOfRun(declared, 1, 5);
    expect(parameters).not.toEqual(drawParameters(declared, seededRandom(seed)));
  });
});

describe('putting runs together', () => {
  /** A rehearsal of which only the limits matter here. */
  const of = {
    limits: [
      { id: 'steady', reaction: 'trip', unit: 'A', limit: 10 },
      { id: 'wide', reaction: 'trip', unit: 'V', limit: 2 },
      { id: 'warns', reaction: 'warn', unit: 'V', limit: 1 },
    ],
  } as unknown as Rehearsal;
  const samples = (fires: (i: number) => boolean): Sample[] =>
    Array.from({ length: 20 }, (_, i) => ({
      index: i,
      parameters: { a_V: i, b_V: (i * 7) % 20 },
      outcome: fires(i) ? 'tripped' : 'completed',
      isProved: !fires(i) || i > 0,
      limits: [
        // Nearer in its own unit, but it does not move.
        { id: 'steady', fired: fires(i), distance: 0.1 + i * 1e-5 },
        { id: 'wide', fired: false, distance: 1 - i * 0.04 },
        { id: 'warns', fired: true, distance: -1 },
      ],
      kpis: [{ id: 'energy', unit: 'kWh', value: i < 19 ? i : null }],
    }));

  it('the limit at risk is the one that is nearest in its own spread, and what moves it comes first', () => {
    const m = summarise(samples(() => false).toReversed(), [], 20, of);
    expect(m.closest?.id).toBe('wide');
    expect(m.closest?.moved_by[0]).toEqual({ parameter: 'a_V', rank_correlation: -1 });
    expect(m.closest?.distances[0]).toBe(1);
    expect(m.kpis).toMatchObject([{ id: 'energy', runs: 19, p50: 9 }]);
    expect(m.completed).toBe(20);
  });

  it('or the one that fires; failures and missing runs are findings', () => {
    const m = summarise(
      samples(i => i < 3),
      [
        { index: 20, reason: 'full' },
        { index: 21, reason: 'full' },
      ],
      30,
      of,
    );
    expect(m.closest?.id).toBe('steady');
    expect(m.limits.find(l => l.id === 'steady')).toMatchObject({ fired: 3, probability: 0.15 });
    expect(m.failed).toEqual([{ reason: 'full', count: 2 }]);
    expect(m.findings.map(f => f.text)).toEqual([
      'warns (warn 1 V) fires in 20 of 20 runs: 100 % (95 %: 84 % to 100 %)',
      'steady (trip 10 A) fires in 3 of 20 runs: 15 % (95 %: 5.2 % to 36 %)',
      'The safe state is NOT fully proved in 1 of 20 runs',
      '2 of the Monte Carlo runs gave no result: full',
      'Only 20 of 30 Monte Carlo runs were done',
    ]);
  });
});

describe('many runs of a real bench', () => {
  const dir = join(scratch.path, 'bench');
  const bench = join(dir, 'bench.yaml');
  const method = join(dir, 'load.yaml');
  const asr: Uncertain[] = [{ name: 'asr_Ohm_cm2', value: 0.11, low: 0.05, high: 0.2, u: 0.01 }];
  const task = { bench, method, seed: 3 };
  const run = (runs: number, threads: number, seed = task.seed): Promise<PoolResult> =>
    runMany({ ...task, seed }, asr, runs, {
      threads,
      onDone: () => {},
      stopped: new AbortController().signal,
    });
  const sorted = ({ samples }: PoolResult): Sample[] => [...samples].sort((a, b) => a.index - b.index);
  const distances = (result: PoolResult): number[] =>
    sorted(result).map(s => s.limits.find(l => l.id === 'stack-voltage-high')?.distance ?? Number.NaN);

  it('the result does not depend on the threads, and the voltage follows the resistance', {
    timeout: RUN_TIMEOUT_MS,
  }, async () => {
    layOut();
    const [one, two] = [await run(4, 1), await run(4, 2)];
    expect(one.failed).toEqual([]);
    expect(sorted(one)).toEqual(sorted(two));
    expect(sorted(one).map(s => s.outcome)).toEqual(Array(4).fill('completed'));
    const resistances = sorted(one).map(s => s.parameters['asr_Ohm_cm2']);
    expect(correlation(resistances, distances(one))).toBeLessThan(-0.7);
  });

  it('a run that gives no result is counted and named', { timeout: RUN_TIMEOUT_MS }, async () => {
    layOut();
    const wrong: Uncertain[] = [{ name: 'noSuch_V', value: 1, low: 0, high: 2, u: 0.1 }];
    const result = await runMany(task, wrong, 2, { onDone: () => {}, stopped: new AbortController().signal });
    expect(result.samples).toEqual([]);
    expect(result.failed.map(f => f.index).sort()).toEqual([0, 1]);
    expect(result.failed[0].reason).toMatch(/noSuch_V/);
  });

  it('stopped by a person: what is done by then is kept, and the threads end', {
    timeout: RUN_TIMEOUT_MS,
  }, async () => {
    layOut();
    const stop = new AbortController();
    const result = await runMany(task, asr, 1000, {
      threads: 2,
      onDone: done => {
        if (done >= 2) stop.abort();
      },
      stopped: stop.signal,
    });
    expect(result.samples.length).toBeGreaterThanOrEqual(2);
    expect(result.samples.length).toBeLessThan(6);
  });

  /** The example bench without its gas limits, and a load of half a minute. */
  function layOut(stackVoltage_V = 305): void {
    mkdirSync(dir, { recursive: true });
    copyExample(dir);
    const text = readFileSync(bench, 'utf8')
      .replace(/^ {2}- \{ id: (o2-in-h2|h2-in-o2).*\n/gm, '')
      .replace(
        /(id: stack-voltage-high.*limit: )305, rearm: 295(.*)reaction: trip/,
        `$1${stackVoltage_V}$2reaction: warn`,
      );
    writeFileSync(bench, text);
    writeFileSync(method, LOAD);
  }
});

const LOAD = `method: load
version: 2
phases:
- name: load
  steps:
  - set: { water.pump_on: on, stack.current_A: 0 }
  - wait: {}
    for_s: 10
  - set: { stack.voltage_V: 300, stack.power_W: 600000, stack.output_on: on }
  - ramp: { stack.current_A: 1000, per_s: 100 }
  - wait: {}
    for_s: 20
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;
