import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';
import { DEPLETED_FRAC, positive } from '../spme/electrolyte.ts';
import { boundedFilling_frac, endOfHost_V, endOfHostSlope_V } from '../spme/host-end.ts';
import type { SpmeElectrode, SpmeParameters } from '../spme/parameters.ts';

/** Over which the slope of the potential is taken. */
const SLOPE_STEP_FRAC = 1e-6;

/** What a particle's surface answers to the current through it, with the derivatives of one Newton iteration. */
export interface NodeAnswer {
  /** Open-circuit potential at the surface, V. */
  openCircuit_V: number;
  /** Overvoltage of charge transfer and of the end of the host, positive = oxidation, V. */
  transfer_V: number;
  /** Change of the potential of the solid against the electrolyte with the current, Ohm m2 of particle surface. */
  perDensity_Ohm_m2: number;
  /** ... and with the salt, V m3/mol. */
  perSalt_V_m3_per_mol: number;
  /** Of the charge transfer alone, Ohm m2 of particle surface. */
  kinetic_Ohm_m2: number;
  /** Change of the potential with the filling of the surface, V. */
  perFilling_V: number;
}

/** Salt as logarithms and roots see it: its logarithm's slope where it is nearly used up stays finite, m3/mol. */
export function logSaltSlope(salt: number, floor: number): number {
  return salt > floor ? 1 / salt : 1 / (2 * floor - salt);
}

/** Potential of the electrolyte per unit of the logarithm of its salt, V. */
export function diffusionPotential_V(parameters: SpmeParameters, temperature_K: number): number {
  const { transference_1, thermodynamicFactor_1 } = parameters.electrolyte;
  const thermal_V = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
  return 2 * (1 - transference_1) * thermodynamicFactor_1 * thermal_V;
}

/** Kinetics of one electrode, written into one record per electrode. */
export interface NodeKinetics {
  readonly answer: NodeAnswer;
  /**
   * density_A_per_m2: of the particle's surface, oxidation positive; the filling is that of the surface at this current,
   * fillingPerDensity its change with the current (negative), rate the electrode's at the step's beginning.
   */
  evaluate(
    density_A_per_m2: number,
    filling_frac: number,
    fillingPerDensity: number,
    rate: number,
    salt_mol_per_m3: number,
    temperature_K: number,
  ): void;
}

/** Butler-Volmer with equal transfer coefficients, solved for the overvoltage. */
export function nodeKinetics(electrode: SpmeElectrode, initialSalt_mol_per_m3: number): NodeKinetics {
  const floor = DEPLETED_FRAC * initialSalt_mol_per_m3;
  const maximum = electrode.maximum_mol_per_m3;
  const answer: NodeAnswer = {
    openCircuit_V: 0,
    transfer_V: 0,
    perDensity_Ohm_m2: 1,
    perSalt_V_m3_per_mol: 0,
    kinetic_Ohm_m2: 1,
    perFilling_V: 0,
  };
  return {
    answer,
    evaluate(density, filling, fillingPerDensity, rate, salt, temperature_K) {
      const bounded = boundedFilling_frac(filling);
      const double_V = (2 * GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
      const exchange = rate * maximum * Math.sqrt(bounded * (1 - bounded) * positive(salt, floor));
      const u = density / (2 * exchange);
      const root = Math.sqrt(u * u + 1);
      const size_V = double_V * Math.log(Math.abs(u) + root);
      let slope_V = 0;
      let exchangeSlope_V = 0;
      answer.openCircuit_V = electrode.openCircuit_V(bounded);
      answer.transfer_V = u < 0 ? -size_V : size_V;
      if (bounded !== filling) {
        const rested_frac = filling - fillingPerDensity * density;
        answer.transfer_V += endOfHost_V(filling, rested_frac);
        slope_V = endOfHostSlope_V(filling, rested_frac);
      } else {
        slope_V =
          (electrode.openCircuit_V(filling + SLOPE_STEP_FRAC) -
            electrode.openCircuit_V(filling - SLOPE_STEP_FRAC)) /
          (2 * SLOPE_STEP_FRAC);
        exchangeSlope_V = ((-double_V * u) / root) * ((1 - 2 * filling) / (2 * filling * (1 - filling)));
      }
      answer.kinetic_Ohm_m2 = double_V / (2 * exchange * root);
      answer.perFilling_V = slope_V + exchangeSlope_V;
      // Where the exchange current fades faster than the potential rises the sum may fall with the current; Newton's
      // iteration then goes with the kinetic part alone.
      answer.perDensity_Ohm_m2 = answer.kinetic_Ohm_m2 + Math.max(0, answer.perFilling_V * fillingPerDensity);
      answer.perSalt_V_m3_per_mol = ((-double_V * u) / root) * 0.5 * logSaltSlope(salt, floor);
    },
  };
}
