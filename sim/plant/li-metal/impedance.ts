import type { Spectrum } from '../parts/model.ts';
import type { LithiumMetalNow, LithiumMetalParameters } from './cell.ts';
import {
  activeArea_1,
  type LithiumElectrode,
  type LithiumElectrodeParameters,
  transferSlope_Ohm_cm2,
} from './electrode.ts';

const FARAD_PER_UF = 1e-6;
const COULOMB_PER_MAH = 3.6;

/**
 * Spectrum at the terminals, Ohm: electrolyte, film and charge transfer of both electrodes each beside its capacitance
 * (which goes with the active area), diffusion with its time, an electrode without metal as the capacitor that it is, and
 * the short beside all. Linearised at the density that flows, mA/cm2.
 */
export function lithiumMetalSpectrum(
  p: LithiumMetalParameters,
  now: LithiumMetalNow,
  working: LithiumElectrode,
  counter: LithiumElectrode,
  density_mA: number,
  short_S_per_cm2: number,
  frequencies_Hz: Float64Array,
): Spectrum {
  const re_Ohm = new Float64Array(frequencies_Hz.length);
  const im_Ohm = new Float64Array(frequencies_Hz.length);
  const arcs: (readonly [r_Ohm_cm2: number, tau_s: number])[] = [];
  for (const [electrode, set, film, exchange] of [
    [working, p.working, now.workingFilm_Ohm_cm2, now.workingExchange_mA],
    [counter, p.counter, now.counterFilm_Ohm_cm2, now.counterExchange_mA],
  ] as const) {
    const area = activeArea_1(set, electrode);
    const transfer = transferSlope_Ohm_cm2(density_mA, exchange, now.temperature_K);
    arcs.push([film, film * p.film_uF_per_cm2 * FARAD_PER_UF * area]);
    arcs.push([transfer, transfer * p.doubleLayer_uF_per_cm2 * FARAD_PER_UF * area]);
  }
  arcs.push([now.diffusion_Ohm_cm2, p.diffusion_s]);
  const blocked = elastance(p.working, working) + elastance(p.counter, counter);
  frequencies_Hz.forEach((f, i) => {
    const w = 2 * Math.PI * f;
    let re = now.electrolyte_Ohm_cm2;
    let im = -blocked / w;
    for (const [r, tau] of arcs) {
      const x = w * tau;
      re += r / (1 + x * x);
      im -= (r * x) / (1 + x * x);
    }
    const square = re * re + im * im;
    const [yRe, yIm] = [re / square + short_S_per_cm2, -im / square];
    const whole = (yRe * yRe + yIm * yIm) * p.area_cm2;
    re_Ohm[i] = yRe / whole;
    im_Ohm[i] = -yIm / whole;
  });
  return { re_Ohm, im_Ohm };
}

/** Volts per coulomb and cm2 of an electrode without metal; 0 where there is some. */
function elastance(p: LithiumElectrodeParameters, e: LithiumElectrode): number {
  if (e.metal > 0) return 0;
  return (e.isFresh ? p.fresh_V_per_mAh_cm2 : p.spent_V_per_mAh_cm2) / COULOMB_PER_MAH;
}
