import { type CellKind, cellPlant } from '../cell/plant.ts';
import { freshCell, freshDeclared, POROUS_SETS } from '../cell/spme.ts';
import type { PlantModel } from '../parts/model.ts';
import type { SpmeParameters } from '../spme/parameters.ts';
import { dfn } from './model.ts';

const KIND: Omit<CellKind<SpmeParameters>, 'sets'> = {
  name: 'dfn',
  about:
    'Porous-electrode model (Doyle, Fuller and Newman 1993): as spme with the same parameter sets, but the current finds ' +
    'its way through the depth of both electrodes, so that it also holds for thick electrodes and high rates, and the ' +
    'plating reserve is that of the node at the separator. Ten times the work of spme. Not modelled: ageing, plating, ' +
    'entropic heat, hysteresis, cracks, gas.',
  declared: freshDeclared,
  limits_V: set => [set.lower_V, set.upper_V],
  model: (set, figures) =>
    dfn(freshCell(set, figures), {
      soc_frac: figures['startSoc_frac'],
      temperature_degC: figures['start_degC'],
      isLumped: true,
    }),
};

/** Porous-electrode models of these cells. */
export function dfnPlant(sets: readonly SpmeParameters[]): PlantModel {
  return cellPlant({ ...KIND, sets });
}

/** Those of the cells that the project knows. */
export const DFN_MODEL: PlantModel = dfnPlant(POROUS_SETS);
