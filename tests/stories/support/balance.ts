import type { OpenRecord } from '../../../control/record/record.ts';
import {
  AMBIENT_BARA,
  FARADAY_C_PER_MOL,
  GAS_CONSTANT_J_PER_MOL_K,
  MOLAR_VOLUME_NL_PER_MOL,
  ZERO_DEGC_K,
} from '../../../sim/plant/parts/constants.ts';
import { saturationPressure_bar } from '../../../sim/plant/pem/cell.ts';
import { PEM_500_KW as PLANT } from '../../../sim/plant/pem/pem-500kw.ts';

/**
 * Balances of matter and energy from recorded values alone. Of the plant they know what an engineer knows of a bench:
 * volumes, heat capacities, the loss to the room, and what the catalysts do with permeated gas.
 */

/** Higher heating value of H2, J/mol (25 degC, liquid water). */
const HHV_J_PER_MOL = 285_830;

/** A role at 1 s: index i is second `first_s + i`. */
type Second = (role: string, t_s: number) => number;

/** Values of the run by role and second; throws on a gap, so that no balance closes over missing rows. */
export function secondsOf(record: OpenRecord): Second {
  return (role, t_s) => {
    const series = record.series(role);
    const i = Math.round(t_s - series.t_s[0]);
    if (!(Math.abs(series.t_s[i] - t_s) < 1e-6)) throw new Error(`${role} has no row at ${t_s} s`);
    if (!Number.isFinite(series.value[i])) throw new Error(`${role} has no usable value at ${t_s} s`);
    return series.value[i];
  };
}

/** Trapezoid over 1 s rows from from_s to to_s. */
export function integral(from_s: number, to_s: number, rate: (t_s: number) => number): number {
  let sum = (rate(from_s) + rate(to_s)) / 2;
  for (let t = from_s + 1; t < to_s; t++) sum += rate(t);
  return sum;
}

/** Mean over 2 * half_s + 1 rows, against sensor noise at the ends of a window. */
export function around(at: Second, role: string, t_s: number, half_s = 5): number {
  let sum = 0;
  for (let k = -half_s; k <= half_s; k++) sum += at(role, t_s + k);
  return sum / (2 * half_s + 1);
}

/** H2 that the current makes by Faraday's law, mol/s. */
export function faraday_mol_per_s(at: Second, t_s: number): number {
  return (at('stack.current_A', t_s) * PLANT.cells) / (2 * FARADAY_C_PER_MOL);
}

/** What permeates and what becomes of it, mol/s of the whole stack. */
export interface Permeated {
  /** H2 that left the cathode through the membrane. */
  readonly h2_mol_per_s: number;
  /** Of it, oxidised at the anode: no gas any more. */
  readonly oxidised_mol_per_s: number;
  /** O2 that came through to the cathode. */
  readonly o2_mol_per_s: number;
  /** Of it, turned into water with twice as much H2. */
  readonly recombined_mol_per_s: number;
}

/**
 * Crossover from the recorded H2 in O2, x (mole fraction, dry): what the anode gas carries is
 * x / (1 - x) of its O2, and that O2 is half of Faraday's H2 less what permeates and what the oxidation of H2 takes:
 *   N_H2 (1 - f) = x / (1 - x) (F/2 - f N_H2 / 2 - N_O2),  f = oxidised part.
 * Nothing recorded shows O2 permeation; it is worked out from the membrane's permeability at the anode's O2 pressure.
 * Without load (below 1 % of nominal) no O2 is made, x says nothing, and the anode is swept: counted as 0.
 */
