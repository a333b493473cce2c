import { KK_LEAST_POINTS, linKk } from '../../profiles/spectrum/lin-kk.ts';
import type { ShownSpectrum } from '../contract/shown.ts';

/** A spectrum as it was measured. */
export interface SpectrumPoints extends Pick<ShownSpectrum, 'name' | 'state' | 'asked'> {
  readonly frequency_Hz: ArrayLike<number>;
  readonly re_Ohm: ArrayLike<number>;
  readonly im_Ohm: ArrayLike<number>;
}

/** What page and report show of a spectrum: its points, and once it has ended what the Kramers-Kronig test says of them. */
export function shownSpectrum({ name, state, asked, ...points }: SpectrumPoints): ShownSpectrum {
  const [frequency_Hz, re_Ohm, im_Ohm] = [points.frequency_Hz, points.re_Ohm, points.im_Ohm].map(v =>
    Array.from(v),
  );
  const shown = { name, state, asked, frequency_Hz, re_Ohm, im_Ohm };
  if (state === 'under way' || new Set(frequency_Hz).size < KK_LEAST_POINTS)
    return { ...shown, kramersKronig: null };
  const kk = linKk({
    frequency_Hz: Float64Array.from(frequency_Hz),
    re: Float64Array.from(re_Ohm),
    im: Float64Array.from(im_Ohm),
  });
  return {
    ...shown,
    kramersKronig: { passes: kk.passes, re_pct: percent(kk.re_frac), im_pct: percent(kk.im_frac) },
  };
}

function percent(frac: Float64Array): (number | null)[] {
  return Array.from(frac, v => (Number.isFinite(v) ? 100 * v : null));
}
