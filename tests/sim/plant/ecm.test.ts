import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';
import { rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { ecm } from '../../../sim/plant/ecm/ecm.ts';
import {
  ECM_CHEN2020,
  ECM_LFP_26650,
  ECM_MG_COIN,
  ECM_SETS,
  ECM_THEVENIN_100AH,
} from '../../../sim/plant/ecm/parameters.ts';
import { sineError_1 } from './sine-impedance.ts';

const ROOM = { soc_frac: 0.5, temperature_degC: 25 };

describe('the 100 Ah example of PyBaMM, 100 A discharge from SOC 0.5', () => {
  const cell = ecm(ECM_THEVENIN_100AH, ROOM);
  cell.prepare(1e-6);
  const start_V = cell.voltageAfter_V(-100);
  const run = runCurrent(cell, -100, 3.2, 1500, 1);

  it.each([
    [1, 3.65394],
    [10, 3.63749],
    [60, 3.59448],
  ])('falls as there in the first %d s, within 2 mV', (time_s, reference_V) => {
    expect(Math.abs(run.voltageAt(time_s) - start_V - (reference_V - 3.65606))).toBeLessThan(2e-3);
  });

  it.each([
    [300, 3.55889],
    [600, 3.53629],
    [1000, 3.48419],
    [1500, 3.36305],
  ])('at %d s within 11 mV: the open-circuit table at hand has 13 points of 1 mV', (time_s, reference_V) => {
    expect(Math.abs(run.voltageAt(time_s) - reference_V)).toBeLessThan(11e-3);
  });

  it('warms to 26.82 degC within 0.3 K (the entropic table is not at hand)', () => {
    expect(Math.abs(cell.state.temperature_degC - 26.8175)).toBeLessThan(0.3);
  });
});

describe('the LG M50 circuit', () => {
  it('follows a DFN pulse of 10 s within 13 mV under load and 6 mV in the rest', () => {
    const cell = ecm(ECM_CHEN2020, ROOM);
    const pulse = runCurrent(cell, -5, 0, 10, 0.1);
    for (const [time_s, reference_V] of [
      [1, 3.62695],
      [10, 3.60198],
    ])
      expect(Math.abs(pulse.voltageAt(time_s) - reference_V)).toBeLessThan(0.013);
    const pause = rest(cell, 600, 0.1);
    for (const [time_s, reference_V] of [
      [10, 3.73334],
      [60, 3.74376],
      [600, 3.74798],
    ])
      expect(Math.abs(pause.voltageAt(time_s) - reference_V)).toBeLessThan(0.006);
  });

  it('relaxes after 60 s at 1C by the resistances and times of its table', () => {
    const cell = ecm({ ...ECM_CHEN2020, heat: COLD }, ROOM);
    runCurrent(cell, -5, 0, 60, 1);
    const before_V = cell.state.voltage_V;
    cell.prepare(1e-6);
    expect((cell.voltageAfter_V(0) - before_V) / 5).toBeCloseTo(0.0227, 4);
    rest(cell, 1800, 1);
    expect(cell.state.openCircuit_V - before_V).toBeCloseTo(
      5 * (0.0227 + 0.009 * (1 - Math.exp(-60 / 20.6)) + 0.0142 * (1 - Math.exp(-60 / 150))),
      3,
    );
  });
});

// So much mass that a pulse does not warm it.
const COLD = { ...ECM_CHEN2020.heat, cell_J_per_K: 1e9, holder_J_per_K: 1e9 };

describe('spectrum and pulse', () => {
  it.each([0.002, 0.02, 0.5])(
    'agree at %d Hz within 0.5 percent: a sine in time gives the spectrum',
    frequency_Hz => {
      const cell = ecm({ ...ECM_LFP_26650, heat: COLD, agesAsLfp: false }, ROOM);
      expect(sineError_1(cell, frequency_Hz, 0.01)).toBeLessThan(0.005);
    },
  );

  it('the arc of one RC element is half its resistance high at 1 / (2 pi tau)', () => {
    const p = { ...ECM_MG_COIN, r2_Ohm: [0, 0, 0], openCircuit_V: ECM_MG_COIN.openCircuit_V };
    const cell = ecm(p, ROOM);
    const { re_Ohm, im_Ohm } = cell.impedance(Float64Array.of(1 / (2 * Math.PI * 0.015)));
    expect(re_Ohm[0]).toBeCloseTo(15 + 50, 6);
    expect(im_Ohm[0]).toBeCloseTo(-50, 0);
  });
});

describe('balances', () => {
  it('what went in and not out is in the state of charge', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: 1, max: 60 })), {
          minLength: 1,
          maxLength: 20,
        }),
        steps => {
          const cell = ecm(ECM_CHEN2020, ROOM);
          for (const [current_A, dt_s] of steps) {
            cell.prepare(dt_s);
            cell.take(current_A);
          }
          const { charged_Ah, discharged_Ah, soc_frac } = cell.state;
          expect((soc_frac - 0.5) * 5.1532).toBeCloseTo(charged_Ah - discharged_Ah, 9);
        },
      ),
    );
  });

  it('work is open-circuit energy, what the elements hold, and heat, within 0.5 percent', () => {
    const p = { ...ECM_LFP_26650, agesAsLfp: false, heat: COLD };
    const cell = ecm(p, ROOM);
    const dt_s = 0.05;
    let [work_J, chemical_J, heat_J] = [0, 0, 0];
    let before_V = cell.state.openCircuit_V;
    const apply = (current_A: number, seconds: number): void => {
      for (let k = 0; k < seconds / dt_s; k++) {
        cell.prepare(dt_s);
        cell.take(current_A);
        work_J += cell.state.voltage_V * current_A * dt_s;
        chemical_J += ((before_V + cell.state.openCircuit_V) / 2) * current_A * dt_s;
        heat_J += cell.state.heat_W * dt_s;
        before_V = cell.state.openCircuit_V;
      }
    };
    apply(6, 200);
    apply(0, 5);
    apply(-9, 100);
    // After a long rest the elements hold nothing.
    apply(0, 3000);
    expect((work_J - chemical_J) / heat_J).toBeCloseTo(1, 2);
    expect(heat_J).toBeGreaterThan(0.8 * 0.02 * (36 * 200 + 81 * 100));
  });

  it('half the step changes a 1C discharge by less than 0.2 mV and 0.01 K', () => {
    const whole = ecm(ECM_CHEN2020, { soc_frac: 0.9, temperature_degC: 25 });
    const half = ecm(ECM_CHEN2020, { soc_frac: 0.9, temperature_degC: 25 });
    const one = runCurrent(whole, -5, 2.5, 2400, 1);
    const other = runCurrent(half, -5, 2.5, 2400, 0.5);
    for (const t of [10, 100, 1000, 2400])
      expect(Math.abs(one.voltageAt(t) - other.voltageAt(t))).toBeLessThan(2e-4);
    expect(Math.abs(whole.state.temperature_degC - half.state.temperature_degC)).toBeLessThan(0.01);
  });

  it('heat of a long load leaves through the holder: warmer by P (1/G + 1/G)', () => {
    const cell = ecm({ ...ECM_LFP_26650, agesAsLfp: false }, ROOM);
    cell.surroundings.addedHeat_W = 0.5;
    rest(cell, 40_000, 10);
    expect(cell.state.temperature_degC).toBeCloseTo(25 + 0.5 / 2 + 0.5 / 0.1, 2);
  });
});

