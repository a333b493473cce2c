import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** Steps as they ended, without phases: `label: how`. */
function steps(bench: Bench): string[] {
  return bench.told.lines.filter(line => line.includes('..')).map(line => line.replace(/^\S+ /, ''));
}
const ran = (text: string, for_s = 1000, head = ''): Bench => new Bench(text, { head }).go(for_s);
const last = (bench: Bench): string | undefined => bench.told.lines.at(-1);

describe('ends', () => {
  it.each([
    ['for_', '- { cc: { current_A: 1 }, for_s: 10 }', ['cc: time, time']],
    [
      'until before for_',
      '- { cc: { current_A: -5 }, until: cell.voltage_V < 3.2, for_s: 10 }',
      ['cc: condition, cell.voltage_V < 3.2'],
    ],
    [
      'exits before until, in order',
      '- { cc: { current_A: -5 }, exits: [{ when: cell.voltage_V < 3.3, then: next }, { when: cell.voltage_V < 3.4, then: stop }], until: cell.voltage_V < 3.2, within_s: 10 }',
      ['cc: condition, cell.voltage_V < 3.3'],
    ],
    [
      'a deadline that goes on',
      '- { rest: {}, until: cell.voltage_V < 3, within_s: 5, otherwise: next }\n- { rest: {}, for_s: 1, name: b }',
      ['rest: timeout, deadline of 5 s passed without cell.voltage_V < 3', 'b: time, time'],
    ],
  ])('%s', (_what, text, expected) => {
    const bench = ran(text);
    expect(steps(bench)).toEqual(expected);
    expect(last(bench)).toBe('complete: procedure completed');
  });

  it('a deadline stops the run where nothing else is said', () => {
    const bench = ran('- { rest: {}, until: cell.voltage_V < 3, within_s: 5 }\n- { rest: {}, for_s: 1 }');
    expect(last(bench)).toBe('stop: rest: deadline of 5 s passed without cell.voltage_V < 3');
  });

  it('a set point that is refused stops, and the next step never begins', () => {
    const bench = ran('- { cc: { current_A: 500 }, for_s: 5 }\n- { rest: {}, for_s: 1 }');
    expect(last(bench)).toMatch(/^stop: .*cell.currentSet_A refused: beyond its limits$/);
    expect(steps(bench)).toHaveLength(1);
  });

  it('says of a condition that held already, and only of that', () => {
    const bench = ran(
      '- { rest: {}, until: cell.voltage_V > 3, within_s: 9 }\n- { cc: { current_A: 5 }, until: cell.voltage_V > 4, within_s: 9 }',
      60,
    );
    expect(steps(bench)).toEqual([
      'rest: condition, cell.voltage_V > 3 (at once)',
      'cc: condition, cell.voltage_V > 4',
    ]);
  });

  it('looks only at readings that came after the set points were applied', () => {
    const env = new FakeCell();
    env.delay_s = 0.3;
    const bench = new Bench(
      '- { cc: { current_A: -5 }, for_s: 3 }\n- { cc: { current_A: 5 }, until: cell.voltage_V < 3.2, within_s: 4, otherwise: next }',
      { env },
    ).go(60);
    expect(steps(bench)[1]).toMatch(/^cc: timeout/);
  });

  it('a reading without a value is never good: until waits, a limit acts', () => {
    const blind = new FakeCell();
    blind.isBlind = true;
    const waits = new Bench('- { rest: {}, until: cell.voltage_V > 0, within_s: 3, otherwise: next }', {
      env: blind,
    }).go(30);
    expect(steps(waits)[0]).toMatch(/timeout/);
    const acts = new Bench('- { rest: {}, for_s: 9, limits: [{ when: cell.voltage_V > 4.2, then: trip }] }', {
      env: blind,
    }).go(30);
    expect(last(acts)).toMatch(
      /^trip: .*limit: cell.voltage_V > 4.2 .not usable: cell.voltage_V, which counts as exceeded.$/,
    );
  });

  it('an unknown in `if` stops the run', () => {
    const blind = new FakeCell();
    blind.isBlind = true;
    const bench = new Bench('- { if: cell.voltage_V > 3, then: next }\n- { rest: {}, for_s: 1 }', {
      env: blind,
    }).go(9);
    expect(last(bench)).toMatch(/^stop: .*cannot be worked out/);
  });
});

