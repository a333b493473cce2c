import { emfFigures } from '../../../../stack/emf.ts';
import { ofStack } from '../of-stack.ts';

/** Open-circuit voltage of a proton-ceramic cell between two gases. */
export const emf = ofStack({
  method: 'emf',
  figures: [{ id: 'emf', unit: 'V', doc: 'mean open-circuit voltage of a cell at the last steam content' }],
  evaluate: emfFigures,
});
