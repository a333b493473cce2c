import { estimate } from '../../profiles/least-squares/estimate.ts';
import { arrhenius } from '../plant/parts/arrhenius.ts';
import { ZERO_DEGC_K } from '../plant/parts/constants.ts';

/** A record: time, s (rising); current into the cell, A; voltage, V (NaN: not read); temperature, degC, if it was measured. */
export interface PulseRecord {
  readonly time_s: Float64Array;
  readonly current_A: Float64Array;
  readonly voltage_V: Float64Array;
  readonly temperature_degC?: Float64Array;
}

/** What is known of the cell beside the record. */
export interface PulseCell {
  readonly capacity_Ah: number;
  /** At the first row of the record, rested. */
  readonly startSoc_frac: number;
  readonly openCircuitSoc_frac: readonly number[];
  readonly openCircuit_V: readonly number[];
  readonly activation_J_per_mol: number;
}

/** One pulse and what follows it up to the next. */
export interface PulseFit {
  readonly from_s: number;
  readonly to_s: number;
  readonly soc_frac: number;
  readonly current_A: number;
  readonly r0_Ohm: number;
  readonly r1_Ohm: number;
  readonly tau1_s: number;
  readonly r2_Ohm: number;
  readonly tau2_s: number;
  /** Relative standard uncertainty of r0, and what of the voltage is left, V. */
  readonly r0U_frac: number;
  readonly rmse_V: number;
  /** By how much the rested cell lies above the table, V. */
  readonly offset_V: number;
  /** What a reader must know; empty if nothing. */
  readonly warnings: readonly string[];
}

/** Rows of one window: before the first current, to the last of the rest, and where the last current ends. */
export interface Window {
  first: number;
  last: number;
  pulseEnd: number;
}

const REFERENCE_K = 298.15;

/** Factor from a resistance at a temperature (degC) to that at 25 degC. */
export function atRoom_1(activation_J_per_mol: number, temperature_degC: number): number {
  return arrhenius(activation_J_per_mol, REFERENCE_K, temperature_degC + ZERO_DEGC_K);
}

/** Mean temperature of a window, 25 if none was measured, degC. */
export function meanOf_degC({ temperature_degC }: PulseRecord, { first, last }: Window): number {
  if (temperature_degC === undefined) return 25;
  const part = temperature_degC.subarray(first, last + 1);
  return part.reduce((sum, t) => sum + t, 0) / part.length;
}

/** Voltage of an RC element after dt_s on its way to a goal, V. */
export function relaxed(before: number, goal: number, dt_s: number, tau_s: number): number {
  return goal + (before - goal) * Math.exp(-dt_s / tau_s);
}

/**
 * Fits the circuit of one window. `carried`: what is left on the RC elements from before, V. With `r0_Ohm` (at the
 * window's own temperature) that resistance is known and only the RC elements are looked for.
 */
export function fitWindow(
  record: PulseRecord,
  counted: { readonly soc: Float64Array; openCircuitAt(soc_frac: number): number },
  { first, last, pulseEnd }: Window,
  carried: readonly [number, number],
  cell: PulseCell,
  r0_Ohm?: number,
): PulseFit {
  const { soc, openCircuitAt } = counted;
  const { time_s, current_A, voltage_V } = record;
  const points = last - first;
  const pulse_s = time_s[pulseEnd] - time_s[first];
  const rest_s = time_s[last] - time_s[pulseEnd];
  const rested_V = Number.isNaN(voltage_V[first]) ? voltage_V[first - 1] : voltage_V[first];
  const step_V = voltage_V[first + 1] - rested_V;
  const r0 = r0_Ohm ?? Math.max(1e-6, Math.abs(step_V / current_A[first + 1]));
  const whole_s = Math.max(pulse_s, rest_s);
  const least_s = Math.max(1e-3, time_s[first + 1] - time_s[first]);
  const candidates = [
    ...(r0_Ohm === undefined ? [{ name: 'r0', start: r0, low: r0 / 20, high: r0 * 20, u: r0 }] : []),
    { name: 'r1', start: r0 / 2, low: r0 * 1e-4, high: r0 * 50, u: r0 },
    // The slow element by its ratio to the fast one, so that they cannot change places.
    {
      name: 'tau1',
      start: Math.max(2 * least_s, Math.min(pulse_s, whole_s) / 4),
      low: least_s / 2,
      high: 2 * whole_s,
      u: whole_s,
    },
    { name: 'r2', start: r0 / 2, low: r0 * 1e-4, high: r0 * 50, u: r0 },
    { name: 'ratio', start: 8, low: 2, high: 1000, u: 8 },
    { name: 'offset', start: 0, low: -0.2, high: 0.2, u: 0.01 },
  ];
  const fitted = estimate(
    candidates,
    (at, out) => {
      let [first_V, second_V] = carried;
      for (let i = first + 1; i <= last; i++) {
        const dt_s = time_s[i] - time_s[i - 1];
        first_V = relaxed(first_V, at['r1'] * current_A[i], dt_s, at['tau1']);
        second_V = relaxed(second_V, at['r2'] * current_A[i], dt_s, at['tau1'] * at['ratio']);
        const model_V =
          openCircuitAt(soc[i]) + at['offset'] + (r0_Ohm ?? at['r0']) * current_A[i] + first_V + second_V;
        out[i - first - 1] = Number.isNaN(voltage_V[i]) ? 0 : model_V - voltage_V[i];
      }
    },
    points,
  );
  const figure = (name: string): number => fitted.estimates.find(e => e.name === name)?.value ?? Number.NaN;
  const r0Told = fitted.estimates.find(e => e.name === 'r0');
  // The circuit is told at 25 degC.
  const cold = atRoom_1(cell.activation_J_per_mol, meanOf_degC(record, { first, last, pulseEnd }));
  const soc_frac = (soc[first] + soc[pulseEnd]) / 2;
  return {
    from_s: time_s[first],
    to_s: time_s[last],
    soc_frac: Math.max(0, Math.min(1, soc_frac)),
    current_A: current_A[first + 1],
    r0_Ohm: (r0_Ohm ?? figure('r0')) * cold,
    r1_Ohm: figure('r1') * cold,
    tau1_s: figure('tau1'),
    r2_Ohm: figure('r2') * cold,
    tau2_s: figure('tau1') * figure('ratio'),
    r0U_frac: r0Told !== undefined && Number.isFinite(r0Told.u) ? r0Told.u / r0Told.value : 0.5,
    rmse_V: Math.sqrt(fitted.residuals.reduce((sum, r) => sum + r * r, 0) / points),
    offset_V: figure('offset'),
    warnings: fitted.estimates
      .filter(e => e.state === 'atBound')
      .map(e => `${e.name} of the pulse at ${time_s[first]} s is at its bound`),
  };
}
