import { CHAYAMBUKA2022 } from '../battery-sets/chayambuka2022.ts';
import { type CellKind, cellPlant } from '../cell/plant.ts';
import { ageingCell, ageingDeclared, freshCell, POROUS_SETS, wearOf } from '../cell/spme.ts';
import { dfn } from '../dfn/model.ts';
import type { PlantModel } from '../parts/model.ts';
import { FAST_MESH } from '../spme/mesh.ts';
import type { SpmeParameters } from '../spme/parameters.ts';
import { handOver } from './model.ts';

const KIND: Omit<CellKind<SpmeParameters>, 'sets'> = {
  name: 'spme-dfn',
  about:
    'spme as long as the single particle holds; where the salt at a collector falls below 30 % of its start it hands the ' +
    'cell over to dfn (cell.handedOver_on), and takes it back after a rest. Lithium and salt go over to rounding, the ' +
    'voltage without a jump: what the two differ by fades within a minute. Film and metal do not grow meanwhile. ' +
    'As fast as spme but for the time that dfn works, which takes ten times as long.',
  declared: ageingDeclared,
  limits_V: set => [set.lower_V, set.upper_V],
  model: (set, figures) => {
    const start = {
      soc_frac: figures['startSoc_frac'],
      temperature_degC: figures['start_degC'],
      isLumped: true,
      mesh: FAST_MESH,
    };
    const wear = wearOf(figures);
    const porous = dfn(freshCell(set, figures, wear), start);
    return handOver(ageingCell(set, figures, wear), porous, set.nominal_Ah);
  },
};

/** Single particle and porous electrodes in turns, of these cells. */
export function spmeDfnPlant(sets: readonly SpmeParameters[]): PlantModel {
  return cellPlant({ ...KIND, sets });
}

/** Those of the cells that the project knows, but for the sodium-ion cell: its thick electrodes are dfn's at any rate. */
export const SPME_DFN_MODEL: PlantModel = spmeDfnPlant(POROUS_SETS.filter(set => set !== CHAYAMBUKA2022));
