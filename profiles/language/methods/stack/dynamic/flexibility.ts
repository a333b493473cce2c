import { timeToLoad } from '../../../../stack/response.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** How long the way from part load to the nominal load takes. */
export const flexibility = ofStack({
  method: 'flexibility',
  figures: [{ id: 'time-to-nominal', unit: 's', doc: 'way up from part loads to the nominal load, mean' }],
  evaluate: (run, part) => [timeToLoad(run, stepsOf(run, part, 'rise'))],
});
