import { purgeFigures } from '../../../../stack/purity.ts';
import { defineEvaluation } from '../../evaluation.ts';

/** What a purge has left. */
export const purge = defineEvaluation({
  method: 'purge',
  figures: [
    { id: 'purge-o2-in-cathode', unit: 'vol_pct', doc: 'largest O2 in the cathode gas of the last 30 s' },
    { id: 'purge-h2-in-anode', unit: 'vol_pct', doc: 'largest H2 in the anode gas of the last 30 s' },
  ],
  evaluate: purgeFigures,
});
