import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { ElectrolyserTruth } from '../../../sim/plant/electrolyser/state.ts';
import { ELECTROLYSER_SENSORS, sensorBoard } from '../../../sim/plant/parts/sensors.ts';
import type { PemRig } from '../../../sim/plant/pem/rig.ts';
import { type Bench, benchRig, loadedRig } from './bench-rig.ts';
import { expectFinite } from './electrolyser-checks.ts';

/** A busy hour: load steps, pressure ramps, standby. */
function busyHour(bench: Bench<PemRig>, jump_s: number): void {
  bench.set('water.pumpSet_on', 1);
  bench.set('stack.temperatureSet_degC', 60);
  bench.set('stack.voltageSet_V', 310);
  bench.set('stack.powerSet_W', 600_000);
  bench.set('stack.outputSet_on', 1);
  for (let minute = 0; minute < 60; minute++) {
    bench.set('stack.currentSet_A', minute % 20 === 19 ? 0 : 800 + 60 * (minute % 20));
    bench.set('cathode.pressureSet_barg', minute < 40 ? minute / 3 : 5);
    bench.run(60, jump_s);
  }
}

const FIELDS = ['cellVoltage_V', 'temperature_degC', 'cathode_bara', 'anode_bara', 'h2InO2_vol_pct'] as const;

describe('steps', () => {
  it.each([2, 5, 60])('jumps of %d s give exactly the truth of jumps of 1 s', jump_s => {
    const one = benchRig(1);
    const other = benchRig(1);
    busyHour(one, 1);
    busyHour(other, jump_s);
    expect(other.rig.truth).toEqual(one.rig.truth);
  });

  it('jumps off the grid (0.37 s) change nothing that a sensor would see', () => {
    const one = benchRig(1);
    const other = benchRig(1);
    busyHour(one, 1);
    busyHour(other, 0.37);
    expectNear(other.rig.truth, one.rig.truth);
  });

  it('half the step gives the same within 0.2 mV, 0.02 K, 5 mbar, 0.01 vol%; H2 within 0.1 %', () => {
    const whole = benchRig(1);
    const half = benchRig(1, { step_s: 0.25 });
    busyHour(whole, 1);
    busyHour(half, 1);
    expectNear(half.rig.truth, whole.rig.truth);
    expect(half.rig.truth.h2Product_mol / whole.rig.truth.h2Product_mol).toBeCloseTo(1, 3);
  });

  it('half the step, any schedule, at any moment: 5 mV, 0.2 K, 60 mbar, 2 mbar, 0.5 vol%; H2 made within 0.01 %', () => {
    const limits = [5e-3, 0.2, 0.06, 0.002, 0.5] as const;
    const minute = fc.record({
      current_A: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2400, noNaN: true })),
      pressure_barg: fc.double({ min: 0, max: 30, noNaN: true }),
      power_W: fc.oneof(fc.constant(600_000), fc.double({ min: 1e4, max: 6e5, noNaN: true })),
      output_on: fc.constantFrom(0, 1, 1, 1),
    });
    fc.assert(
      fc.property(fc.array(minute, { minLength: 5, maxLength: 30 }), schedule => {
        const whole = loadedRig(1, 1000);
        const half = loadedRig(1, 1000, { step_s: 0.25 });
        for (const { current_A, pressure_barg, power_W, output_on } of schedule) {
          for (const bench of [whole, half]) {
            bench.set('stack.currentSet_A', current_A);
            bench.set('cathode.pressureSet_barg', pressure_barg);
            bench.set('stack.powerSet_W', power_W);
            bench.set('stack.outputSet_on', output_on);
          }
          for (let k = 0; k < 6; k++) {
            for (const bench of [whole, half]) bench.run(10);
            FIELDS.forEach((field, i) => {
              const change = Math.abs(half.rig.truth[field] - whole.rig.truth[field]);
              expect(change, field).toBeLessThan(limits[i]);
            });
          }
        }
        expect(Math.abs(half.rig.truth.h2Made_mol / whole.rig.truth.h2Made_mol - 1)).toBeLessThan(1e-4);
      }),
      { numRuns: 20 },
    );
  });

  it('a jump of an hour is taken', () => {
    const bench = loadedRig(1, 2000);
    bench.rig.advanceTo(bench.rig.time_s + 3600);
    expect(bench.rig.truth.temperature_degC).toBeCloseTo(60, 1);
    expect(bench.rig.truth.h2InO2_vol_pct).toBeLessThan(0.3);
  });

  function expectNear(a: Readonly<ElectrolyserTruth>, b: Readonly<ElectrolyserTruth>): void {
    const limits = [2e-4, 0.02, 0.005, 0.005, 0.01];
    FIELDS.forEach((field, i) => {
      expect(Math.abs(a[field] - b[field]), field).toBeLessThan(limits[i]);
    });
  }
});

