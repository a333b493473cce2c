import type { ElectrolyserPlant } from '../electrolyser/plant.ts';
import { type ElectrolyserRig, electrolyserRig, NOTHING_OWN } from '../electrolyser/rig.ts';
import { h2InO2_vol_pct, MOST_H2_SUPERSATURATION, membraneCrossover } from '../parts/crossover.ts';
import type { PlantRandom } from '../parts/sensors.ts';
import { pemElectrolysis } from './electrolysis.ts';
import type { MembraneParameters } from './parameters.ts';
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

/**
 * H2 in O2 that this load, temperature and pressure would settle to with the most supersaturation published, vol%; 0 at rest.
 * The plant's own content is that of the membrane's figure, near ambient pressure the lower bound.
 */
function upperBoundOf(membrane: MembraneParameters): (plant: ElectrolyserPlant) => number {
  const most = {
    ...membrane,
    h2Supersaturation: Math.max(membrane.h2Supersaturation, MOST_H2_SUPERSATURATION),
  };
  return ({ conditions: at }) =>
    at.density_A_per_cm2 > 0
      ? h2InO2_vol_pct(most, at.temperature_K, at.density_A_per_cm2, at.cathodeH2_bar, at.anodeO2_bar)
      : 0;
}

/** PEM stack, balance of plant and sensors of a 500 kW class bench. Starts cold, vented, filled with air. */
export function createPemRig(options: PemRigOptions): PemRig {
  const { random, ...overrides } = options;
  const parameters: PemPlantParameters = { ...PEM_500_KW, ...overrides };
  const rig = electrolyserRig(
    parameters,
    pemElectrolysis(parameters.cell, parameters.doubleLayer_F_per_cm2, parameters.membrane.thickness_cm),
    membraneCrossover(parameters.membrane),
    { ...NOTHING_OWN, truths: { 'o2.h2UpperBound_vol_pct': upperBoundOf(parameters.membrane) } },
    random,
  );
  // Not a spread: `time_s` is read through.
  return Object.assign(rig, { parameters });
}
