import { balancingFigures } from '../../../../stack/grid/balancing.ts';
import { numberOf, stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/**
 * What a stack delivers when balancing power is called. FCR: all within 30 s, none needed within 10 mHz of 50 Hz
 * (regelleistung.net, Activation of Frequency Containment Reserve); all at 200 mHz, half of it within 15 s, for 15 min
 * (Regulation (EU) 2017/1485, annex V and article 156; recalled). aFRR within 5 min by a signal each 4 s, mFRR within
 * 12.5 min (elia.be, Activation for balancing). Test pattern and accepted share: default.
 */
export const gridService = ofStack({
  method: 'grid-service',
  figures: [
    { id: 'share-half', unit: 'pct', doc: 'least share of a call delivered when half of it is due' },
    { id: 'share-full', unit: 'pct', doc: 'least share of a call delivered when all of it is due' },
    { id: 'tracking-error', unit: 'pct', doc: 'drawn minus called power once all is due, root mean square' },
  ],
  evaluate: (run, part) =>
    balancingFigures(run, {
      base_pct: numberOf(part, 'base_pct'),
      depth_pct: numberOf(part, 'depth_pct'),
      half_s: numberOf(part, 'half_s'),
      full_s: numberOf(part, 'full_s'),
      least_pct: numberOf(part, 'least_pct'),
      calls: stepsOf(run, part, 'call'),
    }),
});
