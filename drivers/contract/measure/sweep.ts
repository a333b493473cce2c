/** A current-voltage curve under a voltage that is swept by the instrument: what it can, what it is asked, what it says. */

/** From a voltage to another one in even steps (linear sweep voltammetry). */
export interface LinearSweep {
  readonly kind: 'lsv';
  readonly from_V: number;
  readonly to_V: number;
  /** Height of a step, V, above 0. */
  readonly step_V: number;
  readonly rate_V_per_s: number;
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
}

export type SweepRequest = LinearSweep | CyclicSweep;

/** What an instrument that sweeps can; for checks before anything starts. */
export interface SweepAbility {
  /** Lowest and highest voltage, V. */
  readonly range_V: readonly [low: number, high: number];
  readonly rateMax_V_per_s: number;
  /** Most points of one curve. */
  readonly pointsMax: number;
}

/** Columns of a curve as the instrument gives it: scan from 1, voltage that is applied and as measured, current. */
export const SWEEP_COLUMNS = ['scan_count', 'voltageSet_V', 'voltage_V', 'current_A'] as const;

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
  { range_V: [low, high], rateMax_V_per_s, pointsMax }: SweepAbility,
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
  if (!(points >= 3 && points <= pointsMax)) return `${points} points, expected 3..${pointsMax}`;
  return undefined;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
