import { type ElectrolyserRig, electrolyserRig, NOTHING_OWN } from '../electrolyser/rig.ts';
import { membraneCrossover } from '../parts/crossover.ts';
import type { PlantRandom } from '../parts/sensors.ts';
import { pemElectrolysis } from './electrolysis.ts';
import { PEM_500_KW, type PemPlantParameters } from './pem-500kw.ts';

/** What to change of the 500 kW rig (each parameter has its default there), and where chance comes from. */
export interface PemRigOptions extends Partial<PemPlantParameters> {
  /** Seeded: draws the spread of the cells and the errors and noise of the sensors. */
  readonly random: PlantRandom;
}

/** A PEM rig and what it was made from. */
export interface PemRig extends ElectrolyserRig {
  readonly parameters: PemPlantParameters;
}

/** PEM stack, balance of plant and sensors of a 500 kW class bench. Starts cold, vented, filled with air. */
export function createPemRig(options: PemRigOptions): PemRig {
  const { random, ...overrides } = options;
  const parameters: PemPlantParameters = { ...PEM_500_KW, ...overrides };
  const rig = electrolyserRig(
    parameters,
    pemElectrolysis(parameters.cell, parameters.doubleLayer_F_per_cm2, parameters.membrane.thickness_cm),
    membraneCrossover(parameters.membrane),
    NOTHING_OWN,
    random,
  );
  // Not a spread: `time_s` is read through.
  return Object.assign(rig, { parameters });
}
