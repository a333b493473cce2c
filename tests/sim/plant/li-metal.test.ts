import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LITHIUM_METAL_MODEL } from '../../../sim/plant/li-metal/model.ts';
import { CURRENT } from './cell-bench.ts';
import { AREA_CM2, bench, NEVER, pass, strip } from './plating-bench.ts';

describe('Li|Li', () => {
  it('plating the working electrode is a negative voltage of 50..200 mV at 1 mA/cm2, stripping the same the other way', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 60);
    const plating_V = b.truth('cell.terminalVoltage_V');
    expect(plating_V).toBeLessThan(-0.05);
    expect(plating_V).toBeGreaterThan(-0.2);
    pass(b, 1, 3600);
    pass(b, 1, 60);
    expect(b.truth('cell.terminalVoltage_V')).toBeGreaterThan(0.05);
    pass(b, 0, 600);
    expect(Math.abs(b.truth('cell.terminalVoltage_V'))).toBeLessThan(1e-3);
  });

  it('both potentials against lithium make its voltage', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 600);
    expect(b.truth('cell.positivePotential_V')).toBeLessThan(0);
    expect(b.truth('cell.negativePotential_V')).toBeGreaterThan(0);
    expect(b.truth('cell.positivePotential_V') - b.truth('cell.negativePotential_V')).toBeCloseTo(
      b.truth('cell.voltage_V'),
      12,
    );
  });

  it('the overpotential falls while moss widens the area, and grows with what is lost over cycles', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 60);
    const first_V = Math.abs(b.truth('cell.terminalVoltage_V'));
    pass(b, -1, 1800);
    expect(Math.abs(b.truth('cell.terminalVoltage_V'))).toBeLessThan(0.9 * first_V);
    const loss = b.truth('cell.irreversibleLoss_Ah');
    for (let k = 0; k < 30; k++) for (const way of [1, -1]) pass(b, way, 3600);
    expect(b.truth('cell.irreversibleLoss_Ah')).toBeGreaterThan(5 * loss);
    expect(Math.abs(b.truth('cell.terminalVoltage_V'))).toBeGreaterThan(first_V);
    expect(b.truth('cell.resistanceRise_Ohm')).toBeGreaterThan(0);
  });

  it('colder films resist more', () => {
    const at = (start_degC: number): number =>
      bench('li-li-carbonate', { ...NEVER, start_degC }).rig.impedance(Float64Array.of(0.1)).re_Ohm[0];
    expect(at(0) / at(25)).toBeGreaterThan(3);
  });

  it('a pulse and the spectrum agree', () => {
    const b = bench('li-li-carbonate');
    pass(b, -1, 1800);
    pass(b, 0, 1800);
    const { re_Ohm } = b.rig.impedance(Float64Array.of(1e-4));
    const before_V = b.truth('cell.voltage_V');
    pass(b, -0.001, 600);
    const pulse_Ohm = (b.truth('cell.voltage_V') - before_V) / (-1e-6 * AREA_CM2);
    expect(pulse_Ohm / re_Ohm[0]).toBeCloseTo(1, 2);
  });
});

describe('Li|Cu', () => {
  it('starts above 1 V, reduces its oxide, nucleates, and plates on a plateau', () => {
    const b = bench('li-cu-carbonate');
    b.run(10);
    expect(b.truth('cell.terminalVoltage_V')).toBeCloseTo(2, 1);
    let least_V = 0;
    for (let k = 0; k < 1000; k++) {
      pass(b, -0.5, 1);
      least_V = Math.min(least_V, b.truth('cell.terminalVoltage_V'));
    }
    pass(b, -0.5, 1800);
    const plateau_V = b.truth('cell.terminalVoltage_V');
    expect(plateau_V).toBeLessThan(-0.02);
    expect(plateau_V).toBeGreaterThan(-0.15);
    expect(least_V).toBeLessThan(plateau_V - 0.05);
  });

  it('gives back the declared part of what was plated, the oxide once on top', () => {
    const b = bench('li-cu-ether', {
      ...NEVER,
      efficiencyFirst_pct: 97,
      efficiency_pct: 97,
      oxide_mAh_per_cm2: 0.05,
    });
    for (let cycle = 0; cycle < 3; cycle++) {
      pass(b, -0.5, 7200);
      const back = strip(b, 0.5);
      const expected = 0.97 * (cycle === 0 ? 0.95 : 1);
      // Strips to 0.5 V: some thousandths of a mAh/cm2 are double layer, and come and go.
      expect(back).toBeGreaterThan(expected - 0.01);
      expect(back).toBeLessThan(expected + 0.01);
    }
    expect(b.truth('cell.exhausted_on')).toBe(1);
    expect(b.truth('cell.lithium.working_mAh_per_cm2')).toBe(0);
  });

  it('a reservoir cycled n times has lost what the efficiency says', () => {
    const b = bench('li-cu-ether', {
      ...NEVER,
      efficiencyFirst_pct: 99,
      efficiency_pct: 99,
      oxide_mAh_per_cm2: 0,
    });
    pass(b, -0.5, 36_000);
    for (let k = 0; k < 10; k++) {
      b.set('cell.voltageMaxSet_V', 1);
      pass(b, 0.5, 7200);
      pass(b, -0.5, 7200);
    }
    // Aurbach: CE = (n Qc + Qs) / (n Qc + Qt).
    const rest = strip(b, 0.5);
    expect((10 + rest) / (10 + 5)).toBeCloseTo(0.99, 3);
  });
});

