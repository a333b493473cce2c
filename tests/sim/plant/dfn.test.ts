import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { CHAYAMBUKA2022 } from '../../../sim/plant/battery-sets/chayambuka2022.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { ECKER2015 } from '../../../sim/plant/battery-sets/ecker2015.ts';
import { PRADA2013 } from '../../../sim/plant/battery-sets/prada2013.ts';
import { discharge, rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { FAST_DFN_MESH, FINE_DFN_MESH, TWENTY_DFN_MESH } from '../../../sim/plant/dfn/grid.ts';
import { dfn } from '../../../sim/plant/dfn/model.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { hostCapacity_Ah } from '../../../sim/plant/spme/parameters.ts';
import { DFN_DISCHARGES, DRAWN_FRAC, IMPEDANCE_DFN } from '../../validate/reference/chen2020.ts';
import { NA_ION } from '../../validate/reference/other-cells.ts';
import {
  cellSpectrum,
  cellStepResponse,
  decades,
  impedanceError_pct,
  impedanceOfStep,
} from '../../validate/step-response.ts';

const SETS = [CHEN2020, PRADA2013, CHAYAMBUKA2022, ECKER2015].map(set => [set.name, set] as const);

describe('against published figures of the same equations', () => {
  it.each(DFN_DISCHARGES)('Chen2020 $name on the default mesh at 1 s steps', curve => {
    const run = discharge(dfn(CHEN2020), curve.rate_1_per_h * CHEN2020.nominal_Ah, CHEN2020.lower_V, 1);
    DRAWN_FRAC.forEach((part, k) => {
      if (part < 0.02) return;
      expect(Math.abs(run.voltageAt((3600 * part) / curve.rate_1_per_h) - curve.voltage_V[k])).toBeLessThan(
        0.0025,
      );
    });
    expect(Math.abs(run.duration_s / curve.end_s - 1)).toBeLessThan(5e-4);
  });

  it.each(NA_ION)('sodium-ion $name, cut as the reference is, nothing fitted', curve => {
    const model = dfn(CHAYAMBUKA2022, { mesh: TWENTY_DFN_MESH });
    const current_A = curve.rate_1_per_h * CHAYAMBUKA2022.nominal_Ah;
    model.prepare(1e-6);
    expect(Math.abs(model.voltageAfter_V(-current_A) - curve.points[0][1])).toBeLessThan(5e-4);
    const run = discharge(model, current_A, CHAYAMBUKA2022.lower_V, 1);
    for (const [part, v] of curve.points.slice(1))
      expect(Math.abs(run.voltageAt((3600 * part) / curve.rate_1_per_h) - v), `${part}`).toBeLessThan(0.005);
    expect(Math.abs(run.duration_s / curve.end_s - 1)).toBeLessThan(1e-3);
  });

  it('spectrum of Chen2020 at half charge', () => {
    const model = dfn(CHEN2020, { soc_frac: 0.5, mesh: FINE_DFN_MESH });
    const computed = cellSpectrum(
      model,
      IMPEDANCE_DFN.map(([f]) => f),
    );
    IMPEDANCE_DFN.forEach(([f, re, im], k) => {
      const reference = { re_Ohm: re / 1000, im_Ohm: im / 1000 };
      expect(impedanceError_pct(computed[k], reference), `${f} Hz`).toBeLessThan(1.5);
    });
  });
});

describe.each(SETS)('%s', (_, set) => {
  it('at a twentieth of 1C is the single-particle model, within 0.4 mV', () => {
    const current_A = -set.nominal_Ah / 20;
    const [porous, particle] = [dfn(set, { soc_frac: 0.6 }), spme(set, { soc_frac: 0.6 })];
    runCurrent(porous, current_A, 0, 3600, 10);
    runCurrent(particle, current_A, 0, 3600, 10);
    expect(Math.abs(porous.state.voltage_V - particle.state.voltage_V)).toBeLessThan(4e-4);
  });

  it('keeps salt and lithium, counts every ampere, over random currents', () => {
    const model = dfn(set, { soc_frac: 0.5 });
    const random = seededRandom(7);
    const [salt, lithium] = [model.salt_mol(), model.lithium_Ah()];
    const { negativeNodes, separatorNodes, positiveNodes } = FAST_DFN_MESH;
    const share_m2 =
      (3 * set.negative.active_frac * set.negative.thickness_m * set.area_m2) / set.negative.particleRadius_m;
    for (let k = 0; k < 300; k++) {
      const current_A = 2 * set.nominal_Ah * (2 * random.uniform() - 1);
      model.prepare(1 + 5 * random.uniform());
      model.take(current_A);
      const mean =
        model.reaction_A_per_m2.subarray(0, negativeNodes).reduce((sum, j) => sum + j, 0) / negativeNodes;
      expect(mean * share_m2).toBeCloseTo(-current_A, 9);
      expect(model.state.exhausted_on).toBe(0);
    }
    expect(model.reaction_A_per_m2.length).toBe(negativeNodes + separatorNodes + positiveNodes);
    expect(Math.abs(model.salt_mol() / salt - 1)).toBeLessThan(1e-12);
    expect(Math.abs(model.lithium_Ah() / lithium - 1)).toBeLessThan(1e-12);
    const { charged_Ah, discharged_Ah, soc_frac, capacity_Ah } = model.state;
    expect(soc_frac).toBeCloseTo(0.5 + (charged_Ah - discharged_Ah) / capacity_Ah, 9);
  });

  it('voltage rises with the current, finite up to ten times 1C', () => {
    const model = dfn(set, { soc_frac: 0.4 });
    runCurrent(model, -set.nominal_Ah, 0, 60, 1);
    model.prepare(1);
    let last_V = -Infinity;
    for (let c = -10; c <= 10; c += 0.25) {
      const volts = model.voltageAfter_V(c * set.nominal_Ah);
      expect(volts).toBeGreaterThan(last_V);
      last_V = volts;
    }
    expect(last_V).toBeLessThan(1000);
  });

  it.each([-100, -10, 10, 1e6])('%d times 1C for minutes: a flag, no NaN, salt kept', times => {
    const model = dfn(set);
    const salt = model.salt_mol();
    let wasFlagged = false;
    for (let k = 0; k < 200; k++) {
      model.prepare(k % 3 === 0 ? 10 : 1);
      model.take(times * set.nominal_Ah);
      wasFlagged ||= model.state.exhausted_on === 1;
      for (const [name, value] of Object.entries(model.state))
        expect(Number.isFinite(value), name).toBe(true);
    }
    expect(wasFlagged).toBe(true);
    expect(Math.abs(model.salt_mol() / salt - 1)).toBeLessThan(1e-9);
    // It comes back: no current, no flag, particles inside their hosts.
    rest(model, 600, 10);
    expect(model.state.exhausted_on).toBe(0);
    const held_Ah = model.lithium_Ah();
    expect(held_Ah).toBeGreaterThan(0);
    expect(held_Ah).toBeLessThan(
      hostCapacity_Ah(set.negative, set.area_m2) + hostCapacity_Ah(set.positive, set.area_m2),
    );
  });

  it('half the step changes a 1C discharge by less than what the model says', () => {
    const runs = [1, 0.5].map(dt_s => discharge(dfn(set), set.nominal_Ah, set.lower_V, dt_s));
    const end_s = 0.95 * Math.min(runs[0].duration_s, runs[1].duration_s);
    for (let t = 1; t < end_s; t += t < 10 ? 1 : 20) {
      const apart_V = Math.abs(runs[0].voltageAt(t) - runs[1].voltageAt(t));
      expect(apart_V, `${t} s`).toBeLessThan(t < 5 ? 0.004 : 0.001);
    }
  });

  it('spectrum and its own pulse agree within 2 %', () => {
    const model = dfn(set, { soc_frac: 0.6 });
    const slow_Hz = [0.003, 0.001];
    const spectrum = cellSpectrum(model, slow_Hz);
    const response = cellStepResponse(model, 0.002 * set.nominal_Ah, decades(1e-3, 6000, 40));
    slow_Hz.forEach((f, k) => {
      expect(impedanceError_pct(impedanceOfStep(response, f), spectrum[k]), `${f} Hz`).toBeLessThan(2);
    });
  });
});

it('the front of the reaction starts at the separator and moves into the electrode', () => {
  const model = dfn(CHEN2020, { soc_frac: 1 });
  const { negativeNodes } = FAST_DFN_MESH;
  runCurrent(model, -10, 0, 5, 1);
  const early = model.reaction_A_per_m2.slice(0, negativeNodes);
  expect(early[negativeNodes - 1]).toBeGreaterThan(1.2 * early[0]);
  runCurrent(model, -10, 0, 1500, 1);
  const late = model.reaction_A_per_m2.slice(0, negativeNodes);
  expect(late[negativeNodes - 1] / late[0]).toBeLessThan(early[negativeNodes - 1] / early[0]);
});
