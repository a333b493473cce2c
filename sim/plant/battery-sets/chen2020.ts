import { activation, type SpmeParameters } from '../spme/parameters.ts';
import { PLATING } from '../spme/plating.ts';
import { SEI } from '../spme/sei.ts';

const REFERENCE_K = 298.15;

const negativeRateActivation = activation(35000, REFERENCE_K);
const positiveRateActivation = activation(17800, REFERENCE_K);

/** Potential of the graphite-SiOx electrode against Li, V, over its filling (Chen 2020, delithiation). */
export function chenGraphite_V(x: number): number {
  return (
    1.9793 * Math.exp(-39.3631 * x) +
    0.2482 -
    0.0909 * Math.tanh(29.8538 * (x - 0.1234)) -
    0.04478 * Math.tanh(14.9159 * (x - 0.2769)) -
    0.0205 * Math.tanh(30.4444 * (x - 0.6103))
  );
}

/** LG M50, 21700, NMC811 | graphite-SiOx, 5 Ah. */
export const CHEN2020: SpmeParameters = {
  name: 'chen2020',
  about:
    'LG M50 21700, NMC811 | graphite-SiOx, 5 Ah, 2.5-4.2 V. Measured at 25 degC up to 1.5C; above about 2C and below ' +
    '0 degC (the electrolyte has no temperature dependence in this set) the single particle departs from the ' +
    'full porous-electrode model. The published start is 4.18 V, not full: give an initial SOC to start at 4.2 V.',
  // Where the plant (activation energies of O'Kane 2022 beside the set) was compared with another code.
  valid_degC: [0, 45],
  basis: 'sourced',
  source:
    'Chen et al., J. Electrochem. Soc. 167 (2020) 080534; electrolyte Nyman et al., Electrochim. Acta 53 (2008) 6356; ' +
    'thermal figures as lumped by PyBaMM from the same paper.',
  area_m2: 0.065 * 1.58,
  nominal_Ah: 5,
  lower_V: 2.5,
  upper_V: 4.2,
  negative: {
    thickness_m: 85.2e-6,
    porosity_frac: 0.25,
    active_frac: 0.75,
    particleRadius_m: 5.86e-6,
    maximum_mol_per_m3: 33133,
    start_frac: 29866 / 33133,
    conductivity_S_per_m: 215,
    bruggeman_1: 1.5,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: chenGraphite_V,
    rate: (_sto, temperature_K) => 6.48e-7 * negativeRateActivation(temperature_K),
    diffusivity_m2_per_s: () => 3.3e-14,
    diffusivityVaries: false,
  },
  separator: { thickness_m: 12e-6, porosity_frac: 0.47, bruggeman_1: 1.5 },
  positive: {
    thickness_m: 75.6e-6,
    porosity_frac: 0.335,
    active_frac: 0.665,
    particleRadius_m: 5.22e-6,
    maximum_mol_per_m3: 63104,
    start_frac: 17038 / 63104,
    conductivity_S_per_m: 0.18,
    bruggeman_1: 1.5,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: y =>
      -0.809 * y +
      4.4875 -
      0.0428 * Math.tanh(18.5138 * (y - 0.5542)) -
      17.7326 * Math.tanh(15.789 * (y - 0.3117)) +
      17.5842 * Math.tanh(15.9308 * (y - 0.312)),
    rate: (_sto, temperature_K) => 3.42e-6 * positiveRateActivation(temperature_K),
    diffusivity_m2_per_s: () => 4e-15,
    diffusivityVaries: false,
  },
  electrolyte: {
    initial_mol_per_m3: 1000,
    transference_1: 0.2594,
    thermodynamicFactor_1: 1,
    diffusivity_m2_per_s: salt => {
      const c = salt / 1000;
      return (8.794e-11 * c - 3.972e-10) * c + 4.862e-10;
    },
    conductivity_S_per_m: salt => {
      const c = salt / 1000;
      return 0.1297 * c * c * c - 2.51 * c * Math.sqrt(c) + 3.329 * c;
    },
  },
  contact_Ohm: 0,
  heatCapacity_J_per_K: 42.8,
  heatTransfer_W_per_K: 0.0531,
  sei: SEI,
  plating: PLATING,
};
