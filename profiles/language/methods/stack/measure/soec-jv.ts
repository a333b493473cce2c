import { rampFigures } from '../../../../stack/hot-ramp.ts';
import { faradaicFigures } from '../../../../stack/hydrogen.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** Current and voltage of a hot cell. */
export const soecJv = ofStack({
  method: 'soec-jv',
  figures: [
    {
      id: 'asr',
      unit: 'mOhm.cm2',
      doc: 'slope of the cell voltage over the upper half of the way up and down',
    },
    {
      id: 'faradaic-top',
      unit: 'pct',
      doc: 'hydrogen measured over hydrogen by charge, at the highest load',
    },
    { id: 'faradaic-lowest', unit: 'pct', doc: 'the same at the lowest load' },
  ],
  evaluate: (run, part) => [
    rampFigures(run, [...stepsOf(run, part, 'rise'), ...stepsOf(run, part, 'fall')]),
    // At constant pressure: nothing is stored.
    ...faradaicFigures(run, part, 0),
  ],
});
