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

describe('a set behind a gate', () => {
  const SET = 'set: { chamber.temperature_degC: 40 }';
  const asksOf = (env: FakeCell): string[] =>
    env.asks.filter(text => text.includes('chamber.temperatureSet'));

  it.each([
    ['of its own', `- { ${SET}, gate: cell.temperature_degC > 30, within_s: 20, otherwise: next }`],
    [
      'around it',
      `- { gate: cell.temperature_degC > 30, within_s: 20, otherwise: next, steps: [{ ${SET} }] }`,
    ],
  ])('asks for nothing before it is open: a gate %s', (_, text) => {
    const shut = new FakeCell();
    const bench = new Bench(text, { env: shut }).go(30);
    expect(asksOf(shut)).toEqual([]);
    expect(bench.told.lines.join(' ')).toContain('its gate was never open');
    const env = new FakeCell();
    let degC = 25;
    const value = env.value.bind(env);
    env.value = role => (role === 'cell.temperature_degC' ? degC : value(role));
    new Bench(text, { env }).go(15, () => {
      degC = env.t_s >= 10 ? 35 : 25;
    });
    expect(asksOf(env)).toEqual(['10 chamber.temperatureSet_degC 40']);
  });
});

describe('what an instrument measures by itself', () => {
  const CC = '- { cc: { current_A: 2 }, for_s: 4 }';
  const EIS = 'eis: { amplitude_mA: 10, from_Hz: 100, to_Hz: 1';
  const SWEEP = 'voltammetry: { begin_V: 3.7, end_V: 4, rate_mV_per_s: 10 }';

  /** A step behind a gate that is open between these times; the current and the measurements begun at each second asked for. */
  function behind(
    step: string,
    open: readonly [from_s: number, to_s: number][],
    subject: 'cell' | 'stack' = 'cell',
    cut_s?: number,
  ) {
    const env = new FakeCell();
    Object.assign(env, { output: { ...env.output, subject } });
    const value = env.value.bind(env);
    env.value = role => {
      if (role !== 'cell.temperature_degC') return value(role);
      return open.some(([from_s, to_s]) => env.t_s >= from_s && env.t_s < to_s) ? 35 : 25;
    };
    const seen = new Map<number, readonly [current_A: number, begun: number]>();
    const text = `${CC}\n- { ${step}, gate: cell.temperature_degC > 30, within_s: 50, otherwise: next }`;
    const bench = new Bench(text, { env });
    bench.go(70, () => {
      seen.set(env.t_s, [env.current_A, env.spectra.length + env.sweeps.length]);
      if (env.t_s === cut_s) bench.cut();
    });
    return { env, lines: bench.told.lines.join(' '), at: (t_s: number) => seen.get(t_s) };
  }

  it.each([
    ['a spectrum at the load of before', `${EIS} }`, 2],
    ['one at a load of its own', `${EIS}, dc: { current_A: 1 } }`, 1],
    ['one at open circuit', `${EIS}, dc: open }`, 0],
    ['a sweep (this channel gives its most then)', SWEEP, 10],
  ])(
    '%s: nothing flows and nothing is measured behind a shut gate, then it begins, and anew',
    (_, step, current_A) => {
      const { env, at } = behind(step, [
        [10, 20],
        [30, 100],
      ]);
      expect([at(8), at(15), at(25), at(35)]).toEqual([
        [0, 0],
        [current_A, 1],
        [0, 1],
        [current_A, 2],
      ]);
      expect(env.givenUp[0]).toBe('its gate is shut');
    },
  );

  it('a stack keeps its load, but is not measured', () => {
    const open: [number, number][] = [
      [10, 20],
      [30, 100],
    ];
    const { env, at } = behind(`${EIS} }`, open, 'stack');
    expect([at(8), at(15), at(25), at(35)]).toEqual([
      [2, 0],
      [2, 1],
      [2, 1],
      [2, 2],
    ]);
    expect(env.givenUp[0]).toBe('its gate is shut');
  });

  it('the load of before is known after a new start behind a shut gate, too', () => {
    const { at } = behind(`${EIS} }`, [[10, 100]], 'cell', 8);
    expect([at(9), at(15)]).toEqual([
      [0, 0],
      [2, 1],
    ]);
  });

  it.each([`${EIS} }`, SWEEP])('its deadline names the gate: %s', step => {
    const { env, lines } = behind(step, []);
    expect(lines).toContain('deadline of 50 s passed, its gate was never open: cell.temperature_degC > 30');
    expect([env.spectra, env.sweeps]).toEqual([[], []]);
  });
});
