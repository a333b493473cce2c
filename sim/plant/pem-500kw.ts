import { AGEING, type AgeingParameters } from './ageing.ts';
import { ANALYSER, type AnalyserParameters } from './analyser.ts';
import { BACK_PRESSURE, type BackPressureParameters } from './back-pressure.ts';
import { type CellParameters, IROX_N115, type MembraneParameters, N115_MEMBRANE } from './pem-parameters.ts';
import { SUPPLY, type SupplyParameters } from './supply.ts';
import { THERMAL, type ThermalParameters } from './thermal.ts';

/** Everything about the plant that can be chosen; see `PEM_500_KW` for the figures and their basis. */
export interface PemPlantParameters {
  readonly cells: number;
  readonly activeArea_cm2: number;
  readonly currentNominal_A: number;
  readonly startTemperature_degC: number;
  readonly roomTemperature_degC: number;
  readonly cell: CellParameters;
  readonly membrane: MembraneParameters;
  /** 20..60 mF/cm2 for 1..2 mg Ir/cm2 (recalled). */
  readonly doubleLayer_F_per_cm2: number;
  /**
   * Gas space of stack, separator and pipe. Cathode 250 L: with 135 cells at 2000 A closed in that is 0.15 bar/s,
   * the order of a 100-cell stack on 200 L (0.144 bar/s). Anode 80 L: smaller, because it is never pressurised by
   * its own gas and a small volume is swept sooner. Basis default.
   */
  readonly cathodeVolume_L: number;
  readonly anodeVolume_L: number;
  /** Leak to the room of each side together at `leakAt_barg`, in NL/min of the gas inside. Basis default. */
  readonly leak_NL_per_min: number;
  readonly leakAt_barg: number;
  /** Part of the product that the dryer uses up before the flow meter (PSA dryers: 0.065, NREL 2023). */
  readonly dryerLoss_frac: number;
  readonly backPressure: BackPressureParameters;
  /** Conductances, mol/(s bar), choked. */
  readonly anodeVent: number;
  readonly cathodePurge: number;
  readonly n2Cathode: number;
  readonly n2Anode: number;
  readonly n2MaxFlow_mol_per_s: number;
  readonly n2Lag_s: number;
  readonly supply: SupplyParameters;
  readonly thermal: ThermalParameters;
  readonly ageing: AgeingParameters;
  readonly analyser: AnalyserParameters;
  readonly flowMeterLag_s: number;
  readonly temperatureSensorLag_s: number;
  /** Standard deviation from cell to cell of overvoltage, resistance (parts) and ageing. */
  readonly activationSpread_frac: number;
  readonly resistanceSpread_frac: number;
  readonly ageingSpread_frac: number;
  /** Longest step of the plant, on a fixed grid; results do not depend on how `advanceTo` is called. */
  readonly step_s: number;
}

/** 135 cells x 1000 cm2: at 2000 A and 60 degC 1.87 V a cell, 253 V, 506 kW. */
export const PEM_500_KW: PemPlantParameters = {
  cells: 135,
  activeArea_cm2: 1000,
  currentNominal_A: 2000,
  startTemperature_degC: 20,
  roomTemperature_degC: 20,
  cell: IROX_N115,
  membrane: N115_MEMBRANE,
  doubleLayer_F_per_cm2: 0.04,
  cathodeVolume_L: 250,
  anodeVolume_L: 80,
  leak_NL_per_min: 0.02,
  leakAt_barg: 33,
  dryerLoss_frac: 0,
  backPressure: BACK_PRESSURE,
  anodeVent: 2,
  cathodePurge: 0.15,
  // In proportion to the volumes, the cathode a little faster: filling never reverses the membrane difference.
  n2Cathode: 0.06,
  n2Anode: 0.0175,
  n2MaxFlow_mol_per_s: 1.5,
  n2Lag_s: 2,
  supply: SUPPLY,
  thermal: THERMAL,
  ageing: AGEING,
  analyser: ANALYSER,
  flowMeterLag_s: 1.5,
  temperatureSensorLag_s: 4,
  activationSpread_frac: 0.01,
  resistanceSpread_frac: 0.015,
  ageingSpread_frac: 0.2,
  step_s: 0.5,
};
