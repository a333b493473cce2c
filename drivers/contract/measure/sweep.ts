import type { Accuracy } from '../device.ts';

/** A current-voltage curve under a voltage that is swept by the instrument: what it can, what it is asked, what it says. */

/** From a voltage to another one in even steps (linear sweep voltammetry). */
export interface LinearSweep {
  readonly kind: 'lsv';
  readonly from_V: number;
  readonly to_V: number;
  /** Height of a step, V, above 0. */
  readonly step_V: number;
  readonly rate_V_per_s: number;
  /** Largest current either way, A: the range is taken for it, and beyond it the sweep is given up. Absent: the instrument's. */
  readonly currentMax_A?: number;
}

/** From a voltage to a first and a second vertex and back, so many times (cyclic voltammetry). */
export interface CyclicSweep {
  readonly kind: 'cv';
  readonly from_V: number;
  readonly vertices_V: readonly [first: number, second: number];
  /** Height of a step, V, above 0. */
  readonly step_V: number;
  readonly rate_V_per_s: number;
  readonly scans: number;
  /** As of a linear sweep. */
  readonly currentMax_A?: number;
}

export type SweepRequest = LinearSweep | CyclicSweep;

/** What an instrument that sweeps can; for checks before anything starts. */
export interface SweepAbility {
  /** Lowest and highest voltage, V. */
  readonly range_V: readonly [low: number, high: number];
  readonly rateMax_V_per_s: number;
  /** Most points of one curve. */
  readonly pointsMax: number;
  /** Largest current that it drives either way, A. */
  readonly currentMax_A: number;
  /** Declared accuracy (k = 2) of the voltage and of the current of a point. */
  readonly voltage: Accuracy;
  readonly current: Accuracy;
  /** `set`: the voltage of a point is what is applied, not what is measured, and uncertain. Absent: it is measured. */
  readonly voltageIs?: 'set';
  /** It says of each point how long it had been sweeping, by its own clock: column `elapsed_s`. Absent: it does not. */
  readonly tellsTime?: boolean;
}

/** Columns of a curve as the instrument gives it: scan from 1, voltage that is applied and as measured, current. */
export const SWEEP_COLUMNS = ['scan_count', 'voltageSet_V', 'voltage_V', 'current_A'] as const;

/** Columns of the curves of an instrument: behind the others, where it tells it, s since the sweep began by its own clock. */
export const sweepColumns = ({ tellsTime }: Pick<SweepAbility, 'tellsTime'>): readonly string[] =>
  tellsTime === true ? [...SWEEP_COLUMNS, 'elapsed_s'] : SWEEP_COLUMNS;

/** Corners of one scan, V, in the order in which it goes through them. */
function cornersOf(request: SweepRequest): readonly number[] {
  if (request.kind === 'lsv') return [request.from_V, request.to_V];
  return [request.from_V, ...request.vertices_V, request.from_V];
}

/** Way of the voltage through all scans, V. */
function wayOf(request: SweepRequest): number {
  const corners = cornersOf(request);
  const one = corners.slice(1).reduce((sum, v, i) => sum + Math.abs(v - corners[i]), 0);
  return one * (request.kind === 'cv' ? request.scans : 1);
}

/** About how many points it has. */
export const sweepPoints = (request: SweepRequest): number => Math.round(wayOf(request) / request.step_V) + 1;

/** How long it takes, s. */
export const sweepTime_s = (request: SweepRequest): number => wayOf(request) / request.rate_V_per_s;

/** Why an instrument cannot sweep so, with what it can; undefined: it can. */
export function cannotSweep(
  { range_V: [low, high], rateMax_V_per_s, pointsMax, currentMax_A }: SweepAbility,
  request: SweepRequest,
): string | undefined {
  // Written so that NaN fails too.
  const out = cornersOf(request).find(v => !(v >= low && v <= high));
  if (out !== undefined) return `sweep through ${short(out)} V, expected ${short(low)}..${short(high)} V`;
  if (!(request.step_V > 0)) return `step of ${short(request.step_V)} V, expected above 0`;
  if (!(request.rate_V_per_s > 0 && request.rate_V_per_s <= rateMax_V_per_s))
    return `${short(request.rate_V_per_s)} V/s, expected above 0 and at most ${short(rateMax_V_per_s)} V/s`;
  if (request.kind === 'cv' && !(Number.isInteger(request.scans) && request.scans >= 1))
    return `${request.scans} scans, expected a whole number from 1`;
  const points = sweepPoints(request);
  if (!(points >= 3 && points <= pointsMax))
    return `${points} points, expected 3..${pointsMax} (by the height of a step, the way and the cycles)`;
  const most_A = request.currentMax_A ?? currentMax_A;
  if (!(most_A > 0 && most_A <= currentMax_A * (1 + 1e-9)))
    return `currentMax of ${short(most_A)} A, expected above 0 and at most ${short(currentMax_A)} A`;
  return undefined;
}

/** Why a point ends its sweep; undefined: it does not. A current that is not known is no reason: it is bad by itself. */
export function beyondSweep({ currentMax_A }: SweepRequest, values: ArrayLike<number>): string | undefined {
  const current_A = values[SWEEP_COLUMNS.indexOf('current_A')];
  if (currentMax_A === undefined || !(Math.abs(current_A) > currentMax_A)) return undefined;
  return `${short(current_A)} A at ${short(values[1])} V is beyond currentMax of ${short(currentMax_A)} A`;
}

/** Potentials that a sweep goes through step by step, V, with the number of the scan, from 1; each corner once. */
export function* potentialsOf(
  request: SweepRequest,
): Generator<{ readonly scan: number; readonly set_V: number }> {
  const corners = cornersOf(request);
  const scans = request.kind === 'cv' ? request.scans : 1;
  for (let scan = 1; scan <= scans; scan++) {
    if (scan === 1) yield { scan, set_V: corners[0] };
    for (let i = 1; i < corners.length; i++) {
      const way_V = corners[i] - corners[i - 1];
      const steps = Math.round(Math.abs(way_V) / request.step_V);
      for (let n = 1; n <= steps; n++) yield { scan, set_V: corners[i - 1] + (way_V * n) / steps };
    }
  }
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
