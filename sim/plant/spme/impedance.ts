import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';
import type { Spectrum } from '../parts/model.ts';
import { DEPLETED_FRAC, type Electrolyte, positive } from './electrolyte.ts';
import { boundedFilling_frac } from './host-end.ts';
import { particleSurface_m2, type SpmeElectrode, type SpmeParameters } from './parameters.ts';
import type { Particle } from './particle.ts';
import type { SpmeVoltage } from './voltage.ts';

/** The parts of a cell whose equations are linearised. */
export interface SpmeParts {
  readonly negative: Particle;
  readonly positive: Particle;
  readonly field: Electrolyte;
  readonly voltage: SpmeVoltage;
  readonly withElectrolyte: boolean;
}

/** What one electrode does for a small signal: charge-transfer resistance, slope of the potential, salt weights. */
interface Linear {
  /** Ohm m2 over the particle surface. */
  readonly transfer_Ohm_m2: number;
  /** Change of the potential with the filling of the surface, V. */
  readonly slope_V: number;
  /** Change of the potential with the salt of each node, V m3/mol. */
  readonly salt: Float64Array;
}

/** Overvoltage and its derivatives at a density (A/m2, oxidation positive) and present salt. */
function linearise(
  electrode: SpmeElectrode,
  salt: Float64Array,
  floor: number,
  surface_frac: number,
  density_A_per_m2: number,
  temperature_K: number,
): Linear {
  const thermal_V = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
  const nodes = salt.length;
  const exchange = (sto: number, c: number): number =>
    electrode.rate(sto, temperature_K) *
    electrode.maximum_mol_per_m3 *
    Math.sqrt(positive(c, floor) * sto * (1 - sto));
  const over_V = (sto: number, c: number): number =>
    2 * thermal_V * Math.asinh(density_A_per_m2 / (2 * exchange(sto, c)));
  const sto = boundedFilling_frac(surface_frac);
  const h = 1e-6 * Math.min(sto, 1 - sto);
  let transfer = 0;
  let slope = 0;
  const weights = new Float64Array(nodes);
  for (let i = 0; i < nodes; i++) {
    const c = salt[i];
    const j0 = exchange(sto, c);
    transfer += thermal_V / Math.sqrt(j0 * j0 + (density_A_per_m2 / 2) ** 2) / nodes;
    slope += (over_V(sto + h, c) - over_V(sto - h, c)) / (2 * h * nodes);
    const dc = 1e-4 * (Math.abs(c) + floor);
    weights[i] = (over_V(sto, c + dc) - over_V(sto, c - dc)) / (2 * dc * nodes);
  }
  const potential = (electrode.openCircuit_V(sto + h) - electrode.openCircuit_V(sto - h)) / (2 * h);
  return { transfer_Ohm_m2: transfer, slope_V: slope + potential, salt: weights };
}

/**
 * Impedance of the cell, Ohm, from the finite-volume equations of the stepping linearised at its present state, with the
 * double layers that the steps leave out. Exact at rest; under current the lookup of diffusivities is frozen.
 */
