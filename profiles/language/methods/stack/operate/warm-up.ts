import { warmingFigures } from '../../../../stack/warming.ts';
import { defineEvaluation } from '../../evaluation.ts';

/** How fast a stack was heated. */
export const warmUp = defineEvaluation({
  method: 'warm-up',
  figures: [
    { id: 'heating-rate-max', unit: 'K/min', doc: 'fastest rise of the outlet temperature over 5 min' },
  ],
  evaluate: warmingFigures,
});
