import { coolingFigures } from '../../../../stack/warming.ts';
import { defineEvaluation } from '../../evaluation.ts';

/** How cold a stack was left. */
export const coolDown = defineEvaluation({
  method: 'cool-down',
  figures: [{ id: 'end-temperature', unit: 'degC', doc: 'mean outlet temperature of the last 30 s' }],
  evaluate: coolingFigures,
});
