import { timeToLoad } from '../../../../stack/response.ts';
import { startEnergy } from '../../../../stack/starts.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What starts cost. */
export const startStop = ofStack({
  method: 'start-stop',
  figures: [
    { id: 'time-to-nominal', unit: 's', doc: 'from the start to the load asked for, mean' },
    { id: 'energy-a-start', unit: 'kWh', doc: 'DC energy from the start until the load stands, mean' },
  ],
  evaluate(run, part) {
    const starts = stepsOf(run, part, 'start');
    return [timeToLoad(run, starts), startEnergy(run, starts)];
  },
});