export function permeated(at: Second, t_s: number): Permeated {
  const made = faraday_mol_per_s(at, t_s);
  const current_A = at('stack.current_A', t_s);
  if (current_A < 0.01 * PLANT.currentNominal_A)
    return { h2_mol_per_s: 0, oxidised_mol_per_s: 0, o2_mol_per_s: 0, recombined_mol_per_s: 0 };
  const { membrane, cells, activeArea_cm2 } = PLANT;
  const temperature_K = at('stack.temperature_degC', t_s) + ZERO_DEGC_K;
  const arrhenius = Math.exp(
    (membrane.activation_J_per_mol / GAS_CONSTANT_J_PER_MOL_K) *
      (1 / membrane.reference_K - 1 / temperature_K),
  );
  const anodeO2_bar = at('anode.pressure_barg', t_s) + AMBIENT_BARA - saturationPressure_bar(temperature_K);
  const o2 =
    ((membrane.o2Permeability * arrhenius) / membrane.thickness_cm) *
    (anodeO2_bar + (membrane.o2Supersaturation * current_A) / activeArea_cm2) *
    cells *
    activeArea_cm2;
  const x = at('o2.h2_vol_pct', t_s) / 100;
  const f = membrane.anodeOxidised_frac;
  const h2 = ((x / (1 - x)) * (made / 2 - o2)) / (1 - f + ((x / (1 - x)) * f) / 2);
  return {
    h2_mol_per_s: h2,
    oxidised_mol_per_s: f * h2,
    o2_mol_per_s: o2,
    recombined_mol_per_s: membrane.cathodeRecombined_frac * o2,
  };
}

/** Dry gas in the cathode volume, mol, from recorded pressure and temperature (mean of 11 s). */
export function cathodeGas_mol(at: Second, t_s: number): number {
  const temperature_K = around(at, 'stack.temperature_degC', t_s) + ZERO_DEGC_K;
  const dry_bar =
    around(at, 'cathode.pressure_barg', t_s) + AMBIENT_BARA - saturationPressure_bar(temperature_K);
  return (dry_bar * 1e5 * PLANT.cathodeVolume_L * 1e-3) / (GAS_CONSTANT_J_PER_MOL_K * temperature_K);
}

/** H2 over a window, mol: what the meter should have seen, and what it saw. */
export interface H2Balance {
  readonly faraday_mol: number;
  readonly crossover_mol: number;
  readonly recombined_mol: number;
  readonly stored_mol: number;
  readonly measured_mol: number;
  /** Measured over expected, minus 1. */
  readonly error: number;
  /** The same if nothing had permeated. */
  readonly errorWithoutCrossover: number;
}

export function h2Balance(at: Second, from_s: number, to_s: number): H2Balance {
  const faraday_mol = integral(from_s, to_s, t => faraday_mol_per_s(at, t));
  const crossover_mol = integral(from_s, to_s, t => permeated(at, t).h2_mol_per_s);
  const recombined_mol = integral(from_s, to_s, t => 2 * permeated(at, t).recombined_mol_per_s);
  const stored_mol = cathodeGas_mol(at, to_s) - cathodeGas_mol(at, from_s);
  const measured_mol =
    integral(from_s, to_s, t => at('h2.flow_NL_per_min', t)) / 60 / MOLAR_VOLUME_NL_PER_MOL;
  return {
    faraday_mol,
    crossover_mol,
    recombined_mol,
    stored_mol,
    measured_mol,
    error: measured_mol / (faraday_mol - crossover_mol - recombined_mol - stored_mol) - 1,
    errorWithoutCrossover: measured_mol / (faraday_mol - stored_mol) - 1,
  };
}

/** Energy over a window, J. */
export interface EnergyBalance {
  readonly electric_J: number;
  /** Higher heating value of the H2 that stays H2. */
  readonly chemical_J: number;
  /** Cooler less heater and pump, plus what the lumps stored, the walls lost, and vapour and feed water took. */
  readonly heat_J: number;
  readonly stored_J: number;
  readonly loss_J: number;
  /** Chemical and heat over electric, minus 1. */
  readonly error: number;
  /** Heat recorded over heat expected (electric less chemical), minus 1. */
  readonly heatError: number;
}

/** Latent heat of water at the stack's temperature, J/mol: 45.05 kJ/mol at 0 degC, 43.2 W s less for each K. */
const latent_J_per_mol = (temperature_degC: number): number => 45_050 - 43.2 * temperature_degC;
/** Heat capacity of liquid water, J/(mol K). */
const WATER_J_PER_MOL_K = 75.3;

