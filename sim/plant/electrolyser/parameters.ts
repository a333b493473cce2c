import type { AgeingParameters } from '../parts/ageing.ts';
import type { AnalyserParameters } from '../parts/analyser.ts';
import type { BackPressureParameters } from '../parts/back-pressure.ts';
import type { SupplyParameters } from '../parts/supply.ts';
import type { ThermalParameters } from '../parts/thermal.ts';
import type { AcParameters } from './ac-side.ts';
import type { PlantValidity } from './validity.ts';

/** Everything about an electrolyser's plant that can be chosen, its cell and separator apart. */
export interface ElectrolyserPlantParameters {
  readonly cells: number;
  readonly activeArea_cm2: number;
  readonly currentNominal_A: number;
  /** Where the laws of cell and separator hold; `outsideValidity_on` says when the stack is elsewhere. */
  readonly validity: PlantValidity;
  readonly startTemperature_degC: number;
  readonly roomTemperature_degC: number;
  /** Range of the stack temperature that can be asked for. */
  readonly temperatureSetMin_degC: number;
  readonly temperatureSetMax_degC: number;
  /** Gas space of stack, separator and pipe. */
  readonly cathodeVolume_L: number;
  readonly anodeVolume_L: number;
  /** Leak to the room of each side together at `leakAt_barg`, in NL/min of the gas inside. */
  readonly leak_NL_per_min: number;
  readonly leakAt_barg: number;
  /** Part of the product that the dryer uses up before the flow meter. */
  readonly dryerLoss_frac: number;
  readonly backPressure: BackPressureParameters;
  /**
   * `vent`: the anode's vent valve opens to the roof, the anode stays at ambient pressure (PEM). `follows`: behind it a
   * second back-pressure valve keeps the anode at the cathode's pressure (alkaline).
   */
  readonly anodeOutlet: 'vent' | 'follows';
  /**
   * Gas of the rig's own supply that comes in when a side falls below ambient pressure, beside the air that open vents
   * and leaks let back: sweep air at the anode of a furnace stack, N2 at its cathode. Conductance, mol/(s bar); 0 if
   * left out.
   */
  readonly kept_mol_per_s_bar?: number;
  /** Conductances, mol/(s bar), choked. */
  readonly anodeVent_mol_per_s_bar: number;
  readonly cathodePurge_mol_per_s_bar: number;
  readonly n2Cathode_mol_per_s_bar: number;
  readonly n2Anode_mol_per_s_bar: number;
  readonly n2MaxFlow_mol_per_s: number;
  readonly n2Lag_s: number;
  /**
   * Water that comes over to the cathode with the product, mol per mol of H2, and how much of it the cathode's
   * separator collects before its drain opens, L: between drains the gas space shrinks, at a drain it springs back
   * and the pressure dips.
   */
  readonly cathodeWater_mol_per_mol: number;
  readonly drain_L: number;
  /** Water or lye inside the cells, mL per cm2 of active area: what they live on when none is pumped. */
  readonly stackWater_mL_per_cm2: number;
  readonly supply: SupplyParameters;
  readonly thermal: ThermalParameters;
  /** Between stack and grid. */
  readonly ac: AcParameters;
  readonly ageing: AgeingParameters;
  readonly analyser: AnalyserParameters;
  readonly flowMeterLag_s: number;
  readonly temperatureSensorLag_s: number;
  /** Leads and busbars of the stack, H; for the impedance. */
  readonly inductance_H: number;
  /** Standard deviation from cell to cell of overvoltage, resistance (parts) and ageing. */
  readonly activationSpread_frac: number;
  readonly resistanceSpread_frac: number;
  readonly ageingSpread_frac: number;
  /** Longest step of the plant, on a fixed grid; results do not depend on how `advanceTo` is called. */
  readonly step_s: number;
}
