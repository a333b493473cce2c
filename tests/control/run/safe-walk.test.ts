import { describe, expect, it } from 'vitest';
import type { SafeStep } from '../../../control/bench/bench.ts';
import type { SafeIo, SafePlan } from '../../../control/run/safe/plan.ts';
import { SafeWalk } from '../../../control/run/safe/walk.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';

const otherwise = 'by hand';
const SWEEP = 'n2.pressureSet_barg';
const STEPS: readonly SafeStep[] = [
  {
    set: 'h2.outletValveSet_on',
    to: 0,
    when: { role: 'stack.current_A', is: '<', limit: 5 },
    within_s: 0.5,
    otherwise,
  },
  { set: SWEEP, to: 20, within_s: 0.5, otherwise },
  { set: 'anode.ventValveSet_on', to: 1, within_s: 0.5, otherwise },
  {
    vent: 'cathode.pressureSet_barg',
    rate_bar_per_min: 60,
    role: 'cathode.pressure_barg',
    below: 0.5,
    within_s: 60,
    otherwise,
  },
  { set: SWEEP, to: 2, within_s: 0.5, otherwise },
];
const PLAN: SafePlan = {
  steps: STEPS,
  proof: [{ role: 'anode.ventValve_on', is: '>', limit: 0.5, within_s: 1, otherwise }],
  deviceOf: {
    'h2.outletValveSet_on': 'plc',
    [SWEEP]: 'plc',
    'anode.ventValveSet_on': 'plc',
    'cathode.pressureSet_barg': 'gas',
  },
  readBy: { 'cathode.pressure_barg': 'gas', 'anode.ventValve_on': 'plc', 'stack.current_A': 'supply' },
  poll_s: { 'cathode.pressure_barg': 0.25, 'anode.ventValve_on': 0.25, 'stack.current_A': 0.25 },
  watchdog_s: {},
  pressureMax_barg: 30,
};

/** A walk over PLAN on instruments that take each write `write_s` after the one before, and are read while they rest. */
function walk(
  write_s: number,
  fails: (role: string, value: number, n: number) => boolean,
  rate_bar_per_min = 60,
  showsVentValve = (held: number): number => held,
) {
  const steps = PLAN.steps.map(step => ('vent' in step ? { ...step, rate_bar_per_min } : step));
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const held = new Map<string, number>();
  const writes: string[] = [];
  let free_s = 0;
  let pending = 0;
  let read_s = 0;
  clock.every(0.25, () => {
    if (pending === 0) read_s = clock.now_s();
  });
  const io: SafeIo = {
    clock,
    isLeft: () => false,
    async write(target) {
      if (!('role' in target)) return;
      const { role, value } = target;
      writes.push(`${role} = ${value}`);
      const isFailing = fails(role, value, writes.length);
      if (PLAN.deviceOf[role] === 'plc') {
        pending++;
        free_s = Math.max(free_s, clock.now_s()) + write_s;
        await clock.sleep(free_s - clock.now_s());
        pending--;
      }
      if (isFailing) throw new Error('no answer');
      held.set(role, value);
    },
    read(role) {
      const value =
        role === 'cathode.pressure_barg'
          ? (held.get('cathode.pressureSet_barg') ?? 3)
          : role === 'anode.ventValve_on'
            ? showsVentValve(held.get('anode.ventValveSet_on') ?? 0)
            : 0;
      return { value, t_s: role === 'anode.ventValve_on' ? read_s : clock.now_s() };
    },
    held: async role => held.get(role) ?? 3,
    lastHeld: role => held.get(role) ?? Number.NaN,
    holds: async target => ('role' in target ? held.get(target.role) === target.value : undefined),
    signal: new AbortController().signal,
    answers: () => true,
    leaveAlone() {},
    note() {},
  };
  return { clock, held, writes, walk: new SafeWalk({ ...PLAN, steps }, io) };
}

