import { afterEach, describe, expect, it } from 'vitest';
import { type LineBench, type LineBenchOptions, lineBench } from '../../../support/line-bench.ts';
import { expectSafeLines } from '../../../support/line-safe.ts';
import { HOLD, ME, ON } from '../../../support/line-steps.ts';

/** Suspensions over lines with a queue and a delay, in virtual time. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const LIMIT = { kind: 'threshold', basis: 'default', trips: '>', role: 'o2.h2_vol_pct' };
const TRIP = { ...LIMIT, id: 'h2-trip', limit: 2, reaction: 'trip' };
const RECOVER = { set: { 'stack.currentSet_A': 20 }, for_s: 5, within_s: 60, at_most: 2 };
const SUSPEND = { ...LIMIT, id: 'h2-high', limit: 1.5, rearm: 1, reaction: 'suspend', recover: RECOVER };

/** A bench whose supply answers 40 ms late, at 80 A. */
async function atLoad(interlocks: readonly object[] = [SUSPEND, TRIP], options: LineBenchOptions = {}) {
  bench = await lineBench({ latency_s: { supply: 0.04 }, interlocks, ...options });
  const run = bench.start([ON, HOLD(60)]);
  await bench.until(() => bench.current_A() === 80);
  await bench.pass(10);
  return run;
}

const state = (): string => bench.session.state;
const states = (): string[] => bench.events.flatMap(e => (e.kind === 'state' ? [e.data.to] : []));

describe('an interlock that suspends', () => {
  it('takes the load down, waits until it is back for so long, and goes on at its full time', async () => {
    const run = await atLoad();
    const plain = (await wholeStep()) ?? 0;
    expect(plain).toBeCloseTo(60, 0);
    await bench.clock.runUntil(bench.session.close());
    void run;
    await atLoad();
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspending');
    await bench.until(() => state() === 'Suspended');
    expect(bench.current_A()).toBe(20);
    // In range, but not beyond its rearm.
    bench.h2InO2_vol_pct = 1.2;
    await bench.pass(20);
    expect(state()).toBe('Suspended');
    bench.h2InO2_vol_pct = 0.5;
    await bench.pass(4);
    expect(state()).toBe('Suspended');
    await bench.until(() => state() === 'Execute', 10);
    expect(bench.current_A()).toBe(80);
    const suspended_s = bench.when('Execute') === 0 ? 0 : lastOf('Execute') - bench.when('Suspending');
    expect(suspended_s).toBeGreaterThan(29);
    const whole_s = (await wholeStep()) ?? 0;
    expect(whole_s - suspended_s).toBeCloseTo(60, 0);
    expect(states()).toEqual([
      'Starting',
      'Execute',
      'Suspending',
      'Suspended',
      'Unsuspending',
      'Execute',
      'Completing',
      'Complete',
    ]);
    expectSafeLines(bench);
  });

  it('trips the third time where two are allowed', async () => {
    const run = await atLoad();
    for (let i = 0; i < 2; i++) {
      bench.h2InO2_vol_pct = 1.6;
      await bench.until(() => state() === 'Suspended');
      bench.h2InO2_vol_pct = 0.5;
      await bench.until(() => state() === 'Execute');
    }
    bench.h2InO2_vol_pct = 1.6;
    const from_s = bench.clock.now_s();
    await bench.until(() => bench.supply.instrument.sets.get('outputSet_on') === 0, 5);
    expect(bench.clock.now_s() - from_s).toBeLessThan(0.8);
    await bench.until(() => run.outcome !== undefined);
    expect(run.outcome).toMatchObject({ state: 'Aborted', cause: { by: 'interlock', id: 'h2-high' } });
    expect(run.outcome?.reason).toContain('for the 3rd time in this run, at most 2');
    expect(bench.session.interlocks.isBlocked()).toBe(true);
    expectSafeLines(bench);
  });

  it('trips where it does not come back in its time', async () => {
    const run = await atLoad();
    bench.h2InO2_vol_pct = 1.6;
    const from_s = bench.clock.now_s();
    await bench.until(() => run.outcome !== undefined);
    expect(bench.when('Aborting') - from_s).toBeGreaterThan(59);
    expect(bench.when('Aborting') - from_s).toBeLessThan(62);
    expect(run.outcome?.reason).toContain('not back for 5 s within 60 s');
    expectSafeLines(bench);
  });

  it('a trip in a suspension acts at once', async () => {
    const run = await atLoad();
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    bench.h2InO2_vol_pct = 2.5;
    await bench.until(() => state() === 'Aborting', 1);
    await bench.until(() => run.outcome !== undefined);
    expect(run.outcome).toMatchObject({ state: 'Aborted', cause: { by: 'interlock', id: 'h2-trip' } });
    expectSafeLines(bench);
  });

  it('goes down and comes back at the rate of its recovery', async () => {
    const recover = { ...RECOVER, set: { 'stack.currentSet_A': { to: 20, per_s: 4 } } };
    await atLoad([{ ...SUSPEND, recover }, TRIP]);
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    expect(bench.when('Suspended') - bench.when('Suspending')).toBeGreaterThan(14);
    bench.h2InO2_vol_pct = 0.5;
    await bench.until(() => state() === 'Execute');
    expect(lastOf('Execute') - bench.when('Unsuspending')).toBeGreaterThan(14);
    expect(bench.current_A()).toBe(80);
  });

  it('never raises a load', async () => {
    const recover = { ...RECOVER, set: { 'stack.currentSet_A': 100 } };
    await atLoad([{ ...SUSPEND, recover }, TRIP]);
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    await bench.pass(10);
    expect(bench.current_A()).toBe(80);
  });

  it('held by a person meanwhile, it goes on only when the person says so, and not before it is back', async () => {
    await atLoad();
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    expect(bench.session.hold('me')).toBe(true);
    await bench.until(() => state() === 'Held');
    expect(bench.current_A()).toBe(20);
    expect(bench.session.resume()).toContain('recovery of h2-high is under way');
    bench.h2InO2_vol_pct = 0.5;
    await bench.pass(200);
    expect(state()).toBe('Held');
    expect(bench.session.resume()).toBe('');
    await bench.until(() => bench.current_A() === 80);
  });

  it('in a hold the recovery is driven, too', async () => {
    await atLoad();
    bench.session.hold('me');
    await bench.until(() => state() === 'Held');
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => bench.current_A() === 20, 10);
    expect(state()).toBe('Held');
    bench.session.stop(ME, 'stop');
    await bench.until(() => state() === 'Stopped');
    expectSafeLines(bench);
  });

  it('exceeded anew on its way back counts as the next one', async () => {
    await atLoad();
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    bench.h2InO2_vol_pct = 0.5;
    await bench.until(() => state() === 'Unsuspending');
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    expect(bench.current_A()).toBe(20);
    bench.h2InO2_vol_pct = 0.5;
    await bench.until(() => state() === 'Execute');
    expect(bench.current_A()).toBe(80);
    expect(bench.events.filter(e => e.kind === 'suspended').map(e => e.data)).toMatchObject([
      { nth: 1 },
      { nth: 2 },
    ]);
  });

  it('what is armed under load is not, once the recovery has taken the load off', async () => {
    const low = {
      ...LIMIT,
      id: 'voltage-low',
      role: 'stack.voltage_V',
      trips: '<',
      limit: 3,
      armed: 'load',
      reaction: 'trip',
    };
    const recover = { ...RECOVER, set: { 'stack.currentSet_A': 0 } };
    await atLoad([{ ...SUSPEND, recover }, TRIP, { ...low, delay_s: 1 }]);
    bench.h2InO2_vol_pct = 1.6;
    await bench.until(() => state() === 'Suspended');
    await bench.pass(10);
    expect(state()).toBe('Suspended');
    bench.h2InO2_vol_pct = 0.5;
    await bench.until(() => state() === 'Execute');
    expect(bench.session.run?.tags()).toContain('load');
  });
});

