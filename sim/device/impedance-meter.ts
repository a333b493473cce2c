import type { ImpedanceAccuracy } from '../../drivers/contract/measure/impedance.ts';
import type { PlantRig } from '../plant/parts/model.ts';
import type { PlantRandom } from '../plant/parts/sensors.ts';

/** Z as a meter shows it, Ohm. */
export interface ShownImpedance {
  readonly re_Ohm: number;
  readonly im_Ohm: number;
}

/** Part of the declared accuracy that is scatter from point to point; the rest is one error of gain and phase. */
const SCATTER = 0.2;
const FIXED = Math.sqrt(1 - SCATTER ** 2);
/** Accuracies are declared with k = 2. */
const K = 2;

/**
 * An instrument that measures the impedance of a plant with the accuracy that it declares: gain and phase are off by
 * errors drawn once, each point scatters besides. What it shows is the plant at the moment that it looks.
 * @throws RangeError for a plant without electrical terminals
 */
export function impedanceMeter(
  rig: Pick<PlantRig, 'impedance'>,
  { modulus_pct, phase_deg }: ImpedanceAccuracy,
  random: PlantRandom,
): (frequency_Hz: number) => ShownImpedance {
  const gain = (FIXED * modulus_pct * random.gauss()) / 100 / K;
  const turn_rad = (FIXED * phase_deg * random.gauss() * Math.PI) / 180 / K;
  return frequency_Hz => {
    const z = rig.impedance(Float64Array.of(frequency_Hz));
    const modulus = 1 + gain + (SCATTER * modulus_pct * random.gauss()) / 100 / K;
    const angle = turn_rad + (SCATTER * phase_deg * random.gauss() * Math.PI) / 180 / K;
    const [re, im] = [modulus * Math.cos(angle), modulus * Math.sin(angle)];
    return {
      re_Ohm: z.re_Ohm[0] * re - z.im_Ohm[0] * im,
      im_Ohm: z.re_Ohm[0] * im + z.im_Ohm[0] * re,
    };
  };
}
