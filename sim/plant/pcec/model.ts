import { plantOfSize } from '../alkaline/scale.ts';
import { AC_DECLARED } from '../electrolyser/ac-side.ts';
import { ELECTROLYSER_ACTUATORS } from '../electrolyser/actuators.ts';
import {
  type ChemistryRigOptions,
  type ElectrolyserRig,
  electrolyserRig,
  type OwnParts,
} from '../electrolyser/rig.ts';
import { AGEING_CLASSES, ageingDeclared } from '../parts/ageing-classes.ts';
import {
  AMBIENT_BARA,
  FARADAY_C_PER_MOL,
  MOLAR_VOLUME_NL_PER_MOL,
  TRACE_BAR,
  ZERO_DEGC_K,
} from '../parts/constants.ts';
import { declare, declaredValues } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel, PlantSubject } from '../parts/model.ts';
import { analog } from '../parts/sensors.ts';
import { type ProtonicMembrane, protonicPoint, protonicState, VOLLESTAD_2019 } from './cell.ts';
import { type ProtonicElectrolysis, protonicElectrolysis } from './electrolysis.ts';

const SET = 'vollestad-2019';
const VOLLESTAD =
  'Vollestad et al., Nature Materials 18 (2019) 752, as in the ProtonicMembrane model of BattMo';

/** A laboratory stack of 10 cells of 100 cm2 at 0.5 A/cm2. Basis default. */
export const PCEC_SUBJECT: PlantSubject = { cells: 10, activeArea_cm2: 100, currentNominal_A: 50 };

const DECLARED: readonly DeclaredParameter[] = [
  declare('thickness_um', 22, [3, 200], 1, 'sourced', VOLLESTAD),
  declare('anode_1', 1, [0.01, 100], 0.2, 'sourced', `factor on the anode's charge transfer of ${VOLLESTAD}`),
  declare('cathode_Ohm_cm2', 0.01, [0, 1], 0.005, 'sourced', VOLLESTAD),
  declare('hole_1', 1, [0, 100], 0.2, 'sourced', `factor on the conductivity by holes of ${VOLLESTAD}`),
  declare('steam_frac', 0.5, [0.05, 0.95], 0.01, 'sourced', `in the anode feed; ${VOLLESTAD}`),
  declare('oxygen_frac', 0.2, [0.01, 1], 0.01, 'sourced', `in the rest of the anode feed; ${VOLLESTAD}`),
  declare('doubleLayer_F_per_cm2', 0.05, [1e-4, 10], 0.03, 'default', 'electrodes and their intermediates'),
  declare('steamExcess_1', 3, [1, 100], 0, 'default', 'steam fed at the start over that of nominal load'),
  declare('gasVolume_L_per_kA', 4, [0.1, 100], 0.5, 'default', 'chosen here'),
  declare('heatCapacity_kJ_per_K_kW', 30, [1, 500], 10, 'default', 'stack in its furnace; chosen here'),
  declare('cooling_h', 6, [0.5, 100], 2, 'default', 'furnace shut; chosen here'),
  ...ageingDeclared(AGEING_CLASSES.protonCeramic),
  declare('perStop_uV', 50, [0, 5000], 50, 'default', 'chosen here'),
  ...AC_DECLARED,
];

type PcecValues = Readonly<
  Record<
    | 'thickness_um'
    | 'anode_1'
    | 'cathode_Ohm_cm2'
    | 'hole_1'
    | 'steam_frac'
    | 'oxygen_frac'
    | 'doubleLayer_F_per_cm2'
    | 'steamExcess_1'
    | 'gasVolume_L_per_kA'
    | 'heatCapacity_kJ_per_K_kW'
    | 'cooling_h'
    | 'ageing_uV_per_h'
    | 'ageingOhmicShare_frac'
    | 'ageingTransportShare_frac'
    | 'perStop_uV',
    number
  >
>;

function membraneOf(values: PcecValues): ProtonicMembrane {
  return {
    ...VOLLESTAD_2019,
    thickness_cm: values.thickness_um * 1e-4,
    anodePrefactor_Ohm_cm2: VOLLESTAD_2019.anodePrefactor_Ohm_cm2 * values.anode_1,
    cathode_Ohm_cm2: values.cathode_Ohm_cm2,
    holePrefactor: VOLLESTAD_2019.holePrefactor * values.hole_1,
    steam_frac: values.steam_frac,
    oxygen_frac: values.oxygen_frac,
  };
}

/**
 * Proton-ceramic stack in a furnace, steam feed, pressurised dry H2. `water.pumpSet_on` switches the furnace,
 * `stack.temperatureSet_degC` is its setpoint (20..650); starts cold.
 */
