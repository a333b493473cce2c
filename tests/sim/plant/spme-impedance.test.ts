import { describe, expect, it } from 'vitest';
import { CHAYAMBUKA2022 } from '../../../sim/plant/battery-sets/chayambuka2022.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { ECKER2015 } from '../../../sim/plant/battery-sets/ecker2015.ts';
import { PRADA2013 } from '../../../sim/plant/battery-sets/prada2013.ts';
import { rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { EVEN_MESH, FAST_MESH } from '../../../sim/plant/spme/mesh.ts';
import { type SpmeModel, spme } from '../../../sim/plant/spme/model.ts';
import type { SpmeParameters } from '../../../sim/plant/spme/parameters.ts';
import { IMPEDANCE } from '../../validate/reference/chen2020.ts';
import {
  cellSpectrum,
  cellStepResponse,
  decades,
  impedanceError_pct,
  impedanceOfStep,
} from '../../validate/step-response.ts';

const FREQUENCIES_HZ = IMPEDANCE.map(([f]) => f);

describe('spectrum', () => {
  it.each([
    ['default mesh', FAST_MESH, 2],
    ['cut like the reference', EVEN_MESH, 1.3],
  ] as const)('Chen2020 at SOC 0.5, %s', (_name, mesh, most_pct) => {
    const spectrum = cellSpectrum(spme(CHEN2020, { soc_frac: 0.5, mesh }), FREQUENCIES_HZ);
    IMPEDANCE.forEach(([, re, im], k) => {
      const reference = { re_Ohm: 1e-3 * re, im_Ohm: 1e-3 * im };
      expect(impedanceError_pct(spectrum[k], reference)).toBeLessThan(most_pct);
    });
  });

  it('does not disturb the run: the next step is the same with and without it', () => {
    const step = (model: SpmeModel): number => {
      model.prepare(1);
      model.take(-3);
      return model.state.voltage_V;
    };
    const plain = spme(CHEN2020, { soc_frac: 0.5 });
    const measured = spme(CHEN2020, { soc_frac: 0.5 });
    step(plain);
    step(measured);
    cellSpectrum(measured, FREQUENCIES_HZ);
    expect(step(measured)).toBe(step(plain));
  });

  it('shows a film and a contact in the right place', () => {
    const fresh = cellSpectrum(spme(CHEN2020, { soc_frac: 0.5 }), [1e5, 0.5]);
    const contact = cellSpectrum(spme({ ...CHEN2020, contact_Ohm: 0.01 }, { soc_frac: 0.5 }), [1e5, 0.5]);
    for (const k of [0, 1]) expect(contact[k].re_Ohm - fresh[k].re_Ohm).toBeCloseTo(0.01, 12);
    const filmed = cellSpectrum(spme(CHEN2020, { soc_frac: 0.5, filmResists: true }), [1e5, 0.5]);
    expect(filmed[0].re_Ohm).toBeCloseTo(fresh[0].re_Ohm, 6);
    // 5 nm of 2e5 Ohm m on 3.36 m2 of particles.
    expect(filmed[1].re_Ohm - fresh[1].re_Ohm).toBeCloseTo(2.98e-4, 5);
  });
});

/** The set with the double layers of both electrodes taken away. */
function withoutDoubleLayer(set: SpmeParameters): SpmeParameters {
  return {
    ...set,
    negative: { ...set.negative, doubleLayer_F_per_m2: 0 },
    positive: { ...set.positive, doubleLayer_F_per_m2: 0 },
  };
}

describe('pulse and spectrum are one model', () => {
  it.each([
    { name: 'Chen2020', set: CHEN2020, soc_frac: 0.5, below_Hz: 0.1 },
    { name: 'Chen2020', set: CHEN2020, soc_frac: 0.9, below_Hz: 0.1 },
    { name: 'LFP', set: PRADA2013, soc_frac: 0.5, below_Hz: 0.1 },
    { name: 'sodium-ion', set: CHAYAMBUKA2022, soc_frac: 0.6, below_Hz: 0.003 },
    { name: 'Kokam', set: ECKER2015, soc_frac: 0.5, below_Hz: 0.1 },
  ])('$name at SOC $soc_frac: impedance that a small step stands for', ({ set, soc_frac, below_Hz }) => {
    const times_s = decades(1e-3, 3e4, 200);
    const response = cellStepResponse(spme(set, { soc_frac }), 1e-4 * set.nominal_Ah, times_s);
    const slow_Hz = [0.1, 0.03, 0.01, 0.003, 0.001].filter(f => f <= below_Hz);
    cellSpectrum(spme(set, { soc_frac }), slow_Hz).forEach((z, k) => {
      expect(impedanceError_pct(impedanceOfStep(response, slow_Hz[k]), z)).toBeLessThan(2);
    });
    // Without the double layers, which the steps leave out, nothing but the step length is between them.
    const all_Hz = [10, 1, 0.1, 0.01, 0.001];
    cellSpectrum(spme(withoutDoubleLayer(set), { soc_frac }), all_Hz).forEach((z, k) => {
      expect(impedanceError_pct(impedanceOfStep(response, all_Hz[k]), z)).toBeLessThan(0.2);
    });
  });

  it('the first answer of a pulse is R0 and charge transfer of the spectrum, to 0.1 %', () => {
    const [top] = cellSpectrum(spme(CHEN2020, { soc_frac: 0.5 }), [1e6]);
    expect(top.re_Ohm).toBeCloseTo(5.4135e-3, 5);
    const [both] = cellSpectrum(spme(withoutDoubleLayer(CHEN2020), { soc_frac: 0.5 }), [1e5]);
    const first_Ohm = cellStepResponse(spme(CHEN2020, { soc_frac: 0.5 }), 1e-3, [1e-5]).resistance_Ohm[0];
    expect(first_Ohm / both.re_Ohm).toBeCloseTo(1, 3);
  });

  it('under current the slope of the fast answer is the spectrum there', () => {
    const model = spme(CHEN2020, { soc_frac: 0.6 });
    runCurrent(model, -5, 2.5, 300, 1);
    const before = cellSpectrum(model, [2])[0];
    model.prepare(1e-4);
    const slope_Ohm = (model.voltageAfter_V(-4.99) - model.voltageAfter_V(-5.01)) / 0.02;
    expect(Math.abs(slope_Ohm / before.re_Ohm - 1)).toBeLessThan(0.02);
    model.take(-5);
    rest(model, 10, 1);
    expect(cellSpectrum(model, [2])[0].re_Ohm).toBeGreaterThan(before.re_Ohm);
  });
});