describe('time', () => {
  it.each([0, 0.3, 0.9])(
    'a pulse of 10 s lasts 10 s from applied to applied, with %s s to be read back',
    delay_s => {
      const env = new FakeCell();
      env.delay_s = delay_s;
      const before = env.charge_Ah;
      const bench = new Bench(
        '- { cc: { current_A: 1 }, for_s: 30 }\n- { cc: { current_A: 5 }, for_s: 10 }\n- { cc: { current_A: 1 }, for_s: 30 }',
        { env },
      );
      let at5_s = 0;
      bench.go(100, () => {
        if (env.current_A === 5) at5_s += 0.1;
      });
      expect(at5_s).toBeCloseTo(10, 6);
      expect(env.charge_Ah).toBeGreaterThan(before);
    },
  );

  it('goes k times faster in a run k times faster', () => {
    const bench = new Bench('- { rest: {}, for_min: 10 }', { env: new FakeCell(60) }).go(100);
    expect(bench.env.t_s).toBeCloseTo(10, 0);
    expect(last(bench)).toBe('complete: procedure completed');
  });

  it('a gate holds up clock and ramp, but not the deadline', () => {
    const env = new FakeCell();
    const bench = new Bench(
      '- { wait: {}, for_s: 5, gate: cell.temperature_degC > 30, within_s: 20, otherwise: next }',
      { env },
    ).go(60);
    expect(steps(bench)[0]).toMatch(/^wait: timeout, deadline of 20 s/);
  });
});

describe('loops and blocks', () => {
  it('each goes through lists in step, repeat counts, while is looked at before each round', () => {
    const bench = ran(
      '- each: { i_A: [1, 2], x_s: [2, 3] }\n  steps: [{ cc: { current_A: i_A }, for_s: x_s }]\n- repeat: { times: 9, while: run.charge_Ah < 0.01 }\n  steps: [{ cc: { current_A: 10 }, for_s: 2 }]',
    );
    const told = bench.told.lines.filter(line => line.includes('..'));
    expect(told.slice(0, 2)).toEqual(['0..2 cc: time, time', '2..5 cc: time, time']);
    // 8 As, then 20 As a round, until 36 As are there.
    expect(told).toHaveLength(4);
  });

  it('`while` counts the round that would begin, in a loop in a loop its own', () => {
    const bench = new Bench(
      '- repeat: { times: 2 }\n  steps:\n  - repeat: { times: 9, while: round.count <= 3 and round.time_s < 1 }\n    steps: [{ rest: {}, for_s: 2 }]\n- repeat: { times: 5, while: round.count < 1 }\n  steps: [{ cc: { current_A: 1 }, for_s: 2 }]',
    ).go(60);
    expect(steps(bench)).toHaveLength(6);
    expect(steps(bench).filter(line => line.startsWith('rest'))).toHaveLength(6);
    expect(last(bench)).toBe('complete: procedure completed');
  });

  it('leave, goto, next-phase and finish go where they say', () => {
    const exit = (to: string): string => `exits: [{ when: cell.voltage_V > 0, then: ${to} }], within_s: 9`;
    const leave = ran(
      `- repeat: { times: 5 }\n  steps: [{ rest: {}, name: a, ${exit('leave')} }, { rest: {}, name: b, for_s: 1 }]\n- { rest: {}, name: c, for_s: 1 }`,
    );
    expect(steps(leave).map(step => step[0])).toEqual(['a', 'c']);
    const jump = ran(
      `- { rest: {}, name: a, ${exit('goto z')} }\n- { rest: {}, name: b, for_s: 1 }\n- { rest: {}, id: z, for_s: 1 }`,
    );
    expect(steps(jump).map(step => step[0])).toEqual(['a', 'z']);
    const done = new Bench(
      `- { rest: {}, name: a, ${exit('finish')} }\n- { rest: {}, name: b, for_s: 1 }\nfinally: [{ rest: {}, name: f, for_s: 1 }]`,
    ).go(60);
    expect(steps(done).map(step => step[0])).toEqual(['a', 'f']);
    expect(done.told.lines.filter(line => line.includes('phase'))).toEqual([
      '0 phase run',
      expect.stringMatching(/phaseEnd run/),
      expect.stringMatching(/phase finally/),
      expect.stringMatching(/phaseEnd finally/),
    ]);
  });

  it('a condition over a loop ends it in the middle of a round', () => {
    const bench = ran(
      '- repeat: { times: 50 }\n  until: block.time_s >= 7\n  steps: [{ rest: {}, name: a, for_s: 3 }]\n- { rest: {}, name: b, for_s: 1 }',
    );
    expect(steps(bench)).toEqual([
      'a: time, time',
      'a: time, time',
      'a: condition, block.time_s >= 7',
      'b: time, time',
    ]);
  });

  it('lists side by side: the first leads, the others are left', () => {
    const bench = ran(
      '- together:\n  - [{ cc: { current_A: 1 }, name: lead, for_s: 5 }]\n  - [{ repeat: { times: 99 }, steps: [{ set: { chamber.temperature_degC: 30 }, name: side }, { wait: {}, name: w, for_s: 2 }] }]\n- { rest: {}, name: after, for_s: 1 }',
    );
    expect(steps(bench).filter(step => step.startsWith('lead'))).toEqual(['lead: time, time']);
    expect(steps(bench).filter(step => step.startsWith('w: condition'))).toHaveLength(1);
    expect(steps(bench).at(-1)).toBe('after: time, time');
  });
});