describe('a walk into the safe state', () => {
  it('ends at the value of the line behind the vent, also if the line before it failed until then', async () => {
    const bench = walk(0.01, (role, value) => role === SWEEP && value === 20);
    const outcome = await bench.clock.runUntil(bench.walk.run());
    expect(outcome.unproven).toEqual([]);
    expect(bench.held.get(SWEEP)).toBe(2);
    expect(bench.writes.at(-1)).toBe(`${SWEEP} = 2`);
  });

  it('drives the line behind the vent, not the one before it, when it is driven again after the vent', async () => {
    const bench = walk(0.01, (role, value, n) => role === SWEEP && value === 2 && n < 25);
    const running = bench.walk.run();
    const isAtEnd = () => bench.writes.includes(`${SWEEP} = 2`);
    const cancel = bench.clock.every(0.05, () => {
      if (!isAtEnd()) return;
      cancel();
      bench.walk.redrive('an alarm');
    });
    await bench.clock.runUntil(running);
    const first = bench.writes.indexOf(`${SWEEP} = 2`);
    expect(bench.writes.slice(first)).not.toContain(`${SWEEP} = 20`);
    expect(bench.held.get(SWEEP)).toBe(2);
  });

  it('does not tell a slow device everything again while it is still busy with the first time', async () => {
    const bench = walk(0.45, () => false);
    const running = bench.walk.run();
    const cancel = bench.clock.schedule(1.6, () => bench.walk.redrive('an alarm'));
    const outcome = await bench.clock.runUntil(running);
    cancel();
    expect(outcome.unproven).toEqual([]);
    expect(bench.writes.filter(text => text.startsWith('anode.vent')).length).toBeLessThanOrEqual(3);
  });

  it('finds a line that somebody has changed while the vent runs, and drives it again before the end', async () => {
    const bench = walk(0.01, () => false, 10);
    const running = bench.walk.run();
    const start_s = bench.clock.now_s();
    let driven_s = Number.POSITIVE_INFINITY;
    bench.clock.schedule(1, () => bench.held.set('h2.outletValveSet_on', 1));
    const cancel = bench.clock.every(0.05, () => {
      if (bench.clock.now_s() - start_s < 1.05 || bench.held.get('h2.outletValveSet_on') !== 0) return;
      driven_s = Math.min(driven_s, bench.clock.now_s() - start_s);
    });
    const outcome = await bench.clock.runUntil(running);
    cancel();
    expect(outcome.unproven).toEqual([]);
    expect(bench.held.get('h2.outletValveSet_on')).toBe(0);
    // One line a second in turn, three of them done: within four seconds.
    expect(driven_s).toBeLessThan(1 + 4.2);
  });

  it('never raises the set point of a vent, also if somebody has set it lower meanwhile', async () => {
    const bench = walk(0.01, () => false);
    const running = bench.walk.run();
    const lowered: number[] = [];
    bench.clock.schedule(1.5, () => {
      bench.held.set('cathode.pressureSet_barg', 1.2);
      lowered.push(bench.writes.length);
    });
    const outcome = await bench.clock.runUntil(running);
    expect(outcome.unproven).toEqual([]);
    const after = bench.writes
      .slice(lowered[0])
      .filter(text => text.startsWith('cathode'))
      .map(text => Number(text.split(' = ')[1]));
    expect(after.length).toBeGreaterThan(0);
    expect(Math.max(...after)).toBeLessThanOrEqual(1.2);
  });

  it('ends and names a proof that never comes: readings that never hold do not keep the end away', async () => {
    const bench = walk(
      0.01,
      () => false,
      60,
      () => 0,
    );
    const outcome = await bench.clock.runUntil(bench.walk.run());
    expect(outcome.unproven.map(u => u.what)).toEqual(['anode.ventValve_on > 0.5 (reads 0)']);
    expect(outcome.took_s).toBeLessThan(3 + 60 + 10);
  });
});
