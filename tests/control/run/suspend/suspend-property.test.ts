import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../../../control/contract/run-state.ts';
import { type Suspending, Suspension } from '../../../../control/run/suspend/suspension.ts';
import { type LineBench, lineBench } from '../../../support/line-bench.ts';
import { HOLD, ME, ON } from '../../../support/line-steps.ts';

let bench: LineBench | undefined;

afterEach(async () => {
  if (bench !== undefined) await bench.clock.runUntil(bench.session.close());
  bench = undefined;
});

const AT_MOST = 2;
const LIMIT = { kind: 'threshold', basis: 'default', trips: '>', role: 'o2.h2_vol_pct' };
const RECOVER = { set: { 'stack.currentSet_A': 20 }, for_s: 2, within_s: 15, at_most: AT_MOST };
const INTERLOCKS = [
  { ...LIMIT, id: 'h2-high', limit: 1.5, rearm: 1, reaction: 'suspend', recover: RECOVER },
  { ...LIMIT, id: 'h2-trip', limit: 2, rearm: 1.8, reaction: 'trip' },
];
/** The PLC is asked each half second and may be late. */
const SEEN_S = 1;

const ACT = fc.record({
  after_s: fc.integer({ min: 1, max: 24 }).map(n => n / 4),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0.5, 1.2, 1.6, 1.6, 1.9) },
    { weight: 1, arbitrary: fc.constant(2.5) },
    { weight: 1, arbitrary: fc.constantFrom('hold', 'resume', 'resume', 'stop', 'acknowledge') },
  ),
});

describe('property: a run with suspensions on lines that are late', () => {
  it('loses no trip, resumes no oftener than it may, and comes to an end', async () => {
    let suspended = 0;
    let tripped = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ACT, { minLength: 2, maxLength: 14 }), async acts => {
        bench = await lineBench({ latency_s: { supply: 0.04, plc: 0.1 }, interlocks: INTERLOCKS });
        const own = bench;
        const run = own.start([ON, HOLD(20)]);
        await own.until(() => own.session.state === 'Execute' && own.current_A() === 80);
        let isTripDue = false;
        for (const { after_s, what } of acts) {
          if (typeof what === 'number') own.h2InO2_vol_pct = what;
          else if (what === 'hold') own.session.hold('somebody');
          else if (what === 'resume') own.session.resume();
          else if (what === 'stop') own.session.stop(ME, 'stop');
          else own.session.interlocks.acknowledge(undefined);
          const wasGoing = run.outcome === undefined && !own.session.safeState.isInCharge;
          await own.pass(after_s);
          if (wasGoing && what === 2.5 && after_s >= SEEN_S) isTripDue = true;
        }
        own.h2InO2_vol_pct = 0.5;
        await own.pass(30);
        own.session.resume();
        await own.until(() => run.outcome !== undefined, 200);
        expect(isFinal(own.session.state)).toBe(true);
        expect(own.current_A()).toBe(0);
        const raised = own.events.flatMap(e => (e.kind === 'alarm' ? [e.data.id] : []));
        if (isTripDue) {
          expect(raised).toContain('h2-trip');
          expect(own.session.state).toBe('Aborted');
          tripped++;
        }
        const nth = own.events.flatMap(e => (e.kind === 'suspended' ? [e.data.nth] : []));
        expect(nth).toEqual([1, 2].slice(0, nth.length));
        expect(own.events.filter(e => e.kind === 'recovered').length).toBeLessThanOrEqual(AT_MOST);
        suspended += nth.length;
        await own.clock.runUntil(own.session.close());
        bench = undefined;
      }),
      { numRuns: 40, seed: 11 },
    );
    // The cases would show nothing if they never came there.
    expect(suspended).toBeGreaterThan(20);
    expect(tripped).toBeGreaterThan(5);
  }, 240_000);
});

describe('property: the count of suspensions', () => {
  const causes = ['a', 'b'].map(
    (id): Suspending => ({
      of: 'interlock',
      id,
      text: id,
      recovery: { sets: [], for_s: 2, within_s: 9, at_most: id === 'a' ? 1 : 3 },
    }),
  );
  const step = fc.record({
    dt_s: fc.integer({ min: 1, max: 6 }),
    standing: fc.subarray(['a', 'b']),
    saves: fc.boolean(),
  });

  it('is the same through JSON at any time, never more than allowed, and nothing is open longer than its time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        let own = new Suspension();
        const plain = new Suspension();
        const often = new Map<string, number>();
        let now_s = 0;
        for (const { dt_s, standing, saves } of steps) {
          now_s += dt_s;
          for (const cause of causes.filter(({ id }) => standing.includes(id))) {
            const begun = own.raise(cause, now_s);
            expect(plain.raise(cause, now_s)).toEqual(begun);
            if (begun.is === 'begun') often.set(cause.id, (often.get(cause.id) ?? 0) + 1);
            expect(often.get(cause.id) ?? 0).toBeLessThanOrEqual(cause.recovery.at_most);
          }
          const late = own.look(now_s, ({ id }) => standing.includes(id));
          expect(plain.look(now_s, ({ id }) => standing.includes(id))?.id).toBe(late?.id);
          for (const { since_s, isReady, recovery } of own.open)
            if (!isReady && now_s - since_s >= recovery.within_s) expect(late).toBeDefined();
          if (late !== undefined) break;
          if (own.isReady) expect(plain.over().map(({ id }) => id)).toEqual(own.over().map(({ id }) => id));
          if (saves) own = new Suspension(JSON.parse(JSON.stringify(own.state())));
          expect(own.state()).toEqual(plain.state());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a cut keeps the count and what is under way, whose time begins anew', () => {
    const own = new Suspension();
    own.raise(causes[0], 0);
    const later = new Suspension(own.state());
    later.anew(100);
    expect(later.open).toMatchObject([{ id: causes[0].id, nth: 1, since_s: 100, isReady: false }]);
    expect(later.raise(causes[0], 100)).toEqual({ is: 'goes on' });
  });
});
