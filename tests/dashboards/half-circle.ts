import type { ShownSpectrum } from '../../control/view.ts';

/** So many of 41 points of a half circle; ended where a test has passed or not. */
export function spectrumOf(points: number, passes?: boolean): ShownSpectrum {
  const frequency_Hz = Array.from({ length: points }, (_, i) => 10 ** (4 - i / 10));
  const x = frequency_Hz.map(f => f / 100);
  const pct = x.map(() => 0.1);
  return {
    name: 'spectrum',
    state: passes === undefined ? 'under way' : 'whole',
    asked: 41,
    frequency_Hz,
    re_Ohm: x.map(v => 1e-3 + 2e-3 / (1 + v * v)),
    im_Ohm: x.map(v => (-2e-3 * v) / (1 + v * v)),
    kramersKronig: passes === undefined ? null : { passes, re_pct: pct, im_pct: pct },
    relaxation: null,
  };
}
