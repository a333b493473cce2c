import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** Roles that a method works out of others. */

const steps = (bench: Bench): readonly string[] =>
  bench.told.lines.filter(line => line.includes('..')).map(line => line.replace(/^\S+ /, ''));
const last = (bench: Bench): string | undefined => bench.told.lines.at(-1);
const RISE = 'derived: { rise_mV: "change(cell.voltage_V, run)", double_mV: 2 * rise_mV }\n';

describe('derived roles', () => {
  it('are there for conditions, values and limits, in any unit, and are shown', () => {
    // 0.1 Ohm: 100 mV an ampere.
    const bench = new Bench(
      '- { rest: {}, for_s: 3 }\n- { cc: { current_A: 3 }, until: double_V > 0.5, within_s: 9 }\n- { let: { seen_mV: rise_mV } }\n- { if: seen_mV > 299 mV and seen_mV < 301 mV, then: next, else: stop }\n- { rest: {}, for_s: 2 }',
      { head: RISE },
    ).go(30);
    expect(steps(bench)[1]).toBe('cc: condition, double_V > 0.5');
    expect(last(bench)).toBe('complete: procedure completed');
    expect(bench.env.shown[0]).toBeCloseTo(0, 6);
  });

  it('a limit over one counts a bad reading as exceeded, a window that is not yet full not', () => {
    const text = '- { rest: {}, for_s: 20, limits: [{ when: drift_mV_per_h > 100, then: stop }] }';
    const head = 'derived: { drift_mV_per_h: "slope(cell.voltage_V, 10 s)" }\n';
    expect(last(new Bench(text, { head }).go(60))).toBe('complete: procedure completed');
    const env = new FakeCell();
    const blind = new Bench(text, { head, env }).go(60, () => {
      env.isBlind = env.t_s > 5;
    });
    expect(last(blind)).toMatch(/^stop: .*limit: drift_mV_per_h > 100 (.not usable: |$)/);
  });

  it('without a value where a reading behind it has none: until waits, if stops', () => {
    const env = new FakeCell();
    env.isBlind = true;
    const head = 'derived: { power_W: cell.voltage_V * cell.current_A }\n';
    const waits = new Bench('- { rest: {}, until: power_W > -9, within_s: 3, otherwise: next }', {
      head,
      env,
    }).go(9);
    expect(steps(waits)[0]).toMatch(/timeout/);
    expect(waits.env.shown).toEqual([Number.NaN]);
    const asks = new Bench('- { if: power_W > -9, then: next }\n- { rest: {}, for_s: 1 }', { head, env });
    expect(last(asks.go(9))).toMatch(/^stop: .*cannot be worked out/);
  });

  it('a step sees only what is worked out of readings after its set points', () => {
    const env = new FakeCell();
    env.delay_s = 0.3;
    const bench = new Bench(
      '- { cc: { current_A: -5 }, for_s: 3 }\n- { cc: { current_A: 5 }, until: low_V < 3.2, within_s: 4, otherwise: next }',
      { head: 'derived: { low_V: cell.voltage_V - 0.01 V }\n', env },
    ).go(60);
    expect(steps(bench)[1]).toMatch(/^cc: timeout/);
  });

  it.each([
    ['in the condition', '', '"abs(slope(cell.voltage_V, 20 s)) < 50 mV_per_h"'],
    ['derived', 'derived: { drift_mV_per_h: "slope(cell.voltage_V, 20 s)" }\n', 'abs(drift_mV_per_h) < 50'],
    [
      'derived of a derived one',
      'derived: { own_V: cell.voltage_V + 1 V, drift_mV_per_h: "slope(own_V, 20 s)" }\n',
      'abs(drift_mV_per_h) < 50',
    ],
    [
      'derived, over a time with a name',
      'parameters: { over_s: 20 }\nderived: { drift_mV_per_h: "slope(cell.voltage_V, over_s)" }\n',
      'abs(drift_mV_per_h) < 50',
    ],
  ])('a window %s is filled in the step: old steadiness never ends a new one', (_, head, until) => {
    const bench = new Bench(
      `- { rest: {}, for_s: 60 }\n- { rest: {}, until: ${until}, within_s: 90, id: still }\n- { if: still.time_s > 19 and still.time_s < 23, then: next, else: trip }`,
      { head },
    ).go(200);
    expect(steps(bench)[1]).toContain('condition');
    expect(last(bench)).toBe('complete: procedure completed');
  });

  it('counts the run, also in a limit of the whole method', () => {
    const head =
      'derived: { gone_Ah: run.chargeOut_Ah }\nlimits: [{ when: gone_Ah > 0.01 or run.time_s > 50, then: stop }]\n';
    const bench = new Bench('- { cc: { current_A: -10 }, for_s: 30 }', { head }).go(60);
    expect(last(bench)).toMatch(/^stop: .*gone_Ah > 0.01/);
    expect(bench.env.t_s).toBeGreaterThan(3.5);
  });

  it('goes on after a cut from where it was', () => {
    const bench = new Bench(
      '- { rest: {}, for_s: 3 }\n- { cc: { current_A: 3 }, until: rise_mV > 250, within_s: 9 }\n- { rest: {}, for_s: 2 }',
      { head: RISE },
    );
    bench.go(30, b => b.cut());
    expect(steps(bench)[1]).toBe('cc: condition, rise_mV > 250');
  });
});