/**
 * Water that leaves the cells, mol/s: as vapour with both gases, which leave saturated, and in all (split, vapour, and
 * what the protons drag to the cathode). The sweep of N2 is not counted: it is off in the windows that are balanced.
 */
function waterLeaving(at: Second, t_s: number): { readonly vapour: number; readonly all: number } {
  const made = faraday_mol_per_s(at, t_s);
  const saturation_bar = saturationPressure_bar(at('stack.temperature_degC', t_s) + ZERO_DEGC_K);
  const { oxidised_mol_per_s, recombined_mol_per_s, h2_mol_per_s } = permeated(at, t_s);
  const wet = (role: string, dry_mol_per_s: number): number =>
    (Math.max(0, dry_mol_per_s) * saturation_bar) / (at(role, t_s) + AMBIENT_BARA - saturation_bar);
  const vapour =
    wet('cathode.pressure_barg', made - h2_mol_per_s - 2 * recombined_mol_per_s) +
    wet('anode.pressure_barg', made / 2 + h2_mol_per_s / 2);
  const split = made - oxidised_mol_per_s - 2 * recombined_mol_per_s;
  return { vapour, all: split + vapour + made * PLANT.cathodeWater_mol_per_mol };
}

/** The gases leave at the stack's temperature; the water that takes their place comes from the room. */
export function energyBalance(at: Second, from_s: number, to_s: number): EnergyBalance {
  const { thermal } = PLANT;
  const electric_J = integral(from_s, to_s, t => at('stack.voltage_V', t) * at('stack.current_A', t));
  const kept_mol = integral(from_s, to_s, t => {
    const { oxidised_mol_per_s, recombined_mol_per_s } = permeated(at, t);
    return faraday_mol_per_s(at, t) - oxidised_mol_per_s - 2 * recombined_mol_per_s;
  });
  const rise = (role: string): number => around(at, role, to_s) - around(at, role, from_s);
  const stored_J =
    thermal.stackCapacity_J_per_K * rise('stack.temperature_degC') +
    thermal.loopCapacity_J_per_K * rise('stack.inletTemperature_degC');
  const loss_J =
    integral(from_s, to_s, t => at('stack.temperature_degC', t) - at('room.temperature_degC', t)) /
    thermal.lossResistance_K_per_W;
  const pump_J =
    integral(from_s, to_s, t => at('water.flow_L_per_min', t)) *
    (thermal.pumpHeat_W / thermal.pumpFlow_L_per_min);
  const removed_J = 1000 * integral(from_s, to_s, t => at('cooler.power_kW', t) - at('heater.power_kW', t));
  const vapour_J = integral(
    from_s,
    to_s,
    t => waterLeaving(at, t).vapour * latent_J_per_mol(at('stack.temperature_degC', t)),
  );
  const feed_J = integral(
    from_s,
    to_s,
    t =>
      waterLeaving(at, t).all *
      WATER_J_PER_MOL_K *
      (at('stack.inletTemperature_degC', t) - at('room.temperature_degC', t)),
  );
  const heat_J = removed_J - pump_J + stored_J + loss_J + vapour_J + feed_J;
  const chemical_J = kept_mol * HHV_J_PER_MOL;
  return {
    electric_J,
    chemical_J,
    heat_J,
    stored_J,
    loss_J,
    error: (chemical_J + heat_J) / electric_J - 1,
    heatError: heat_J / (electric_J - chemical_J) - 1,
  };
}

/** Least-squares slope of a role over a window, unit of the role per second. */
export function slope_per_s(at: Second, role: string, from_s: number, to_s: number): number {
  const middle_s = (from_s + to_s) / 2;
  let up = 0;
  let down = 0;
  for (let t = from_s; t <= to_s; t++) {
    up += (t - middle_s) * at(role, t);
    down += (t - middle_s) ** 2;
  }
  return up / down;
}
