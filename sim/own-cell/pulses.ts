import { estimate } from '../fit/estimate.ts';
import { cellTable } from '../plant/cell/table.ts';
import { arrhenius } from '../plant/parts/arrhenius.ts';
import { ZERO_DEGC_K } from '../plant/parts/constants.ts';
import type { Circuit } from './circuit-schema.ts';

/**
 * Circuit elements of a cell from a record of pulses: for each pulse and the rest behind it the resistance that answers at
 * once and two RC elements, at the state of charge where it was. The open-circuit voltage is a table; a constant
 * offset per pulse takes up where it misses the rested cell.
 */

/** A record: time, s (rising); current into the cell, A; voltage, V; temperature, degC, if it was measured. */
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

/** Elements over the state of charge, and how they were found. */
export interface PulseElements {
  readonly elements: Circuit['elements'];
  readonly pulses: readonly PulseFit[];
  /** Of all fitted pulses, V. */
  readonly rmse_V: number;
  readonly resistanceU_frac: number;
}

/** Why no circuit comes out of a record. */
export class PulseError extends Error {}

/** Currents below this part of 1C are rest. */
const REST_FRAC = 0.005;
/** Pulses that move the state of charge further say nothing of one state of charge; better ones move it by less than that. */
const MOST_MOVED_FRAC = 0.15;
const GOOD_MOVED_FRAC = 0.03;
const ENOUGH_GOOD = 3;
/** A rest shorter than so many times the pulse behind it is no rest; longer pulses stand by themselves, s. */
const RESTED_1 = 5;
const SHORT_S = 120;
const LEAST_ROWS = 12;
const LEAST_REST_ROWS = 4;
/** States of charge closer than this are one point of the table. */
const SAME_SOC_FRAC = 0.03;
const REFERENCE_K = 298.15;

interface Window {
  first: number;
  last: number;
  pulseEnd: number;
}

/**
 * Windows that begin where a current begins, each up to the next: first and last row, and where the last of its current
 * ends. What follows before the cell has rested belongs to the same window (discharge and charge pulse of an HPPC).
 */
function windowsOf({ time_s, current_A }: PulseRecord, rest_A: number): Window[] {
  const windows: Window[] = [];
  let i = 1;
  while (i < current_A.length) {
    if (Math.abs(current_A[i]) <= rest_A) {
      i++;
      continue;
    }
    const first = i - 1;
    while (i + 1 < current_A.length && Math.abs(current_A[i + 1]) > rest_A) i++;
    const pulseEnd = i;
    while (i + 1 < current_A.length && Math.abs(current_A[i + 1]) <= rest_A) i++;
    const before = windows.at(-1);
    const pulse_s = time_s[pulseEnd] - time_s[first];
    const rested_s = before === undefined ? Number.POSITIVE_INFINITY : time_s[first] - time_s[before.pulseEnd];
    if (before !== undefined && rested_s < RESTED_1 * pulse_s && pulse_s < SHORT_S) {
      before.last = i;
      before.pulseEnd = pulseEnd;
    } else windows.push({ first, last: i, pulseEnd });
    i++;
  }
  return windows;
}

/**
 * Fits the circuit. A row's current is taken to have flowed since the row before.
 * @throws PulseError where the record has no pulse with a rest behind it, or leaves 0..1
 */
export function fitPulses(record: PulseRecord, cell: PulseCell): PulseElements {
  const { time_s, current_A, voltage_V } = record;
  const rows = time_s.length;
  const openCircuit = cellTable(cell.openCircuitSoc_frac, cell.openCircuit_V);
  const soc = new Float64Array(rows).fill(cell.startSoc_frac);
  for (let i = 1; i < rows; i++)
    soc[i] = soc[i - 1] + (current_A[i] * (time_s[i] - time_s[i - 1])) / (3600 * cell.capacity_Ah);
  const strayed = soc.findIndex(s => s < -0.02 || s > 1.02);
  if (strayed >= 0)
    throw new PulseError(
      `at ${time_s[strayed]} s the counted state of charge is ${soc[strayed].toFixed(3)}, expected 0..1: capacity or start differ from the record's`,
    );
  // What of the RC elements is left from before, V, carried from window to window.
  let carried: readonly [number, number] = [0, 0];
  const pulses: PulseFit[] = [];
  const windows = windowsOf(record, REST_FRAC * cell.capacity_Ah);
  const movedBy = ({ first, pulseEnd }: Window): number => {
    const part = soc.subarray(first, pulseEnd + 1);
    return Math.max(...part.map(x => Math.abs(x - soc[first])));
  };
  const good = windows.filter(window => movedBy(window) <= GOOD_MOVED_FRAC).length;
  const most_frac = good >= ENOUGH_GOOD ? GOOD_MOVED_FRAC : MOST_MOVED_FRAC;
  for (const window of windows) {
    const { first, last, pulseEnd } = window;
    const moved_frac = movedBy(window);
    const known = pulses.at(-1);
    const isFit =
      moved_frac <= most_frac && last - first >= LEAST_ROWS && last - pulseEnd >= LEAST_REST_ROWS;
    const fit = isFit
      ? fitWindow(record, openCircuit.at, soc, window, carried, cell)
      : undefined;
    if (fit !== undefined) pulses.push(fit);
    const through = fit ?? known;
    if (through === undefined) continue;
    let [first_V, second_V] = carried;
    for (let i = first + 1; i <= last; i++) {
      const dt_s = time_s[i] - time_s[i - 1];
      first_V = relaxed(first_V, through.r1_Ohm * current_A[i], dt_s, through.tau1_s);
      second_V = relaxed(second_V, through.r2_Ohm * current_A[i], dt_s, through.tau2_s);
    }
    carried = [first_V, second_V];
  }
  if (pulses.length === 0)
    throw new PulseError(
      `no pulse with at least ${LEAST_REST_ROWS} rows of rest behind it that moves the state of charge by less than ${MOST_MOVED_FRAC}; voltage ${voltage_V[0]} V, ${rows} rows`,
    );
  return {
    elements: elementsOf(pulses),
    pulses,
    rmse_V: Math.sqrt(pulses.reduce((sum, p) => sum + p.rmse_V ** 2, 0) / pulses.length),
    resistanceU_frac: Math.max(0.02, median(pulses.map(p => p.r0U_frac))),
  };
}