export function createPcecRig(options: ChemistryRigOptions): ElectrolyserRig {
  const subject = options.subject ?? PCEC_SUBJECT;
  const values: PcecValues = declaredValues(DECLARED, options.parameters ?? {});
  const nominalCell_V = 1.3;
  const power_kW = (subject.cells * subject.currentNominal_A * nominalCell_V) / 1000;
  const base = plantOfSize({
    subject,
    nominalCell_V,
    cathodeVolume_L_per_kA: values.gasVolume_L_per_kA,
    anodeVolume_L_per_kA: values.gasVolume_L_per_kA,
    heatCapacity_kJ_per_K_kW: values.heatCapacity_kJ_per_K_kW,
    cooling_h: values.cooling_h,
    // Radiation and air between furnace and stack, as the water flow that would carry as much.
    loopFlow_L_per_min: 2.2 * power_kW,
    heater_frac: 2,
    cooler_frac: 0.5,
    ac: values,
  });
  const electrolysis = protonicElectrolysis(
    membraneOf(values),
    subject.cells * subject.activeArea_cm2,
    values.doubleLayer_F_per_cm2,
    ELECTROLYSER_ACTUATORS.length,
  );
  const nominal_mol_per_s = (subject.cells * subject.currentNominal_A) / (2 * FARADAY_C_PER_MOL);
  const steam_NL_per_min = values.steamExcess_1 * nominal_mol_per_s * 60 * MOLAR_VOLUME_NL_PER_MOL;
  return electrolyserRig(
    {
      ...base,
      validity: { degC: [400, 600], bara: [1, 30] },
      temperatureSetMin_degC: 20,
      temperatureSetMax_degC: 650,
      anodeOutlet: 'follows',
      // Sweep air and the N2 of the vent line: a side that burns its H2 stays at ambient pressure. Default.
      kept_mol_per_s_bar: base.anodeVent_mol_per_s_bar,
      cathodeWater_mol_per_mol: 0,
      // Hot gas and, at the anode, steam beside each mole of O2: the pressure answers four times as strongly.
      backPressure: { ...base.backPressure, gain: base.backPressure.gain / 4 },
      ageing: {
        ...base.ageing,
        ohmicShare_frac: values.ageingOhmicShare_frac,
        transportShare_frac: values.ageingTransportShare_frac,
        irreversible_uV_per_h: values.ageing_uV_per_h,
        perStop_uV: values.perStop_uV,
        reference_degC: 550,
      },
      step_s: 1,
      ...options.plant,
    },
    electrolysis.cell,
    electrolysis.crossover,
    steamParts(electrolysis, steam_NL_per_min),
    options.random,
  );
}

/** Actuators, disturbances, sensors and truths of steam and furnace. */
function steamParts({ cell, steam }: ProtonicElectrolysis, start_NL_per_min: number): OwnParts {
  return {
    actuators: [['steam.flowSet_NL_per_min', start_NL_per_min]],
    disturbances: ['steam.lost_pct'],
    sensors: [
      analog('steam.flow_NL_per_min', 0.01 * start_NL_per_min, 5e-3, 0.005 * start_NL_per_min, 1000, 0),
      analog('steam.utilisation_pct', 0.5, 0, 0.1, 10, 0),
      analog('furnace.temperature_degC', 1.5, 2e-3, 0.1, 10),
    ],
    fill(values, first, plant) {
      values[first] = steam.fed_mol_per_s * 60 * MOLAR_VOLUME_NL_PER_MOL;
      values[first + 1] = 100 * steam.used_frac;
      values[first + 2] = plant.thermal.loop_degC;
    },
    truths: {
      'stack.faradaic_frac': plant => cell.faradaic_frac(plant.conditions.density_A_per_cm2),
      'steam.used_frac': () => steam.used_frac,
    },
  };
}

/** Proton-ceramic electrolyser with electronic leakage. */
export const PCEC_MODEL: PlantModel = {
  name: 'pcec',
  kind: 'stack',
  about:
    'Proton-ceramic cells after Vollestad et al. 2019 (one tubular cell, not the kind): protons and holes through one ' +
    'membrane, solved in closed form and tabulated over current, 350..630 degC and 0.8..33 bar; faradaic efficiency ' +
    'falls with temperature and above some 1.5 V, rises with steam; at rest the leakage burns H2. Furnace and steam ' +
    'feed; the anode follows the cathode pressure; the sweep gas fixes the oxygen at the anode and is not part of the ' +
    'gas balance. Starving of steam bends the curve up. Not modelled: temperature along the cell, seals, chemical ' +
    'expansion, the high-frequency resistance (most of the loss lies behind the double layer). 400..600 degC, 1..30 bar.',
  sets: [SET],
  parameters: set => declaredOf(set),
  create({ set, parameters, subject, random }) {
    declaredOf(set);
    return createPcecRig({ parameters, subject, random });
  },
  steadyCellVoltage_V(set, parameters, subject, point) {
    const membrane = membraneOf(declaredValues(declaredOf(set), parameters));
    const cathode_bara = Math.max(point.cathode_barg + AMBIENT_BARA, TRACE_BAR);
    const anode_bara = Math.max(point.anode_barg + AMBIENT_BARA, TRACE_BAR);
    const at = protonicPoint(membrane, point.temperature_degC + ZERO_DEGC_K, anode_bara);
    const asked = point.current_A / subject.activeArea_cm2;
    // Total current rises with the proton current.
    let low = -protonicState(membrane, at, 0).leakage_A_per_cm2;
    let high = membrane.anodeLimitForward_A_per_cm2;
    for (let k = 0; k < 40; k++) {
      const middle = (low + high) / 2;
      if (middle + protonicState(membrane, at, middle).leakage_A_per_cm2 < asked) low = middle;
      else high = middle;
    }
    const cathode_V = Math.log(cathode_bara / anode_bara) / (2 * at.f_per_V);
    return protonicState(membrane, at, high).voltage_V + cathode_V;
  },
};

function declaredOf(set: string): readonly DeclaredParameter[] {
  if (set !== SET) throw new RangeError(`no proton-ceramic set "${set}"; there is: ${SET}`);
  return DECLARED;
}
