import type { SpmeParameters } from '../spme/parameters.ts';
import { activation } from '../spme/parameters.ts';
import { PRADA2013 } from './prada2013.ts';

const REFERENCE_K = 298;

const negativeDiffusion = activation(45_000, REFERENCE_K);
const positiveDiffusion = activation(60_000, REFERENCE_K);
const conduction = activation(12_000, REFERENCE_K);
const { negative, positive, electrolyte } = PRADA2013;

/** LFP power cell of the class of a 26650 of 2.3 Ah: thin electrodes of fine particles. */
export const LFP_POWER: SpmeParameters = {
  ...PRADA2013,
  name: 'lfp-26650-power',
  about:
    'Power cell of the class of the ANR26650M1A, LFP | graphite, 2.3 Ah, 2.0-3.6 V. Potentials, electrolyte and amounts of ' +
    'the set of Prada 2013, spread over twice the area; particles, diffusivities and the resistance of foils and tabs are ' +
    'chosen so that the recalled figures of that class are met: 10C above 95 % at 25 degC, 10 s resistance 10..12 mOhm, ' +
    '6..8 mOhm at 1 kHz. Not measured here. No hysteresis, no ageing figures.',
  // The recalled figures reach down to -20 degC and, by self-heating, up to here.
  valid_degC: [-20, 60],
  basis: 'default',
  source:
    'chosen here so that recalled data-sheet figures of the ANR26650M1A are met; potentials and electrolyte Prada et al., ' +
    'J. Electrochem. Soc. 160 (2013) A616',
  area_m2: 2 * PRADA2013.area_m2,
  negative: {
    ...negative,
    thickness_m: negative.thickness_m / 2,
    particleRadius_m: 3e-6,
    rate: (sto, temperature_K) => 5 * negative.rate(sto, temperature_K),
    diffusivity_m2_per_s: (_sto, temperature_K) => 3e-14 * negativeDiffusion(temperature_K),
  },
  positive: {
    ...positive,
    thickness_m: positive.thickness_m / 2,
    particleRadius_m: 35e-9,
    diffusivity_m2_per_s: (_sto, temperature_K) => 3e-17 * positiveDiffusion(temperature_K),
  },
  electrolyte: {
    ...electrolyte,
    diffusivity_m2_per_s: (salt, temperature_K) =>
      conduction(temperature_K) * electrolyte.diffusivity_m2_per_s(salt, temperature_K),
    conductivity_S_per_m: (salt, temperature_K) =>
      conduction(temperature_K) * electrolyte.conductivity_S_per_m(salt, temperature_K),
  },
  contact_Ohm: 6e-3,
  // 70 g of 1000 J/(kg K); clamps and air.
  heatCapacity_J_per_K: 70,
  heatTransfer_W_per_K: 0.15,
};
