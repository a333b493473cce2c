import { waveFigures } from '../../../../stack/wear.ts';
import { ofStack } from '../of-stack.ts';

/** What waves of the voltage cost. */
export const astWave = ofStack({
  method: 'ast-wave',
  bearsThinning: true,
  figures: [
    { id: 'change-low', unit: 'mV', doc: 'last minus first curve at the lowest common current' },
    { id: 'change-high', unit: 'mV', doc: 'last minus first curve at the highest common current' },
  ],
  evaluate: waveFigures,
});
