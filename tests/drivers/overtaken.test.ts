import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { type LineDevice, lineDevice } from '../support/line-device.ts';

/** Nothing older than the safe state reaches the instrument: over the real device and line, in virtual time. */

const KEYS = ['pressureSet_barg', 'valveSet_on', 'ventSet_on'] as const;
type Key = (typeof KEYS)[number];

function make(clock: VirtualClock, options: { reply_ms?: number; settle_ms?: number; seed?: number } = {}) {
  return lineDevice('plc', {
    clock,
    channels: ['pressure_barg'],
    settables: KEYS,
    safeList: KEYS.map(key => [key, 0] as const),
    ...options,
  });
}

/** What left after the trip: everything that is neither urgent nor a read. */
const lateOnes = (device: LineDevice, trip_s: number): string[] =>
  device.instrument.log
    .filter(f => f.t_s > trip_s + device.instrument.latency_s / 2 + 1e-9)
    .filter(f => f.request.kind === 'write' && f.lane !== 'urgent')
    .map(f => `${f.t_s - trip_s} s after: ${f.lane} ${f.text}`);

const settled = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    e => String(e.code),
  );

describe('a write that waits at the moment of the trip', () => {
  it.each([
    // Latency 40 ms. The first write leaves at 0, is read back from 40 to 80 ms; the second one leaves at 80 ms.
    ['in the chain behind another', 0.01, 0],
    ['on the wire, its read-back still to come', 0.03, 0],
    ['in its read-back', 0.06, 0],
    ['in its settling', 0.15, 0.3],
    ['just when the next one leaves', 0.08, 0],
  ])('%s', async (_, trip_s, settle_s) => {
    for (const how of ['urgent write', 'safe', 'cancelWrites'] as const) {
      const clock = new VirtualClock({ utcStart_ms: 0 });
      const device = make(clock, { settle_ms: 400 });
      await clock.runUntil(device.connect());
      device.instrument.latency_s = 0.04;
      device.instrument.settle_s = settle_s;
      const start_s = clock.now_s();
      const writes = KEYS.map(key => settled(device.write(key, 1)));
      await clock.runUntil(clock.sleep(trip_s - 1e-6));
      const now_s = clock.now_s();
      let proof: Promise<unknown> = Promise.resolve();
      if (how === 'safe') proof = device.safe();
      else if (how === 'urgent write')
        proof = Promise.all(KEYS.map(k => device.write(k, 0, { urgent: true })));
      else device.cancelWrites('gate shut');
      await clock.runUntil(proof);
      await clock.runUntil(clock.sleep(2));
      expect(lateOnes(device, now_s), how).toEqual([]);
      expect((await Promise.all(writes)).slice(1), how).not.toContain('done');
      if (how !== 'cancelWrites') expect([...device.instrument.sets.values()], how).toEqual([0, 0, 0]);
      expect(start_s).toBeLessThan(now_s);
      await clock.runUntil(device.close());
    }
  });

  it('in the normal lane behind polls', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const device = make(clock);
    await clock.runUntil(device.connect());
    void device.read();
    const normal = settled(device.write('pressureSet_barg', 30));
    await clock.runUntil(device.write('pressureSet_barg', 0, { urgent: true }));
    expect(await normal).toBe('cancelled');
    await clock.runUntil(clock.sleep(1));
    expect(device.instrument.log.slice(2).map(f => f.text)).toEqual([
      'poll',
      'pressureSet_barg = 0',
      'pressureSet_barg?',
    ]);
    await clock.runUntil(device.close());
  });
});

describe('an older urgent write', () => {
  it('is not repeated over a newer one', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const device = make(clock);
    await clock.runUntil(device.connect());
    device.instrument.ignores.add('pressureSet_barg');
    const first = settled(device.write('pressureSet_barg', 20, { urgent: true }));
    device.instrument.ignores.clear();
    const second = settled(device.write('pressureSet_barg', 10, { urgent: true }));
    await clock.runUntil(Promise.all([first, second]));
    expect(device.instrument.sets.get('pressureSet_barg')).toBe(10);
    expect(await second).toBe('done');
    await clock.runUntil(device.close());
  });
});

/** Something that is asked of the device at a random moment. */
const action = fc.record({
  at_ms: fc.integer({ min: 0, max: 1500 }),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('write' as const) },
    { weight: 2, arbitrary: fc.constant('poll' as const) },
    { weight: 1, arbitrary: fc.constantFrom('urgent' as const, 'safe' as const, 'cancelWrites' as const) },
  ),
  key: fc.constantFrom<Key>(...KEYS),
  value: fc.integer({ min: 1, max: 40 }),
});

describe('whatever is asked when, over a line with losses', () => {
  it('after the first urgent write, safe state or cancelWrites only urgent frames and reads leave', async () => {
    let trips = 0;
    let ofUrgent = 0;
    const property = fc.asyncProperty(
      fc.array(action, { minLength: 3, maxLength: 40 }),
      fc.record({
        latency_ms: fc.integer({ min: 1, max: 120 }),
        lossRate: fc.constantFrom(0, 0, 0.05, 0.3),
        gap_ms: fc.constantFrom(0, 5),
        seed: fc.integer({ min: 1, max: 1e6 }),
      }),
      async (actions, { latency_ms, lossRate, seed }) => {
        const clock = new VirtualClock({ utcStart_ms: 0 });
        const device = make(clock, { seed });
        await clock.runUntil(device.connect());
        Object.assign(device.instrument, { latency_s: latency_ms / 1000, lossRate });
        let trip_s = Number.POSITIVE_INFINITY;
        const proved = new Map<Key, number>();
        const asked: Promise<unknown>[] = [];
        for (const { at_ms, what, key, value } of actions) {
          clock.schedule(at_ms / 1000, () => {
            // What is asked after the trip is stopped by the gate, not by the device.
            if (what === 'write' && Number.isFinite(trip_s)) return;
            if (what === 'poll') return void asked.push(device.read());
            if (what === 'write') return void asked.push(settled(device.write(key, value)));
            trip_s = Math.min(trip_s, clock.now_s());
            if (what === 'cancelWrites') return device.cancelWrites('gate shut');
            const keys = what === 'safe' ? [...KEYS] : [key];
            const set = what === 'safe' ? 0 : value;
            for (const k of keys) proved.delete(k);
            const done =
              what === 'safe'
                ? device.safe().then(report => report.failed.length === 0)
                : device.write(key, value, { urgent: true }).then(
                    () => true,
                    () => false,
                  );
            asked.push(
              done.then(isProved => {
                if (isProved) for (const k of keys) proved.set(k, set);
              }),
            );
          });
        }
        await clock.runUntil(clock.sleep(1.6));
        await clock.runUntil(Promise.all(asked));
        await clock.runUntil(clock.sleep(5));
        if (Number.isFinite(trip_s)) trips++;
        expect(lateOnes(device, trip_s)).toEqual([]);
        // The last urgent frame for a settable that arrived is what it ends with.
        for (const key of KEYS) {
          const frames = device.instrument.log.filter(
            f => f.lane === 'urgent' && f.request.kind === 'write' && f.request.key === key,
          );
          const last = frames.at(-1)?.request;
          if (last?.kind !== 'write') continue;
          ofUrgent++;
          expect(device.instrument.sets.get(key)).toBe(last.value);
        }
        await clock.runUntil(device.close());
        expect(device.instrument.openLinks).toBe(0);
      },
    );
    await fc.assert(property, { numRuns: 300 });
    expect(trips).toBeGreaterThan(100);
    expect(ofUrgent).toBeGreaterThan(100);
  });
});
