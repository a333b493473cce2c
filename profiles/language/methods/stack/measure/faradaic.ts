import { faradaicFigures } from '../../../../stack/hydrogen.ts';
import { numberOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** Hydrogen against charge. */
export const faradaic = ofStack({
  method: 'faradaic',
  figures: [
    {
      id: 'faradaic-top',
      unit: 'pct',
      doc: 'hydrogen measured over hydrogen by charge, at the highest load',
    },
    { id: 'faradaic-lowest', unit: 'pct', doc: 'the same at the lowest load' },
  ],
  evaluate: (run, part) => faradaicFigures(run, part, numberOf(part, 'cathodeVolume_L')),
});
