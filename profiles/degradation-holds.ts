import { meanOf } from './record-math.ts';
import type { StackRun } from './recorded-run.ts';
import { partsOf } from './series-parts.ts';

/** Stretches of steady current in a long run, as a degradation rate is read from. Times are run times. */

/** The settled part of a stretch of steady current: means over it. */
export interface Hold {
  readonly from_s: number;
  readonly to_s: number;
  readonly current_A: number;
  readonly cellVoltage_V: number;
  readonly temperature_degC: number;
}

/** A window of the run. */
export interface Window {
  readonly from_s: number;
  readonly to_s: number;
}

/** Steady: within this part of the nominal current; so many readings outside end it. */
const STEADY_FRAC = 0.01;
const OUTSIDE = 3;
/** Shortest stretch, and the part of each piece that belongs to settling; longer stretches are cut into pieces. Life s. */
const LEAST_S = 600;
const SETTLING_FRAC = 0.5;
const SETTLING_MOST_S = 1800;
const PIECE_S = 3600;
const MOST_PIECES = 2000;
/** Below this part of the nominal current the stack rests. */
const REST_FRAC = 0.01;
const LEAST_REST_S = 60;

/** Pieces of steady current under load within the windows, in order. */
export function holdsOf(run: StackRun, windows: readonly Window[]): Hold[] {
  const found: Hold[] = [];
  const life = run.timeFactor;
  for (const { from_s, to_s } of steadyStretches(run, windows)) {
    const long_s = (to_s - from_s) * life;
    if (long_s < LEAST_S) continue;
    const settling_s = Math.min(SETTLING_FRAC * long_s, SETTLING_MOST_S) / life;
    const begin = from_s + settling_s;
    const pieces = Math.min(MOST_PIECES, Math.max(1, Math.floor(((to_s - begin) * life) / PIECE_S)));
    const piece_s = (to_s - begin) / pieces;
    for (let k = 0; k < pieces; k++) {
      const hold = meansOver(run, begin + k * piece_s, begin + (k + 1) * piece_s);
      if (hold !== undefined && hold.current_A > REST_FRAC * run.stack.currentNominal_A) found.push(hold);
    }
  }
  return found;
}

function meansOver(run: StackRun, from_s: number, to_s: number): Hold | undefined {
  const voltage = meanOf(run.series('stack.voltage_V'), from_s, to_s);
  const current = meanOf(run.series('stack.current_A'), from_s, to_s);
  if (voltage.count === 0 || current.count === 0) return undefined;
  return {
    from_s,
    to_s,
    current_A: current.mean,
    cellVoltage_V: voltage.mean / run.stack.cells,
    temperature_degC: meanOf(run.series('stack.temperature_degC'), from_s, to_s).mean,
  };
}

function steadyStretches(run: StackRun, windows: readonly Window[]): Window[] {
  const series = run.series('stack.current_A');
  const band_A = STEADY_FRAC * run.stack.currentNominal_A;
  const found: Window[] = [];
  for (const window of windows) {
    let [from_s, last_s] = [Number.NaN, Number.NaN];
    let level = Number.NaN;
    let count = 0;
    let outside = 0;
    for (const { t_s, value } of partsOf(series, window.from_s, window.to_s)) {
      for (let i = 0; i < t_s.length && t_s[i] < window.to_s; i++) {
        if (Number.isNaN(value[i])) continue;
        if (Number.isNaN(level)) {
          level = value[i];
          count = 1;
          from_s = t_s[i];
          last_s = from_s;
        } else if (Math.abs(value[i] - level) <= band_A) {
          count++;
          level += (value[i] - level) / count;
          last_s = t_s[i];
          outside = 0;
        } else if (++outside >= OUTSIDE) {
          found.push({ from_s, to_s: last_s });
          level = Number.NaN;
          outside = 0;
        }
      }
    }
    if (!Number.isNaN(level)) found.push({ from_s, to_s: last_s });
  }
  return found;
}

/** Times at which the stack had rested without load for a minute or more: there it can recover. */
export function stopsOf(run: StackRun, from_s: number, to_s: number): number[] {
  const rest_A = REST_FRAC * run.stack.currentNominal_A;
  const stops: number[] = [];
  let since = Number.NaN;
  for (const { t_s, value } of partsOf(run.series('stack.current_A'), from_s, to_s)) {
    for (let i = 0; i < t_s.length; i++) {
      if (value[i] < rest_A) {
        if (Number.isNaN(since)) since = t_s[i];
      } else if (value[i] >= rest_A) {
        if ((t_s[i] - since) * run.timeFactor >= LEAST_REST_S) stops.push(t_s[i]);
        since = Number.NaN;
      }
    }
  }
  return stops;
}
