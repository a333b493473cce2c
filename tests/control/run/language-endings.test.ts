import { afterEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../../control/contract/run-state.ts';
import { readCheckpoint } from '../../../control/run/read-checkpoint.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { expectSafeLines } from '../../support/line-safe.ts';
import { ME } from '../../support/line-steps.ts';

/** Methods of the language over real lines: real devices with queue and latency, the real session, virtual time. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const isOver = (): boolean => bench.session.run?.outcome !== undefined;

/** Load on in steps and ramps while a second list changes other outputs and the pressure is brought up. */
const BUSY = `- { set: { cathode.outlet_on: on, stack.heater_degC: 60, anode.n2_on: off } }
- { cc: { current_A: 20, per_s: 20 }, for_s: 2 }
- together:
  - - { cc: { current_A: 80 }, for_s: 4 }
    - { ramp: { current_A: 40, per_s: 10 }, within_s: 30 }
    - { cc: { current_A: 90 }, for_s: 100 }
  - - { ramp: { cathode.pressure_barg: 8, per_s: 2 } }
    - { repeat: { times: 99 }, steps: [{ set: { stack.heater_degC: 50 } }, { wait: {}, for_s: 0.4 }, { set: { stack.heater_degC: 60 } }] }`;

const expectSafe = (): void => expectSafeLines(bench);

describe('a trip at any moment of a method', () => {
  it('leaves nothing on its way, load off, everything proved', async () => {
    for (let after_s = 0.1; after_s <= 20; after_s += 0.37) {
      bench = await lineBench({ latency_s: { plc: 0.04 } });
      bench.start(BUSY);
      await bench.pass(after_s);
      const trip_s = bench.clock.now_s();
      bench.session.abort(ME, 'a trip');
      await bench.until(isOver);
      expect(bench.lateWrites(trip_s), `${after_s} s`).toEqual([]);
      expect(bench.session.state, `${after_s} s`).toBe('Aborted');
      expectSafe();
      await bench.clock.runUntil(bench.session.close());
    }
  }, 240_000);

  it('by an interlock of the bench', async () => {
    bench = await lineBench();
    bench.start(BUSY);
    await bench.until(() => bench.current_A() === 80);
    bench.h2InO2_vol_pct = 3;
    await bench.until(isOver);
    expect(bench.session.run?.outcome).toMatchObject({
      state: 'Aborted',
      cause: { by: 'interlock', id: 'h2-trip' },
    });
    expectSafe();
  });

  it('by a limit of its own, stricter than the bench', async () => {
    bench = await lineBench();
    bench.start(BUSY, 'limits: [{ when: o2.h2_vol_pct > 1 for 1 s, then: trip }]\n');
    await bench.until(() => bench.current_A() === 80);
    bench.h2InO2_vol_pct = 1.2;
    await bench.until(isOver);
    expect(bench.session.run?.outcome?.state).toBe('Aborted');
    expect(bench.session.run?.outcome?.reason).toContain('limit: o2.h2_vol_pct > 1 for 1 s');
    expectSafe();
  });

  it('by a set point that does not arrive', async () => {
    bench = await lineBench();
    bench.supply.instrument.refuses.add('currentSet_A');
    bench.start(BUSY);
    await bench.until(isOver);
    expect(bench.session.run?.outcome).toMatchObject({
      cause: { by: 'set-point', id: 'stack.currentSet_A' },
    });
    expectSafe();
  });
});

describe('other ends', () => {
  it('a stop brings the load down first', async () => {
    bench = await lineBench();
    bench.start(BUSY);
    await bench.until(() => bench.current_A() === 80);
    bench.session.stop(ME, 'stop');
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Stopped');
    expectSafe();
  });

  it('the end of the method leads into the safe state', async () => {
    bench = await lineBench();
    bench.start('- { cc: { current_A: 50 }, for_s: 3 }\n- { rest: {}, for_s: 2 }');
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Complete');
    expectSafe();
  });

  it('what is held stands still: clock, ramp and set points', async () => {
    bench = await lineBench();
    bench.start('- { cc: { current_A: 80, per_s: 4 }, for_s: 5 }');
    await bench.until(() => bench.current_A() > 30);
    bench.session.hold('held');
    await bench.until(() => bench.session.state === 'Held');
    const held_A = bench.current_A();
    await bench.pass(30);
    expect(bench.current_A()).toBe(held_A);
    bench.session.resume();
    const from_s = bench.clock.now_s();
    await bench.until(() => bench.current_A() === 80);
    expect(bench.clock.now_s() - from_s).toBeGreaterThan((80 - held_A) / 4 - 1);
  });
});

describe('a checkpoint of a method', () => {
  it('can be read at each transition, lists side by side and all', async () => {
    bench = await lineBench();
    let read = 0;
    bench.session.parts.recording.add({
      frame: () => {},
      event: () => {},
      setpoint: () => {},
      checkpoint: (_t_s, state) => {
        const found = readCheckpoint(JSON.parse(JSON.stringify(state)));
        if (found.run !== null && found.run.method.language !== undefined) read++;
      },
    });
    bench.start(
      BUSY,
      'derived: { rise_V: "change(stack.voltage_V, run)" }\nlimits: [{ when: rise_V > 90 V for 2 s, then: stop }]\n',
    );
    await bench.pass(12);
    bench.session.checkpoint();
    expect(read).toBeGreaterThan(0);
  });
});

describe('time on real lines', () => {
  it.each([0.005, 0.05, 0.2])(
    'a pulse of 10 s is 10.0 s at the plant with %s s to and fro',
    async latency_s => {
      bench = await lineBench({ ramp_A_per_s: 1e6, latency_s: { supply: latency_s } });
      bench.start(
        '- { cc: { current_A: 20 }, for_s: 5 }\n- { cc: { current_A: 60 }, for_s: 10 }\n- { cc: { current_A: 20 }, for_s: 5 }',
      );
      await bench.until(() => bench.current_A() === 60);
      const from_s = bench.clock.now_s();
      await bench.until(() => bench.current_A() !== 60);
      expect(Math.abs(bench.clock.now_s() - from_s - 10)).toBeLessThan(0.05);
    },
  );

  it.each([0.005, 0.02])(
    'polled at 10 Hz each pulse of 10 s is 10.00 s +- 0.02 s from applied to applied, %s s to and fro',
    async latency_s => {
      bench = await lineBench({ ramp_A_per_s: 1e6, poll_s: 0.1, latency_s: { supply: latency_s } });
      bench.start(
        '- repeat: { times: 6 }\n  steps: [{ cc: { current_A: 20 }, for_s: 3.137 }, { cc: { current_A: 60 }, for_s: 10 }]\n- { cc: { current_A: 20 }, for_s: 1 }',
      );
      await bench.until(isOver);
      const rows = bench.setpoints.filter(
        ({ role, outcome }) => role === 'stack.currentSet_A' && outcome === 'applied',
      );
      const pulses = rows.flatMap(({ applied, t_s }, i) => (applied === 60 ? [rows[i + 1].t_s - t_s] : []));
      expect(pulses).toHaveLength(6);
      for (const pulse_s of pulses) expect(Math.abs(pulse_s - 10)).toBeLessThan(0.02);
    },
  );
});
