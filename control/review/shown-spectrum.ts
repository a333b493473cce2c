import type { ImpedanceAccuracy } from '../../drivers/contract/measure/impedance.ts';
import {
  type ImpedanceData,
  instrumentPart,
  KK_LEAST_POINTS,
  linKk,
} from '../../profiles/spectrum/lin-kk.ts';
import { relaxationOf } from '../../profiles/spectrum/relaxation.ts';
import type { ShownSpectrum } from '../contract/shown.ts';

/** A spectrum as it was measured, by an instrument of this accuracy. */
export interface SpectrumPoints extends Pick<ShownSpectrum, 'name' | 'state' | 'asked'> {
  readonly frequency_Hz: ArrayLike<number>;
  readonly re_Ohm: ArrayLike<number>;
  readonly im_Ohm: ArrayLike<number>;
  readonly accuracy: ImpedanceAccuracy;
}

/** What page and report show of a spectrum: its points; once it has ended, what its tests say, and its relaxation times. */
export function shownSpectrum(spectrum: SpectrumPoints): ShownSpectrum {
  const { name, state, asked, accuracy } = spectrum;
  const [frequency_Hz, re_Ohm, im_Ohm] = [spectrum.frequency_Hz, spectrum.re_Ohm, spectrum.im_Ohm].map(v =>
    Array.from(v),
  );
  const shown = { name, state, asked, frequency_Hz, re_Ohm, im_Ohm };
  if (state === 'under way' || new Set(frequency_Hz).size < KK_LEAST_POINTS)
    return { ...shown, kramersKronig: null, relaxation: null };
  const data = {
    frequency_Hz: Float64Array.from(frequency_Hz),
    re: Float64Array.from(re_Ohm),
    im: Float64Array.from(im_Ohm),
  };
  const kk = linKk(data, instrumentPart(accuracy));
  return {
    ...shown,
    kramersKronig: { passes: kk.passes, re_pct: percent(kk.re_frac), im_pct: percent(kk.im_frac) },
    relaxation: relaxation(data, accuracy),
  };
}

function relaxation(data: ImpedanceData, accuracy: ImpedanceAccuracy): ShownSpectrum['relaxation'] {
  const found = relaxationOf(data, accuracy);
  if ('missing' in found) return null;
  return {
    tau_s: Array.from(found.tau_s),
    gamma_Ohm: Array.from(found.gamma),
    peaks: found.peaks.map(({ tau_s, resistance }) => ({ tau_s, resistance_Ohm: resistance })),
  };
}

function percent(frac: Float64Array): (number | null)[] {
  return Array.from(frac, v => (Number.isFinite(v) ? 100 * v : null));
}