describe('the strictest of bench, method and step wins', () => {
  const METHOD =
    'limits: [{ when: o2.h2_vol_pct > 1.2, then: suspend, recover: { set: { stack.current_A: 30 }, back: o2.h2_vol_pct < 0.8, for_s: 5, within_s: 40, at_most: 1 } }]\n';
  const STEP = '- { name: hold, wait: {}, for_s: 60, limits: [{ when: o2.h2_vol_pct > 1, then: warn }] }';

  async function at(h2_vol_pct: number): Promise<void> {
    bench = await lineBench({ latency_s: { supply: 0.04 }, interlocks: [TRIP] });
    bench.start([ON, STEP], METHOD);
    await bench.until(() => bench.current_A() === 80);
    await bench.pass(5);
    bench.h2InO2_vol_pct = h2_vol_pct;
    await bench.pass(8);
  }

  it.each([
    [0.9, 'Execute', 80, []],
    [1.1, 'Execute', 80, ['warn']],
    [1.3, 'Suspended', 30, ['suspend', 'warn']],
    [2.1, 'Aborted', 0, []],
  ] as const)('at %s vol%% it is %s with %s A', async (h2, where, current_A, told) => {
    await at(h2);
    if (where === 'Aborted') await bench.until(() => state() === 'Aborted');
    expect(state()).toBe(where);
    expect(bench.current_A()).toBe(current_A);
    const found = bench.events.flatMap(e => (e.kind === 'limit' ? [e.data.reaction] : []));
    if (where !== 'Aborted') expect(found.sort()).toEqual(told);
  });

  it('a limit of the method goes on once its own back is true, and trips the second time', async () => {
    await at(1.3);
    bench.h2InO2_vol_pct = 0.9;
    await bench.pass(15);
    expect(state()).toBe('Suspended');
    bench.h2InO2_vol_pct = 0.7;
    await bench.until(() => state() === 'Execute');
    expect(bench.current_A()).toBe(80);
    bench.h2InO2_vol_pct = 1.3;
    await bench.until(() => state() === 'Aborted');
    expect(bench.session.run?.outcome?.reason).toContain('for the 2nd time in this run, at most 1');
    expectSafeLines(bench);
  });
});

const lastOf = (to: string): number =>
  bench.events.findLast(e => e.kind === 'state' && e.data.to === to)?.t_s ?? Number.NaN;

/** How long the waiting step lasted in all, s. */
async function wholeStep(): Promise<number | undefined> {
  await bench.until(() => state() === 'Complete');
  const steps = bench.events.flatMap(e => (e.kind === 'step' ? [e] : []));
  const last = steps.at(-1);
  return last === undefined ? undefined : last.t_s - last.data.start_s;
}
