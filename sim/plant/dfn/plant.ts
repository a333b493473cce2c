import { cellPlant } from '../cell/plant.ts';
import { freshCell, freshDeclared, POROUS_SETS } from '../cell/spme.ts';
import type { PlantModel } from '../parts/model.ts';
import { dfn } from './model.ts';

/** Porous-electrode models. */
export const DFN_MODEL: PlantModel = cellPlant({
  name: 'dfn',
  about:
    'Porous-electrode model (Doyle, Fuller and Newman 1993): as spme with the same parameter sets, but the current finds ' +
    'its way through the depth of both electrodes, so that it also holds for thick electrodes and high rates, and the ' +
    'plating reserve is that of the node at the separator. Ten times the work of spme. Not modelled: ageing, plating, ' +
    'entropic heat, hysteresis, cracks, gas.',
  sets: POROUS_SETS,
  declared: freshDeclared,
  limits_V: set => [set.lower_V, set.upper_V],
  model: (set, figures) =>
    dfn(freshCell(set, figures), {
      soc_frac: figures['startSoc_frac'],
      temperature_degC: figures['start_degC'],
      isLumped: true,
    }),
});
