import { describe, expect, it } from 'vitest';
import type { Output } from '../../../../profiles/language/run/output.ts';
import type { RecoverySet } from '../../../../profiles/steps/recovery.ts';
import type { AskedWay, SetAnswer } from '../../../../profiles/steps/step.ts';
import { stack } from '../benches.ts';
import { Bench, FakeCell } from './fake-cell.ts';

/** A hold or a suspension with a rate, where a power or a voltage drives the stack and its current set point holds nothing. */

const MOST_A = 1000;

/** A stack of 7.2 V + 10 mOhm x I on a supply that is told current, voltage and power, the least of which holds. */
class FakeStack extends FakeCell {
  open_V = 7.2;
  readonly ways: AskedWay[] = [];
  override readonly output = {
    subject: 'stack',
    roles: {
      output: 'stack.outputSet_on',
      current: 'stack.currentSet_A',
      voltage: 'stack.voltageSet_V',
      power: 'stack.powerSet_W',
    },
    range: (role: string) => ({ min: 0, max: { A: MOST_A, V: 12, W: 20_000 }[role.split('_')[1]] ?? 1 }),
  } as Output;
  private read = { t_s: -1, current_A: 0, voltage_V: 7.2 };

  override get current_A(): number {
    if (this.applied('stack.outputSet_on') !== 1) return 0;
    const [set_A, set_V, set_W] = ['currentSet_A', 'voltageSet_V', 'powerSet_W'].map(name =>
      this.applied(`stack.${name}`),
    );
    const byVoltage_A = (set_V - this.open_V) / 0.01;
    const byPower_A = (Math.sqrt(this.open_V ** 2 + 4 * 0.01 * set_W) - this.open_V) / 0.02;
    return Math.max(0, Math.min(set_A, byVoltage_A, byPower_A));
  }
  override advance(dt_s: number): void {
    super.advance(dt_s);
    const { t_s, current_A } = this;
    if (Number.isInteger(t_s)) this.read = { t_s, current_A, voltage_V: this.open_V + 0.01 * current_A };
  }
  override value(role: string): number {
    if (role === 'stack.current_A') return this.read.current_A;
    return role === 'stack.voltage_V' ? this.read.voltage_V : Number.NaN;
  }
  override arrived_s(): number {
    return this.read.t_s;
  }
  override answer(role: string): SetAnswer {
    const found = super.answer(role);
    if (found.outcome !== 'refused') return found;
    const isDone = this.applied(role) === found.asked;
    return { outcome: isDone ? 'applied' : 'pending', asked: found.asked, reason: '' };
  }
  override ask(role: string, value: number, _source?: string, way?: AskedWay): void {
    if (way !== undefined) this.ways.push(way);
    super.ask(role, value);
  }
}

const SETS: readonly RecoverySet[] = [{ role: 'stack.currentSet_A', to: 30, per_s: 5 }];
const DRIVEN = [
  'cp: { power_W: 1000 }',
  'cv: { voltage_V: 8.4 }',
  'follow: { power_W: "triangle(999.9, 1000, 200 s)" }',
  'cc: { current_A: 119 }',
] as const;

function loaded(step: string): { run: Bench; env: FakeStack } {
  const env = new FakeStack();
  const run = new Bench(`- { ${step}, for_min: 20 }`, { env, names: stack });
  run.go(30);
  expect(env.current_A).toBeGreaterThan(110);
  return { run, env };
}

/** Suspended for so long; what flows at the end of each second. */
function away(run: Bench, env: FakeStack, for_s: number): number[] {
  const seen: number[] = [];
  for (let s = 0; s < for_s; s++) {
    run.hold(1, false, SETS);
    seen.push(env.current_A);
  }
  return seen;
}

function back(run: Bench, env: FakeStack, for_s: number): number[] {
  const seen: number[] = [];
  run.isAfterHold = true;
  run.go(for_s, () => seen.push(env.current_A));
  return seen;
}

/** Up from 30 A by 5 A a second; the last look before was a second ago. */
function expectByRate(seen: readonly number[]): void {
  for (const [i, value_A] of seen.entries()) expect(value_A).toBeLessThanOrEqual(30 + 5 + 0.5 * i + 1e-6);
}

