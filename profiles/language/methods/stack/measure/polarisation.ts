import { pointsOfPart } from '../../../../stack/curve.ts';
import { curveFigures, polarisationFigures } from '../../../../stack/polarisation.ts';
import { numberOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What is read off a polarisation curve. */
export const polarisation = ofStack({
  method: 'polarisation',
  figures: [
    { id: 'asr', unit: 'mOhm.cm2', doc: 'slope of the cell voltage over current density, in a stated range' },
    { id: 'cell-voltage-top', unit: 'V', doc: 'mean cell voltage at the largest current' },
    { id: 'hysteresis', unit: 'mV', doc: 'mean of voltage down minus voltage up at equal current' },
    { id: 'reference-voltage', unit: 'V', doc: 'mean cell voltage at the reference load, both legs' },
    {
      id: 'tafel',
      unit: 'mV/dec',
      doc: 'slope of the voltage over the decade of the current density, at low load',
    },
  ],
  evaluate(run, part) {
    const points = pointsOfPart(run, part);
    const given_pct = numberOf(part, 'reference_pct');
    return [
      ...polarisationFigures(run, part.name, points),
      ...curveFigures(run, points, Number.isNaN(given_pct) ? 50 : given_pct),
    ];
  },
});
