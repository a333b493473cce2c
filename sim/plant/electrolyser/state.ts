import type { GasVolume } from '../parts/gas.ts';

/**
 * The noise-free state of the electrolyser rig and its running balances (since the rig was made). Amounts in mol of the
 * whole stack, energies in J. Balances close to rounding: `tests/sim/plant/conservation.test.ts`.
 */
export interface ElectrolyserTruth {
  time_s: number;
  /** Stack current, terminal voltage and mean cell voltage at the end of the last step. */
  current_A: number;
  stackVoltage_V: number;
  cellVoltage_V: number;
  /** Parts of the mean cell voltage. */
  activation_V: number;
  ohmic_V: number;
  /** Through the porous layers of an aged cell. */
  transport_V: number;
  temperature_degC: number;
  roomTemperature_degC: number;
  cathode_bara: number;
  anode_bara: number;
  n2_bara: number;
  /** Dry mole fractions in the gas volumes, vol%. */
  h2InO2_vol_pct: number;
  o2InH2_vol_pct: number;
  roomH2_vol_pct: number;
  /** Dry H2 leaving through the product line, mol/s; and as the flow meter shows it, after its lag. */
  productFlow_mol_per_s: number;
  meteredFlow_mol_per_s: number;
  h2Crossover_mol_per_s: number;
  level_pct: number;
  /** What the separator holds when it is full, L. */
  tank_L: number;
  /** Water in the cathode's separator since its last drain, L. */
  cathodeWater_L: number;
  /** Liquid water inside the cells, L, and by how much their resistance has risen for want of it (>= 1). */
  stackWater_L: number;
  dryness_1: number;
  /** Water fed to the separator, split, drained from the cathode's separator, gone as vapour with the gases. */
  waterFed_mol: number;
  waterSplit_mol: number;
  waterDrained_mol: number;
  vapourOut_mol: number;
  /** Feed water pump, 0 or 1. */
  feed_on: number;
  conductivity_uS_per_cm: number;
  /** Charge through the terminals of one cell, and what of it stands on the double layer, C. */
  charge_C: number;
  doubleLayer_C: number;
  /** Charge of one cell (mean) that made no gas: shunt currents, electronic leakage, shorts, C. */
  leaked_C: number;
  cathodeH2_mol: number;
  cathodeO2_mol: number;
  cathodeN2_mol: number;
  anodeH2_mol: number;
  anodeO2_mol: number;
  anodeN2_mol: number;
  /** H2 evolved (O2: half of it, less half of what was oxidised). */
  h2Made_mol: number;
  h2Crossed_mol: number;
  h2Oxidised_mol: number;
  o2Crossed_mol: number;
  o2Recombined_mol: number;
  /** Left the rig through any opening; of O2 less what came back with air. */
  h2Out_mol: number;
  o2Out_mol: number;
  n2Out_mol: number;
  n2In_mol: number;
  /** Of h2Out: through the product line (before the dryer). */
  h2Product_mol: number;
  electric_J: number;
  /** Enthalpy of the reaction for the H2 that stayed H2: 2F times the cell's thermoneutral voltage. */
  chemical_J: number;
  doubleLayer_J: number;
  /** Latent heat of the vapour that left, and heat that warmed the water which came to the cells. */
  vapour_J: number;
  feed_J: number;
  /** Made in the stack, of which vapour and feed water take their part. */
  heat_J: number;
  loss_J: number;
  pump_J: number;
  heater_J: number;
  cooler_J: number;
  /** Drawn from the grid beside the stack's DC energy and the heater's. */
  acRectifier_J: number;
  acPump_J: number;
  acCooling_J: number;
  acDryer_J: number;
  acWater_J: number;
  acControls_J: number;
  /** H2 of the product line that is left behind the dryer. */
  h2Dried_mol: number;
  /** Heat content of stack and loop above the start. */
  stored_J: number;
}

/** All zero: the state before the rig fills it. */
export function electrolyserTruth(): ElectrolyserTruth {
  return {
    time_s: 0,
    current_A: 0,
    stackVoltage_V: 0,
    cellVoltage_V: 0,
    activation_V: 0,
    ohmic_V: 0,
    transport_V: 0,
    temperature_degC: 0,
    roomTemperature_degC: 0,
    cathode_bara: 0,
    anode_bara: 0,
    n2_bara: 0,
    h2InO2_vol_pct: 0,
    o2InH2_vol_pct: 0,
    roomH2_vol_pct: 0,
    productFlow_mol_per_s: 0,
    meteredFlow_mol_per_s: 0,
    h2Crossover_mol_per_s: 0,
    level_pct: 0,
    tank_L: 0,
    cathodeWater_L: 0,
    stackWater_L: 0,
    dryness_1: 1,
    waterFed_mol: 0,
    waterSplit_mol: 0,
    waterDrained_mol: 0,
    vapourOut_mol: 0,
    feed_on: 0,
    conductivity_uS_per_cm: 0,
    charge_C: 0,
    doubleLayer_C: 0,
    leaked_C: 0,
    cathodeH2_mol: 0,
    cathodeO2_mol: 0,
    cathodeN2_mol: 0,
    anodeH2_mol: 0,
    anodeO2_mol: 0,
    anodeN2_mol: 0,
    h2Made_mol: 0,
    h2Crossed_mol: 0,
    h2Oxidised_mol: 0,
    o2Crossed_mol: 0,
    o2Recombined_mol: 0,
    h2Out_mol: 0,
    o2Out_mol: 0,
    n2Out_mol: 0,
    n2In_mol: 0,
    h2Product_mol: 0,
    electric_J: 0,
    chemical_J: 0,
    doubleLayer_J: 0,
    vapour_J: 0,
    feed_J: 0,
    heat_J: 0,
    loss_J: 0,
    pump_J: 0,
    heater_J: 0,
    cooler_J: 0,
    acRectifier_J: 0,
    acPump_J: 0,
    acCooling_J: 0,
    acDryer_J: 0,
    acWater_J: 0,
    acControls_J: 0,
    h2Dried_mol: 0,
    stored_J: 0,
  };
}

/** Shows in the truth what both volumes hold now: amounts, pressures, and the foreign gas in each, vol% dry. */
export function showGas(truth: ElectrolyserTruth, cathode: GasVolume, anode: GasVolume): void {
  truth.cathodeH2_mol = cathode.h2_mol;
  truth.cathodeO2_mol = cathode.o2_mol;
  truth.cathodeN2_mol = cathode.n2_mol;
  truth.anodeH2_mol = anode.h2_mol;
  truth.anodeO2_mol = anode.o2_mol;
  truth.anodeN2_mol = anode.n2_mol;
  truth.cathode_bara = cathode.pressure_bara;
  truth.anode_bara = anode.pressure_bara;
  truth.h2InO2_vol_pct = (100 * anode.h2_mol) / Math.max(anode.h2_mol + anode.o2_mol + anode.n2_mol, 1e-12);
  truth.o2InH2_vol_pct =
    (100 * cathode.o2_mol) / Math.max(cathode.h2_mol + cathode.o2_mol + cathode.n2_mol, 1e-12);
}

/** Adds to the truth's balances what left a volume, and what N2 came into it, during its last step, mol. */
export function bookFlows(truth: ElectrolyserTruth, side: GasVolume): void {
  truth.h2Out_mol += side.lastH2Out_mol;
  truth.o2Out_mol += side.lastO2Out_mol;
  truth.n2Out_mol += side.lastN2Out_mol;
  truth.n2In_mol += side.lastN2In_mol;
}
