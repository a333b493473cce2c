import { responseFigures } from '../../../../stack/response.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** How fast the load follows a step. */
export const reactivity = ofStack({
  method: 'reactivity',
  figures: [
    { id: 'dead-time', unit: 's', doc: 'from the step to the first 5 % of the way, mean' },
    { id: 't90', unit: 's', doc: 'from the step to 90 % of the way, mean' },
    {
      id: 'settling-time',
      unit: 's',
      doc: 'from the step until the current stays within 2 % of the way, mean',
    },
    { id: 'overshoot', unit: 'pct', doc: 'largest reading beyond the end of the way, mean' },
  ],
  evaluate: (run, part) => responseFigures(run, [...stepsOf(run, part, 'up'), ...stepsOf(run, part, 'down')]),
});
