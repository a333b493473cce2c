import { describe, expect, it } from 'vitest';
import { parseCircuit } from '../../../../profiles/spectrum/circuit.ts';
import type { ImpedanceData } from '../../../../profiles/spectrum/lin-kk.ts';
import { readFitData } from '../../../../sim/fit/fit-data.ts';
import { type FitRequest, fitPlant } from '../../../../sim/fit/fit-plant.ts';
import { rigAt } from '../../../../sim/fit/problem.ts';
import { prepareSpectrum } from '../../../../sim/fit/spectrum/prepare.ts';
import { findPlant } from '../../../../sim/plants.ts';
import { familySpectrum, frequencies, madeSpectrum, spectrumCsv } from '../../../support/spectra.ts';

/** Spectra of plants in the wrong order, with the wrong sign, in another unit, of a cell that drifts. */

const PEM = findPlant('pem');
const STACK = { cells: 10, activeArea_cm2: 50, currentNominal_A: 100 };
const AT = { 'stack.currentSet_A': 50, 'stack.temperatureSet_degC': 60 };
const TRUTH = { tafelSlope_V: 0.078, doubleLayer_F_per_cm2: 0.045, asr_Ohm_cm2: 0.12 };
const NAMES = Object.keys(TRUTH);
const SETTLE_S = 60;

function stackSpectrum(): ImpedanceData {
  const rig = rigAt({ model: PEM, set: PEM.sets[0], subject: STACK, at: AT }, TRUTH);
  rig.advanceTo(SETTLE_S);
  const frequency_Hz = frequencies(1e4, 0.1, 8);
  const { re_Ohm, im_Ohm } = rig.impedance(frequency_Hz);
  return { frequency_Hz, re: re_Ohm, im: im_Ohm };
}
const stack = stackSpectrum();

const times = (data: ImpedanceData, factor: number): ImpedanceData => ({
  ...data,
  re: data.re.map(v => factor * v),
  im: data.im.map(v => factor * v),
});

function fitOf(text: string, more: Partial<FitRequest> = {}) {
  return fitPlant({
    model: PEM,
    set: PEM.sets[0],
    subject: STACK,
    at: AT,
    parameters: {},
    names: NAMES,
    settle_s: SETTLE_S,
    data: readFitData('z.csv', text),
    ...more,
  });
}
const expectTruth = (fit: ReturnType<typeof fitOf>): void => {
  for (const [name, value] of Object.entries(TRUTH))
    expect((fit.estimates.estimates.find(e => e.name === name)?.value ?? 0) / value, name).toBeCloseTo(1, 4);
};

