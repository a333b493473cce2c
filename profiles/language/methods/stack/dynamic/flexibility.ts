import { timeToLoad } from '../../../../stack/response.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** How long the way from part load to the nominal load takes. */
export const flexibility = ofStack({
  method: 'flexibility',
  figures: [
    {
      id: 'time-to-nominal',
      unit: 's',
      doc: 'from the begin of the way up from a part load to the first reading of at least 98 % of the nominal load, mean',
    },
  ],
  evaluate: (run, part) => [timeToLoad(run, stepsOf(run, part, 'rise'), 100)],
});
