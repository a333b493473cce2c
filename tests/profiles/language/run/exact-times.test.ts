import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** `exact_`: a duration that was not held is told, one that was is not. */

const PULSE =
  '- { cc: { current_A: 1 }, for_s: 3 }\n- { cc: { current_A: 5 }, id: pulse, for_s: 10, exact_s: 0.15 }\n- { cc: { current_A: 1 }, for_s: 3 }';
const told = (bench: Bench): readonly string[] => bench.told.lines.filter(line => line.startsWith('inexact'));

describe('exact times', () => {
  it.each([0, 0.3])('says nothing where all set points take %s s alike', delay_s => {
    const env = new FakeCell();
    env.delay_s = delay_s;
    expect(told(new Bench(PULSE, { env }).go(60))).toEqual([]);
  });

  it.each([
    [0.1, 0.5, 'inexact pulse (cc): 10.4 for 10 +- 0.15'],
    [0.5, 0.1, 'inexact pulse (cc): 9.6 for 10 +- 0.15'],
  ])('set points that take %s s to begin and %s s to end', (begin_s, end_s, expected) => {
    const env = new FakeCell();
    env.delay_s = begin_s;
    const bench = new Bench(PULSE, { env }).go(60, () => {
      env.delay_s = env.t_s < 9 ? begin_s : end_s;
    });
    expect(told(bench)).toEqual([expected]);
  });

  it.each([
    ['the voltage limit', 'cell.voltageSet_V'],
    ['the output', 'cell.outputSet_on'],
  ])('%s that was slow to stand once is no time of the steps that leave it as it is', (_, role) => {
    const env = new FakeCell();
    env.delays_s.set(role, 0.5);
    const bench = new Bench(
      `repeat: { times: 2 }\n  steps:\n  ${PULSE.replaceAll('\n', '\n  ')}`.replace(/^/, '- '),
      { env },
    );
    const asked_s = (): number[] =>
      bench.go(80) &&
      env.asks.filter(ask => ask.includes('currentSet')).map(ask => Number(ask.split(' ')[0]));
    const times_s = asked_s();
    const lasted_s = times_s.slice(1).map((t_s, i) => Math.round(10 * (t_s - times_s[i])) / 10);
    // The first step waits for the slow one, the others leave as long after each other as they should; 3 s and 3 s of 1 A are one.
    expect(lasted_s.slice(1)).toEqual([3, 10, 6, 10]);
    expect(told(bench)).toEqual([]);
  });

  it('without it, what is half a second and a fiftieth off is told; less is not', () => {
    const steps = (for_s: number): string =>
      `- { cc: { current_A: 1 }, for_s: 4 }\n- { cc: { current_A: 5 }, id: pulse, for_s: ${for_s} }\n- { cc: { current_A: 1 }, for_s: 4 }`;
    const late = (for_s: number, begin_s: number): readonly string[] => {
      const env = new FakeCell();
      const bench = new Bench(steps(for_s), { env });
      return told(
        bench.go(100, () => {
          env.delay_s = env.t_s > 3 && env.t_s < 7 ? begin_s : 0;
        }),
      );
    };
    expect(late(8, 1.1)).toEqual(['inexact cc: 5.1 for 4 +- 0.5', 'inexact pulse (cc): 6.9 for 8 +- 0.5']);
    expect(late(8, 0.4)).toEqual([]);
    expect(late(60, 1.1)).toEqual(['inexact cc: 5.1 for 4 +- 0.5']);
  });

  it('counts to its own end where nothing is set behind it, also over a cut', () => {
    const late = (each: (bench: Bench) => void): readonly string[] => {
      const bench = new Bench('- { rest: {}, for_s: 10.05, exact_s: 0.02 }\n- { wait: {}, for_s: 1 }');
      return told(bench.go(60, each));
    };
    // Looked at each 0.1 s: seen 0.05 s late.
    expect(late(() => {})).toEqual(['inexact rest: 10.1 for 10.05 +- 0.02']);
    expect(late(bench => bench.cut())).toEqual(['inexact rest: 10.1 for 10.05 +- 0.02']);
  });
});