describe('unit of a stack', () => {
  it('in Ohm of the whole stack: the truth, without a word', () => {
    const fit = fitOf(spectrumCsv(stack));
    expectTruth(fit);
    expect(fit.warnings).toEqual([]);
  });

  it.each([
    [
      'Ohm cm2',
      5,
      /as Ohm of the whole stack the impedance is 5\.\d times what this stack shows, read as Ohm cm2 of one cell 1\.\d? ?times; expected --unit Ohm_cm2 --of cell/,
    ],
    ['Ohm of one cell', 0.1, /read as Ohm of one cell 1\.\d? ?times; expected --unit Ohm --of cell/],
    ['mOhm', 1000, /read as mOhm of the whole stack 1\.\d? ?times; expected --unit mOhm --of stack/],
    ['mOhm of one cell', 100, /expected --unit mOhm --of cell/],
    ['mOhm cm2', 5000, /expected --unit mOhm_cm2 --of cell/],
    ['Ohm cm2 of the stack', 50, /expected --unit Ohm_cm2 --of stack/],
  ])('%s under the name of Ohm is asked about', (_, factor, says) => {
    expect(() => fitOf(spectrumCsv(times(stack, factor)))).toThrow(says);
  });

  it.each([
    ['Ohm_cm2', undefined, 5],
    ['mOhm', 'stack', 1000],
    ['Ohm', 'cell', 0.1],
    ['mOhm_cm2', undefined, 5000],
  ] as const)('--unit %s --of %s: the truth', (unit, of, factor) => {
    const fit = fitOf(spectrumCsv(times(stack, factor)), { choices: { unit, of } });
    expectTruth(fit);
    expect(fit.notes.join()).toMatch(/impedance read as/);
  });

  it.each([
    ['frequency_Hz,re_Ohm_cm2,im_Ohm_cm2', 5],
    ['frequency_Hz,re_mOhm,im_mOhm', 1000],
    ["freq/Hz,Z' (m\u03a9 cm\u00b2),Z'' (m\u03a9 cm\u00b2)", 5000],
  ])('in the header %s: the truth', (header, factor) => {
    expectTruth(fitOf(spectrumCsv(times(stack, factor), header)));
  });

  it('an area without which Ohm cm2 means nothing is asked for', () => {
    const ecm = findPlant('ecm');
    const cell = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };
    const text = spectrumCsv(times(stack, 1), 'frequency_Hz,re_Ohm_cm2,im_Ohm_cm2');
    expect(() => fitOf(text, { model: ecm, set: ecm.sets[0], subject: cell, at: {}, names: [] })).toThrow(
      /Z is in Ohm cm2, expected the active area with it \(--area CM2\)/,
    );
  });

  it('a figure far from what is known of it is said', () => {
    // Between Ohm and Ohm cm2 lies a factor of 1.6 here: too near for the question.
    const fit = fitOf(spectrumCsv(times(stack, 1.6)));
    expect(fit.warnings.join()).toMatch(/is far from what was known of it .*--unit, --of, area, cells/);
  });
});

describe('order and sign', () => {
  const order = [...stack.re.keys()].sort((a, b) => ((7 * a) % 41) - ((7 * b) % 41));
  const shuffled: ImpedanceData = {
    frequency_Hz: Float64Array.from(order, i => stack.frequency_Hz[i]),
    re: Float64Array.from(order, i => stack.re[i]),
    im: Float64Array.from(order, i => stack.im[i]),
  };
  const turned: ImpedanceData = { ...stack, im: stack.im.map(v => -v) };

  it('rows in any order give the same fit and the same words on the residuals', () => {
    const names = ['doubleLayer_F_per_cm2'];
    const one = fitOf(spectrumCsv(stack), { names });
    const other = fitOf(spectrumCsv(shuffled), { names });
    expect(one.warnings.join()).toMatch(/residuals of Re Z are not random/);
    expect(other.warnings).toEqual(one.warnings);
    expect(other.notes.join()).toMatch(/rows put in the order of their frequency/);
    expect(other.estimates.estimates[0].value).toBeCloseTo(one.estimates.estimates[0].value, 8);
  });

  it.each([
    [
      'under the name of Im',
      'frequency_Hz,re_Ohm,im_Ohm',
      turned,
      /sign of Im Z turned: as in the file it contradicts Re Z/,
    ],
    ['named so', 'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm', turned, /-Im\(Z\)\/Ohm as minus im_Ohm/],
    ['named so, but it is Im', 'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm', stack, /sign of Im Z turned/],
  ])('-Im %s: found and said', (_, header, data, says) => {
    const fit = fitOf(spectrumCsv(data, header));
    expectTruth(fit);
    expect(fit.notes.join()).toMatch(says);
  });

  it('an inductive spectrum keeps its sign', () => {
    const inductive = madeSpectrum(
      parseCircuit('L0-R0-p(R1,C1)'),
      [1e-6, 1, 0.5, 1e-4],
      frequencies(1e5, 1e3, 10),
    );
    expect(prepareSpectrum(readFitData('l.csv', spectrumCsv(inductive))).im[0]).toBeGreaterThan(0);
  });

  it.each([0, 0.01])('of every circuit of the family, noise %f', noise_frac => {
    for (const text of [
      'R0-p(R1,CPE1)',
      'L0-R0-p(R1,CPE1)-W1',
      'R0-CPE1',
      'L0-R0-p(R1,CPE1)-p(R2,CPE2)-Wo1',
    ]) {
      const { data } = familySpectrum(text, 6, { noise_frac });
      const wrong = { ...data, im: data.im.map(v => -v) };
      const im = (d: ImpedanceData): number[] => [
        ...prepareSpectrum(readFitData('z.csv', spectrumCsv(d))).im,
      ];
      expect(im(data)).toEqual([...data.im]);
      expect(im(wrong)).toEqual([...data.im]);
    }
  });

  it('whoever says the sign is believed', () => {
    const data = readFitData('z.csv', spectrumCsv(stack));
    expect(() => prepareSpectrum(data, { im: 'minus' })).toThrow(/Kramers-Kronig .* fails/);
    expect(prepareSpectrum(data, { im: 'plus' }).im).toEqual(stack.im);
  });
});

