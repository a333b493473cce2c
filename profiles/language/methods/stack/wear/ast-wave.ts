import { waveFigures } from '../../../../stack/wear.ts';
import { CHANGE_OF_HFR, changeOfHfr } from '../../spectra/change-of-hfr.ts';
import { ofStack } from '../of-stack.ts';

/** What waves of the voltage cost. */
export const astWave = ofStack({
  method: 'ast-wave',
  bearsThinning: true,
  figures: [
    { id: 'change-low', unit: 'mV', doc: 'last minus first curve at the lowest common current' },
    { id: 'change-high', unit: 'mV', doc: 'last minus first curve at the highest common current' },
    CHANGE_OF_HFR,
  ],
  evaluate: (run, part) => {
    const { activeArea_cm2, cells } = run.stack;
    const by = { unit: CHANGE_OF_HFR.unit, factor: (1000 * activeArea_cm2) / cells };
    return [...waveFigures(run, part), changeOfHfr(run, part, by)];
  },
});