describe('extremes', () => {
  it.each(ECM_SETS.map(set => [set.name, set] as const))('%s never becomes NaN', (_, set) => {
    const currents = [0, 1, -1, 10, -10, 1e6, -1e6, 1e12, -1e12].map(times => times * set.capacity_Ah);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...currents), fc.constantFrom(1e-3, 1, 3600)), { maxLength: 12 }),
        steps => {
          const cell = ecm(set, ROOM);
          for (const [current_A, dt_s] of steps) {
            cell.prepare(dt_s);
            cell.take(current_A);
            expectFinite(cell);
          }
        },
      ),
    );
  });

  it('empty and beyond: the voltage runs away, the flag is up, charging leads back', () => {
    const cell = ecm(ECM_CHEN2020, { soc_frac: 0.01, temperature_degC: 25 });
    runCurrent(cell, -5, Number.NEGATIVE_INFINITY, 60, 1);
    expect(cell.state.exhausted_on).toBe(1);
    expect(cell.state.voltage_V).toBeLessThan(2.4);
    runCurrent(cell, 5, 4.2, 120, 1);
    expect(cell.state.exhausted_on).toBe(0);
  });
});

function expectFinite(cell: BatteryModel): void {
  // NaN: this kind of model does not know it.
  const { negativePotential_V, positivePotential_V, platingReserve_V, outsideValidity_on, ...figures } =
    cell.state;
  for (const [name, value] of Object.entries(figures))
    if (!Number.isFinite(value)) throw new Error(`${name} ${value}`);
  expect(
    [negativePotential_V, positivePotential_V, platingReserve_V, outsideValidity_on].every(Number.isNaN),
  ).toBe(true);
}
