import { wayOf } from '../../../../stack/gas/gas-renewal.ts';
import { crossoverFigures } from '../../../../stack/gas/permeation.ts';
import { ofStack } from '../of-stack.ts';

/** Hydrogen through the membrane. */
export const crossover = ofStack({
  method: 'crossover',
  figures: [
    { id: 'h2-in-o2', unit: 'vol_pct', doc: 'mean H2 in O2 at the lowest load' },
    { id: 'crossover', unit: 'mA/cm2', doc: 'hydrogen that leaves with the oxygen as a current density' },
  ],
  evaluate: (run, part) => crossoverFigures(run, part, wayOf(part)),
});
