import { describe, expect, it } from 'vitest';
import type { Output } from '../../../../profiles/language/run/output.ts';
import { Bench, FakeCell } from './fake-cell.ts';

/** What a hold does to a cell, and what goes on in it. */

const last = (bench: Bench): string | undefined => bench.told.lines.at(-1);

describe('a cell that is held', () => {
  it.each(['cc: { current_A: -5 }', 'cv: { voltage_V: 3.1 }', 'cc: { current_A: -5, per_s: 1 }'])(
    'rests, and goes on where it was: %s',
    step => {
      const run = (held_s: number): Bench => {
        const bench = new Bench(`- { ${step}, for_s: 20 }\n- { rest: {}, for_s: 2 }`).go(8);
        if (held_s > 0) bench.hold(held_s);
        return bench.go(60);
      };
      const [held, whole] = [run(300), run(0)];
      expect(last(held)).toBe('complete: procedure completed');
      expect(held.env.charge_Ah).toBeCloseTo(whole.env.charge_Ah, 2);
      expect(held.env.t_s - whole.env.t_s).toBeCloseTo(300, 0);
    },
  );

  it.each([0, 0.3, 0.6])('counts what flows until it rests, its set points %s s late', delay_s => {
    const notCounted_mAh = (at_s: number): number => {
      const env = new FakeCell();
      env.delay_s = delay_s;
      const bench = new Bench(
        '- { cc: { current_A: 5 }, id: c, for_s: 20 }\n- { rest: {}, for_s: 3 }\n- { let: { q_mAh: c.charge_mAh } }',
        { env, head: 'returns: { q_mAh: q_mAh }\n' },
      ).go(at_s || 8);
      if (at_s > 0) bench.hold(10, true, undefined, 0.1);
      bench.go(60);
      const counted = /q_mAh":([\d.]+)/.exec(bench.told.lines.join('\n'))?.[1];
      return 1000 * (env.charge_Ah - 2.5) - Number(counted);
    };
    // A tenth of a second at 5 A: it is looked at so often.
    for (const at_s of [8.1, 8.5, 8.8, 9.2])
      expect(Math.abs(notCounted_mAh(at_s) - notCounted_mAh(0))).toBeLessThan(0.14);
  });

  it.each(['stop', 'trip'])('a limit of an outer block acts in a hold: %s', then => {
    const bench = new Bench(
      `- steps: [{ cc: { current_A: 1 }, for_s: 60 }]\n  limits: [{ when: cell.voltage_V > 4 for 20 s, then: ${then} }]`,
    ).go(5);
    bench.hold(10);
    expect(bench.isOver).toBe(false);
    bench.env.charge_Ah = 5;
    bench.hold(30);
    expect(last(bench)).toContain(`${then}: `);
  });

  it('is cut anywhere in a hold and goes on the same', () => {
    const run = (cuts: readonly number[]): Bench => {
      const env = new FakeCell();
      env.delay_s = 0.3;
      const bench = new Bench(
        '- { ramp: { current_A: -4, per_s: 1 }, within_s: 90 }\n- { rest: {}, for_s: 2 }',
        {
          env,
        },
      ).go(2);
      for (let i = 0; i < 12; i++) {
        if (cuts.includes(i)) bench.cut();
        bench.hold(1, i === 11);
      }
      for (let i = 0; i < 20; i++) {
        if (cuts.includes(20 + i)) bench.cut();
        bench.go(0.2);
      }
      return bench.go(60);
    };
    const whole = run([]);
    expect(last(whole)).toBe('complete: procedure completed');
    for (const cut of [0, 1, 5, 11, 20, 21, 22, 25]) expect(run([cut]).env.asks).toEqual(whole.env.asks);
  });

  it('an output that does not come back ends the run', () => {
    const bench = new Bench('- { cc: { current_A: -5 }, for_s: 20 }').go(5);
    bench.hold(5, false);
    const { answer } = bench.env;
    bench.env.answer = role => ({ ...answer.call(bench.env, role), outcome: 'refused', reason: 'shut' });
    bench.isAfterHold = true;
    bench.go(5);
    expect(last(bench)).toContain('stop: ');
    expect(last(bench)).toContain('refused');
    expect(bench.env.current_A).toBe(0);
  });

  it('a spectrum at a current begins again', () => {
    const bench = new Bench(
      '- { eis: { amplitude_mV: 10, from_Hz: 1000, to_Hz: 1, dc: { current_A: 1 } }, within_h: 1 }',
    ).go(5);
    bench.hold(10);
    bench.go(5);
    expect(bench.env.givenUp).toEqual(['held']);
    expect(bench.env.spectra).toHaveLength(2);
    expect(bench.isOver).toBe(false);
  });

  it('a limit that only warns or holds does not hide one that stops', () => {
    const limits = ['warn', 'hold', 'stop'].map(
      (then, i) => `{ when: cell.voltage_V < ${3.5 - i / 10}, then: ${then} }`,
    );
    const bench = new Bench(`- { cc: { current_A: -5 }, for_s: 60, limits: [${limits}] }`).go(9);
    expect(last(bench)).toContain('stop: ');
  });
});

/** A channel that is told its mode, whose current the bench holds to a rate. */
class RatedChannel extends FakeCell {
  override readonly output: Output = {
    subject: 'cell',
    roles: {
      output: 'cell.outputSet_on',
      current: 'cell.currentSet_A',
      voltage: 'cell.voltageSet_V',
      mode: 'cell.modeSet_count',
    },
    modes: { rest: 0, cc: 1, cv: 2 },
    range: role => (role === 'cell.currentSet_A' ? { min: -10, max: 10 } : { min: 0, max: 5 }),
  };
  override limits(role?: string): undefined {
    const limits = role === 'cell.currentSet_A' ? { min: -10, max: 10, ramp_per_s: 1 } : undefined;
    return limits as unknown as undefined;
  }
}

it('a current that the bench holds to a rate is at nothing when the output comes back on, and goes up from there', () => {
  const bench = new Bench('- { cc: { current_A: -5 }, for_s: 20 }', { env: new RatedChannel() }).go(8);
  const before = bench.env.asks.length;
  bench.hold(5);
  bench.go(60);
  const asks = bench.env.asks.slice(before).map(ask => ask.slice(ask.indexOf(' ') + 1));
  expect(asks.slice(0, 4)).toEqual([
    'cell.outputSet_on 0',
    'cell.currentSet_A 0',
    'cell.outputSet_on 1',
    'cell.currentSet_A -5',
  ]);
  expect(last(bench)).toBe('complete: procedure completed');
});