export function spmeImpedance(
  parameters: SpmeParameters,
  parts: SpmeParts,
  temperature_K: number,
  current_A: number,
  side_A: number,
  frequencies_Hz: Float64Array,
): Spectrum {
  const { area_m2, electrolyte } = parameters;
  const { field, voltage, withElectrolyte } = parts;
  const { resistances } = voltage;
  const salt = field.salt_mol_per_m3;
  const floor = DEPLETED_FRAC * electrolyte.initial_mol_per_m3;
  const thermal_V = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
  const diffusion_V = 2 * (1 - electrolyte.transference_1) * electrolyte.thermodynamicFactor_1 * thermal_V;
  const sides = [
    { electrode: parameters.negative, part: parts.negative, from: 0, to: field.negativeNodes, sign: -1 },
    {
      electrode: parameters.positive,
      part: parts.positive,
      from: field.positiveFirst,
      to: salt.length,
      sign: 1,
    },
  ].map(side => {
    const surface_m2 = particleSurface_m2(side.electrode, area_m2);
    const through_A = side.sign < 0 ? -(current_A - side_A) : current_A;
    const linear = linearise(
      side.electrode,
      salt.subarray(side.from, side.to),
      floor,
      side.part.surface_frac(),
      through_A / surface_m2,
      temperature_K,
    );
    return { ...side, surface_m2, linear, film_Ohm: side.sign < 0 ? resistances.film_Ohm : 0 };
  });
  const mean = field.mean_mol_per_m3();
  const bulk_Ohm = resistances.negative_Ohm + resistances.separator_Ohm + resistances.positive_Ohm;
  const series_Ohm =
    bulk_Ohm + voltage.negativeSolid_Ohm + voltage.positiveSolid_Ohm + parameters.contact_Ohm;
  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  for (let f = 0; f < frequencies_Hz.length; f++) {
    const omega = 2 * Math.PI * frequencies_Hz[f];
    const column = withElectrolyte ? field.transfer(omega, temperature_K) : undefined;
    let re = series_Ohm;
    let im = 0;
    for (const { electrode, part, from, to, sign, surface_m2, linear, film_Ohm } of sides) {
      // Oxidation current i (A) of the whole electrode: i leaves the particles, the surface empties.
      const particle = part.transfer(omega, temperature_K);
      const perAmpere = -1 / (surface_m2 * FARADAY_C_PER_MOL * electrode.maximum_mol_per_m3);
      const faradaicRe =
        linear.transfer_Ohm_m2 / surface_m2 + film_Ohm + linear.slope_V * perAmpere * particle.re_s_per_m;
      const faradaicIm = linear.slope_V * perAmpere * particle.im_s_per_m;
      // Shift by the salt per ampere of charge, seen at this electrode.
      let saltRe = 0;
      let saltIm = 0;
      let logRe = 0;
      let logIm = 0;
      if (column !== undefined) {
        for (let i = from; i < to; i++) {
          saltRe += linear.salt[i - from] * column.re[i];
          saltIm += linear.salt[i - from] * column.im[i];
          logRe += column.re[i] / (positive(salt[i], floor) * (to - from));
          logIm += column.im[i] / (positive(salt[i], floor) * (to - from));
        }
      }
      // (i + i omega C u = sign I, u = Zf i + salt I)  ->  u = (sign + salt / Zf) / (1 / Zf + i omega C) I
      const size = faradaicRe ** 2 + faradaicIm ** 2;
      const yRe = faradaicRe / size;
      const yIm = -faradaicIm / size;
      const topRe = sign + saltRe * yRe - saltIm * yIm;
      const topIm = saltRe * yIm + saltIm * yRe;
      const bottomIm = yIm + omega * electrode.doubleLayer_F_per_m2 * surface_m2;
      const bottom = yRe ** 2 + bottomIm ** 2;
      re += sign * ((topRe * yRe + topIm * bottomIm) / bottom + diffusion_V * logRe);
      im += sign * ((topIm * yRe - topRe * bottomIm) / bottom + diffusion_V * logIm);
    }
    if (column !== undefined && current_A !== 0) {
      const { re: saltRe, im: saltIm } = column;
      const h = 1e-4 * mean;
      const conductivity = (c: number): number =>
        electrolyte.conductivity_S_per_m(positive(c, floor), temperature_K);
      const perSalt =
        ((conductivity(mean - h) / conductivity(mean + h) - 1) / (2 * h)) * bulk_Ohm * current_A;
      let sumRe = 0;
      let sumIm = 0;
      for (let i = 0; i < saltRe.length; i++) {
        sumRe += field.share[i] * saltRe[i];
        sumIm += field.share[i] * saltIm[i];
      }
      re += perSalt * sumRe;
      im += perSalt * sumIm;
    }
    re_Ohm[f] = re;
    im_Ohm[f] = im;
  }
  return { re_Ohm, im_Ohm };
}