describe('what is counted', () => {
  it('by step, round and run, and under an id afterwards', () => {
    const bench = ran(
      '- repeat: { times: 2 }\n  steps:\n  - { cc: { current_A: 3.6 }, id: up, until: step.charge_Ah >= 0.01, within_s: 60 }\n  - { cc: { current_A: -3.6 }, id: down, until: step.chargeOut_Ah >= up.chargeIn_Ah, within_s: 60 }\n- { if: run.chargeIn_Ah > 0.019, then: next, else: stop }\n- { rest: {}, for_s: 1 }',
    );
    expect(last(bench)).toBe('complete: procedure completed');
    expect(bench.env.charge_Ah).toBeCloseTo(2.5, 2);
  });

  it('state of charge from where it was set; unknown before', () => {
    const bench = ran(
      '- { set: { cell.soc_pct: 50 } }\n- { cc: { current_A: -5 }, until: cell.soc_pct <= 49, within_s: 60 }',
    );
    expect(last(bench)).toBe('complete: procedure completed');
    expect(bench.env.t_s).toBeGreaterThan(35);
    expect(bench.env.t_s).toBeLessThan(39);
    const unknown = ran('- { cc: { current_A: -5 }, until: cell.soc_pct <= 49, within_s: 60 }');
    expect(last(unknown)).toMatch(/^stop: .*deadline/);
  });

  it('a procedure takes parameters and returns figures, in any unit of theirs, call by call', () => {
    const bench = ran(
      '- { call: discharge.yaml, id: a }\n- { call: discharge.yaml, id: b, with: { rate_C: 2, time_s: 18 } }\n- { if: a.out_mAh > 12 and a.out_mAh < 13 and b.out_Ah > 3.9 * a.out_Ah and b.out_Ah < 4.1 * a.out_Ah, then: next, else: stop }\n- { rest: {}, for_s: 1 }',
    );
    expect(last(bench)).toBe('complete: procedure completed');
    expect(bench.env.charge_Ah).toBeCloseTo(2.5 - 0.0125 - 0.05, 2);
  });

  it.each([
    ['then', '{ if: cell.voltage_V > 3, then: stop }', 'if cell.voltage_V > 3'],
    ['else', '{ if: cell.voltage_V > 5, then: next, else: stop }', 'if cell.voltage_V > 5: else'],
  ])('a stop by the %s of an if says so, with its place', (_way, step, says) => {
    expect(last(ran(`- { rest: {}, for_s: 3 }\n- ${step}`))).toBe(`stop: m.yaml:5: ${says}`);
  });

  it('an average becomes a point and a value', () => {
    const bench = ran(
      '- { cc: { current_A: 5 }, id: p, for_s: 20, average_s: 10 }\n- { if: p.cell.voltage_V > 4.09 and p.cell.voltage_V < 4.11, then: next, else: stop }\n- { rest: {}, for_s: 1 }',
    );
    expect(last(bench)).toBe('complete: procedure completed');
    expect(bench.env.notes).toEqual(['p (cc): point']);
  });
});

describe('the output', () => {
  it('rests as soon as no electrical step runs', () => {
    const bench = new Bench(
      '- { cc: { current_A: -5 }, for_s: 5 }\n- { wait: {}, for_s: 5 }\n- { cc: { current_A: 1 }, for_s: 5 }',
    );
    const seen: number[] = [];
    bench.go(16, ({ env }) => seen.push(env.current_A));
    const during = (from_s: number, to_s: number): number[] => [
      ...new Set(seen.slice(from_s * 10, to_s * 10)),
    ];
    expect(during(1, 5)).toEqual([-5]);
    expect(during(6, 10)).toEqual([0]);
    expect(during(11, 15)).toEqual([1]);
  });

  it('comes up from nothing: no old current flows when it is switched on', () => {
    const bench = new Bench(
      '- { cc: { current_A: 10 }, for_s: 5 }\n- { rest: {}, for_s: 3 }\n- { cc: { current_A: 1 }, for_s: 5 }',
    );
    let most_A = 0;
    bench.go(15, ({ env }) => {
      if (env.t_s > 5.5) most_A = Math.max(most_A, env.current_A);
    });
    expect(most_A).toBe(1);
  });

  it('cccv counts its until only from the voltage on', () => {
    const env = new FakeCell();
    env.charge_Ah = 4.99;
    const bench = new Bench(
      '- { cccv: { current_A: 2, voltage_V: 4.2 }, until: cell.current_A < 5, within_s: 100 }',
      { env },
    ).go(200);
    // At 3.8 V the current is below 5 A all the time; at 5 Ah, after 18 s, the voltage is there.
    expect(env.t_s).toBeGreaterThan(17);
    expect(last(bench)).toBe('complete: procedure completed');
  });
});
