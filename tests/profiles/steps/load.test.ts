import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FollowSpec } from '../../../profiles/steps/follow.ts';
import { followLoad, type LoadDemand, nextLoad, startLoad } from '../../../profiles/steps/load.ts';
import type { Tick } from '../../../profiles/steps/step.ts';

/** The load pipeline, beat by beat: ticks come from a Subject, no time passes. */

const FOLLOW: FollowSpec = {
  source: 'wind',
  for_s: 1000,
  setRole: 'stack.currentSet_A',
  voltageRole: 'stack.voltage_V',
  powerRole: 'stack.power_W',
  scale_kW: 500,
  currentNominal_A: 2000,
  voltageNominal_V: 250,
  minLoad_frac: 0.1,
  restart_frac: 0.15,
  maxLoad_frac: 0.8,
  ramp_frac_per_s: 1,
  onStandby: {},
  onRestart: {},
};

const NOTHING: LoadDemand = { available_kW: 0, asked_kW: 0, current_A: 0, mode: 'standby', changed: false };

interface Followed {
  readonly demands: readonly LoadDemand[];
  readonly completed: boolean;
}

/** Follows offered powers, a part of rated each second; tick n has n seconds elapsed. */
function follow(
  offered_frac: readonly number[],
  change: {
    readonly spec?: Partial<FollowSpec>;
    readonly voltage_V?: (second: number) => number;
    readonly speed?: number;
    readonly from?: 'load' | 'standby';
    readonly start?: LoadDemand;
  } = {},
): Followed {
  const ticks$ = new Subject<Tick>();
  const demands: LoadDemand[] = [];
  let completed = false;
  let second = 0;
  followLoad(
    ticks$,
    { ...FOLLOW, ...change.spec },
    {
      profile: at_s => offered_frac[Math.floor(at_s)] ?? Number.NaN,
      voltage_V: () => change.voltage_V?.(second) ?? 250,
      speed: change.speed ?? 1,
    },
    change.start ?? { ...NOTHING, mode: change.from ?? 'load' },
  ).subscribe({
    next: demand => demands.push(demand),
    complete: () => {
      completed = true;
    },
  });
  const beats = Math.ceil(offered_frac.length / (change.speed ?? 1));
  for (; second < beats && !completed; second++)
    ticks$.next({ t_s: 500 + second, dt_s: 1, elapsed_s: second, isAfterHold: false });
  return { demands, completed };
}

describe('load: power asked, kW, of power offered, part of 500 kW', () => {
  it.each<[what: string, from: 'load' | 'standby', offered: number[], asked_kW: number[], modes: string]>([
    ['in range: what is offered', 'load', [0.5, 0.3], [250, 150], 'LL'],
    ['at the minimum: still load', 'load', [0.1], [50], 'L'],
    ['below the minimum: standby', 'load', [0.5, 0.099], [250, 0], 'LS'],
    ['between minimum and restart: stays in standby', 'load', [0.05, 0.12, 0.15], [0, 0, 0], 'SSS'],
    ['above restart: load again', 'load', [0.05, 0.151, 0.12], [0, 75.5, 60], 'SLL'],
    ['begins in standby: restart first', 'standby', [0.12, 0.2], [0, 100], 'SL'],
    ['above the maximum: the maximum', 'load', [0.8, 0.81, 1], [400, 400, 400], 'LLL'],
    ['nothing offered', 'standby', [0, 0], [0, 0], 'SS'],
    ['a profile without a value is no reason to load', 'standby', [Number.NaN, 0.5], [0, 250], 'SL'],
    ['nor to go on with it', 'load', [0.5, Number.NaN, 0.5], [250, 0, 250], 'LSL'],
  ])('%s', (_, from, offered, asked_kW, modes) => {
    const { demands } = follow(offered, { from });
    demands.forEach((demand, i) => {
      expect(demand.asked_kW, `beat ${i}`).toBeCloseTo(asked_kW[i], 9);
    });
    expect(demands.map(d => (d.mode === 'load' ? 'L' : 'S')).join('')).toBe(modes);
  });

  it('says the change of mode once', () => {
    const { demands } = follow([0.5, 0.05, 0.05, 0.12, 0.3, 0.3]);
    expect(demands.map(d => d.changed)).toEqual([false, true, false, false, true, false]);
  });

  it.each([
    ['up', [0.8, 0.8, 0.8], [50, 100, 150]],
    ['down', [0.1, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1], [50, 50, 50, 50, 100, 50, 50]],
    ['into standby', [0.2, 0.2, 0, 0], [50, 100, 50, 0]],
  ])('ramp limit %s: 0.1 of rated per second', (_, offered, asked_kW) => {
    const { demands } = follow(offered, { spec: { ramp_frac_per_s: 0.1 } });
    expect(demands.map(d => Math.round(d.asked_kW * 1e6) / 1e6)).toEqual(asked_kW);
  });

  it.each([
    ['measured', 200, 1250],
    ['no reading', Number.NaN, 1000 / 0.85],
    ['0 V', 0, 1000 / 0.85],
    ['far below a loaded stack', 149, 1000 / 0.85],
    ['just that of a loaded stack', 151, 250_000 / 151],
    ['so low that the current is held at nominal', 151, 2000, 0.8],
  ])('current from the voltage: %s', (_, voltage_V, current_A, offered = 0.5) => {
    const { demands } = follow([offered], { voltage_V: () => voltage_V });
    expect(demands[0].current_A).toBeCloseTo(current_A, 6);
  });

  it('never asks for a current that is no number, whatever the voltage does', () => {
    const odd = [Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 1e-9, 260];
    const { demands } = follow(
      odd.map(() => 0.5),
      { voltage_V: second => odd[second] },
    );
    for (const { current_A } of demands) {
      expect(current_A).toBeGreaterThanOrEqual(0);
      expect(current_A).toBeLessThanOrEqual(2000);
    }
  });

  it('takes the profile faster in a shortened run', () => {
    const offered = [0.2, 0.9, 0.9, 0.3, 0.9, 0.9, 0.4];
    const { demands } = follow(offered, { speed: 3 });
    expect(demands.map(d => d.available_kW)).toEqual([100, 150, 200]);
  });

  it('completes when its time is over, and not before', () => {
    expect(follow([0.5, 0.5, 0.5], { spec: { for_s: 3 } }).completed).toBe(false);
    const over = follow([0.5, 0.5, 0.5, 0.5, 0.5], { spec: { for_s: 3 } });
    expect(over.completed).toBe(true);
    expect(over.demands).toHaveLength(3);
  });
});

