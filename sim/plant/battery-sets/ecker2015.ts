import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import { activation, type SpmeParameters } from '../spme/parameters.ts';
import { PLATING } from '../spme/plating.ts';
import { SEI } from '../spme/sei.ts';

const KINETICS_K = 296.15;
/** Boltzmann constant over elementary charge, V/K. */
const THERMAL_V_PER_K = 8.617333e-5;
/** The measured cell of 7.5 Ah as layers of the 0.15625 Ah that the published electrode pair holds. */
const LAYERS = 7.5 / 0.15625;

const conductionActivation = activation(17100, 296);
const graphiteRateActivation = activation(53400, KINETICS_K);
const graphiteDiffusionActivation = activation(30300, 296);
const oxideRateActivation = activation(43600, KINETICS_K);
const oxideDiffusionActivation = activation(80600, KINETICS_K);

function conductivity_S_per_m(salt_mol_per_m3: number, temperature_K: number): number {
  const c = salt_mol_per_m3 / 1000;
  // The cubic turns up again above 3 mol/L and would pass zero near it: bounded from below.
  const at296 = Math.max(0.01, ((0.2667 * c - 1.2983) * c + 1.7919) * c + 0.1726);
  return ((at296 * 296) / temperature_K) * conductionActivation(temperature_K);
}

/** Kokam SLPB 75106100, graphite | nickel-cobalt oxide, 7.5 Ah. */
export const ECKER2015: SpmeParameters = {
  name: 'ecker2015',
  about:
    'Kokam SLPB 75106100 pouch, graphite | Li(Ni,Co)O2, 7.5 Ah, 2.5-4.2 V, measured from -10 to 40 degC. Against the measured ' +
    'discharge expect some 30 mV at 1C and twice that at 5C: that is the honest distance of such models from a cell.',
  valid_degC: [-10, 40],
  basis: 'sourced',
  source:
    'Ecker et al., J. Electrochem. Soc. 162 (2015) A1836 and A1849; fits to its figures after Richardson et al., ' +
    'Electrochim. Acta 354 (2020) 136594.',
  area_m2: 0.101 * 0.085 * LAYERS,
  nominal_Ah: 7.5,
  lower_V: 2.5,
  upper_V: 4.2,
  negative: {
    thickness_m: 74e-6,
    porosity_frac: 0.329,
    active_frac: 0.372403,
    particleRadius_m: 13.7e-6,
    maximum_mol_per_m3: 31920,
    start_frac: 26120.05 / 31920,
    conductivity_S_per_m: 14,
    bruggeman_1: 1.6372789338386007,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: x =>
      0.716502 * Math.exp(-369.028 * x) +
      0.12193 * Math.exp(-35.6478 * (x - 0.0530947)) -
      0.0189193 * Math.tanh(21.1967 * (x - 0.196176)) -
      0.0169644 * Math.tanh(27.1365 * (x - 0.312832)) -
      0.0199313 * Math.tanh(28.5697 * (x - 0.614221)) -
      0.931153 * Math.exp(36.328 * (x - 1.10743)) +
      0.140031,
    rate: (_sto, temperature_K) => FARADAY_C_PER_MOL * 1.11e-10 * graphiteRateActivation(temperature_K),
    diffusivity_m2_per_s: (x, temperature_K) =>
      (8.4e-13 * Math.exp(-11.3 * x) + 8.2e-15) * graphiteDiffusionActivation(temperature_K),
    diffusivityVaries: true,
  },
  separator: { thickness_m: 20e-6, porosity_frac: 0.508, bruggeman_1: 1.9804586773134945 },
  positive: {
    thickness_m: 54e-6,
    porosity_frac: 0.296,
    active_frac: 0.40832,
    particleRadius_m: 6.5e-6,
    maximum_mol_per_m3: 48580,
    start_frac: 12630.8 / 48580,
    conductivity_S_per_m: 68.1,
    bruggeman_1: 1.5442267190786427,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: y =>
      -2.35211 * y -
      0.0747061 * Math.tanh(31.886 * (y - 0.0219921)) +
      6.34984 * Math.tanh(2.66395 * (y - 0.174352)) -
      0.640243 * Math.tanh(5.48623 * (y - 0.439245)) -
      3.82383 * Math.tanh(4.12167 * (y - 0.176187)) -
      0.0542123 * Math.tanh(18.2919 * (y - 0.762272)) +
      4.23285,
    rate: (_sto, temperature_K) => FARADAY_C_PER_MOL * 3.01e-11 * oxideRateActivation(temperature_K),
    diffusivity_m2_per_s: (y, temperature_K) =>
      (3.7e-13 - 3.4e-13 * Math.exp(-12 * (y - 0.62) * (y - 0.62))) * oxideDiffusionActivation(temperature_K),
    diffusivityVaries: true,
  },
  electrolyte: {
    initial_mol_per_m3: 1000,
    transference_1: 0.26,
    thermodynamicFactor_1: 1,
    diffusivity_m2_per_s: (salt, temperature_K) =>
      (THERMAL_V_PER_K / FARADAY_C_PER_MOL) *
      ((conductivity_S_per_m(salt, temperature_K) * temperature_K) / salt),
    conductivity_S_per_m,
  },
  contact_Ohm: 0,
  // 0.165 kg at 1000 J/(kg K); both faces of the pouch at 10 W/(m2 K): defaults.
  heatCapacity_J_per_K: 165,
  heatTransfer_W_per_K: 0.16,
  sei: SEI,
  plating: PLATING,
};
