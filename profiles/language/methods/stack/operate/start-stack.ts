import { startFigures } from '../../../../stack/starting.ts';
import { numberOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** How long a start took. */
export const startStack = ofStack({
  method: 'start-stack',
  figures: [
    { id: 'time-to-load', unit: 's', doc: 'from the first current to 95 % of the load asked for' },
    { id: 'start-energy', unit: 'kWh', doc: 'DC energy from the first current to the end of the start' },
  ],
  evaluate: (run, part) => startFigures(run, part, numberOf(part, 'load_pct') / 100),
});