describe('load: begins where the load stands', () => {
  it.each<[what: string, applied_A: number, voltage_V: number, asked_kW: number, mode: 'load' | 'standby']>([
    ['the power that is drawn', 1000, 240, 240, 'load'],
    ['a voltage that says nothing: that of a working stack', 1000, Number.NaN, 0.85 * 250, 'load'],
    ['nothing drawn', 0, 200, 0, 'standby'],
    ['nothing known', Number.NaN, Number.NaN, 0, 'standby'],
  ])('%s', (_, applied_A, voltage_V, asked_kW, mode) => {
    expect(startLoad(FOLLOW, applied_A, voltage_V)).toMatchObject({ asked_kW, mode, changed: false });
  });

  it('its first beat asks for the very current that is applied, and the next is a ramp step away at most', () => {
    const amps = fc.double({ min: 1, max: 2000, noNaN: true });
    const volts = fc.oneof(fc.double({ min: 0, max: 300, noNaN: true }), fc.constant(Number.NaN));
    const offer = fc.double({ min: 0, max: 1.2, noNaN: true });
    fc.assert(
      fc.property(amps, volts, offer, (applied_A, voltage_V, offered_frac) => {
        const spec = { ...FOLLOW, ramp_frac_per_s: 0.05 };
        const start = startLoad(spec, applied_A, voltage_V);
        const tick = { t_s: 0, elapsed_s: 0, isAfterHold: false };
        const first = nextLoad(spec, start, { ...tick, dt_s: 0 }, { offered_frac, voltage_V });
        expect(first.current_A).toBeCloseTo(applied_A, 6);
        const second = nextLoad(spec, first, { ...tick, dt_s: 1 }, { offered_frac, voltage_V });
        expect(Math.abs(second.asked_kW - first.asked_kW)).toBeLessThanOrEqual(0.05 * 500 + 1e-9);
      }),
    );
  });

  it('entered above its most: comes down to it at the ramp limit, also where the voltage is too low for the power', () => {
    const start = startLoad(FOLLOW, 2500, 160);
    const demands = follow([1, 1, 1, 1, 1], {
      spec: { ramp_frac_per_s: 0.1, maxLoad_frac: 1 },
      voltage_V: () => 160,
      start,
    }).demands;
    expect(demands.map(d => Math.round(d.current_A))).toEqual([2300, 2100, 2000, 2000, 2000]);
  });

  it('goes on from a saved demand as if nothing had been', () => {
    const offered = [0.5, 0.3, 0.05, 0.2, 0.8, 0.4];
    const spec = { ramp_frac_per_s: 0.1 };
    const whole = follow(offered, { spec }).demands;
    const start: LoadDemand = JSON.parse(JSON.stringify(whole[2]));
    expect(follow(offered.slice(3), { spec, start }).demands).toEqual(whole.slice(3));
  });
});
