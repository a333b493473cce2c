import { acSide } from '../electrolyser/ac-side.ts';
import type { ElectrolyserPlantParameters } from '../electrolyser/parameters.ts';
import type { PlantSubject } from '../parts/model.ts';
import { PEM_500_KW } from '../pem/pem-500kw.ts';
import { plantForStack } from '../pem/scale.ts';

/** What of a plant does not follow from the size of its stack alone. */
export interface PlantSize {
  readonly subject: PlantSubject;
  /** Voltage of a cell at nominal load, V; with the stack's size the power that heat and supply are laid out for. */
  readonly nominalCell_V: number;
  /** Gas space of stack, separator and pipes for each kA that passes a cell, L. */
  readonly cathodeVolume_L_per_kA: number;
  readonly anodeVolume_L_per_kA: number;
  /** Heat capacity of stack and loop, kJ/K for each kW of nominal power, and time constant of cooling in air. */
  readonly heatCapacity_kJ_per_K_kW: number;
  readonly cooling_h: number;
  /** Pumped through the stack, L/min. */
  readonly loopFlow_L_per_min: number;
  /** Heater and cooler, part of nominal power. */
  readonly heater_frac: number;
  readonly cooler_frac: number;
  /** Declared figures of the AC side in other values than their own. */
  readonly ac?: Readonly<Record<string, number>>;
  /** Stack and loop each lose heat to the room with `cooling_h`; else the stack alone does, for both. */
  readonly coolsBoth?: boolean;
}

/**
 * Balance of plant for a stack of any size: valves, supply and nitrogen in proportion to those of the 500 kW bench, gas
 * spaces and heat as said. Basis default.
 */
export function plantOfSize(size: PlantSize): ElectrolyserPlantParameters {
  const { subject } = size;
  const base = plantForStack(PEM_500_KW, subject);
  const kiloampere = (subject.cells * subject.currentNominal_A) / 1000;
  const power_W = 1000 * kiloampere * size.nominalCell_V;
  const cathodeVolume_L = size.cathodeVolume_L_per_kA * kiloampere;
  const anodeVolume_L = size.anodeVolume_L_per_kA * kiloampere;
  const capacity_J_per_K = size.heatCapacity_kJ_per_K_kW * power_W;
  const lossResistance_K_per_W = (size.cooling_h * 3600) / capacity_J_per_K;
  const flowRatio = size.loopFlow_L_per_min / base.thermal.pumpFlow_L_per_min;
  const capacityRatio =
    capacity_J_per_K / (base.thermal.stackCapacity_J_per_K + base.thermal.loopCapacity_J_per_K);
  const volumeRatio = cathodeVolume_L / base.cathodeVolume_L;
  const rating_V = 1.6 * size.nominalCell_V * subject.cells;
  return {
    ...base,
    cathodeVolume_L,
    anodeVolume_L,
    // The pressure loop is as fast as that of the 500 kW bench: gain in proportion to the volume.
    backPressure: { ...base.backPressure, gain: base.backPressure.gain * volumeRatio },
    n2Cathode_mol_per_s_bar: base.n2Cathode_mol_per_s_bar * volumeRatio,
    n2Anode_mol_per_s_bar: (base.n2Cathode_mol_per_s_bar * anodeVolume_L) / base.cathodeVolume_L,
    supply: {
      ...base.supply,
      voltageRating_V: rating_V,
      powerRating_W: base.supply.currentRating_A * rating_V,
    },
    ac: acSide(power_W, size.ac),
    thermal: {
      ...base.thermal,
      stackCapacity_J_per_K: capacity_J_per_K / 2,
      loopCapacity_J_per_K: capacity_J_per_K / 2,
      lossResistance_K_per_W: lossResistance_K_per_W * (size.coolsBoth ? 2 : 1),
      loopLossResistance_K_per_W: size.coolsBoth ? 2 * lossResistance_K_per_W : Number.POSITIVE_INFINITY,
      pumpFlow_L_per_min: size.loopFlow_L_per_min,
      pumpHeat_W: 0.002 * power_W,
      heaterMax_W: size.heater_frac * power_W,
      coolerMax_W: size.cooler_frac * power_W,
      // As far from oscillating as that bench: by the flow, and by how long it takes to turn the heat over.
      gain_W_per_K: base.thermal.gain_W_per_K * flowRatio,
      integral_s: (base.thermal.integral_s * capacityRatio) / flowRatio,
    },
  };
}
