import { stopFigures } from '../../../../stack/starting.ts';
import { ofStack } from '../of-stack.ts';

/** How clean the anode stayed while the load went off. */
export const stopStack = ofStack({
  method: 'stop-stack',
  figures: [
    { id: 'stop-h2-in-o2-max', unit: 'vol_pct', doc: 'largest H2 in the anode gas from the stop on' },
  ],
  evaluate: stopFigures,
});
