import { cellPlant, positiveFigure } from '../cell/plant.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import { liS } from './li-s.ts';
import { type LiSParameters, MARINESCU_2016 } from './parameters.ts';

const HOLDER = { basis: 'default', source: 'pouch of about 50 g between clamps' } as const;

function declared(set: LiSParameters): readonly DeclaredParameter[] {
  const origin = { basis: 'sourced', source: set.source } as const;
  return [
    positiveFigure('sulfur_g', set.sulfur_g, 0.02, origin),
    positiveFigure('electrolyte_L', set.electrolyte_L, 0.05, origin),
    positiveFigure('area_m2', set.area_m2, 0.1, origin),
    positiveFigure('upperExchange_A_per_m2', set.upperExchange_A_per_m2, 0.5, origin),
    positiveFigure('lowerExchange_A_per_m2', set.lowerExchange_A_per_m2, 0.5, origin),
    positiveFigure('precipitation_per_s', set.precipitation_per_s, 0.5, origin),
    declare('shuttle_per_s', set.shuttle_per_s, [0, 1e-2], 1e-4, 'sourced', set.source),
    positiveFigure('cellHeat_J_per_K', set.heat.cell_J_per_K, 0.2, HOLDER),
    positiveFigure('holderToAir_W_per_K', set.heat.holderToAir_W_per_K, 0.3, HOLDER),
  ];
}

/** Lithium-sulphur. */
export const LI_S_MODEL: PlantModel = cellPlant({
  name: 'li-s',
  about:
    'Zero-dimensional lithium-sulphur cell (Marinescu 2016): two plateaus, precipitation of Li2S with its voltage dip, ' +
    'shuttle on charge. Starts full. Checked against ' +
    'an independent solution of the same equations, not against measurements. Not modelled: ohmic and transport losses ' +
    '(currents above 1C look too good), temperature of the kinetics, shuttle at rest, loss of sulphur for good, double layer.',
  sets: [MARINESCU_2016],
  declared,
  limits_V: set => [set.voltageMin_V, set.voltageMax_V],
  model: (set, figures) =>
    liS(
      {
        ...set,
        sulfur_g: figures['sulfur_g'],
        electrolyte_L: figures['electrolyte_L'],
        area_m2: figures['area_m2'],
        upperExchange_A_per_m2: figures['upperExchange_A_per_m2'],
        lowerExchange_A_per_m2: figures['lowerExchange_A_per_m2'],
        precipitation_per_s: figures['precipitation_per_s'],
        shuttle_per_s: figures['shuttle_per_s'],
        heat: {
          ...set.heat,
          cell_J_per_K: figures['cellHeat_J_per_K'],
          holderToAir_W_per_K: figures['holderToAir_W_per_K'],
        },
      },
      figures['start_degC'],
    ),
});
