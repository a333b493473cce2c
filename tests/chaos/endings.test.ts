import { describe, expect, it } from 'vitest';
import { judge } from './checks.ts';
import { playEnding, traceOf } from './ending.ts';
import { makeScenario } from './scenario.ts';

/** The first endings of `npm run chaos:endings`; a seed that fails here is shown whole by its `--replay SEED`. */

const ENDINGS = 200;

describe('endings at random moments in random trouble', () => {
  it(`${ENDINGS} of them are safe, proved or named, and over in their time`, async () => {
    const violations: string[] = [];
    const states: Record<string, number> = {};
    for (let seed = 1; seed <= ENDINGS; seed++) {
      const evidence = await playEnding(makeScenario(seed));
      const state = evidence.refused === undefined ? (evidence.ended?.state ?? 'none') : 'refused';
      states[state] = (states[state] ?? 0) + 1;
      for (const { kind, what } of judge(evidence)) violations.push(`seed ${seed}: ${kind}: ${what}`);
    }
    expect(violations).toEqual([]);
    // Chance reaches more than one way out; else the judges have seen nothing.
    for (const state of ['Aborted', 'Stopped', 'Complete'])
      expect(states[state], state).toBeGreaterThan(ENDINGS / 20);
  });

  it('a seed plays the same ending each time, another seed another', async () => {
    const traces: string[] = [];
    for (const seed of [7, 8, 7, 8]) traces.push(traceOf(await playEnding(makeScenario(seed))));
    expect(traces.slice(2)).toEqual(traces.slice(0, 2));
    expect(traces[0]).not.toBe(traces[1]);
  });
});
