import { AGEING } from '../parts/ageing.ts';
import { AGEING_CLASSES } from '../parts/ageing-classes.ts';
import type { PlantSubject } from '../parts/model.ts';
import {
  BENDER_N117_60,
  BENDER_N117_80,
  BERNT_N212_HIGH_80,
  BERNT_N212_LOW_80,
  type CellParameters,
  GINER_46_KW,
  IRRU_AQUIVION,
  type MembraneParameters,
  NREL_LIKE,
  nafion,
} from './parameters.ts';
import { PEM_500_KW, type PemPlantParameters } from './pem-500kw.ts';
import { plantForStack } from './scale.ts';

const N117 = nafion('Nafion 117, wet', 0.02);
const N212 = nafion('Nafion 212, wet', 0.0065);

/** Laboratory cell; its balance of plant is the 500 kW bench made small. Area and 2 A/cm2 recalled or chosen here. */
function laboratory(
  cell: CellParameters,
  membrane: MembraneParameters,
  activeArea_cm2: number,
): PemPlantParameters {
  return {
    ...stack(cell, membrane, { cells: 1, activeArea_cm2, currentNominal_A: 2 * activeArea_cm2 }),
    ageing: AGEING,
    ageingClass: AGEING_CLASSES.laboratoryPem,
  };
}

function stack(
  cell: CellParameters,
  membrane: MembraneParameters,
  subject: PlantSubject,
): PemPlantParameters {
  return { ...plantForStack(PEM_500_KW, subject), cell, membrane, validity: { degC: cell.valid_degC } };
}

const GINER = stack(GINER_46_KW, N117, { cells: 60, activeArea_cm2: 290, currentNominal_A: 400 });
const NREL = stack(NREL_LIKE, nafion('0.03 cm', 0.03), {
  cells: 100,
  activeArea_cm2: 1000,
  currentNominal_A: 2000,
});

/** The parameter sets of PEM plants, each for the stack that it is known for; the first is the default. */
export const PEM_SETS: Readonly<Record<string, PemPlantParameters>> = {
  'irox-n115-500kw': PEM_500_KW,
  // Heat capacity, losses, pump and cooler as published with the stack (Espinosa-Lopez 2018); the split of the
  // capacity between stack and loop is that of the 500 kW bench.
  'giner-46kw': {
    ...GINER,
    validity: { ...GINER.validity, bara: [15, 35] },
    thermal: {
      ...GINER.thermal,
      stackCapacity_J_per_K: 0.45 * 162_116,
      loopCapacity_J_per_K: 0.55 * 162_116,
      lossResistance_K_per_W: 0.0668,
      pumpFlow_L_per_min: 140,
      coolerMax_W: 6911,
    },
  },
  // Its high voltage needs more power than a stack of this size usually has.
  'nrel-like': { ...NREL, supply: { ...NREL.supply, powerRating_W: 600_000 }, dryerLoss_frac: 0.065 },
  'irru-aquivion': laboratory(IRRU_AQUIVION, nafion('Aquivion 120 um', 0.012), 25),
  'bender-n117-60': { ...laboratory(BENDER_N117_60, N117, 25), startTemperature_degC: 60 },
  'bender-n117-80': { ...laboratory(BENDER_N117_80, N117, 25), startTemperature_degC: 80 },
  'bernt-n212-1.62mg-80': { ...laboratory(BERNT_N212_HIGH_80, N212, 5), startTemperature_degC: 80 },
  'bernt-n212-0.2mg-80': { ...laboratory(BERNT_N212_LOW_80, N212, 5), startTemperature_degC: 80 },
};