function relaxed(before: number, goal: number, dt_s: number, tau_s: number): number {
  return goal + (before - goal) * Math.exp(-dt_s / tau_s);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1];
}

function fitWindow(
  record: PulseRecord,
  openCircuitAt: (soc_frac: number) => number,
  soc: Float64Array,
  { first, last, pulseEnd }: Window,
  carried: readonly [number, number],
  cell: PulseCell,
): PulseFit {
  const { time_s, current_A, voltage_V, temperature_degC } = record;
  const points = last - first;
  const pulse_s = time_s[pulseEnd] - time_s[first];
  const rest_s = time_s[last] - time_s[pulseEnd];
  const step_V = voltage_V[first + 1] - voltage_V[first];
  const r0 = Math.max(1e-6, Math.abs(step_V / current_A[first + 1]));
  const whole_s = Math.max(pulse_s, rest_s);
  const least_s = Math.max(1e-3, time_s[first + 1] - time_s[first]);
  const candidates = [
    { name: 'r0', start: r0, low: r0 / 20, high: r0 * 20, u: r0 },
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
        out[i - first - 1] =
          openCircuitAt(soc[i]) + at['offset'] + at['r0'] * current_A[i] + first_V + second_V - voltage_V[i];
      }
    },
    points,
  );
  const figure = (name: string): number => fitted.estimates.find(e => e.name === name)?.value ?? Number.NaN;
  const r0Told = fitted.estimates.find(e => e.name === 'r0');
  let heat_degC = 25;
  if (temperature_degC !== undefined) {
    const part = temperature_degC.subarray(first, last + 1);
    heat_degC = part.reduce((sum, t) => sum + t, 0) / part.length;
  }
  // The circuit is told at 25 degC.
  const cold = arrhenius(cell.activation_J_per_mol, REFERENCE_K, heat_degC + ZERO_DEGC_K);
  const soc_frac = (soc[first] + soc[pulseEnd]) / 2;
  return {
    from_s: time_s[first],
    to_s: time_s[last],
    soc_frac: Math.max(0, Math.min(1, soc_frac)),
    current_A: current_A[first + 1],
    r0_Ohm: figure('r0') * cold,
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

/** Pulses at one state of charge are one point; a single point holds all over. */
function elementsOf(pulses: readonly PulseFit[]): Circuit['elements'] {
  const sorted = [...pulses].sort((a, b) => a.soc_frac - b.soc_frac);
  const groups: PulseFit[][] = [];
  for (const pulse of sorted) {
    const group = groups.at(-1);
    if (group !== undefined && pulse.soc_frac - group[0].soc_frac < SAME_SOC_FRAC) group.push(pulse);
    else groups.push([pulse]);
  }
  const mean = (group: readonly PulseFit[], of: (p: PulseFit) => number): number =>
    group.reduce((sum, p) => sum + of(p), 0) / group.length;
  const column = (of: (p: PulseFit) => number): number[] => {
    const values = groups.map(group => Number(mean(group, of).toPrecision(6)));
    return values.length === 1 ? [values[0], values[0]] : values;
  };
  const soc = column(p => p.soc_frac);
  return {
    soc_frac: groups.length === 1 ? [0, 1] : soc,
    r0_Ohm: column(p => p.r0_Ohm),
    r1_Ohm: column(p => p.r1_Ohm),
    tau1_s: column(p => p.tau1_s),
    r2_Ohm: column(p => p.r2_Ohm),
    tau2_s: column(p => p.tau2_s),
  };
}
