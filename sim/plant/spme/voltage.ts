import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';
import { DEPLETED_FRAC, type Electrolyte, positive } from './electrolyte.ts';
import { boundedFilling_frac, endOfHost_V } from './host-end.ts';
import { particleSurface_m2, type SpmeElectrode, type SpmeParameters } from './parameters.ts';
import type { Particle } from './particle.ts';

/**
 * Salt used up at a collector: the voltage falls (rises on charge) along a straight line, V per share of the initial salt.
 * So steep that any voltage between 0 and the limits is met before the salt's last tenth of `DEPLETED_FRAC` is gone:
 * what a short or a held voltage draws is then all carried.
 */
const STEEP_SALT_V = 2000;
/** Factors that are multiplied before their logarithm is taken: few enough not to overflow. */
const CHUNK = 8;

/** Parts of the terminal voltage after a step, V unless said; current positive = charge. */
export interface VoltageTerms {
  current_A: number;
  negativeSurface_frac: number;
  positiveSurface_frac: number;
  /** Open-circuit potentials at the surfaces. */
  negative_V: number;
  positive_V: number;
  /** Charge-transfer overvoltages, positive = oxidation. */
  negativeTransfer_V: number;
  positiveTransfer_V: number;
  /** Of the film on the negative particles, positive = oxidation. */
  film_V: number;
  /** By the salt gradient, positive electrode minus negative. */
  concentration_V: number;
  ohmic_V: number;
  /** Potential of the electrolyte per unit of the logarithm of its salt. */
  diffusion_V: number;
  voltage_V: number;
}

/** Current densities at the surfaces and resistances of the present step. */
export interface StepResistances {
  /** Electrolyte of each part, referred to how the current builds up in it (a third of each electrode). */
  negative_Ohm: number;
  separator_Ohm: number;
  positive_Ohm: number;
  film_Ohm: number;
}

/** The voltage of a cell from its particles and its electrolyte. */
export interface SpmeVoltage {
  readonly terms: VoltageTerms;
  readonly resistances: StepResistances;
  readonly negativeSolid_Ohm: number;
  readonly positiveSolid_Ohm: number;
  /** Takes up temperature and conductivity of the step's beginning. */
  prepare(temperature_K: number, film_Ohm: number, lastCurrent_A: number): void;
  /** Voltage at the end of the prepared step; fills `terms`. */
  evaluate(current_A: number): number;
}