describe('Kramers-Kronig before the fit', () => {
  const { data } = familySpectrum('L0-R0-p(R1,CPE1)-p(R2,CPE2)', 5, { noise_frac: 0.001, drift_frac: 0.6 });
  const drifting = readFitData('drift.csv', spectrumCsv(data));

  it('a spectrum that drifts is refused; accepted, its warning goes with it', () => {
    expect(() => prepareSpectrum(drifting)).toThrow(
      /drift\.csv: Kramers-Kronig \(linear, \d+ links, mu 0\.\d+\) fails: .* --kk accept to fit it nonetheless/,
    );
    const taken = prepareSpectrum(drifting, { kk: 'accept' });
    expect(taken.warnings.join()).toMatch(/Kramers-Kronig .* fails/);
    expect(taken.re.length).toBe(data.re.length);
  });

  it('a valid one passes and says so; a point off alone is left out and named', () => {
    const { data: good } = familySpectrum('L0-R0-p(R1,CPE1)', 5, { noise_frac: 0.001 });
    expect(prepareSpectrum(readFitData('z.csv', spectrumCsv(good))).notes.join()).toMatch(
      /Kramers-Kronig .* passed/,
    );
    good.im[30] *= 2;
    const one = prepareSpectrum(readFitData('z.csv', spectrumCsv(good)));
    expect(one.re.length).toBe(good.re.length - 1);
    expect(one.warnings.join()).toMatch(/left out, off the Kramers-Kronig chain: 100 Hz/);
    expect(prepareSpectrum(readFitData('z.csv', spectrumCsv(good)), { kk: 'accept' }).re.length).toBe(
      good.re.length,
    );
  });

  it('too few frequencies are no test, and it is said', () => {
    const few = readFitData('z.csv', 'frequency_Hz,re_Ohm,im_Ohm\n100,1,-0.1\n10,2,-0.5\n1,3,-0.1');
    expect(prepareSpectrum(few).warnings.join()).toMatch(/fewer than 8 frequencies: no Kramers-Kronig test/);
  });
});

describe('leads of a cell', () => {
  it('are fitted beside the figures of a plant that has none', () => {
    const ecm = findPlant('ecm');
    const subject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };
    const rig = rigAt({ model: ecm, set: ecm.sets[0], subject, at: {} }, { r0_1: 1.2 });
    const frequency_Hz = frequencies(1e4, 1e-3, 6);
    const { re_Ohm, im_Ohm } = rig.impedance(frequency_Hz);
    const im = im_Ohm.map((v, i) => v + 2 * Math.PI * frequency_Hz[i] * 2e-7);
    const fit = fitOf(spectrumCsv({ frequency_Hz, re: re_Ohm, im }), {
      model: ecm,
      set: ecm.sets[0],
      subject,
      at: {},
      names: ['r0_1', 'r1_1'],
    });
    const value = (name: string): number => fit.estimates.estimates.find(e => e.name === name)?.value ?? 0;
    expect(value('leads_H') / 2e-7).toBeCloseTo(1, 3);
    expect(value('r0_1')).toBeCloseTo(1.2, 4);
    expect(fit.beside).toEqual(['leads_H']);
  });
});
