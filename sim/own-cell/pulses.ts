import { cellTable } from '../plant/cell/table.ts';
import type { Circuit } from './circuit-schema.ts';
import { withBegins } from './pulse-begins.ts';
import {
  atRoom_1,
  fitWindow,
  meanOf_degC,
  type PulseCell,
  type PulseFit,
  type PulseRecord,
  relaxed,
  type Window,
} from './pulse-window.ts';

/**
 * Circuit elements of a cell from a record of pulses: for each pulse and the rest behind it the resistance that answers at
 * once and two RC elements, at the state of charge where it was. The open-circuit voltage is a table; a constant
 * offset per pulse takes up where it misses the rested cell.
 */

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
    const rested_s =
      before === undefined ? Number.POSITIVE_INFINITY : time_s[first] - time_s[before.pulseEnd];
    if (before !== undefined && rested_s < RESTED_1 * pulse_s && pulse_s < SHORT_S) {
      before.last = i;
      before.pulseEnd = pulseEnd;
    } else windows.push({ first, last: i, pulseEnd });
    i++;
  }
  return windows;
}

/** A pass over the windows: what it fits, and how the RC elements are carried through all of them. */
function passOver(
  record: PulseRecord,
  windows: readonly Window[],
  fitOf: (window: Window, carried: readonly [number, number]) => PulseFit | undefined,
): PulseFit[] {
  const { time_s, current_A } = record;
  let carried: readonly [number, number] = [0, 0];
  const found: PulseFit[] = [];
  for (const window of windows) {
    const fitted = fitOf(window, carried);
    if (fitted !== undefined) found.push(fitted);
    const through = fitted ?? found.at(-1);
    if (through === undefined) continue;
    let [first_V, second_V] = carried;
    for (let i = window.first + 1; i <= window.last; i++) {
      const dt_s = time_s[i] - time_s[i - 1];
      first_V = relaxed(first_V, through.r1_Ohm * current_A[i], dt_s, through.tau1_s);
      second_V = relaxed(second_V, through.r2_Ohm * current_A[i], dt_s, through.tau2_s);
    }
    carried = [first_V, second_V];
  }
  return found;
}

/**
 * Fits the circuit. A row's current is taken to have flowed since the row before. Where the record also moves the state of
 * charge in steps (GITT, the steps between the pulses of an HPPC), short pulses give R0 and those steps the RC elements,
 * for a short pulse does not see slow diffusion.
 * @throws PulseError where the record has no pulse with a rest behind it, or leaves 0..1
 */
export function fitPulses(read: PulseRecord, cell: PulseCell): PulseElements {
  const record = withBegins(read);
  const { time_s, current_A } = record;
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
  const counted = { soc, openCircuitAt: openCircuit.at };
  const windows = windowsOf(record, REST_FRAC * cell.capacity_Ah);
  const movedBy = ({ first, pulseEnd }: Window): number => {
    let most = 0;
    for (let i = first; i <= pulseEnd; i++) most = Math.max(most, Math.abs(soc[i] - soc[first]));
    return most;
  };
  const hasRest = ({ first, last, pulseEnd }: Window): boolean =>
    last - first >= LEAST_ROWS && last - pulseEnd >= LEAST_REST_ROWS;
  const isShort = (window: Window): boolean => hasRest(window) && movedBy(window) <= GOOD_MOVED_FRAC;
  const isStep = (window: Window): boolean =>
    hasRest(window) && movedBy(window) > GOOD_MOVED_FRAC && movedBy(window) <= MOST_MOVED_FRAC;
  const hasShort = windows.filter(isShort).length >= ENOUGH_GOOD;
  const hasSteps = windows.filter(isStep).length >= ENOUGH_GOOD;
  const pulses = passOver(record, windows, (window, carried) =>
    isShort(window) || (!hasShort && isStep(window))
      ? fitWindow(record, counted, window, carried, cell)
      : undefined,
  );
  if (pulses.length === 0)
    throw new PulseError(
      `no pulse with at least ${LEAST_REST_ROWS} rows of rest behind it that moves the state of charge by less than ${MOST_MOVED_FRAC}`,
    );
  const first = elementsOf(pulses);
  const rmse_V = Math.sqrt(pulses.reduce((sum, p) => sum + p.rmse_V ** 2, 0) / pulses.length);
  const resistanceU_frac = Math.max(0.02, median(pulses.map(p => p.r0U_frac)));
  if (!(hasShort && hasSteps)) return { elements: first, pulses, rmse_V, resistanceU_frac };

  const r0 = cellTable(first.soc_frac, first.r0_Ohm);
  const steps = passOver(record, windows, (window, carried) => {
    if (!isStep(window)) return undefined;
    const middle = (soc[window.first] + soc[window.pulseEnd]) / 2;
    const r0_Ohm = r0.at(middle) / atRoom_1(cell.activation_J_per_mol, meanOf_degC(record, window));
    return fitWindow(record, counted, window, carried, cell, r0_Ohm);
  });
  return {
    elements: elementsOf(steps.map(step => ({ ...step, r0_Ohm: r0.at(step.soc_frac) }))),
    pulses: [...pulses, ...steps],
    rmse_V: Math.sqrt(steps.reduce((sum, p) => sum + p.rmse_V ** 2, 0) / steps.length),
    resistanceU_frac,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1];
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
