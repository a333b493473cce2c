import { type KpiValue, kpi } from '../../../kpi.ts';
import type { RecordedSpectrum } from '../../../recorded-run.ts';
import { type Process, relaxationOf } from '../../../spectrum/relaxation.ts';
import type { ResistanceUnit } from './spectrum.ts';

/** Relaxation times of a spectrum as figures: all processes together, and each of them. */

const BY =
  'distribution of relaxation times by regularisation with gamma >= 0 (M. Saccoccio et al., Electrochim. Acta 147 (2014) 470), smoothed as far as the noise allows (V. A. Morozov, Sov. Math. Dokl. 7 (1966) 414)';
/** What the maxima of a distribution are not. */
const FLATTENED =
  'A flattened arc (constant phase element) is one process with a spread of times, which may show as several maxima or lend a part to its neighbours: a circuit with p(R,CPE) fitted to the spectrum tells one from the other';
const UNCERTAINTY =
  'Uncertainty: noise, drawn again; smoothing three times weaker or stronger; declared accuracy of the instrument';

/** Figures with the suffix of their level; only the sum, with the reason, where there are none to be told. */
export function relaxationFigures(
  { frequency_Hz, re_Ohm, im_Ohm, accuracy }: RecordedSpectrum,
  { unit, factor }: ResistanceUnit,
  suffix: string,
): readonly KpiValue[] {
  const { basis } = accuracy;
  const found = relaxationOf({ frequency_Hz, re: re_Ohm, im: im_Ohm }, accuracy);
  const whole = { id: `relaxation${suffix}`, unit, basis };
  const whose = unit.endsWith('cm2') ? ', of one cell of the stack, by its area' : '';
  if ('missing' in found) {
    const definition = `Polarisation resistance of all relaxation processes${whose}: area of the ${BY}.`;
    return [kpi({ ...whole, value: null, definition, missing: found.missing })];
  }
  return [
    kpi({
      ...whole,
      value: factor * found.polarisation,
      u95: factor * found.polarisationU95,
      definition: `Polarisation resistance of all relaxation processes${whose}: area of the ${BY}, weight ${found.lambda.toExponential(0)}. ${UNCERTAINTY}; what lies beyond the band.`,
    }),
    ...found.peaks.flatMap((peak, k) => processFigures(peak, `${k + 1}${suffix}`)),
  ];

  function processFigures(peak: Process, which: string): readonly KpiValue[] {
    const isTold = peak.isInBand && Number.isFinite(peak.tauU95_s) && Number.isFinite(peak.resistanceU95);
    const missing = peak.isInBand
      ? 'it is not told apart from noise: spectra with the same noise do not all show it'
      : `its maximum lies at ${Number(peak.tau_s.toPrecision(2))} s, beyond the times that the measured frequencies reach`;
    return [
      kpi({
        id: `relaxation-time-${which}`,
        unit: 's',
        basis,
        value: isTold ? peak.tau_s : null,
        u95: peak.tauU95_s,
        definition: `Time constant of a process: maximum of the ${BY}. ${FLATTENED}. ${UNCERTAINTY}.`,
        missing,
      }),
      kpi({
        id: `relaxation-resistance-${which}`,
        unit,
        basis,
        value: isTold ? factor * peak.resistance : null,
        u95: factor * peak.resistanceU95,
        definition: `Resistance of a process${whose}: area of its maximum, from minimum to minimum, of the ${BY}. ${FLATTENED}; which holds is not in the uncertainty. ${UNCERTAINTY}.`,
        missing,
      }),
    ];
  }
}
