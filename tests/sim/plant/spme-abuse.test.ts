import { describe, expect, it } from 'vitest';
import { CHAYAMBUKA2022 } from '../../../sim/plant/battery-sets/chayambuka2022.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { ECKER2015 } from '../../../sim/plant/battery-sets/ecker2015.ts';
import { PRADA2013 } from '../../../sim/plant/battery-sets/prada2013.ts';
import { currentForVoltage_A, discharge, rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { FAST_MESH } from '../../../sim/plant/spme/mesh.ts';
import { type SpmeModel, spme } from '../../../sim/plant/spme/model.ts';
import type { SpmeParameters } from '../../../sim/plant/spme/parameters.ts';

const SETS = [CHEN2020, PRADA2013, CHAYAMBUKA2022, ECKER2015];

function expectSane(model: SpmeModel): void {
  for (const value of Object.values(model.state)) expect(value).toSatisfy(Number.isFinite);
  for (const filling of [model.negativeFilling_frac(), model.positiveFilling_frac()]) {
    expect(filling).toBeGreaterThan(-1e-5);
    expect(filling).toBeLessThan(1 + 1e-5);
  }
}

/** Everything that can be switched on. */
function loaded(set: SpmeParameters, soc_frac: number, temperature_degC: number): SpmeModel {
  return spme(set, {
    soc_frac,
    temperature_degC,
    isLumped: true,
    sei: 'reaction',
    withPlating: true,
    filmResists: true,
  });
}

describe.each(SETS)('$name under any current', set => {
  it.each([0, 1, -1, 10, -10, 100, -100])(
    '%d C for ten minutes and a rest: finite, bounded, nothing lost',
    rate => {
      for (const soc_frac of [0, 0.5, 1]) {
        for (const temperature_degC of [-20, 25]) {
          const model = loaded(set, soc_frac, temperature_degC);
          const inventory_Ah = model.lithium_Ah();
          const salt_mol = model.salt_mol();
          let exhausted = 0;
          for (let k = 0; k < 600; k++) {
            model.prepare(1);
            model.take(rate * set.nominal_Ah);
            exhausted += model.state.exhausted_on;
          }
          expectSane(model);
          if (Math.abs(rate) === 100) expect(exhausted).toBeGreaterThan(500);
          if (rate === 0) expect(exhausted).toBe(0);
          rest(model, 3600, 10);
          expectSane(model);
          expect(model.state.exhausted_on).toBe(0);
          expect(Math.abs(model.lithium_Ah() - inventory_Ah)).toBeLessThan(1e-8 * set.nominal_Ah);
          expect(Math.abs(model.salt_mol() / salt_mol - 1)).toBeLessThan(1e-9);
          const passed_Ah = model.state.charged_Ah - model.state.discharged_Ah;
          expect(passed_Ah).toBeCloseTo((rate * set.nominal_Ah) / 6, 9);
        }
      }
    },
  );

  it('the voltage rises with the current everywhere', () => {
    for (const soc_frac of [0, 0.03, 0.5, 0.97, 1]) {
      const model = loaded(set, soc_frac, 10);
      for (const before of [0, 2, -2]) {
        runCurrent(model, before * set.nominal_Ah, Number.NaN, 60, 1);
        model.prepare(1);
        let last_V = Number.NEGATIVE_INFINITY;
        for (let k = -60; k <= 60; k++) {
          const volts = model.voltageAfter_V(set.nominal_Ah * Math.sinh(k / 10));
          expect(volts).toBeGreaterThan(last_V);
          last_V = volts;
        }
      }
    }
  });

  it('a dead short at 0 V for a minute, from full', () => {
    const model = loaded(set, 1, 25);
    let current_A = 0;
    for (let k = 0; k < 60; k++) {
      model.prepare(1);
      current_A = currentForVoltage_A(model, 0, current_A);
      model.take(current_A);
      expect(Math.abs(model.state.voltage_V)).toBeLessThan(1e-6);
      expect(current_A).toBeLessThan(0);
    }
    expectSane(model);
  });

  it('half the step changes a moving load by less than 1 mV', () => {
    const run = (dt_s: number): number[] => {
      const model = spme(set, { soc_frac: 0.7, isLumped: true });
      const seen: number[] = [];
      for (let block = 0; block < 40; block++) {
        const rate = Math.sin(block) + 0.3 * Math.sin(7 * block);
        runCurrent(model, -rate * set.nominal_Ah, Number.NaN, 20, dt_s);
        seen.push(model.state.voltage_V);
      }
      return seen;
    };
    const half = run(0.5);
    run(1).forEach((volts, k) => {
      expect(Math.abs(volts - half[k])).toBeLessThan(1e-3);
    });
  });
});

describe('steps', () => {
  it('that are prepared but not taken leave no trace', () => {
    const straight = loaded(CHEN2020, 0.6, 0);
    const tried = loaded(CHEN2020, 0.6, 0);
    for (let k = 0; k < 50; k++) {
      straight.prepare(1);
      straight.take(5);
      tried.prepare(7);
      tried.voltageAfter_V(-40);
      tried.prepare(1);
      tried.voltageAfter_V(12);
      tried.take(5);
    }
    expect(tried.state).toEqual(straight.state);
  });

  it('conserve charge: the negative host loses what went out', () => {
    const model = spme(CHEN2020, { soc_frac: 0.9 });
    const before = model.negativeFilling_frac();
    runCurrent(model, -3, 2.5, 1200, 1);
    const host_Ah = 5.82762;
    expect((before - model.negativeFilling_frac()) * host_Ah).toBeCloseTo(model.state.discharged_Ah, 4);
    expect(model.state.discharged_Ah).toBeCloseTo(1, 12);
    expect(model.state.soc_frac).toBeCloseTo(0.9 - 1 / 5.1532, 5);
  });

  it('at 1 Hz cost no more than 9 us of processor on the default mesh', () => {
    const model = spme(CHEN2020, { soc_frac: 0.5, mesh: FAST_MESH, isLumped: true });
    const count = 60_000;
    let best_us = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 4; round++) {
      const before = process.cpuUsage();
      for (let k = 0; k < count; k++) {
        const current_A = ((k / 600) | 0) % 2 === 0 ? 4 + 0.1 * (k % 7) : -4.3;
        model.prepare(1);
        model.voltageAfter_V(current_A);
        model.take(current_A);
      }
      const used = process.cpuUsage(before);
      best_us = Math.min(best_us, (used.user + used.system) / count);
    }
    console.log(`SPMe: ${best_us.toFixed(2)} us a step`);
    expect(best_us).toBeLessThan(9);
  });
});

