import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** What flowed while a run was cut off counts where the instrument's own counter was read on both sides of the gap. */

class Counting extends FakeCell {
  /** What flowed, Ah, by direction; and what the counters show of it. */
  flowed = { into: 0, out: 0 };
  shows = (flowed_Ah: number, _way: 'into' | 'out'): number => flowed_Ah;
  /** Nobody has driven the safe state: it flows on for so long after the cut, s. */
  on_s = 60;
  /** Time of the newest reading of the counter; undefined: as all others. */
  stale_s: number | undefined;
  override advance(dt_s: number): void {
    const charge_Ah = (this.current_A * dt_s) / 3600;
    if (charge_Ah > 0) this.flowed.into += charge_Ah;
    else this.flowed.out -= charge_Ah;
    super.advance(dt_s);
  }
  override safe(for_s: number): void {
    for (let t_s = 0; t_s < Math.min(this.on_s, for_s) - 1e-9; t_s += 0.1) this.advance(0.1);
    super.safe(Math.max(0, for_s - this.on_s));
  }
  override value(role: string): number {
    if (role === 'cell.charged_Ah') return this.shows(this.flowed.into, 'into');
    if (role === 'cell.discharged_Ah') return this.shows(this.flowed.out, 'out');
    return super.value(role);
  }
  override arrived_s(role?: string): number {
    return this.stale_s !== undefined && /charged_Ah/.test(role ?? '') ? this.stale_s : super.arrived_s();
  }
  readonly accuracy = () => ({ reading_pct: 0, abs: 0.0001 });
}

const HEAD = 'returns: { in_Ah: a.chargeIn_Ah, out_Ah: a.chargeOut_Ah, all_Ah: whole.chargeIn_Ah }\n';
const CHARGE = `- id: whole
  steps:
  - { cc: { current_A: 3.6 }, id: a, until: step.chargeIn_Ah >= 0.2, within_min: 10 }`;

/** Cut off after 50 s for 100 s, of which `on_s` under load. What flowed in the step at its end, what it returns. */
function cutOff(
  env: Counting,
  { steps = CHARGE, whileCut = () => {} }: { steps?: string; whileCut?: () => void } = {},
): { readonly bench: Bench; readonly returned: Record<string, number>; readonly end_s: number } {
  const bench = new Bench(steps, { env, head: HEAD }).go(50);
  whileCut();
  bench.cutOff(100);
  bench.go(2000);
  const text = bench.told.lines.find(line => line.startsWith('returns')) ?? '';
  return {
    bench,
    returned: JSON.parse(text.slice('returns '.length)) as Record<string, number>,
    end_s: env.t_s,
  };
}

describe('the counter was read on both sides', () => {
  it('what it gave meanwhile counts for the step, its end and its figures', () => {
    const env = new Counting();
    const { returned } = cutOff(env);
    // 50 s before, 60 s in the gap, the rest behind.
    expect(env.flowed.into).toBeCloseTo(0.2, 2);
    expect(Math.abs(returned['in_Ah'] - env.flowed.into)).toBeLessThan(0.0015);
    expect(Math.abs(returned['all_Ah'] - env.flowed.into)).toBeLessThan(0.0015);
    expect(returned['out_Ah']).toBe(0);
  });

  it('also in the other direction, and of a counter that is off by its last digit', () => {
    const env = new Counting();
    env.shows = flowed_Ah => Math.floor(flowed_Ah * 10_000) / 10_000;
    const { returned } = cutOff(env, {
      steps: CHARGE.replace('3.6', '-3.6').replace('chargeIn_Ah >= 0.2', 'chargeOut_Ah >= 0.2'),
    });
    expect(Math.abs(returned['out_Ah'] - env.flowed.out)).toBeLessThan(0.0015);
    expect(env.flowed.out).toBeCloseTo(0.2, 2);
  });

  it('where nothing flowed nothing is added, over two cuts in a row', () => {
    const env = new Counting();
    env.on_s = 0;
    const bench = new Bench(CHARGE, { env, head: HEAD }).go(50);
    bench.cutOff(100);
    bench.go(1);
    bench.cutOff(100);
    bench.go(2000);
    expect(env.flowed.into).toBeCloseTo(0.2, 2);
  });

  it('each of two cuts in a row counts once', () => {
    const env = new Counting();
    const bench = new Bench(CHARGE, { env, head: HEAD }).go(20);
    env.on_s = 30;
    bench.cutOff(100);
    bench.go(20);
    bench.cutOff(100);
    bench.go(2000);
    expect(env.flowed.into).toBeCloseTo(0.2, 2);
  });

  it('a step that is held over the cut has it, too', () => {
    const env = new Counting();
    const bench = new Bench(CHARGE, { env, head: HEAD }).go(50);
    bench.cutOff(100);
    bench.hold(20);
    bench.go(2000);
    expect(env.flowed.into).toBeCloseTo(0.2, 2);
  });
});

describe('the counter says nothing of the gap', () => {
  const without = 0.2 + (60 * 3.6) / 3600;
  it.each<[string, (env: Counting) => void]>([
    [
      'it began anew',
      env => {
        env.shows = flowed_Ah => (env.t_s > 60 ? flowed_Ah - 0.08 : flowed_Ah);
      },
    ],
    [
      'it began anew in the other direction alone',
      env => {
        env.flowed.out = 1;
        env.shows = (flowed_Ah, way) => (way === 'out' && env.t_s > 60 ? 0 : flowed_Ah);
      },
    ],
    [
      'it rolled over to more than can have flowed',
      env => {
        env.shows = flowed_Ah => flowed_Ah + (env.t_s > 60 ? 40 : 0);
      },
    ],
    [
      'it counts something else',
      env => {
        env.shows = flowed_Ah => 30 * flowed_Ah;
      },
    ],
    [
      'it has no value behind it',
      env => {
        env.shows = flowed_Ah => (env.t_s > 60 && env.t_s < 160 ? Number.NaN : flowed_Ah);
      },
    ],
    [
      'what is read is from before it',
      env => {
        const { advance } = env;
        env.advance = dt_s => {
          advance.call(env, dt_s);
          if (env.t_s > 49 && env.t_s < 155) env.stale_s = 49;
          else env.stale_s = undefined;
        };
      },
    ],
  ])('%s: what flowed is not counted', (_what, make) => {
    const env = new Counting();
    make(env);
    cutOff(env);
    expect(env.flowed.into).toBeCloseTo(without, 2);
  });
});
