import { conditioningFigures } from '../../../../stack/conditioned.ts';
import { numberOf, stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What conditioning at constant voltage brought. */
export const conditioning = ofStack({
  method: 'conditioning',
  figures: [
    { id: 'current-gain', unit: 'pct', doc: 'current of the last window over that of the first, less one' },
    { id: 'conditioning-time', unit: 'h', doc: 'time at the voltage' },
  ],
  evaluate: (run, part) =>
    conditioningFigures(run, stepsOf(run, part, 'hold').at(-1), numberOf(part, 'window_min') * 60),
});