describe('whatever is set', () => {
  const wild = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, 1, -1, 0.001, -0.001, 4, 1e12, -1e12, 1e-9),
  );
  const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.001, 1, 30, 600));

  it.each(LITHIUM_METAL_MODEL.sets)('%s: everything stays finite and lithium is kept', set => {
    const { rig: sample } = bench(set);
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 99 }),
        (actions, isShort, seed) => {
          const b = bench(set, isShort ? { shortDose_mAh_per_cm2: 0.01 } : NEVER, seed);
          const all = b.truth('cell.lithium.all_mAh_per_cm2');
          b.order(CURRENT, 'cell.currentSet_A', 0.001);
          for (const [isFault, index, value, seconds] of actions) {
            if (isFault) b.rig.disturb(index % sample.disturbances.length, value);
            else b.rig.set(index % sample.actuators.length, value);
            b.rig.advanceTo(b.rig.time_s + seconds);
            b.rig.sensors.forEach((sensor, i) => {
              if (!Number.isFinite(b.rig.sensor(i))) throw new Error(`${sensor} ${b.rig.sensor(i)}`);
            });
            for (const truth of b.rig.truths)
              if (!Number.isFinite(b.truth(truth))) throw new Error(`${truth} ${b.truth(truth)}`);
          }
          const through =
            (1000 * (b.truth('cell.charged_Ah') + b.truth('cell.discharged_Ah'))) / AREA_CM2 + all;
          expect(Math.abs(b.truth('cell.lithium.all_mAh_per_cm2') - all) / through).toBeLessThan(1e-9);
          for (const part of ['working', 'counter', 'dead', 'film'])
            expect(b.truth(`cell.lithium.${part}_mAh_per_cm2`)).toBeGreaterThanOrEqual(0);
          const { re_Ohm, im_Ohm } = b.rig.impedance(Float64Array.of(1e-3, 1, 1e6));
          for (const part of [...re_Ohm, ...im_Ohm]) expect(part).toSatisfy(Number.isFinite);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('charge through the electrodes is lithium moved: without a short to rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(1, 60, 600)), {
          minLength: 1,
          maxLength: 15,
        }),
        steps => {
          const b = bench('li-li-carbonate');
          for (const [density, seconds] of steps) pass(b, density, seconds);
          const net = (1000 * (b.truth('cell.charged_Ah') - b.truth('cell.discharged_Ah'))) / AREA_CM2;
          const lost = b.truth('cell.lithium.dead_mAh_per_cm2') + b.truth('cell.lithium.film_mAh_per_cm2');
          const metal =
            b.truth('cell.lithium.working_mAh_per_cm2') + b.truth('cell.lithium.counter_mAh_per_cm2');
          expect(metal + lost).toBeCloseTo(103, 6);
          // Negative current plates the working electrode: its metal cannot have grown by more than that.
          expect(b.truth('cell.lithium.working_mAh_per_cm2')).toBeLessThanOrEqual(51.5 - net + 1e-6);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is a battery model: its voltage rises with its current', () => {
    for (const set of LITHIUM_METAL_MODEL.sets) {
      let last = Number.NEGATIVE_INFINITY;
      for (const density of [-100, -10, -1, -0.01, 0, 0.01, 1, 10, 100]) {
        const copy = bench(set, { shortDose_mAh_per_cm2: 0.1 }, 5);
        pass(copy, -1, 1800);
        copy.set('cell.voltageMinSet_V', -100);
        copy.set('cell.voltageMaxSet_V', 100);
        // One step of the rig: at these densities a short may come within a second.
        pass(copy, density, 0.05);
        const volts = copy.truth('cell.terminalVoltage_V');
        expect(volts).toBeGreaterThan(last);
        last = volts;
      }
    }
  });
});