describe('three electrodes', () => {
  it('positive less negative is the terminal voltage; at rest both are the hosts', () => {
    const model = spme(CHEN2020, { soc_frac: 0.5 });
    expect(model.state.negativePotential_V).toBeCloseTo(0.13331, 5);
    runCurrent(model, 5, 4.2, 300, 1);
    const { state } = model;
    expect(state.positivePotential_V - state.negativePotential_V).toBeCloseTo(state.voltage_V, 12);
    // On charge the negative electrode falls, and most so at the separator.
    expect(state.negativePotential_V).toBeLessThan(0.13331);
    expect(state.platingReserve_V).toBeLessThan(model.state.negativePotential_V + 0.1);
  });

  it('fast charge in the cold takes the plating reserve below zero, slow charge in the warm does not', () => {
    const reserve_V = (current_A: number, temperature_degC: number): number => {
      const model = spme(CHEN2020, { soc_frac: 0.3, temperature_degC });
      let least_V = 1;
      for (let k = 0; k < 600; k++) {
        model.prepare(1);
        model.take(current_A);
        least_V = Math.min(least_V, model.state.platingReserve_V);
      }
      return least_V;
    };
    expect(reserve_V(7.5, 0)).toBeLessThan(0);
    expect(reserve_V(1.5, 25)).toBeGreaterThan(0);
  });

  it('discharge runs from full to the lower limit without a flag', () => {
    const model = spme(CHEN2020, { soc_frac: 1 });
    discharge(model, 5, 2.5, 1);
    expect(model.state.exhausted_on).toBe(0);
  });
});