describe.each(DRIVEN)('%s', step => {
  it('the load comes down from what flows, at its rate', () => {
    const { run, env } = loaded(step);
    const before_A = env.current_A;
    const seen = away(run, env, 40);
    for (const [s, value_A] of seen.entries())
      expect(Math.abs(value_A - Math.max(30, before_A - 5 * (s + 1)))).toBeLessThan(6);
    expect(seen.at(-1)).toBe(30);
  });

  it('and up again by the same rate to where it was, never above, and the method goes on then', () => {
    const { run, env } = loaded(step);
    const before_A = env.current_A;
    away(run, env, 40);
    const from_s = env.t_s;
    const seen = back(run, env, 60);
    expect(Math.max(...seen)).toBeLessThanOrEqual(before_A + 0.1);
    expectByRate(seen);
    expect(seen.at(-1)).toBeCloseTo(before_A, 1);
    run.go(1200);
    // The whole step, and how long it stood still: down, up, and until it is seen that the current holds nothing.
    const [, end_s] = /0\.\.([\d.]+) \w+: time/.exec(run.told.lines.join('\n')) ?? [];
    expect(Number(end_s) - 1200 - 40 - (before_A - 30) / 5).toBeLessThan(8);
    expect(env.t_s).toBeGreaterThan(from_s);
  });

  it('cut on the way down or up it goes on the same', () => {
    const run = (cuts: readonly number[]): string[] => {
      const { run: bench, env } = loaded(step);
      for (let i = 0; i < 6; i++) {
        if (cuts.includes(i)) bench.cut();
        away(bench, env, 3);
      }
      bench.isAfterHold = true;
      for (let i = 6; i < 12; i++) {
        if (cuts.includes(i)) bench.cut();
        bench.go(3);
      }
      return env.asks;
    };
    const whole = run([]);
    for (const cut of [0, 2, 7, 10]) expect(run([cut])).toEqual(whole);
  });
});

it('a stack that draws more when it comes back does so by the rate', () => {
  const { run, env } = loaded('cv: { voltage_V: 8.4 }');
  away(run, env, 40);
  // 100 A more at the same voltage.
  env.open_V = 6.2;
  const seen = back(run, env, 90);
  expectByRate(seen);
  expect(seen.at(-1)).toBeCloseTo(220, 0);
});

it('what flows less than a suspension allows is left alone', () => {
  const env = new FakeStack();
  const run = new Bench('- { cp: { power_W: 150 }, for_min: 20 }', { env, names: stack });
  run.go(30);
  const before_A = env.current_A;
  expect(before_A).toBeLessThan(30);
  expect(new Set(away(run, env, 5))).toEqual(new Set([before_A]));
  expect(new Set(back(run, env, 20))).toEqual(new Set([before_A]));
});

it('tells the gate where the load stands, so that its own rate does not count from the most', () => {
  const { run, env } = loaded('cp: { power_W: 1000 }');
  const before_A = env.current_A;
  away(run, env, 2);
  expect(env.ways[0]).toMatchObject({ isOfHold: true });
  expect(env.ways[0].stands).toBeCloseTo(before_A, 3);
});

it('a power by the current: what comes back asks for no more before the voltage of it was read', () => {
  const env = new FakeStack();
  const settable = stack.settable.filter(role => role !== 'stack.powerSet_W');
  const step = 'follow: { power_W: "triangle(999.9, 1000, 200 s)" }';
  const run = new Bench(`- { ${step}, for_min: 20 }`, { env, names: { ...stack, settable } });
  env.ask('stack.powerSet_W', 20_000);
  env.ask('stack.voltageSet_V', 12);
  run.go(30);
  const before_A = env.current_A;
  expect(before_A).toBeGreaterThan(100);
  run.hold(5, false, [{ role: 'stack.currentSet_A', to: 30 }]);
  expect(env.current_A).toBe(30);
  expect(Math.max(...back(run, env, 10))).toBeLessThanOrEqual(before_A + 0.01);
});
