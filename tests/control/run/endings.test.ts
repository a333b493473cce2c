import { afterEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../../control/contract/run-state.ts';
import { inEnglish } from '../../../control/contract/said/said.ts';
import { acknowledge, clear, reset } from '../../../control/run/lead-out.ts';
import { whatNext, whyHere } from '../../../control/run/what-next.ts';
import { type LineBench, type LineBenchOptions, lineBench } from '../../support/line-bench.ts';
import { expectSafeLines } from '../../support/line-safe.ts';
import { benchAtLoad, HOLD, ME, ON, PRESS } from '../../support/line-steps.ts';

/** Endings over real lines: real devices with queue, latency and loss, the real session, virtual time. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

/** At load and under pressure. */
async function atLoad(options: LineBenchOptions = {}): Promise<void> {
  bench = await benchAtLoad(options);
}

const isOver = (): boolean => bench.session.run?.outcome !== undefined;
const trip = (): void => bench.session.abort(ME, 'a trip');

const expectSafe = (): void => expectSafeLines(bench);

describe('fault 1: what was asked before a trip', () => {
  it.each(['set', 'device'] as const)(
    'does not reach the instrument after it (PLC by `%s:` lines)',
    async plcBy => {
      bench = await lineBench({ plcBy, latency_s: { plc: 0.04 } });
      bench.start([HOLD(2), ON, HOLD(100)]);
      await bench.until(
        () => bench.setpoints.length > 0 || bench.plc.instrument.log.some(f => f.text === 'outletSet_on = 1'),
      );
      await bench.pass(0.025);
      const trip_s = bench.clock.now_s();
      trip();
      await bench.until(isOver);
      expect(bench.lateWrites(trip_s)).toEqual([]);
      expectSafe();
    },
  );
});

describe('fault 2: two endings at once', () => {
  it('stop, then abort at every 0.1 s for 35 s: one vent, no load, everything proved', async () => {
    for (let after_s = 0; after_s <= 35; after_s += 0.1) {
      await atLoad();
      bench.session.stop(ME, 'stop');
      await bench.pass(after_s);
      trip();
      await bench.until(() => isFinal(bench.session.state));
      expect(bench.session.state, `${after_s} s`).toBe('Aborted');
      expectSafe();
      await bench.clock.runUntil(bench.session.close());
    }
  }, 240_000);

  it.each([0, 0.1, 0.3, 0.6, 1, 3, 10])('trip %s s after the procedure is through', async after_s => {
    bench = await lineBench();
    bench.start([ON, PRESS, HOLD(3)]);
    await bench.until(() => bench.session.state === 'Completing');
    await bench.pass(after_s);
    trip();
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Aborted');
    expectSafe();
  });

  it('stop is refused while the vent runs, which goes on to its end', async () => {
    await atLoad();
    trip();
    await bench.until(() => bench.events.some(e => e.text.startsWith('controlled vent')));
    expect(bench.session.stop(ME, 'stop')).toBe(false);
    await bench.until(isOver);
    expect(bench.session.state).toBe('Aborted');
    expectSafe();
  });
});

describe('fault 3: a supply that is lost at the trip', () => {
  it('and returns on after 1.2 s is switched off within 0.5 s of its answering; the vent ends when the pressure is down', async () => {
    await atLoad();
    bench.supply.instrument.cut();
    const cut_s = bench.clock.now_s();
    bench.clock.schedule(1.2, () => bench.supply.instrument.mend());
    await bench.until(() => bench.session.state === 'Aborting');
    await bench.until(() => bench.clock.now_s() > cut_s + 1.2 && bench.supply.state === 'ready');
    const back_s = bench.clock.now_s();
    await bench.until(() => bench.current_A() === 0, 0.5);
    expect(bench.clock.now_s() - back_s).toBeLessThanOrEqual(0.5);
    expect(bench.supply.instrument.watchdogActs).toBe(0);
    await bench.until(isOver);
    expect(bench.clock.now_s() - back_s).toBeLessThan(60);
    expectSafe();
  });

  it('and refuses to switch off is left alone, so that its own watchdog acts', async () => {
    await atLoad();
    bench.supply.instrument.refuses.add('outputSet_on');
    trip();
    await bench.until(() => bench.supply.instrument.watchdogActs > 0, 60);
    expect(bench.current_A()).toBe(0);
    bench.supply.instrument.refuses.clear();
    await bench.until(isOver);
    expect(bench.pressure_barg()).toBeLessThan(0.5);
  });

  it('the gas outlet is not shut while current is read', async () => {
    await atLoad();
    bench.supply.instrument.refuses.add('outputSet_on').add('currentSet_A');
    trip();
    let shutAt_A = Number.NaN;
    await bench.until(() => {
      if (Number.isNaN(shutAt_A) && bench.plc.instrument.sets.get('outletSet_on') === 0)
        shutAt_A = bench.current_A();
      return bench.supply.instrument.watchdogActs > 0 && !Number.isNaN(shutAt_A);
    }, 60);
    expect(shutAt_A).toBe(0);
  });
});

describe('fault 4: a write that fails', () => {
  it.each(['currentSet_A', 'outputSet_on', 'outletSet_on', 'heaterSet_degC', 'pressureSet_barg'] as const)(
    '%s: the run trips, with that role as its cause, also when a newer request has overtaken it',
    async key => {
      bench = await lineBench({ latency_s: { supply: 0.15, plc: 0.3, gas: 0.15 } });
      const device = [bench.supply, bench.plc, bench.gas].find(d => d.settables.some(s => s.name === key));
      device?.instrument.refuses.add(key);
      const ramp = '- ramp: { stack.current_A: 90, per_s: 5 }';
      const run = bench.start([HOLD(1), ON, ramp, PRESS, HOLD(30)]);
      await bench.until(() => bench.session.state === 'Aborting', 60);
      device?.instrument.refuses.clear();
      await bench.until(isOver);
      expect(run.outcome?.cause.by).toBe('set-point');
      expect(bench.session.parts.roles.settable.get(run.outcome?.cause.id ?? '')?.key).toBe(key);
    },
  );
});

it('fault 5: hold holds a ramp-limited set, and it goes on after resume', async () => {
  bench = await lineBench({ ramp_A_per_s: 10 });
  const run = bench.start([ON, HOLD(2)]);
  await bench.until(() => bench.current_A() > 40);
  bench.session.hold('me');
  await bench.pass(0.1);
  const held_A = bench.current_A();
  await bench.pass(20);
  expect(bench.current_A()).toBe(held_A);
  expect(bench.session.resume()).toBe('');
  await bench.until(() => bench.current_A() === 80, 10);
  await bench.until(isOver);
  expect(run.outcome?.state).toBe('Complete');
});

it('fault 6: a limit armed under load trips while an orderly stop takes the load off', async () => {
  const low = {
    kind: 'threshold',
    basis: 'default',
    id: 'dry',
    role: 'o2.h2_vol_pct',
    trips: '>',
    limit: 1.8,
  };
  bench = await lineBench({ interlocks: [{ ...low, reaction: 'trip', armed: 'load' }], ramp_A_per_s: 5 });
  const run = bench.start([`${ON}\n  tags: [load]`, HOLD(100, 'load')]);
  await bench.until(() => bench.current_A() === 80);
  bench.session.stop(ME, 'stop');
  await bench.pass(2);
  bench.h2InO2_vol_pct = 1.9;
  await bench.until(isOver);
  expect(run.outcome).toMatchObject({ state: 'Aborted', cause: { by: 'interlock', id: 'dry' } });
  expect(bench.when('Aborting')).toBeLessThan(bench.clock.now_s());
  expect(bench.current_A()).toBe(0);
});

it('fault 13: one message in a thousand is lost over half an hour: no trip', async () => {
  bench = await lineBench({ lossRate: 1e-3 });
  const run = bench.start([ON, PRESS, HOLD(1800)]);
  await bench.until(isOver, 2400);
  expect(run.outcome).toMatchObject({ state: 'Complete', reason: '' });
  const retries = [bench.supply, bench.plc, bench.gas].reduce((n, d) => n + (d.retries ?? 0), 0);
  expect(retries).toBeGreaterThan(5);
}, 120_000);

it.each([
  ['an interlock looks at it: the run trips, with that reason', undefined, 'Aborted'],
  [
    'nothing looks at it: the run goes on',
    [
      {
        kind: 'threshold',
        basis: 'default',
        id: 'c',
        role: 'stack.current_A',
        trips: '>',
        limit: 110,
        reaction: 'trip',
      },
    ],
    'Complete',
  ],
] as const)(
  'fault 18: a driver throws in its read; %s, and sampling goes on',
  async (_, interlocks, state) => {
    let isBroken = false;
    bench = await lineBench({
      onPlcPoll() {
        if (isBroken) throw new TypeError('a bug in a driver');
      },
      ...(interlocks === undefined ? {} : { interlocks }),
    });
    const run = bench.start([ON, HOLD(20)]);
    await bench.until(() => bench.current_A() === 80);
    isBroken = true;
    await bench.pass(3);
    const count = bench.session.sampling.counts.get('plc');
    expect(count?.badFrames).toBeGreaterThan(2);
    expect(bench.session.image.frame('plc')?.reason).toContain('a bug in a driver');
    isBroken = false;
    await bench.until(isOver);
    expect(run.outcome?.state).toBe(state);
    expect(bench.session.image.frame('plc')?.reason).toBeUndefined();
  },
);

describe('after the trip', () => {
  it('a current that comes back during the vent is switched off again, and the end is proved', async () => {
    await atLoad();
    trip();
    await bench.until(() => bench.events.some(e => e.text.startsWith('controlled vent')));
    await bench.pass(2);
    bench.supply.instrument.sets.set('outputSet_on', 1).set('currentSet_A', 50);
    await bench.until(() => bench.current_A() === 0, 3);
    await bench.until(isOver);
    expectSafe();
  });

  it('a proof that no longer holds in Aborted is driven again, until a person resets', async () => {
    await atLoad();
    trip();
    await bench.until(() => bench.session.state === 'Aborted');
    for (let again = 0; again < 2; again++) {
      await bench.pass(30);
      bench.plc.instrument.sets.set('ventSet_on', 0);
      await bench.until(() => bench.plc.instrument.sets.get('ventSet_on') === 1, 5);
    }
    await bench.until(() => !bench.session.safeState.isUnderWay);
    expect([clear(bench.session), reset(bench.session)]).toEqual(['', '']);
    await bench.pass(2);
    bench.plc.instrument.sets.set('ventSet_on', 0);
    await bench.pass(20);
    expect(bench.plc.instrument.sets.get('ventSet_on')).toBe(0);
  });

  it('acknowledge, clear, reset, and the next run goes through in the same session', async () => {
    await atLoad();
    bench.h2InO2_vol_pct = 3;
    await bench.until(() => bench.session.state === 'Aborted');
    expect(clear(bench.session)).toContain('acknowledge first: h2-trip');
    expect(inEnglish(acknowledge(bench.session, undefined, 'test'))).toContain('still present: h2-trip');
    expect(clear(bench.session)).toBe('still present: h2-trip, h2-hold');
    bench.h2InO2_vol_pct = 0.5;
    await bench.pass(1);
    acknowledge(bench.session, undefined, 'test');
    expect([clear(bench.session), reset(bench.session)]).toEqual(['', '']);
    expect(bench.session.state).toBe('Idle');
    const next = bench.start([ON, HOLD(5)]);
    await bench.until(() => next.outcome !== undefined);
    expect(next.outcome).toMatchObject({ state: 'Complete', unproven: [] });
    expectSafe();
  });

  it('says as data why it stands there and what is next, from the trip to the next start', async () => {
    const said = (): unknown => whatNext(bench.session, true).said;
    const way = { where: 'Tripped', command: 'clear' };
    await atLoad();
    expect(whyHere(bench.session)).toEqual({});
    bench.h2InO2_vol_pct = 3;
    await bench.until(() => bench.session.state === 'Aborted');
    const why = { did: 'aborted', by: 'interlock', id: 'h2-trip', text: bench.session.reason };
    expect(whyHere(bench.session)).toEqual({ why: { code: 'caused', with: why } });
    expect(said()).toEqual({ code: 'acknowledgeFirst', with: way });
    acknowledge(bench.session, undefined, 'test');
    expect(said()).toEqual({ code: 'causePresent', with: { ...way, ids: ['h2-trip', 'h2-hold'] } });
    bench.h2InO2_vol_pct = 0.5;
    await bench.pass(1);
    acknowledge(bench.session, undefined, 'test');
    await bench.until(() => !bench.session.safeState.isUnderWay);
    expect(said()).toEqual({ code: 'wayOn', with: way });
    clear(bench.session);
    expect(said()).toEqual({ code: 'wayOn', with: { where: 'Cleared', command: 'reset' } });
    reset(bench.session);
    expect(said()).toEqual({ code: 'startAgain', with: {} });
    expect(whyHere(bench.session)).toEqual({});
  });
});
