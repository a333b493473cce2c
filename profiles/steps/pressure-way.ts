import { map, type Observable, scan, takeWhile } from 'rxjs';
import type { PressureSpec } from './pressure.ts';
import type { Tick } from './step.ts';

/** What pressure control reads at each beat; NaN where there is no usable value. */
export interface PressureReading {
  readonly pressure_barg: number;
  readonly h2InO2_vol_pct: number;
  readonly current_A: number;
}

/**
 * What pressure control asks for at a beat: the set point of the back-pressure controller, barg, and why it stands
 * there.
 */
export interface PressureDemand {
  /** NaN: nobody knows yet where it stands, and nothing is asked for. */
  readonly set_barg: number;
  /** ramp: moving. hold: a planned hold. gate-*: waiting until it is safe to go on. done: arrived. */
  readonly mode: 'ramp' | 'hold' | 'gate-h2-in-o2' | 'gate-current' | 'gate-reading' | 'done';
  /** Elapsed step time at which the present hold ends, s. */
  readonly holdUntil_s: number;
}

/** A demand and the way that it is on: all that the next beat needs to know. */
export interface PressureWay extends PressureDemand {
  /** Undefined: not known before the pressure has been read. */
  readonly up: boolean | undefined;
}

/** The set point leads the measured pressure by at most this, so that it cannot run away from a slow vessel. */
const LEAD_BAR = 1;
/** Arrived when the measured pressure is this close to the target. */
const ARRIVED_BAR = 0.2;

/**
 * Where pressure control begins: at the set point as applied (NaN before the first: at the pressure as first read). If
 * the pressure is far from it (it was moved while the outlet was closed, or a run ended on the way), the way starts
 * `LEAD_BAR` from the pressure as read: from a set point far above, the vessel would fill up at any rate; from one far
 * below, it would empty at once.
 */
export function startPressure(applied_barg: number): PressureWay {
  return { up: undefined, set_barg: applied_barg, mode: 'ramp', holdUntil_s: 0 };
}

/**
 * One beat of pressurising or depressurising: ramp at the given rate, a hold at each multiple of `holdEvery_bar`, and,
 * on the way up, gates: H2 in O2 below its limit and the current at least i_min(p). A reading that is missing gates as
 * well. On the way down only a missing pressure reading gates: less pressure is the safe direction.
 */
export function nextPressure(
  spec: PressureSpec,
  last: PressureWay,
  tick: Tick,
  now: PressureReading,
): PressureWay {
  const way = last.up === undefined ? begin(spec, last, now.pressure_barg) : last;
  return { up: way.up, ...next(spec, way.up ?? false, way, tick, now) };
}

/** `nextPressure` as a pipeline over the clock's beats, going on from `start`. Completes with mode `done`. */
export function pressureSequence(
  ticks$: Observable<Tick>,
  spec: PressureSpec,
  read: () => PressureReading,
  start: PressureWay,
): Observable<PressureWay> {
  return ticks$.pipe(
    map(tick => ({ tick, reading: read() })),
    scan((last, { tick, reading }) => nextPressure(spec, last, tick, reading), start),
    takeWhile(demand => demand.mode !== 'done', true),
  );
}

/** Where the way starts and whether it leads up; not known before there is a reading. */
function begin(spec: PressureSpec, waiting: PressureWay, pressure_barg: number): PressureWay {
  if (!Number.isFinite(pressure_barg)) return waiting;
  const low_barg = Math.max(0, pressure_barg - LEAD_BAR);
  const high_barg = Math.max(0, pressure_barg + LEAD_BAR);
  const from_barg = Number.isNaN(waiting.set_barg) ? pressure_barg : waiting.set_barg;
  const set_barg = Math.max(low_barg, Math.min(high_barg, from_barg));
  return { ...waiting, up: spec.to_barg >= set_barg, set_barg };
}

function next(
  spec: PressureSpec,
  up: boolean,
  last: PressureDemand,
  tick: Tick,
  now: PressureReading,
): PressureDemand {
  const { set_barg, holdUntil_s } = last;
  if (tick.elapsed_s < holdUntil_s) return { set_barg, holdUntil_s, mode: 'hold' };
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
  // Sums of steps fall short of a mark by their rounding: that is on it, or its hold would be missed.
  const near = 1e-9 * every;
  const inside = up ? mark <= to + near && mark < spec.to_barg : mark >= to - near && mark > spec.to_barg;
  return inside ? mark : undefined;
}
