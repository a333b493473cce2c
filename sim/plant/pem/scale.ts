import type { PlantSubject } from '../parts/model.ts';
import type { PemPlantParameters } from './pem-500kw.ts';

/**
 * The same plant for another stack: gas spaces, valves, supply, water loop and heat in proportion to the current through
 * all cells together, so that pressures and temperatures move as fast as before. Throws a RangeError for a stack of
 * nothing.
 */
export function plantForStack(p: PemPlantParameters, subject: PlantSubject): PemPlantParameters {
  const { cells, activeArea_cm2, currentNominal_A } = subject;
  if (!(cells >= 1 && activeArea_cm2 > 0 && currentNominal_A > 0))
    throw new RangeError(
      `stack of ${cells} cells, ${activeArea_cm2} cm2, ${currentNominal_A} A: expected all above 0`,
    );
  const amps = currentNominal_A / p.currentNominal_A;
  const volts = cells / p.cells;
  const size = amps * volts;
  return {
    ...p,
    cells,
    activeArea_cm2,
    currentNominal_A,
    cathodeVolume_L: p.cathodeVolume_L * size,
    anodeVolume_L: p.anodeVolume_L * size,
    leak_NL_per_min: p.leak_NL_per_min * size,
    backPressure: {
      ...p.backPressure,
      conductanceMax_mol_per_s_bar: p.backPressure.conductanceMax_mol_per_s_bar * size,
      gain: p.backPressure.gain * size,
    },
    anodeVent_mol_per_s_bar: p.anodeVent_mol_per_s_bar * size,
    cathodePurge_mol_per_s_bar: p.cathodePurge_mol_per_s_bar * size,
    n2Cathode_mol_per_s_bar: p.n2Cathode_mol_per_s_bar * size,
    n2Anode_mol_per_s_bar: p.n2Anode_mol_per_s_bar * size,
    n2MaxFlow_mol_per_s: p.n2MaxFlow_mol_per_s * size,
    drain_L: p.drain_L * size,
    supply: {
      ...p.supply,
      currentRating_A: p.supply.currentRating_A * amps,
      voltageRating_V: p.supply.voltageRating_V * volts,
      powerRating_W: p.supply.powerRating_W * size,
      slew_A_per_s: p.supply.slew_A_per_s * amps,
      offSlew_A_per_s: p.supply.offSlew_A_per_s * amps,
      currentStep_A: p.supply.currentStep_A * amps,
    },
    ac: { ...p.ac, rated_W: p.ac.rated_W * size },
    thermal: {
      ...p.thermal,
      stackCapacity_J_per_K: p.thermal.stackCapacity_J_per_K * size,
      loopCapacity_J_per_K: p.thermal.loopCapacity_J_per_K * size,
      lossResistance_K_per_W: p.thermal.lossResistance_K_per_W / size,
      loopLossResistance_K_per_W: p.thermal.loopLossResistance_K_per_W / size,
      pumpFlow_L_per_min: p.thermal.pumpFlow_L_per_min * size,
      pumpHeat_W: p.thermal.pumpHeat_W * size,
      heaterMax_W: p.thermal.heaterMax_W * size,
      coolerMax_W: p.thermal.coolerMax_W * size,
      gain_W_per_K: p.thermal.gain_W_per_K * size,
    },
  };
}