describe('repeatability', () => {
  const readings = (seed: number): number[] => {
    const bench = benchRig(seed);
    const all: number[] = [];
    busyHour(bench, 1);
    for (let i = 0; i < bench.rig.sensors.length; i++) all.push(bench.rig.sensor(i));
    return all;
  };

  it('same seed, same readings; another seed, others', () => {
    expect(readings(5)).toEqual(readings(5));
    expect(readings(5)).not.toEqual(readings(6));
  });

  it('a sensor read twice at one time shows the same, read or not read in between', () => {
    const bench = loadedRig(2, 1500);
    const first = bench.read('cell[17].voltage_V');
    for (let i = 0; i < bench.rig.sensors.length; i++) bench.rig.sensor(i);
    expect(bench.read('cell[17].voltage_V')).toBe(first);
    bench.rig.advanceTo(bench.rig.time_s - 100);
    expect(bench.read('cell[17].voltage_V')).toBe(first);
  });
});

describe('sensors', () => {
  it('an analyser drifts at its own steady rate, at most 0.04 vol% a week', () => {
    const analyser = ELECTROLYSER_SENSORS.findIndex(({ name }) => name === 'h2.o2_vol_pct');
    const shown_vol_pct = (seed: number, weeks: number): number => {
      const board = sensorBoard(ELECTROLYSER_SENSORS, 0, seededRandom(seed));
      const values = new Float64Array(ELECTROLYSER_SENSORS.length);
      values[analyser] = 2;
      board.readScalars(values, 7, weeks * 7 * 86_400);
      return values[analyser];
    };
    const rates = [1, 2, 3, 4, 5, 6, 7, 8].map(seed => {
      const week = shown_vol_pct(seed, 1) - shown_vol_pct(seed, 0);
      expect(Math.abs(shown_vol_pct(seed, 10) - shown_vol_pct(seed, 0) - 10 * week)).toBeLessThan(0.012);
      return Math.abs(week);
    });
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.041);
    expect(Math.max(...rates)).toBeGreaterThan(0.02);
  });
});

describe('extremes', () => {
  const wild = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, -1, 20_000, -50, 1e12, -1e12, 36),
  );

  it('whatever is set, every sensor and every state stays finite', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat({ max: 13 }),
            wild,
            fc.nat({ max: 40 }),
            wild,
            fc.constantFrom(0.001, 0.01, 1, 60, 3600),
          ),
          { minLength: 1, maxLength: 15 },
        ),
        actions => {
          const bench = loadedRig(1, 2000);
          const { rig } = bench;
          for (const [actuator, value, disturbance, size, seconds] of actions) {
            rig.set(actuator, value);
            // Every other time also something wrong, of any size and sign.
            if (disturbance % 2 === 0) rig.disturb(disturbance, size);
            rig.advanceTo(rig.time_s + seconds);
            expectFinite(rig);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses NaN by name', () => {
    const { rig } = benchRig(1);
    expect(() => rig.set(rig.actuatorIndex('stack.currentSet_A'), Number.NaN)).toThrow(
      'stack.currentSet_A: NaN, expected a finite number',
    );
    expect(() => rig.set(99, 1)).toThrow('actuator 99');
    expect(() => rig.sensor(-1)).toThrow('sensor -1');
  });

  it('closed in at full current the cathode rises by the molar balance, 0.154 bar/s, and the anode too', () => {
    const bench = loadedRig(1, 2000);
    bench.set('cathode.pressureSet_barg', 40);
    bench.set('anode.ventValveSet_on', 0);
    bench.run(10);
    const before = { ...bench.rig.truth };
    bench.run(60);
    const t = bench.rig.truth;
    const net_mol = t.h2Made_mol - before.h2Made_mol - (t.h2Crossed_mol - before.h2Crossed_mol);
    const expected_bar = (net_mol * 8.314462618 * (t.temperature_degC + 273.15)) / 25_000;
    expect((t.cathode_bara - before.cathode_bara) / expected_bar).toBeCloseTo(1, 2);
    expect((t.cathode_bara - before.cathode_bara) / 60).toBeCloseTo(0.154, 2);
    expect(t.anode_bara - before.anode_bara).toBeGreaterThan(10);
  });
});
