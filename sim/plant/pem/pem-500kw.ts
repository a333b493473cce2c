import { acSide } from '../electrolyser/ac-side.ts';
import type { ElectrolyserPlantParameters } from '../electrolyser/parameters.ts';
import { AGEING, ratesOf } from '../parts/ageing.ts';
import { AGEING_CLASSES, type AgeingClass } from '../parts/ageing-classes.ts';
import { ANALYSER } from '../parts/analyser.ts';
import { BACK_PRESSURE } from '../parts/back-pressure.ts';
import { SUPPLY } from '../parts/supply.ts';
import { THERMAL } from '../parts/thermal.ts';
import { type CellParameters, IROX_N115, type MembraneParameters, N115_MEMBRANE } from './parameters.ts';

/** A PEM plant: the generic plant with its cell and membrane; see `PEM_500_KW` for the figures and their basis. */
export interface PemPlantParameters extends ElectrolyserPlantParameters {
  readonly cell: CellParameters;
  readonly membrane: MembraneParameters;
  /** 20..60 mF/cm2 for 1..2 mg Ir/cm2 (recalled). */
  readonly doubleLayer_F_per_cm2: number;
  /** Kind of product whose rate `ageing` starts from. */
  readonly ageingClass: AgeingClass;
}

/** 135 cells x 1000 cm2: at 2000 A and 60 degC 1.87 V a cell, 253 V, 506 kW. */
export const PEM_500_KW: PemPlantParameters = {
  cells: 135,
  activeArea_cm2: 1000,
  currentNominal_A: 2000,
  validity: { degC: IROX_N115.valid_degC },
  startTemperature_degC: 20,
  roomTemperature_degC: 20,
  temperatureSetMin_degC: 5,
  temperatureSetMax_degC: 90,
  cell: IROX_N115,
  membrane: N115_MEMBRANE,
  doubleLayer_F_per_cm2: 0.04,
  // Cathode 250 L: with 135 cells at 2000 A closed in that is 0.15 bar/s, the order of a 100-cell stack on 200 L
  // (0.144 bar/s). Anode 80 L: smaller, because it is never pressurised by its own gas and is swept sooner. Default.
  cathodeVolume_L: 250,
  anodeVolume_L: 80,
  // Leak: default.
  leak_NL_per_min: 0.02,
  leakAt_barg: 33,
  // No dryer before the meter; PSA dryers use up 0.065 of the product (NREL electrolyzer model, 2023).
  dryerLoss_frac: 0,
  backPressure: BACK_PRESSURE,
  anodeOutlet: 'vent',
  anodeVent_mol_per_s_bar: 2,
  cathodePurge_mol_per_s_bar: 0.15,
  // In proportion to the volumes, the cathode a little faster: filling never reverses the membrane difference.
  n2Cathode_mol_per_s_bar: 0.06,
  n2Anode_mol_per_s_bar: 0.0175,
  n2MaxFlow_mol_per_s: 1.5,
  n2Lag_s: 2,
  // Net of what flows back: at 2000 A 0.8 L/min and a drain each 11 s, which dips 18 mbar at 30 bar. Default.
  cathodeWater_mol_per_mol: 0.54,
  drain_L: 0.15,
  // Channels of 1 mm, transport layers, manifolds: 16 L in all. Default.
  stackWater_mL_per_cm2: 0.12,
  supply: SUPPLY,
  thermal: THERMAL,
  ac: acSide(506_000),
  ageing: { ...AGEING, ...ratesOf(AGEING_CLASSES.productPem) },
  ageingClass: AGEING_CLASSES.productPem,
  analyser: ANALYSER,
  flowMeterLag_s: 1.5,
  temperatureSensorLag_s: 4,
  // 10..100 nH dominate above 10 kHz on big stacks (recalled).
  inductance_H: 5e-8,
  activationSpread_frac: 0.01,
  resistanceSpread_frac: 0.015,
  ageingSpread_frac: 0.2,
  step_s: 0.5,
};
