import { plantOfSize } from '../alkaline/scale.ts';
import { AC_DECLARED } from '../electrolyser/ac-side.ts';
import {
  type ChemistryRigOptions,
  type ElectrolyserRig,
  electrolyserRig,
  NOTHING_OWN,
} from '../electrolyser/rig.ts';
import { AGEING_CLASSES, ageingDeclared } from '../parts/ageing-classes.ts';
import { arrhenius } from '../parts/arrhenius.ts';
import { membraneCrossover } from '../parts/crossover.ts';
import { declare, declaredValues } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel, PlantSubject } from '../parts/model.ts';
import { steadyWetCell_V } from '../pem/cell.ts';
import { pemElectrolysis } from '../pem/electrolysis.ts';
import type { CellParameters, MembraneParameters } from '../pem/parameters.ts';

const SET = 'enapter-class';
const REFERENCE_K = 328.15;
const NIBLETT = 'D. Niblett, electrolyser stack model (stack of 23 x 63.62 cm2, 35 bar, 2.3 kW)';
/** Wet membrane of the rated stack, cm, and its part of the resistance, Ohm cm2. */
const RATED_MEMBRANE_CM = 0.005;
const RATED_MEMBRANE_OHM_CM2 = 0.038;
const RATED = 'chosen here so that the stack has its rated 1.87 V at 0.84 A/cm2, 55 degC and 35 bar';

/** 23 cells of 63.62 cm2 at 0.84 A/cm2. */
export const AEM_SUBJECT: PlantSubject = { cells: 23, activeArea_cm2: 63.62, currentNominal_A: 53.4 };

const DECLARED: readonly DeclaredParameter[] = [
  declare('tafelSlope_V', 0.07, [0.02, 0.2], 0.01, 'sourced', `each electrode, per decade; ${NIBLETT}`),
  declare('exchange_mA_per_cm2', 0.55, [1e-4, 50], 0.3, 'sourced', `each electrode; ${NIBLETT}`),
  declare('asr_Ohm_cm2', 0.203, [0.02, 3], 0.03, 'default', `of which the membrane 0.038; ${RATED}`),
  declare('asrActivation_kJ_per_mol', 15, [0, 60], 5, 'default', 'between contacts (0) and membrane (22.5)'),
  declare('exchangeActivation_kJ_per_mol', 35, [0, 100], 10, 'default', 'of the order of nickel electrodes'),
  declare('doubleLayer_F_per_cm2', 0.02, [1e-4, 2], 0.01, 'default', 'chosen here'),
  declare('thickness_um', 50, [10, 300], 5, 'sourced', NIBLETT),
  declare(
    'h2Permeability_pmol_per_cm_s_bar',
    2,
    [0.01, 100],
    1,
    'default',
    'chosen so that 2 vol% H2 in O2 comes near the rated least load of 40 %',
  ),
  declare('gasVolume_L_per_kA', 1.5, [0.1, 50], 0.5, 'default', 'chosen here'),
  declare('heatCapacity_kJ_per_K_kW', 6.5, [0.5, 50], 2, 'default', 'stack and 3 L of loop; chosen here'),
  declare('cooling_h', 6.9, [0.2, 100], 2, 'sourced', `0.6 W/K of the pipes; ${NIBLETT}`),
  declare('dryerLoss_frac', 0.02, [0, 0.2], 0.01, 'default', 'with crossover the rated 500 NL/h'),
  ...ageingDeclared(AGEING_CLASSES.aem),
  declare('perStop_uV', 15, [0, 2000], 15, 'recalled', NIBLETT),
  ...AC_DECLARED,
];

type AemValues = Readonly<
  Record<
    | 'tafelSlope_V'
    | 'exchange_mA_per_cm2'
    | 'asr_Ohm_cm2'
    | 'asrActivation_kJ_per_mol'
    | 'exchangeActivation_kJ_per_mol'
    | 'doubleLayer_F_per_cm2'
    | 'thickness_um'
    | 'h2Permeability_pmol_per_cm_s_bar'
    | 'gasVolume_L_per_kA'
    | 'heatCapacity_kJ_per_K_kW'
    | 'cooling_h'
    | 'dryerLoss_frac'
    | 'ageing_uV_per_h'
    | 'ageingOhmicShare_frac'
    | 'ageingTransportShare_frac'
    | 'perStop_uV',
    number
  >
>;

