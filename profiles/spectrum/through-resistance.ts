import type { ImpedanceAccuracy } from '../../drivers/contract/measure/impedance.ts';
import { student95 } from '../least-squares/student-t.ts';
import { type Intercept, type Read, withAccuracy } from './intercepts.ts';
import type { ImpedanceData } from './lin-kk.ts';

/**
 * Resistance of a conductor between blocking electrodes: where the straight spike of the electrodes, extrapolated, meets the
 * real axis. All that conducts in series lies before it, bulk and grain boundaries
 * (J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132).
 */

/** The spike begins where Im has grown to so many times its least, and counts up to so many times Re at its foot. */
const BEGINS = 3;
const ENDS = 3;
const LEAST_POINTS = 5;

/** In the unit of Z, u95 with k = 2; or why there is none. */
export function throughResistance(data: ImpedanceData, accuracy: ImpedanceAccuracy): Intercept {
  return withAccuracy(data, accuracy, footOfSpike);
}

function footOfSpike({ re, im }: ImpedanceData): Read | { readonly missing: string } {
  const none = { missing: 'the spectrum does not show the spike of blocking electrodes' };
  // An arc comes back to the axis, a spike rises to the end of the band.
  const top = im.reduce((lowest, v, i) => (v < im[lowest] ? i : lowest), 0);
  if (top < im.length - 2) return none;
  // Towards low frequencies, from the point that lies nearest to the axis.
  const foot = im.reduce((nearest, v, i) => (Math.abs(v) < Math.abs(im[nearest]) ? i : nearest), 0);
  const spike = [...im.keys()].filter(
    i => i > foot && -im[i] > BEGINS * Math.abs(im[foot]) && -im[i] < ENDS * re[foot],
  );
  if (spike.length < LEAST_POINTS) return none;
  // Points are known to a part of their size.
  const weight = spike.map(i => 1 / (re[i] ** 2 + im[i] ** 2));
  const sum = weight.reduce((a, w) => a + w, 0);
  const meanOf = (values: Float64Array): number =>
    spike.reduce((a, i, k) => a + weight[k] * values[i], 0) / sum;
  const [x, y] = [-meanOf(im), meanOf(re)];
  const spread = spike.reduce((a, i, k) => a + weight[k] * (-im[i] - x) ** 2, 0);
  const slope = spike.reduce((a, i, k) => a + weight[k] * (-im[i] - x) * (re[i] - y), 0) / spread;
  const value = y - slope * x;
  const rest = spike.reduce((a, i, k) => a + weight[k] * (re[i] - value + slope * im[i]) ** 2, 0);
  const freedom = spike.length - 2;
  const u95 = student95(freedom) * Math.sqrt((rest / freedom) * (1 / sum + x ** 2 / spread));
  return value > 0 ? { value, u95, how: 'where the spike of the electrodes meets the real axis' } : none;
}
