import type { ElectrolyserPlantParameters } from './electrolyser-parameters.ts';
import type { PlantSubject } from './model.ts';
import { PEM_500_KW } from './pem-500kw.ts';

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
}

const BASE_CAPACITY_J_PER_K =
  PEM_500_KW.thermal.stackCapacity_J_per_K + PEM_500_KW.thermal.loopCapacity_J_per_K;

/**
 * Balance of plant for a stack of any size: valves, supply, nitrogen and heat in proportion to those of the 500 kW
 * bench. Basis default.
 */
export function plantOfSize(size: PlantSize): ElectrolyserPlantParameters {
  const { cells, activeArea_cm2, currentNominal_A } = size.subject;
  if (!(cells >= 1 && activeArea_cm2 > 0 && currentNominal_A > 0))
    throw new RangeError(
      `stack of ${cells} cells, ${activeArea_cm2} cm2, ${currentNominal_A} A: expected all above 0`,
    );
  const base = PEM_500_KW;
  const kiloampere = (cells * currentNominal_A) / 1000;
  const scale = (1000 * kiloampere) / (base.cells * base.currentNominal_A);
  const power_W = 1000 * kiloampere * size.nominalCell_V;
  const cathodeVolume_L = size.cathodeVolume_L_per_kA * kiloampere;
  const anodeVolume_L = size.anodeVolume_L_per_kA * kiloampere;
  const capacity_J_per_K = size.heatCapacity_kJ_per_K_kW * power_W;
  const flowRatio = size.loopFlow_L_per_min / base.thermal.pumpFlow_L_per_min;
  const rating_A = 1.2 * currentNominal_A;
  const rating_V = 1.6 * size.nominalCell_V * cells;
  return {
    ...base,
    cells,
    activeArea_cm2,
    currentNominal_A,
    cathodeVolume_L,
    anodeVolume_L,
    leak_NL_per_min: base.leak_NL_per_min * scale,
    backPressure: {
      ...base.backPressure,
      conductanceMax: base.backPressure.conductanceMax * scale,
      // The loop is as fast as that of the 500 kW bench: gain in proportion to the volume.
      gain: (base.backPressure.gain * cathodeVolume_L) / base.cathodeVolume_L,
    },
    anodeVent: base.anodeVent * scale,
    cathodePurge: base.cathodePurge * scale,
    n2Cathode: (base.n2Cathode * cathodeVolume_L) / base.cathodeVolume_L,
    n2Anode: (base.n2Cathode * anodeVolume_L) / base.cathodeVolume_L,
    n2MaxFlow_mol_per_s: base.n2MaxFlow_mol_per_s * scale,
    drain_L: base.drain_L * scale,
    supply: {
      ...base.supply,
      currentRating_A: rating_A,
      voltageRating_V: rating_V,
      powerRating_W: rating_A * rating_V,
      slew_A_per_s: 5 * currentNominal_A,
      offSlew_A_per_s: 250 * currentNominal_A,
      currentStep_A: rating_A / 2 ** 16,
    },
    thermal: {
      ...base.thermal,
      stackCapacity_J_per_K: capacity_J_per_K / 2,
      loopCapacity_J_per_K: capacity_J_per_K / 2,
      lossResistance_K_per_W: (size.cooling_h * 3600) / capacity_J_per_K,
      pumpFlow_L_per_min: size.loopFlow_L_per_min,
      pumpHeat_W: 0.002 * power_W,
      heaterMax_W: size.heater_frac * power_W,
      coolerMax_W: size.cooler_frac * power_W,
      // As far from oscillating as that bench: by the flow, and by how long it takes to turn the heat over.
      gain_W_per_K: base.thermal.gain_W_per_K * flowRatio,
      integral_s: (base.thermal.integral_s * capacity_J_per_K) / (BASE_CAPACITY_J_PER_K * flowRatio),
    },
    inductance_H: base.inductance_H,
  };
}
