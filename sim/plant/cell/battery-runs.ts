import type { BatteryModel } from './battery-model.ts';
import { risingRoot } from './root.ts';

/** Plain runs of a battery model without a bench: what validation and tests compare with published curves. */

/** A run at constant current: how long it took and the voltage along it. */
export interface BatteryRun {
  /** Duration until the limit was met, interpolated inside the last step, s; or the whole duration. */
  readonly duration_s: number;
  /** Charge passed, Ah, positive. */
  readonly charge_Ah: number;
  /** Voltage at a time since the run's start, V, linear between steps; NaN outside. */
  voltageAt(time_s: number): number;
}

/**
 * Runs at a constant current (charge positive) until the voltage meets `until_V` in the direction of the current
 * or `most_s` have passed. The model is left at the end of its last whole step.
 */
export function runCurrent(
  model: BatteryModel,
  current_A: number,
  until_V: number,
  most_s: number,
  dt_s: number,
): BatteryRun {
  const start_V = model.state.voltage_V;
  const times: number[] = [0];
  const volts: number[] = [start_V];
  const sign = Math.sign(current_A);
  let time_s = 0;
  let duration_s = most_s;
  while (time_s < most_s - 1e-9) {
    const step_s = Math.min(dt_s, most_s - time_s);
    model.prepare(step_s);
    model.take(current_A);
    const before_V = volts[volts.length - 1];
    const now_V = model.state.voltage_V;
    time_s += step_s;
    times.push(time_s);
    volts.push(now_V);
    if (sign * (now_V - until_V) >= 0) {
      duration_s = time_s - step_s * ((now_V - until_V) / (now_V - before_V));
      break;
    }
  }
  return {
    duration_s,
    charge_Ah: (Math.abs(current_A) * duration_s) / 3600,
    voltageAt(at_s) {
      const next = times.findIndex(t => t >= at_s - 1e-9);
      if (next < 0) return Number.NaN;
      if (next === 0) return volts[0];
      const part = (at_s - times[next - 1]) / (times[next] - times[next - 1]);
      return volts[next - 1] + part * (volts[next] - volts[next - 1]);
    },
  };
}

/** Discharge at `current_A` (> 0, as the data sheet says it) down to `until_V`. */
export function discharge(model: BatteryModel, current_A: number, until_V: number, dt_s: number): BatteryRun {
  return runCurrent(model, -current_A, until_V, Number.POSITIVE_INFINITY, dt_s);
}

/** No current for so long. */
export function rest(model: BatteryModel, duration_s: number, dt_s: number): BatteryRun {
  return runCurrent(model, 0, Number.NaN, duration_s, dt_s);
}

/** Current that gives a voltage at the end of the prepared step, A, to 1 nV. */
export function currentForVoltage_A(model: BatteryModel, voltage_V: number, guess_A: number): number {
  const error_V = (current_A: number): number => model.voltageAfter_V(current_A) - voltage_V;
  return risingRoot(error_V, guess_A, Math.max(1e-6, 0.05 * Math.abs(guess_A)), -1e5, 1e5, 1e-9);
}

/** Holds a voltage until the size of the current has fallen to `until_A`; the charge counts positive. */
export function holdVoltage(
  model: BatteryModel,
  voltage_V: number,
  until_A: number,
  dt_s: number,
): { readonly duration_s: number; readonly charge_Ah: number } {
  let time_s = 0;
  let charge_Ah = 0;
  let current_A = model.state.current_A;
  while (time_s < 1e6) {
    model.prepare(dt_s);
    const before_A = current_A;
    current_A = currentForVoltage_A(model, voltage_V, before_A);
    const size_A = Math.abs(current_A);
    if (size_A <= until_A) {
      const share = (Math.abs(before_A) - until_A) / (Math.abs(before_A) - size_A);
      return { duration_s: time_s + share * dt_s, charge_Ah: charge_Ah + (share * dt_s * until_A) / 3600 };
    }
    model.take(current_A);
    time_s += dt_s;
    charge_Ah += (size_A * dt_s) / 3600;
  }
  return { duration_s: time_s, charge_Ah };
}
