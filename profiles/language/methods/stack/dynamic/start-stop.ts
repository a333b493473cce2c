import { timeToLoad } from '../../../../stack/response.ts';
import { startEnergy } from '../../../../stack/starts.ts';
import { numberOf, stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What starts cost. */
export const startStop = ofStack({
  method: 'start-stop',
  figures: [
    {
      id: 'time-to-nominal',
      unit: 's',
      doc: 'from the begin of a start to the first reading of at least 98 % of the load asked for, mean',
    },
    { id: 'energy-a-start', unit: 'kWh', doc: 'DC energy from the start until the load stands, mean' },
  ],
  evaluate(run, part) {
    const starts = stepsOf(run, part, 'start');
    return [timeToLoad(run, starts, numberOf(part, 'load_pct')), startEnergy(run, starts)];
  },
});
