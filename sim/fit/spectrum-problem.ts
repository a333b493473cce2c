import type { Candidate } from '../../profiles/least-squares/estimate.ts';
import { type FitPlant, type FitProblem, rigAt } from './problem.ts';
import { toDeviceOhm, type UnitChoices } from './spectrum/impedance-unit.ts';
import type { PreparedSpectrum } from './spectrum/prepare.ts';

/** Inductance of the leads, for plants that have none of their own; fitted beside the plant's figures. */
export const LEADS = 'leads_H';
const LEADS_MOST_H = 1e-3;
const LEADS_LEAST_H = 1e-12;

/** A spectrum as a problem, with what was found out about its unit. */
export interface SpectrumProblem extends FitProblem {
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Impedance over frequency, after `settle_s` at the operating point of `at`. Each point counts by the part of its
 * modulus (B. A. Boukamp, Solid State Ionics 20 (1986) 31), so that small arcs are not lost beside large ones.
 * @throws FitError where the numbers are in another unit than they claim, as far as the plant can tell
 */
export function spectrumProblem(
  plant: FitPlant & { readonly parameters: Readonly<Record<string, number>> },
  data: PreparedSpectrum,
  settle_s: number,
  choices: UnitChoices,
): SpectrumProblem {
  const { frequency_Hz } = data;
  const shown = (parameters: Readonly<Record<string, number>>) => {
    const rig = rigAt(plant, parameters);
    rig.advanceTo(settle_s);
    return rig.impedance(frequency_Hz);
  };
  const unit = toDeviceOhm(data, shown(plant.parameters), data.unit, plant.subject, choices);
  const re_Ohm = data.re.map(v => unit.factor * v);
  const im_Ohm = data.im.map(v => unit.factor * v);
  const x = frequency_Hz.map(f => Math.log10(f));
  const weight = re_Ohm.map((re, i) => 1 / Math.max(Math.hypot(re, im_Ohm[i]), Number.MIN_VALUE));
  return {
    kind: 'impedance spectrum',
    xLabel: 'log10 of frequency in Hz',
    groups: [
      { label: 'Re Z', unit: 'Ohm', x, measured: re_Ohm, weight },
      { label: 'Im Z', unit: 'Ohm', x, measured: im_Ohm, weight },
    ],
    extra: leadsOf(plant, frequency_Hz, im_Ohm),
    notes: unit.notes,
    warnings: unit.warnings,
    difference_frac: 1e-4,
    fall_frac: 1e-9,
    predict({ [LEADS]: leads_H = 0, ...parameters }, out) {
      const spectrum = shown(parameters);
      out.set(spectrum.re_Ohm);
      frequency_Hz.forEach((f, i) => {
        out[frequency_Hz.length + i] = spectrum.im_Ohm[i] + 2 * Math.PI * f * leads_H;
      });
    },
  };
}

/** The leads as one more figure to fit, where the spectrum ends inductive and the plant knows no inductance. */
function leadsOf({ model, set }: FitPlant, frequency_Hz: Float64Array, im_Ohm: Float64Array): Candidate[] {
  const hasOwn = model.parameters(set).some(p => p.name.endsWith('_H'));
  const top = frequency_Hz.indexOf(frequency_Hz.reduce((a, b) => Math.max(a, b), 0));
  if (hasOwn || !(im_Ohm[top] > 0)) return [];
  const start = im_Ohm[top] / (2 * Math.PI * frequency_Hz[top]);
  return [
    {
      name: LEADS,
      start: Math.min(LEADS_MOST_H, Math.max(LEADS_LEAST_H, start)),
      low: LEADS_LEAST_H,
      high: LEADS_MOST_H,
      u: LEADS_MOST_H,
    },
  ];
}
