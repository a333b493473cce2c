import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** What a gate does to a step that drives the output, and where one begins. */

describe('the output of a cell', () => {
  const gatedStep = (step: string, gate = 'cell.temperature_degC > 30'): string =>
    `- { ${step}, gate: ${gate} }`;
  it('a cell rests while the gate of its step is not open; the deadline says so', () => {
    const env = new FakeCell();
    let most_A = 0;
    const late = 'for_s: 5, within_s: 20, otherwise: next';
    const text = `- { cc: { current_A: 2 }, for_s: 2 }\n${gatedStep(`cc: { current_A: 1 }, ${late}`)}`;
    const bench = new Bench(text, { env }).go(40, () => {
      if (env.t_s > 3) most_A = Math.max(most_A, Math.abs(env.current_A));
    });
    expect(most_A).toBe(0);
    expect(bench.told.lines.join(' ')).toContain(
      'deadline of 20 s passed, its gate was never open: cell.temperature_degC > 30',
    );
  });

  it('and again when it shuts: no until is met by the rest, time and current go on when it opens', () => {
    const env = new FakeCell();
    let degC = 35;
    const value = env.value.bind(env);
    env.value = role => (role === 'cell.temperature_degC' ? degC : value(role));
    const text = gatedStep(
      'cccv: { current_A: 1, voltage_V: 3.7 }, until: cell.current_A < 0.5, for_s: 30, within_s: 90',
    );
    const seen: number[] = [];
    const bench = new Bench(text, { env }).go(100, () => {
      degC = env.t_s > 10 && env.t_s < 30 ? 25 : 35;
      if (env.t_s % 5 === 0) seen.push(env.current_A);
    });
    expect(seen.slice(0, 9)).toEqual([0, 1, 1, 0, 0, 0, 0, 1, 1]);
    const [, end] = /\.\.(\S+) cccv: time/.exec(bench.told.lines.join(' ')) ?? [];
    expect(Number(end)).toBeGreaterThan(49);
    expect(Number(end)).toBeLessThan(53);
  });

  it('a voltage ramp that begins at the noise around the end of the limits begins at that end', () => {
    const env = new FakeCell();
    env.value = role => (role === 'cell.voltage_V' ? 2.4998 : 0);
    const output = { ...env.output, range: () => ({ min: 2.5, max: 4.2 }) };
    Object.assign(env, { output });
    new Bench('- { ramp: { voltage_V: 3.5, in_min: 1 }, within_min: 2 }', { env }).go(5);
    const asked = env.asks
      .filter(text => text.includes('voltageSet_V'))
      .map(text => Number(text.split(' ')[2]));
    expect(asked[0]).toBe(2.5);
    expect(Math.min(...asked)).toBe(2.5);
  });
});