/** Mean over an electrode of ln(x + sqrt(x^2 + 1)) with x = scale / sqrt(c), one logarithm for several nodes. */
function meanArsinh(
  field: Electrolyte,
  from: number,
  to: number,
  current_A: number,
  floor: number,
  scale: number,
): number {
  let sum = 0;
  let product = 1;
  for (let i = from; i < to; i++) {
    const x = scale / Math.sqrt(positive(field.base[i] + current_A * field.response[i], floor));
    product *= x + Math.sqrt(x * x + 1);
    if ((i - from) % CHUNK === CHUNK - 1) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return (sum + Math.log(product)) / (to - from);
}

/** Mean over nodes of ln(c / c0) after a step at a current. */
export function meanLogSalt(
  field: Electrolyte,
  from: number,
  to: number,
  current_A: number,
  floor: number,
  initial: number,
): number {
  let sum = 0;
  let product = 1;
  for (let i = from; i < to; i++) {
    product *= positive(field.base[i] + current_A * field.response[i], floor) / initial;
    if ((i - from) % CHUNK === CHUNK - 1) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return (sum + Math.log(product)) / (to - from);
}

/**
 * Terminal voltage after Marquis et al., J. Electrochem. Soc. 166 (2019) A3693: surface potentials, charge transfer averaged
 * over each electrode, salt gradient, electrolyte and solid resistance. `sideAt_A` is what side reactions take from a
 * charge current. Without electrolyte, salt and ohmic parts are left out (the plain single-particle model).
 */
export function spmeVoltage(
  parameters: SpmeParameters,
  negative: Particle,
  positiveParticle: Particle,
  field: Electrolyte,
  withElectrolyte: boolean,
  sideAt_A: (current_A: number) => number,
): SpmeVoltage {
  const { area_m2, separator, electrolyte } = parameters;
  const anode = parameters.negative;
  const cathode = parameters.positive;
  const anodeSurface_m2 = particleSurface_m2(anode, area_m2);
  const cathodeSurface_m2 = particleSurface_m2(cathode, area_m2);
  const initial = electrolyte.initial_mol_per_m3;
  const floor = DEPLETED_FRAC * initial;
  const nodes = field.base.length;
  const saltFactor = 2 * (1 - electrolyte.transference_1) * electrolyte.thermodynamicFactor_1;
  const solid = (part: SpmeElectrode): number =>
    withElectrolyte ? part.thickness_m / (3 * part.conductivity_S_per_m * area_m2) : 0;
  const negativeSolid_Ohm = solid(anode);
  const positiveSolid_Ohm = solid(cathode);
  const path = (part: { thickness_m: number; porosity_frac: number; bruggeman_1: number }): number =>
    withElectrolyte ? part.thickness_m / (part.porosity_frac ** part.bruggeman_1 * area_m2) : 0;
  const negativePath = path(anode) / 3;
  const separatorPath = path(separator);
  const positivePath = path(cathode) / 3;
  const anodeInflow = 1 / (anodeSurface_m2 * FARADAY_C_PER_MOL * anode.maximum_mol_per_m3);
  const cathodeInflow = -1 / (cathodeSurface_m2 * FARADAY_C_PER_MOL * cathode.maximum_mol_per_m3);
  const terms: VoltageTerms = {
    current_A: NaN,
    negativeSurface_frac: NaN,
    positiveSurface_frac: NaN,
    negative_V: NaN,
    positive_V: NaN,
    negativeTransfer_V: NaN,
    positiveTransfer_V: NaN,
    film_V: NaN,
    concentration_V: NaN,
    ohmic_V: NaN,
    diffusion_V: NaN,
    voltage_V: NaN,
  };
  const resistances: StepResistances = { negative_Ohm: 0, separator_Ohm: 0, positive_Ohm: 0, film_Ohm: 0 };
  // Written in place at each step; captured variables would be boxed anew.
  const now = { anodeRate: 0, cathodeRate: 0, thermal_V: 0, total_Ohm: 0 };

  const transfer_V = (
    part: SpmeElectrode,
    rate: number,
    surface_m2: number,
    current_A: number,
    density_A: number,
    bounded: number,
    from: number,
    to: number,
  ): number => {
    const free = part.maximum_mol_per_m3 * Math.sqrt(bounded * (1 - bounded));
    const size = Math.abs(density_A) / surface_m2;
    const scale = size / (2 * rate * free);
    const value = 2 * now.thermal_V * meanArsinh(field, from, to, current_A, floor, scale);
    return density_A < 0 ? -value : value;
  };

  return {
    terms,
    resistances,
    negativeSolid_Ohm,
    positiveSolid_Ohm,
    prepare(temperature_K, film_Ohm, lastCurrent_A) {
      // At the filling that the last current would lead to: where a rate rises steeply with the filling, the voltage
      // would otherwise fall with rising current.
      const x = negative.step.base_frac + negative.step.response_s_per_m * anodeInflow * lastCurrent_A;
      const y =
        positiveParticle.step.base_frac +
        positiveParticle.step.response_s_per_m * cathodeInflow * lastCurrent_A;
      now.anodeRate = anode.rate(boundedFilling_frac(x), temperature_K);
      now.cathodeRate = cathode.rate(boundedFilling_frac(y), temperature_K);
      now.thermal_V = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
      const salt = positive(field.mean_mol_per_m3(), floor);
      const resistivity = 1 / electrolyte.conductivity_S_per_m(salt, temperature_K);
      resistances.negative_Ohm = negativePath * resistivity;
      resistances.separator_Ohm = separatorPath * resistivity;
      resistances.positive_Ohm = positivePath * resistivity;
      resistances.film_Ohm = film_Ohm;
      now.total_Ohm =
        resistances.negative_Ohm +
        resistances.separator_Ohm +
        resistances.positive_Ohm +
        negativeSolid_Ohm +
        positiveSolid_Ohm +
        parameters.contact_Ohm;
      terms.current_A = NaN;
    },
    evaluate(current_A) {
      if (current_A === terms.current_A) return terms.voltage_V;
      const intercalated_A = current_A - sideAt_A(current_A);
      const x = negative.step.base_frac + negative.step.response_s_per_m * anodeInflow * intercalated_A;
      const y =
        positiveParticle.step.base_frac + positiveParticle.step.response_s_per_m * cathodeInflow * current_A;
      const boundedX = boundedFilling_frac(x);
      const boundedY = boundedFilling_frac(y);
      terms.current_A = current_A;
      terms.negativeSurface_frac = x;
      terms.positiveSurface_frac = y;
      terms.negative_V = anode.openCircuit_V(boundedX);
      terms.positive_V = cathode.openCircuit_V(boundedY);
      terms.negativeTransfer_V = transfer_V(
        anode,
        now.anodeRate,
        anodeSurface_m2,
        current_A,
        -intercalated_A,
        boundedX,
        0,
        field.negativeNodes,
      );
      terms.positiveTransfer_V = transfer_V(
        cathode,
        now.cathodeRate,
        cathodeSurface_m2,
        current_A,
        current_A,
        boundedY,
        field.positiveFirst,
        nodes,
      );
      terms.film_V = -intercalated_A * resistances.film_Ohm;
      terms.diffusion_V = saltFactor * now.thermal_V;
      terms.concentration_V =
        saltFactor === 0
          ? 0
          : terms.diffusion_V *
            (meanLogSalt(field, field.positiveFirst, nodes, current_A, floor, initial) -
              meanLogSalt(field, 0, field.negativeNodes, current_A, floor, initial));
      terms.ohmic_V = now.total_Ohm * current_A;
      const shortNegative = Math.max(0, floor - field.base[0] - current_A * field.response[0]);
      const shortPositive = Math.max(
        0,
        floor - field.base[nodes - 1] - current_A * field.response[nodes - 1],
      );
      const beyond_V =
        (boundedY === y ? 0 : endOfHost_V(y, positiveParticle.step.base_frac)) -
        (boundedX === x ? 0 : endOfHost_V(x, negative.step.base_frac)) +
        (STEEP_SALT_V * (shortNegative - shortPositive)) / initial;
      terms.voltage_V =
        terms.positive_V -
        terms.negative_V +
        beyond_V +
        terms.positiveTransfer_V -
        terms.negativeTransfer_V -
        terms.film_V +
        terms.concentration_V +
        terms.ohmic_V;
      return terms.voltage_V;
    },
  };
}
