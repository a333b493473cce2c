import { ELECTROLYSER_ACTUATORS } from '../electrolyser/actuators.ts';
import {
  type ChemistryRigOptions,
  type ElectrolyserRig,
  electrolyserRig,
  type OwnParts,
} from '../electrolyser/rig.ts';
import { declaredValues } from '../parts/declared.ts';
import type { PlantSubject } from '../parts/model.ts';
import { analog } from '../parts/sensors.ts';
import { type AlkalineValues, alkalineCurveOf, alkalineDeclared } from './declared.ts';
import {
  ALKALINE_ACTUATORS,
  ALKALINE_DISTURBANCES,
  type AlkalineElectrolysis,
  alkalineElectrolysis,
} from './electrolysis.ts';
import { kohConductivity_S_per_cm, lyeMolarity_mol_per_L } from './lye.ts';
import { plantOfSize } from './scale.ts';
import { ALKALINE_SETS, type AlkalineSet, alkalineSet } from './sets.ts';
import { type ShuntLadder, shuntLadder } from './shunt.ts';

/** Which alkaline rig to make. */
export interface AlkalineRigOptions extends ChemistryRigOptions {
  /** One of `ALKALINE_SETS`; the first if not said. */
  readonly set?: string;
}

/** Temperature at which the loss to the common lye is given. */
const NOMINAL_K = 343.15;

/** Alkaline stack, lye loop, separators and sensors. Starts cold, vented, filled with air, the lye pump off. */
export function createAlkalineRig(options: AlkalineRigOptions): ElectrolyserRig {
  const set = alkalineSet(options.set ?? ALKALINE_SETS[0].name);
  const subject = options.subject ?? set.subject;
  const values: AlkalineValues = declaredValues(alkalineDeclared(set), options.parameters ?? {});
  const lyeFlow_L_per_min = (values.lyeFlow_mL_per_min_cm2 * subject.cells * subject.activeArea_cm2) / 1000;
  const base = plantOfSize({
    subject,
    nominalCell_V: set.nominalCell_V,
    cathodeVolume_L_per_kA: values.gasVolume_L_per_kA,
    anodeVolume_L_per_kA: values.gasVolume_L_per_kA,
    heatCapacity_kJ_per_K_kW: values.heatCapacity_kJ_per_K_kW,
    cooling_h: values.cooling_h,
    loopFlow_L_per_min: lyeFlow_L_per_min,
    heater_frac: 0.15,
    cooler_frac: 0.6,
    coolsBoth: true,
    ac: values,
  });
  const electrolysis = alkalineElectrolysis(
    {
      cells: subject.cells,
      activeArea_cm2: subject.activeArea_cm2,
      curve: alkalineCurveOf(set, values),
      doubleLayer_F_per_cm2: values.doubleLayer_F_per_cm2,
      koh_frac: values.koh_frac,
      faradaic: set.faradaic,
      ladder: ladderOf(set, subject, values.koh_frac, values.shuntLoss_frac ?? 0),
      isPurityMeasured: set.isPurityMeasured,
      rest: {
        cells: subject.cells,
        storedCharge_C_per_cm2: values.storedCharge_C_per_cm2,
        reverse_A_per_cm2: values.reverse_mA_per_cm2 / 1000,
        tail_V: values.restTail_V,
      },
      crossover_1: values.crossover_1,
      diaphragm_mol_per_s_cm2_bar: values.diaphragm_nmol_per_s_cm2_bar * 1e-9,
      supersaturation_bar_cm2_per_A: values.supersaturation_bar_cm2_per_A,
      carriedWithLoad_frac: values.carriedWithLoad_frac,
      nominal_A_per_cm2: subject.currentNominal_A / subject.activeArea_cm2,
      lyeResidence_s: values.lyeResidence_s,
      lyeFlow_L_per_min,
    },
    ELECTROLYSER_ACTUATORS.length,
  );
  return electrolyserRig(
    {
      ...base,
      validity: { degC: set.curve.valid_degC, bara: set.valid_bara ?? set.curve.valid_bara },
      temperatureSetMax_degC: 95,
      anodeOutlet: 'follows',
      // The cathode side uses water up; what comes over with the gas is little. Default.
      cathodeWater_mol_per_mol: 0.05,
      // Cells some 3 mm deep on either side, half full of gas. Default.
      stackWater_mL_per_cm2: 0.3,
      ageing: {
        ...base.ageing,
        ohmicShare_frac: values.ageingOhmicShare_frac,
        transportShare_frac: values.ageingTransportShare_frac,
        irreversible_uV_per_h: values.ageing_uV_per_h,
        perStop_uV: values.perStop_uV,
        reference_degC: 70,
      },
      analyser: { ...base.analyser, lineDelay_s: values.analyserDelay_s },
      step_s: 1,
      ...options.plant,
    },
    electrolysis.cell,
    electrolysis.crossover,
    lyeParts(electrolysis),
    options.random,
  );
}

/** The ladder of this stack, scaled so that it loses the declared part of the nominal current. */
function ladderOf(
  set: AlkalineSet,
  subject: PlantSubject,
  koh_frac: number,
  shuntLoss_frac: number,
): ShuntLadder {
  // A manifold is some thousand times wider than a channel for its length (default); its absolute size follows.
  const shape = shuntLadder(subject.cells, { channel_per_cm: 1, manifold_per_cm: 1e-3, ladders: 1 });
  if (shape.meanBypass_cm === 0) return shape;
  const conductivity_S_per_cm = kohConductivity_S_per_cm(
    NOMINAL_K,
    lyeMolarity_mol_per_L(NOMINAL_K, koh_frac),
  );
  const scale =
    (shuntLoss_frac * subject.currentNominal_A) /
    (shape.meanBypass_cm * conductivity_S_per_cm * set.nominalCell_V);
  return {
    bypass_cm: shape.bypass_cm.map(bypass => bypass * scale),
    meanBypass_cm: shape.meanBypass_cm * scale,
  };
}

/** Actuators, disturbances, sensors and truths of the lye. */
function lyeParts({ cell, lye }: AlkalineElectrolysis): OwnParts {
  return {
    actuators: ALKALINE_ACTUATORS,
    disturbances: ALKALINE_DISTURBANCES,
    sensors: [
      analog('lye.flow_L_per_min', 0.02, 5e-3, 0.02, 100, 0),
      analog('lye.temperature_degC', 0.1, 0, 0.02, 100),
      analog('lye.level_pct', 0.5, 0, 0.1, 10, 0),
      analog('lye.concentration_pct', 0.2, 0, 0.02, 100, 0),
    ],
    fill(values, first, plant) {
      values[first] = plant.thermal.flow_L_per_min;
      values[first + 1] = plant.thermal.loop_degC;
      // Half full when nothing is lost.
      values[first + 2] = 50 * lye.left_frac;
      values[first + 3] = 100 * lye.koh_frac;
    },
    truths: {
      'stack.faradaic_frac': plant => cell.faradaic_frac(plant.conditions.density_A_per_cm2),
      'lye.conductivity_S_per_cm': () => lye.conductivity_S_per_cm,
      'lye.carriedH2_mol_per_s_cm2': () => lye.carried_mol_per_s_cm2,
    },
  };
}
