import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpeLadder } from '../../../sim/plant/parts/cpe.ts';
import { PELLET_MODEL } from '../../../sim/plant/pellet/model.ts';
import { type PelletParameters, pellet, relativeConductivity } from '../../../sim/plant/pellet/pellet.ts';
import { CURRENT, cellBench, VOLTAGE } from './cell-bench.ts';
import { sineError_1 } from './sine-impedance.ts';

const AREA_CM2 = 1;
/** 100 Ohm of bulk and 50 of boundaries, 5e-6 S s^0.9 in all at the electrodes. */
const P: PelletParameters = {
  bulk: { at25_S_per_cm: 1e-3, vanishes_K: 0, activation_J_per_mol: 35_000 },
  boundary: { at25_S_per_cm: 2e-3, vanishes_K: 0, activation_J_per_mol: 40_000 },
  bulk_F: 50e-12,
  boundary_F: 2e-9,
  electrode_S_sn_per_cm2: 1e-5,
  electrodeExponent_1: 0.9,
  electronic_S_per_cm: 0,
  thickness_cm: 0.1,
  area_cm2: AREA_CM2,
  validity_degC: [0, 100],
  window_V: 1,
  heat: { cell_J_per_K: 1, cellToHolder_W_per_K: 0.5, holder_J_per_K: 150, holderToAir_W_per_K: 0.3 },
};
const bench = (set: string, parameters = {}) =>
  cellBench({ model: PELLET_MODEL, set, parameters, currentNominal_A: 1e-4 });

describe('constant phase element in time', () => {
  it('is Q (jw)^n over nine decades', () => {
    for (const n of [0.6, 0.8, 0.9, 0.95])
      for (const omega of [1e-2, 1, 1e2, 1e4, 1e6]) {
        const [re, im] = cpeLadder(1e-5, n).admittance(omega);
        const size = 1e-5 * omega ** n;
        const off = Math.hypot(
          re - size * Math.cos((n * Math.PI) / 2),
          im - size * Math.sin((n * Math.PI) / 2),
        );
        expect(off / size, `n ${n}, ${omega} rad/s`).toBeLessThan(2e-3);
      }
  });

  it('with n = 1 is a capacitor', () => {
    const ladder = cpeLadder(2e-6, 1);
    ladder.prepare(10);
    ladder.take(1e-7);
    expect(ladder.voltage_V).toBeCloseTo(0.5, 12);
    const [re, im] = ladder.admittance(3);
    expect(re).toBe(0);
    expect(im).toBeCloseTo(6e-6, 18);
  });

  it('keeps every coulomb, whatever flows in whatever steps', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        fc.array(
          fc.tuple(
            fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
            fc.constantFrom(1e-9, 1e-3, 1, 3600, 1e7),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        (n, flows) => {
          const ladder = cpeLadder(1e-5, n);
          let through_C = 0;
          let size_C = 0;
          for (const [current_A, dt_s] of flows) {
            ladder.prepare(dt_s);
            ladder.take(current_A);
            through_C += current_A * dt_s;
            size_C += Math.abs(current_A * dt_s);
          }
          expect(Math.abs(ladder.charge_C - through_C)).toBeLessThan(1e-9 * (size_C + 1e-12));
        },
      ),
    );
  });
});