/** Two equal electrodes in series are one of twice the slope. */
function cellOf(values: AemValues): CellParameters {
  return {
    name: 'anion exchange membrane, 1 % KOH',
    reference_K: REFERENCE_K,
    tafelSlope_V: 2 * values.tafelSlope_V,
    exchange_A_per_cm2: values.exchange_mA_per_cm2 / 1000,
    exchangeActivation_J_per_mol: 1000 * values.exchangeActivation_kJ_per_mol,
    asr_Ohm_cm2: values.asr_Ohm_cm2,
    asrActivation_J_per_mol: 1000 * values.asrActivation_kJ_per_mol,
    membrane_cm: RATED_MEMBRANE_CM,
    membraneConductivity_S_per_cm: temperature_K =>
      (RATED_MEMBRANE_CM / RATED_MEMBRANE_OHM_CM2) * arrhenius(22_500, REFERENCE_K, temperature_K),
    valid_degC: [45, 60],
    basis: 'recalled',
    source: NIBLETT,
  };
}

function membraneOf(values: AemValues): MembraneParameters {
  const h2Permeability = values.h2Permeability_pmol_per_cm_s_bar * 1e-12;
  return {
    name: 'anion exchange membrane, wet',
    thickness_cm: values.thickness_um * 1e-4,
    reference_K: REFERENCE_K,
    h2Permeability,
    // Half as mobile as H2 (recalled).
    o2Permeability: h2Permeability / 2,
    activation_J_per_mol: 20_000,
    h2Supersaturation: 1,
    o2Supersaturation: 1,
    anodeOxidised_frac: 0,
    cathodeRecombined_frac: 0,
    basis: 'default',
    source: 'chosen here',
  };
}

/** AEM stack with dry, pressurised cathode and a loop of weak lye through the anode. Starts cold and vented. */
export function createAemRig(options: ChemistryRigOptions): ElectrolyserRig {
  const subject = options.subject ?? AEM_SUBJECT;
  const values: AemValues = declaredValues(DECLARED, options.parameters ?? {});
  const base = plantOfSize({
    subject,
    nominalCell_V: 1.87,
    cathodeVolume_L_per_kA: values.gasVolume_L_per_kA,
    anodeVolume_L_per_kA: values.gasVolume_L_per_kA,
    heatCapacity_kJ_per_K_kW: values.heatCapacity_kJ_per_K_kW,
    cooling_h: values.cooling_h,
    // 4.2 L/min for 22 cells of 63.62 cm2, a heater of 135 W for 2.3 kW.
    loopFlow_L_per_min: (4.2 / 22 / 63.62) * subject.cells * subject.activeArea_cm2,
    heater_frac: 0.059,
    cooler_frac: 0.5,
    ac: values,
  });
  return electrolyserRig(
    {
      ...base,
      validity: { degC: [45, 60], bara: [1, 36] },
      temperatureSetMax_degC: 60,
      dryerLoss_frac: values.dryerLoss_frac,
      // Dry cathode: what comes through the membrane leaves as vapour.
      cathodeWater_mol_per_mol: 0,
      ageing: {
        ...base.ageing,
        ohmicShare_frac: values.ageingOhmicShare_frac,
        transportShare_frac: values.ageingTransportShare_frac,
        irreversible_uV_per_h: values.ageing_uV_per_h,
        perStop_uV: values.perStop_uV,
        reference_degC: 55,
      },
      step_s: 1,
      ...options.plant,
    },
    pemElectrolysis(cellOf(values), values.doubleLayer_F_per_cm2, values.thickness_um * 1e-4),
    membraneCrossover(membraneOf(values)),
    NOTHING_OWN,
    options.random,
  );
}

/** Small AEM electrolyser. No measured polarisation stands behind it. */
export const AEM_MODEL: PlantModel = {
  name: 'aem',
  kind: 'stack',
  about:
    'Model only, parameters recalled: no measured polarisation of an AEM stack was at hand. Two Tafel electrodes of ' +
    '70 mV per decade, resistance set so that the rated point (1.87 V at 0.84 A/cm2, 55 degC, 35 bar) is met, ' +
    'permeation of H2 against the rated least load, dry cathode at up to 35 bar, anode at ambient pressure with a lye ' +
    'loop. Not modelled: ageing of the ionomer with the strength of the lye, carbonation, drying of the cathode at ' +
    'high load. Usable for rehearsing methods at 45..60 degC, not for predicting a stack.',
  sets: [SET],
  parameters: set => declaredOf(set),
  create({ set, parameters, subject, random }) {
    declaredOf(set);
    return createAemRig({ parameters, subject, random });
  },
  steadyCellVoltage_V(set, parameters, subject, point) {
    const values: AemValues = declaredValues(declaredOf(set), parameters);
    return steadyWetCell_V(cellOf(values), subject.activeArea_cm2, point, values.thickness_um * 1e-4);
  },
};

function declaredOf(set: string): readonly DeclaredParameter[] {
  if (set !== SET) throw new RangeError(`no AEM set "${set}"; there is: ${SET}`);
  return DECLARED;
}
