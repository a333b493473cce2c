import type { BatteryModel } from '../../sim/plant/cell/battery-model.ts';

/** Response to a small step of the current: change of the voltage over that step, Ohm, at rising times from 0, s. */
export interface StepResponse {
  readonly time_s: readonly number[];
  readonly resistance_Ohm: readonly number[];
}

/** Times from first to last, s, so many to each decade. */
export function decades(first_s: number, last_s: number, perDecade: number): number[] {
  const count = Math.ceil(Math.log10(last_s / first_s) * perDecade);
  return Array.from({ length: count + 1 }, (_, k) => first_s * (last_s / first_s) ** (k / count));
}

/** A battery model's answer to a current that steps from 0 to current_A and stays. Leaves the model changed. */
export function cellStepResponse(
  model: BatteryModel,
  current_A: number,
  time_s: readonly number[],
): StepResponse {
  const start_V = model.state.voltage_V;
  let now_s = 0;
  const resistance_Ohm = time_s.map(t => {
    model.prepare(t - now_s);
    model.take(current_A);
    now_s = t;
    return (model.state.voltage_V - start_V) / current_A;
  });
  return { time_s, resistance_Ohm };
}

/** An impedance, Ohm. */
export interface Impedance {
  readonly re_Ohm: number;
  readonly im_Ohm: number;
}

/**
 * Impedance that a step response stands for: Z(w) = integral of dR/dt exp(-jwt), with R jumping to its first value at
 * 0, straight between the samples and going on as it ends. Nothing is fitted, so no circuit has to be believed.
 */
export function impedanceOfStep(response: StepResponse, frequency_Hz: number): Impedance {
  const { time_s, resistance_Ohm } = response;
  const w = 2 * Math.PI * frequency_Hz;
  const at = (k: number): readonly [number, number] => [
    time_s[k] ?? Number.NaN,
    resistance_Ohm[k] ?? Number.NaN,
  ];
  let [re_Ohm, im_Ohm] = [at(0)[1], 0];
  let rate = 0;
  for (let k = 1; k < time_s.length; k++) {
    const [t0, r0] = at(k - 1);
    const [t1, r1] = at(k);
    rate = (r1 - r0) / (t1 - t0);
    // rate * (exp(-jw t0) - exp(-jw t1)) / jw
    re_Ohm += (rate * (Math.sin(w * t1) - Math.sin(w * t0))) / w;
    im_Ohm += (rate * (Math.cos(w * t1) - Math.cos(w * t0))) / w;
  }
  const [end_s] = at(time_s.length - 1);
  re_Ohm -= (rate * Math.sin(w * end_s)) / w;
  im_Ohm -= (rate * Math.cos(w * end_s)) / w;
  return { re_Ohm, im_Ohm };
}

/** Distance of two impedances in the complex plane over the size of the second, %. */
export function impedanceError_pct(computed: Impedance, expected: Impedance): number {
  const distance = Math.hypot(computed.re_Ohm - expected.re_Ohm, computed.im_Ohm - expected.im_Ohm);
  return (100 * distance) / Math.hypot(expected.re_Ohm, expected.im_Ohm);
}

/** Spectrum of a battery model at its present state, one entry per frequency. */
export function cellSpectrum(model: BatteryModel, frequencies_Hz: readonly number[]): Impedance[] {
  const { re_Ohm, im_Ohm } = model.impedance(Float64Array.from(frequencies_Hz));
  return frequencies_Hz.map((_, k) => ({ re_Ohm: re_Ohm[k], im_Ohm: im_Ohm[k] }));
}
