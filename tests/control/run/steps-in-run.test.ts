import { describe, expect, it } from 'vitest';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

/** What steps claim and what they do to the load, seen through a whole run. */

const PHASE = { op: 'phase', name: 'load', method: 'steps', planned_s: 10 } as const;
const ON = { op: 'set', label: 'on', values: { 'stack.outputSet_on': 1, 'stack.currentSet_A': 80 } } as const;
const HOLD = (for_s: number) => ({ op: 'wait', label: 'hold', for_s, until: [], onTimeout: 'stop' }) as const;
const FOLLOW = {
  source: 'wind',
  for_s: 20,
  setRole: 'stack.currentSet_A',
  voltageRole: 'stack.voltage_V',
  powerRole: 'stack.power_W',
  scale_kW: 0.4,
  currentNominal_A: 100,
  voltageNominal_V: 4,
  minLoad_frac: 0.1,
  restart_frac: 0.12,
  maxLoad_frac: 1,
  ramp_frac_per_s: 0.1,
  onStandby: {},
  onRestart: {},
};

describe('what a step claims', () => {
  it('is not claimed over a hold: "above 50 A for 60 s" begins anew after it', async () => {
    const until = [{ kind: 'compare', role: 'stack.current_A', is: '>', limit: 50, for_s: 60 }] as const;
    const mini = await miniRun([
      PHASE,
      ON,
      { op: 'wait', label: 'above', for_s: 1000, until, onTimeout: 'stop' },
    ]);
    mini.clock.schedule(20, () => mini.session.hold('me'));
    // While nobody looks, the current is lost for a while.
    mini.clock.schedule(100, () => {
      mini.supply.values[1] = 0;
    });
    mini.clock.schedule(300, () => {
      mini.supply.values[1] = 80;
    });
    mini.clock.schedule(320.5, () => mini.session.resume());
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Complete');
    const end = (await mini.events()).find(e => e.kind === 'step' && e.text.startsWith('above'));
    expect(end?.t_s).toBeGreaterThanOrEqual(320.5 + 60);
  });

  it('a point that was held lasts until its whole window lies behind the hold', async () => {
    const point = { leg: 'up', setpoint: 80, dwell_s: 30, average_s: 20 } as const;
    const mini = await miniRun([
      PHASE,
      ON,
      { op: 'point', label: 'p', ...point, stopAbove: null, minCurrentPerBar_A: 0 },
    ]);
    mini.clock.schedule(25.5, () => mini.session.hold('me'));
    mini.clock.schedule(100.5, () => mini.session.resume());
    await mini.clock.runUntil(mini.execute());
    const ended = (await mini.events()).find(e => e.kind === 'point');
    expect(ended?.t_s).toBeGreaterThanOrEqual(100.5 + 20);
  });

  it('a slow role has the time that its ramp limit needs: 30 bar at 0.03 bar/s', async () => {
    const limits = {
      ...MINI_BENCH.limits,
      'cathode.pressureSet_barg': { min: 0, max: 30, ramp_per_s: 0.03 },
    };
    const set = { op: 'set', label: 'p', values: { 'cathode.pressureSet_barg': 30 } } as const;
    const mini = await miniRun([PHASE, set], { bench: { ...MINI_BENCH, limits } });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome).toMatchObject({ state: 'Complete', reason: '' });
    await mini.events();
  });
});

describe('entering a load profile', () => {
  const applied = async (source: () => number, ...before: Parameters<typeof miniRun>[0]) => {
    const mini = await miniRun([PHASE, ...before, { op: 'follow', label: 'f', follow: FOLLOW }], { source });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome.state).toBe('Complete');
    await mini.events();
    return mini
      .setpoints('stack.currentSet_A')
      .filter(s => s.outcome === 'applied')
      .map(s => Number(s.applied?.toFixed(6)))
      .filter((value, i, all) => value !== all[i - 1]);
  };

  it('under load goes on from the load that is drawn', async () => {
    const amps = await applied(() => 0.8, ON, HOLD(5));
    // Up to 80 A under the ramp limit, then not a step more until the safe end.
    expect(amps).toEqual([20, 40, 60, 80, 0]);
  });

  it('leads to a lower offer at the ramp limit of the profile', async () => {
    const amps = await applied(() => 0.5, ON, HOLD(5));
    expect(amps.slice(3, 8)).toEqual([80, 70, 60, 50, 0]);
  });

  it('from standby waits for an offer above the restart limit', async () => {
    expect(
      await applied(() => 0.11, { op: 'set', label: 'off', values: { 'stack.currentSet_A': 0 } }),
    ).toEqual([0]);
  });
});
