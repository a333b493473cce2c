import { type Observable, scan, takeWhile } from 'rxjs';
import type { PressureSpec } from '../../profiles/procedure.ts';
import type { Tick } from './tick.ts';

/** What the pressure pipeline reads at each beat; NaN where there is no usable value. */
export interface PressureReading {
  readonly pressure_barg: number;
  readonly h2InO2_vol_pct: number;
  readonly current_A: number;
}

/**
 * What the pressure pipeline asks for at a beat: the set point of the back-pressure controller, barg, and
 * why it stands there.
 */
export interface PressureDemand {
  readonly set_barg: number;
  /** ramp: moving. hold: a planned hold. gate-*: waiting until it is safe to go on. done: arrived. */
  readonly mode: 'ramp' | 'hold' | 'gate-h2-in-o2' | 'gate-current' | 'gate-reading' | 'done';
  /** Elapsed step time at which the present hold ends, s. */
  readonly holdUntil_s: number;
}

/** The set point leads the measured pressure by at most this, so that it cannot run away from a slow vessel. */
const LEAD_BAR = 1;
/** Arrived when the measured pressure is this close to the target. */
const ARRIVED_BAR = 0.2;

/**
 * Pressurising or depressurising as a pipeline over the clock's beats: ramp at the given rate, a hold at each
 * multiple of `holdEvery_bar`, and, on the way up, gates: H2 in O2 below its limit and the current at least i_min(p).
 * A reading that is missing gates as well. On the way down only a missing pressure reading gates: less pressure is
 * the safe direction. Completes with mode `done`.
 */
export function pressureSequence(
  ticks$: Observable<Tick>,
  spec: PressureSpec,
  read: () => PressureReading,
  start_barg: number,
): Observable<PressureDemand> {
  const up = spec.to_barg >= start_barg;
  const start: PressureDemand = { set_barg: start_barg, mode: 'ramp', holdUntil_s: 0 };
  return ticks$.pipe(
    scan((last, tick) => next(spec, up, last, tick, read()), start),
    takeWhile(demand => demand.mode !== 'done', true),
  );
}

function next(
  spec: PressureSpec,
  up: boolean,
  last: PressureDemand,
  tick: Tick,
  now: PressureReading,
): PressureDemand {
  if (tick.elapsed_s < last.holdUntil_s) return { ...last, mode: 'hold' };
  const { set_barg } = last;
  if (set_barg === spec.to_barg && Math.abs(now.pressure_barg - spec.to_barg) <= ARRIVED_BAR) {
    return { set_barg, mode: 'done', holdUntil_s: 0 };
  }
  const gate = closedGate(spec, up, now);
  if (gate !== undefined) return { set_barg, mode: gate, holdUntil_s: 0 };
  const step_bar = (spec.rate_bar_per_min / 60) * tick.dt_s;
  const wanted = up
    ? Math.min(spec.to_barg, set_barg + step_bar)
    : Math.max(spec.to_barg, set_barg - step_bar);
  const lead = up
    ? Math.min(wanted, now.pressure_barg + LEAD_BAR)
    : Math.max(wanted, now.pressure_barg - LEAD_BAR);
  const moved = up ? Math.max(set_barg, lead) : Math.min(set_barg, lead);
  const mark = crossedMark(spec, up, set_barg, moved);
  if (mark !== undefined) return { set_barg: mark, mode: 'hold', holdUntil_s: tick.elapsed_s + spec.hold_s };
  return { set_barg: moved, mode: 'ramp', holdUntil_s: 0 };
}

function closedGate(
  spec: PressureSpec,
  up: boolean,
  now: PressureReading,
): PressureDemand['mode'] | undefined {
  if (!Number.isFinite(now.pressure_barg)) return 'gate-reading';
  if (!up) return undefined;
  if (!Number.isFinite(now.h2InO2_vol_pct) || !Number.isFinite(now.current_A)) return 'gate-reading';
  if (now.h2InO2_vol_pct > spec.h2InO2Gate_vol_pct) return 'gate-h2-in-o2';
  if (now.current_A < spec.minCurrentPerBar_A * (now.pressure_barg + 1.01325)) return 'gate-current';
  return undefined;
}

/** The multiple of holdEvery_bar that lies in the step just made (not start, not target). */
function crossedMark(spec: PressureSpec, up: boolean, from: number, to: number): number | undefined {
  if (spec.holdEvery_bar <= 0) return undefined;
  const every = spec.holdEvery_bar;
  const mark = up
    ? (Math.floor(from / every + 1e-9) + 1) * every
    : (Math.ceil(from / every - 1e-9) - 1) * every;
  const inside = up ? mark <= to && mark < spec.to_barg : mark >= to && mark > spec.to_barg;
  return inside ? mark : undefined;
}
