import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import { lines, type SpmeParameters } from '../spme/parameters.ts';
import { PLATING } from '../spme/plating.ts';
import { SEI } from '../spme/sei.ts';
import {
  HARD_CARBON_DIFFUSIVITY,
  HARD_CARBON_RATE,
  HARD_CARBON_V,
  NVPF_RATE,
  NVPF_V,
} from './chayambuka-tables.ts';

const HARD_CARBON_MAX = 14540;
const NVPF_MAX = 15320;
const SALT = 1000;
/** Exchange current F k/2 sqrt(c_e/c_e0) sqrt(c_s (c_max - c_s)): what stands before the roots of the common form. */
const PER_RATE = FARADAY_C_PER_MOL / (2 * Math.sqrt(SALT));

const hardCarbon_V = lines(HARD_CARBON_V);
const nvpf_V = lines(NVPF_V);
const hardCarbonDiffusivity = lines(HARD_CARBON_DIFFUSIVITY);
const hardCarbonRate = lines(HARD_CARBON_RATE);
const nvpfRate = lines(NVPF_RATE);
/** The paper's conductivity, read at five concentrations, S/m. */
const conductivity = lines([
  [0, 0],
  [150, 0.404],
  [500, 0.72],
  [1000, 0.883],
  [1500, 0.861],
  [2000, 0.76],
]);

/** Polynomial read from the paper's figure of the diffusivity in NVPF, m2/s over the filling. */
function nvpfDiffusivity(s: number): number {
  return (
    (((((7.1008e-14 * s - 2.8245e-13) * s + 4.5005e-13) * s - 3.6495e-13) * s + 1.5745e-13) * s -
      3.4015e-14) *
      s +
    2.9309e-15
  );
}

/** Sodium-ion pouch, hard carbon | NVPF, 3 mAh. */
export const CHAYAMBUKA2022: SpmeParameters = {
  name: 'chayambuka2022-na-ion',
  about:
    'Sodium-ion laboratory cell, hard carbon | NVPF, 3 mAh, 2.0-4.2 V, 25 degC, up to about 1C (thick electrodes: the ' +
    'full porous-electrode model and this one part by tens of millivolts at 1C). The diffusivity in NVPF is ' +
    'taken at filling x 1000 mol/m3 as in the circulating code of this set; at the real concentration it is ten times ' +
    'lower. No temperature dependence. Double layer, thermal and ageing figures are defaults.',
  basis: 'sourced',
  source:
    'Chayambuka et al., Electrochim. Acta 404 (2022) 139764; NVPF diffusivity, electrolyte diffusivity and conductivity read from its figures.',
  area_m2: 2.54e-4,
  nominal_Ah: 0.003,
  lower_V: 2,
  upper_V: 4.2,
  negative: {
    thickness_m: 64e-6,
    porosity_frac: 0.51,
    active_frac: 0.489,
    particleRadius_m: 3.48e-6,
    maximum_mol_per_m3: HARD_CARBON_MAX,
    start_frac: 13520 / HARD_CARBON_MAX,
    conductivity_S_per_m: 256,
    bruggeman_1: 1.5,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: hardCarbon_V,
    rate: sto => PER_RATE * hardCarbonRate(sto * HARD_CARBON_MAX),
    diffusivity_m2_per_s: sto => hardCarbonDiffusivity(sto * HARD_CARBON_MAX),
    diffusivityVaries: true,
  },
  separator: { thickness_m: 25e-6, porosity_frac: 0.55, bruggeman_1: 1.5 },
  positive: {
    thickness_m: 68e-6,
    porosity_frac: 0.23,
    active_frac: 0.55,
    particleRadius_m: 0.59e-6,
    maximum_mol_per_m3: NVPF_MAX,
    start_frac: 3320 / NVPF_MAX,
    conductivity_S_per_m: 50,
    bruggeman_1: 1.5,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: nvpf_V,
    rate: sto => PER_RATE * nvpfRate(sto * NVPF_MAX),
    diffusivity_m2_per_s: sto => nvpfDiffusivity((sto * SALT) / NVPF_MAX),
    diffusivityVaries: true,
  },
  electrolyte: {
    initial_mol_per_m3: SALT,
    transference_1: 0.45,
    thermodynamicFactor_1: 1,
    // The polynomial passes zero far above the salt's solubility: bounded from below.
    diffusivity_m2_per_s: c =>
      Math.max(1e-12, (((8.7549e-26 * c - 1.7006e-21) * c + 9.4034e-18) * c - 2.3662e-14) * c + 4.1152e-11),
    conductivity_S_per_m: salt => Math.max(1e-3, conductivity(salt)),
  },
  contact_Ohm: 0,
  // 40 g/Ah at 1000 J/(kg K) and 10 W/(m2 K) on both faces: defaults, the paper gives none.
  heatCapacity_J_per_K: 0.12,
  heatTransfer_W_per_K: 0.005,
  sei: SEI,
  plating: PLATING,
};
