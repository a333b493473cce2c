import { uptakeFigures } from '../../../vessel/uptake.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';

/** Uptake of hydrogen, dose by dose. */
export const pctIsotherm = defineEvaluation({
  method: 'pct-isotherm',
  figures: [
    { id: 'uptake', unit: 'wt_pct', doc: 'largest amount of H2 in the sample' },
    { id: 'plateau', unit: 'bara', doc: 'pressure where half of it is taken up, on the way up' },
  ],
  evaluate: (run, part) =>
    uptakeFigures(run, {
      tank_L: numberOf(part, 'tankVolume_L'),
      space_L: numberOf(part, 'sampleVolume_L'),
      sample_g: run.subject.kind === 'vessel' ? (run.subject.activeMass_g ?? Number.NaN) : Number.NaN,
      shut: stepsOf(run, part, 'before'),
      open: stepsOf(run, part, 'absorbed'),
    }),
});