describe('pellet between blocking electrodes', () => {
  it('at a constant current follows R I + I t^n / (Q gamma(1 + n))', () => {
    const cell = pellet(P, 25);
    const current_A = 1e-6;
    // Gamma(1.9) = 0.96177.
    const law = (t_s: number): number => current_A * (150 + t_s ** 0.9 / (5e-6 * 0.961_766));
    let now_s = 0;
    for (let k = 0; k <= 600; k++) {
      const t_s = 1e-3 * 10 ** (k / 150);
      cell.prepare(t_s - now_s);
      cell.take(current_A);
      now_s = t_s;
      if (k > 300) expect(cell.state.voltage_V / law(t_s)).toBeCloseTo(1, 2);
    }
  });

  it('held at a voltage it passes in the end what its electrons carry, and no more', () => {
    const b = bench('llzo-ta', { electronic_S_per_cm: 1e-8 });
    b.set('cell.voltageSet_V', 0.5);
    b.order(VOLTAGE);
    b.run(2);
    const first_A = b.truth('cell.terminalCurrent_A');
    b.run(40 * 3600, 3600);
    // 1.131 cm2 over 0.1 cm at 1e-8 S/cm are 1.131e-7 S.
    const electrons_A = 0.5 * 1.131e-7;
    expect(first_A).toBeGreaterThan(1.2 * electrons_A);
    expect(b.truth('cell.terminalCurrent_A') / electrons_A).toBeGreaterThan(1);
    expect(b.truth('cell.terminalCurrent_A') / electrons_A).toBeLessThan(1.02);
  });

  it('its spectrum is its own answer to a sine', () => {
    const cell = pellet({ ...P, electronic_S_per_cm: 1e-6 }, 25);
    for (const f of [0.1, 100, 1e5, 3e6]) expect(sineError_1(cell, f, 1e-6), `${f} Hz`).toBeLessThan(0.02);
  });

  it('Arrhenius by s T, VTF by its own temperature', () => {
    const arrhenius = relativeConductivity(P.bulk, 348.15);
    const slope = Math.log(arrhenius * (348.15 / 298.15)) / (1 / 298.15 - 1 / 348.15);
    expect(slope * 8.314462618).toBeCloseTo(35_000, 3);
    const vtf = { at25_S_per_cm: 1e-5, vanishes_K: 210, activation_J_per_mol: 8314.462618 };
    expect(relativeConductivity(vtf, 298.15)).toBe(1);
    expect(relativeConductivity(vtf, 353.15)).toBeCloseTo(
      Math.sqrt(298.15 / 353.15) * Math.exp(1000 * (1 / 88.15 - 1 / 143.15)),
      9,
    );
    for (const kelvin of [1, 100, 200, 2000]) expect(relativeConductivity(vtf, kelvin)).toBeGreaterThan(0);
  });

  it('twice the thickness or half the area is twice the resistance', () => {
    const at = (parameters: Record<string, number>): number =>
      bench('li6ps5cl', parameters).rig.impedance(Float64Array.of(1e5)).re_Ohm[0];
    expect(at({ thickness_mm: 2 }) / at({})).toBeCloseTo(2, 1);
    expect(at({ diameter_mm: 12 / Math.SQRT2 }) / at({})).toBeCloseTo(2, 1);
  });

  it('follows its chamber, and says where it is not measured', () => {
    const b = bench('li6ps5cl');
    b.set('chamber.temperatureSet_degC', 60);
    b.run(3 * 3600, 60);
    expect(b.read('cell.temperature_degC')).toBeCloseTo(60, 0);
    expect(b.read('cell.outsideValidity_on')).toBe(0);
    b.set('cell.voltageSet_V', 2);
    b.order(VOLTAGE);
    b.run(60);
    expect(b.read('cell.outsideValidity_on')).toBe(1);
  });

  it('charge in equals charge on the electrodes: of a blocked cell every coulomb comes back', () => {
    const cell = pellet(P, 25);
    const pass = (current_A: number): void => {
      for (let k = 0; k < 100; k++) {
        cell.prepare(1);
        cell.take(current_A);
      }
    };
    pass(1e-7);
    expect(cell.blocked_C).toBeCloseTo(1e-5, 14);
    expect(cell.state.charged_Ah * 3600).toBeCloseTo(1e-5, 14);
    pass(-1e-7);
    expect(cell.blocked_C).toBeCloseTo(0, 14);
  });
});

describe('whatever is set', () => {
  it.each(PELLET_MODEL.sets)('%s: every sensor and every truth stays finite', set => {
    const { rig: sample } = bench(set);
    const wild = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, 1, -1, 4, 1e12, -1e12, 1e-9),
    );
    const act = fc.tuple(fc.boolean(), fc.nat(), wild, fc.constantFrom(0.001, 1, 30, 600));
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), actions => {
        const { rig, order } = bench(set);
        order(CURRENT, 'cell.currentSet_A', 1e-5);
        for (const [isFault, index, value, seconds] of actions) {
          if (isFault) rig.disturb(index % sample.disturbances.length, value);
          else rig.set(index % sample.actuators.length, value);
          rig.advanceTo(rig.time_s + seconds);
          rig.sensors.forEach((sensor, i) => {
            if (!Number.isFinite(rig.sensor(i))) throw new Error(`${sensor} ${rig.sensor(i)}`);
          });
          for (const truth of rig.truths)
            if (!Number.isFinite(rig.truthOf(truth))) throw new Error(`${truth} ${rig.truthOf(truth)}`);
        }
        const { re_Ohm, im_Ohm } = rig.impedance(Float64Array.of(1e-3, 1, 1e6));
        for (const part of [...re_Ohm, ...im_Ohm]) expect(part).toSatisfy(Number.isFinite);
      }),
      { numRuns: 25 },
    );
  });
});
