import { nearest } from '../drivers/contract/explain.ts';
import { AEM_MODEL } from './plant/aem/model.ts';
import { ALKALINE_MODEL } from './plant/alkaline/model.ts';
import { ASSB_MODEL } from './plant/assb/model.ts';
import { SPME_MODEL } from './plant/cell/spme.ts';
import { DFN_MODEL } from './plant/dfn/plant.ts';
import { ECM_MODEL } from './plant/ecm/model.ts';
import { LI_S_MODEL } from './plant/li-s/model.ts';
import type { PlantModel } from './plant/parts/model.ts';
import { PCEC_MODEL } from './plant/pcec/model.ts';
import { PEM_MODEL } from './plant/pem/model.ts';

/** Every plant that a bench file may name as its twin: the only list. */
export const PLANTS: readonly PlantModel[] = [
  PEM_MODEL,
  ALKALINE_MODEL,
  AEM_MODEL,
  PCEC_MODEL,
  SPME_MODEL,
  DFN_MODEL,
  ECM_MODEL,
  LI_S_MODEL,
  ASSB_MODEL,
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
