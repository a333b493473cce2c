import { activation, type SpmeParameters } from '../spme/parameters.ts';
import { PLATING } from '../spme/plating.ts';
import { SEI } from '../spme/sei.ts';
import { chenGraphite_V } from './chen2020.ts';

const REFERENCE_K = 298;

const negativeRateActivation = activation(35000, REFERENCE_K);
const positiveRateActivation = activation(39570, REFERENCE_K);

/** LFP | graphite, 2.3 Ah, as published: with these figures it has not the rates of a power cell. */
export const PRADA2013: SpmeParameters = {
  name: 'prada2013-lfp',
  about:
    'LFP | graphite, 2.3 Ah, 2.0-3.6 V, up to 2C around 25 degC: 92 % at C/2, 84 % at 1C, 49 % at 4C, so not a 26650 power cell ' +
    '(that is lfp-26650-power). One potential for charge and discharge: ' +
    'the hysteresis and the many-particle behaviour of LFP are not in it. The graphite potential is that of Chen 2020. ' +
    'Thermal figures are defaults for a 26650; ageing figures those of the Chen 2020 set.',
  basis: 'sourced',
  source:
    'Prada et al., J. Electrochem. Soc. 160 (2013) A616; potential of LFP Afshar et al. 2017; conductivity Prada 2013, ' +
    'recalled.',
  area_m2: 0.18,
  nominal_Ah: 2.3,
  lower_V: 2,
  upper_V: 3.6,
  negative: {
    thickness_m: 34e-6,
    porosity_frac: 0.36,
    active_frac: 0.58,
    particleRadius_m: 5e-6,
    maximum_mol_per_m3: 30555,
    start_frac: 0.810043,
    conductivity_S_per_m: 215 * (1 - 0.36) ** 1.5,
    bruggeman_1: 1.5,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: chenGraphite_V,
    rate: (_sto, temperature_K) => 6.48e-7 * negativeRateActivation(temperature_K),
    diffusivity_m2_per_s: () => 3e-15,
    diffusivityVaries: false,
  },
  separator: { thickness_m: 25e-6, porosity_frac: 0.45, bruggeman_1: 1.5 },
  positive: {
    thickness_m: 80e-6,
    porosity_frac: 0.426,
    active_frac: 0.374,
    particleRadius_m: 50e-9,
    maximum_mol_per_m3: 22806,
    start_frac: 0.003762,
    conductivity_S_per_m: 0.33795 * (1 - 0.426) ** 1.5,
    bruggeman_1: 1.5,
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: y => 3.4077 - 0.020269 * y + 0.5 * Math.exp(-150 * y) - 0.9 * Math.exp(-30 * (1 - y)),
    rate: (_sto, temperature_K) => 6e-7 * positiveRateActivation(temperature_K),
    diffusivity_m2_per_s: () => 5.9e-18,
    diffusivityVaries: false,
  },
  electrolyte: {
    initial_mol_per_m3: 1200,
    transference_1: 0.36,
    thermodynamicFactor_1: 1,
    diffusivity_m2_per_s: () => 2e-10,
    // The polynomial turns negative far above 2 mol/L, where no cell works.
    conductivity_S_per_m: salt => {
      const c = salt * 1e-6;
      return Math.max(
        0.01,
        1e3 * (4.1253e-4 + (5.007 + (-4.7212e3 + (1.5094e6 - 1.6018e8 * c) * c) * c) * c),
      );
    },
  },
  contact_Ohm: 0,
  // 0.076 kg at 1000 J/(kg K), mantle of a 26650 at 10 W/(m2 K).
  heatCapacity_J_per_K: 76,
  heatTransfer_W_per_K: 0.063,
  sei: SEI,
  plating: PLATING,
};
