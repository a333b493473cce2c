import { describe, expect, it } from 'vitest';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

/** What steps claim and what they do to the load, seen through a whole run. */

const ON = '- { name: on, set: { stack.output_on: on, stack.current_A: 80 } }';
const HOLD = (for_s: number): string => `- { name: hold, wait: {}, for_s: ${for_s} }`;
const WIND = 'data: { wind: { file: wind.csv, time_s: t, share_pct: p } }\n';
const FOLLOW = `- name: f
  follow: { current_pct: wind.share_pct, min_pct: 10, restart_pct: 12, per_s: 10 }
  for_s: 20`;

describe('what a step claims', () => {
  it('is not claimed over a hold: "above 50 A for 60 s" begins anew after it', async () => {
    const above = '- { name: above, wait: {}, until: stack.current_A > 50 for 60 s, within_s: 1000 }';
    const mini = await miniRun([ON, above]);
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
    const mini = await miniRun([ON, '- { name: p, wait: {}, for_s: 30, average_s: 20 }']);
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
    const mini = await miniRun(['- set: { cathode.pressure_barg: 30 }'], {
      bench: { ...MINI_BENCH, limits },
    });
    const outcome = await mini.clock.runUntil(mini.execute());
    expect(outcome).toMatchObject({ state: 'Complete', reason: '' });
    await mini.events();
  });
});

describe('entering a load profile', () => {
  const applied = async (source: () => number, ...before: string[]) => {
    const mini = await miniRun([...before, FOLLOW], { source, head: WIND });
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
    const amps = await applied(() => 80, ON, HOLD(5));
    // Up to 80 A under the ramp limit, then not a step more until the safe end.
    expect(amps).toEqual([20, 40, 60, 80, 0]);
  });

  it('leads to a lower offer at the ramp limit of the profile', async () => {
    const amps = await applied(() => 50, ON, HOLD(5));
    expect(amps.slice(3, 8)).toEqual([80, 70, 60, 50, 0]);
  });

  it('from standby waits for an offer above the restart limit', async () => {
    expect(await applied(() => 11, '- set: { stack.current_A: 0 }')).toEqual([0]);
  });
});
