import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';

/**
 * Impedance as an instrument measures it: a small sine of current in time, correlated with the voltage over the last of
 * a few periods. Independent of the model's own linearisation.
 */
function sineImpedance(
  model: BatteryModel,
  frequency_Hz: number,
  amplitude_A: number,
  periods = 6,
): { readonly re_Ohm: number; readonly im_Ohm: number } {
  const perPeriod = 2000;
  const dt_s = 1 / frequency_Hz / perPeriod;
  const voltages = new Float64Array(perPeriod + 1);
  for (let k = 0; k < periods * perPeriod; k++) {
    model.prepare(dt_s);
    model.take(amplitude_A * Math.sin((2 * Math.PI * (k + 0.5)) / perPeriod));
    const inLast = k + 1 - (periods - 1) * perPeriod;
    if (inLast >= 0) voltages[inLast] = model.state.voltage_V;
  }
  // A steady drift over the period is no part of the sine.
  const drift_V = voltages[perPeriod] - voltages[0];
  let sine = 0;
  let cosine = 0;
  for (let k = 1; k <= perPeriod; k++) {
    const flat_V = voltages[k] - voltages[0] - (drift_V * k) / perPeriod;
    sine += flat_V * Math.sin((2 * Math.PI * k) / perPeriod);
    cosine += flat_V * Math.cos((2 * Math.PI * k) / perPeriod);
  }
  return { re_Ohm: (2 * sine) / perPeriod / amplitude_A, im_Ohm: (2 * cosine) / perPeriod / amplitude_A };
}

/** How far the model's own spectrum lies from its answer to a sine in time, real or imaginary part, of its size. */
export function sineError_1(model: BatteryModel, frequency_Hz: number, amplitude_A: number): number {
  const { re_Ohm, im_Ohm } = model.impedance(Float64Array.of(frequency_Hz));
  const sine = sineImpedance(model, frequency_Hz, amplitude_A);
  const off_Ohm = Math.max(Math.abs(sine.re_Ohm - re_Ohm[0]), Math.abs(sine.im_Ohm - im_Ohm[0]));
  return off_Ohm / Math.hypot(re_Ohm[0], im_Ohm[0]);
}
