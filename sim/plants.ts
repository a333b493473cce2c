import { nearest } from '../drivers/contract/explain.ts';
import { bpxCell } from './own-cell/bpx.ts';
import { circuitCell } from './own-cell/circuit-schema.ts';
import type { OwnCell } from './own-cell/own-cell.ts';
import { AEM_MODEL } from './plant/aem/model.ts';
import { ALKALINE_MODEL } from './plant/alkaline/model.ts';
import { ASSB_MODEL } from './plant/assb/model.ts';
import { SPME_MODEL, spmePlant } from './plant/cell/spme.ts';
import { DFN_MODEL, dfnPlant } from './plant/dfn/plant.ts';
import { ECM_MODEL, ecmPlant } from './plant/ecm/model.ts';
import { EMF_MODEL } from './plant/emf/model.ts';
import { GAS_MIX_MODEL } from './plant/gas-mix/model.ts';
import { SPME_DFN_MODEL, spmeDfnPlant } from './plant/hand-over/plant.ts';
import { HYDRIDE_MODEL } from './plant/hydride/model.ts';
import { LITHIUM_METAL_MODEL } from './plant/li-metal/model.ts';
import { LI_S_MODEL } from './plant/li-s/model.ts';
import type { PlantModel } from './plant/parts/model.ts';
import { PCEC_MODEL } from './plant/pcec/model.ts';
import { PELLET_MODEL } from './plant/pellet/model.ts';
import { PEM_MODEL } from './plant/pem/model.ts';
import { PEM_FC_MODEL } from './plant/pem-fc/model.ts';

/** Every plant that a bench file may name as its twin: the only list. */
export const PLANTS: readonly PlantModel[] = [
  PEM_MODEL,
  ALKALINE_MODEL,
  AEM_MODEL,
  PCEC_MODEL,
  SPME_MODEL,
  DFN_MODEL,
  SPME_DFN_MODEL,
  ECM_MODEL,
  LI_S_MODEL,
  ASSB_MODEL,
  LITHIUM_METAL_MODEL,
  PELLET_MODEL,
  EMF_MODEL,
  PEM_FC_MODEL,
  HYDRIDE_MODEL,
  GAS_MIX_MODEL,
];

/**
 * The plant of this name.
 * @throws RangeError with the nearest name and all others.
 */
export function findPlant(name: string): PlantModel {
  const found = PLANTS.find(plant => plant.name === name);
  if (found !== undefined) return found;
  const names = PLANTS.map(plant => plant.name);
  const near = nearest(name, names);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  throw new RangeError(`no plant "${name}"${hint}, expected one of ${names.join(', ')}`);
}

/** Plants that a BPX file makes: particles and electrolyte. */
const OF_BPX = { spme: spmePlant, dfn: dfnPlant, 'spme-dfn': spmeDfnPlant } as const;

/**
 * The plant of this name for a cell of the user's own, its one set called `own`.
 * @throws RangeError if that plant is not made from such a file
 */
export function ownPlant(name: string, cell: OwnCell): PlantModel {
  if (cell.kind === 'circuit') {
    if (name === ECM_MODEL.name) return ecmPlant([circuitCell(cell.data, cell.file)]);
    throw new RangeError(`plant ${name} is not made from a circuit (${cell.file}), expected plant ecm`);
  }
  const make = Object.hasOwn(OF_BPX, name) ? OF_BPX[name as keyof typeof OF_BPX] : undefined;
  if (make === undefined)
    throw new RangeError(
      `plant ${name} is not made from a BPX file (${cell.file}), expected ${Object.keys(OF_BPX).join(' or ')}`,
    );
  return make([bpxCell(cell.data, cell.file)]);
}

/** The plant that a choice names: of its own cell if it has one. @throws RangeError as `findPlant`, `ownPlant` */
export function plantFor(choice: {
  readonly plant: string;
  readonly cell?: OwnCell | undefined;
}): PlantModel {
  return choice.cell === undefined ? findPlant(choice.plant) : ownPlant(choice.plant, choice.cell);
}
