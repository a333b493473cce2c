import { map, type Observable, scan, takeWhile } from 'rxjs';
import { hasLasted } from './ask.ts';
import type { FollowSpec } from './follow.ts';
import type { Tick } from './step.ts';

/** What a load profile wants at one beat, and all that the next beat needs to know. */
export interface LoadDemand {
  /** Power that the profile offers, scaled to the stack, kW. */
  readonly available_kW: number;
  /** Power asked of the stack after minimum load, maximum and ramp limit, kW. 0 in hot standby. */
  readonly asked_kW: number;
  readonly current_A: number;
  readonly mode: 'load' | 'standby';
  /** The mode changed at this beat. */
  readonly changed: boolean;
}

/** What load control reads at a beat; NaN where there is no usable value. */
export interface LoadReading {
  /** What the profile offers, a part of rated. */
  readonly offered_frac: number;
  readonly voltage_V: number;
}

/** The stack's voltage while loaded; used where the measured one says nothing (standby, no reading), V. */
function workingVoltage_V(spec: FollowSpec, measured_V: number): number {
  return measured_V > 0.6 * spec.voltageNominal_V ? measured_V : 0.85 * spec.voltageNominal_V;
}

/**
 * Where load control begins: at the power that is drawn now (the current as applied, NaN before the first, at the
 * voltage as measured), so that nothing changes by the step having begun.
 */
export function startLoad(spec: FollowSpec, applied_A: number, voltage_V: number): LoadDemand {
  const current_A = applied_A > 0 ? applied_A : 0;
  return {
    available_kW: 0,
    asked_kW: (current_A * workingVoltage_V(spec, voltage_V)) / 1000,
    current_A,
    mode: current_A > 0 ? 'load' : 'standby',
    changed: false,
  };
}

/**
 * One beat of load control: scaling -> minimum load with hysteresis (hot standby below, restart above) -> maximum ->
 * ramp limit -> current from the measured voltage. An offer that is no number is no offer.
 */
export function nextLoad(spec: FollowSpec, last: LoadDemand, tick: Tick, now: LoadReading): LoadDemand {
  const available_kW = now.offered_frac * spec.scale_kW;
  const mode = nextMode(spec, last.mode, available_kW);
  const goal_kW =
    mode === 'standby' ? 0 : clamp(available_kW, spec.minLoad_frac, spec.maxLoad_frac, spec.scale_kW);
  const step_kW = spec.ramp_frac_per_s * spec.scale_kW * tick.dt_s;
  const asked_kW = last.asked_kW + Math.max(-step_kW, Math.min(step_kW, goal_kW - last.asked_kW));
  // A step that was entered above the most that it may ask for comes down to it at the ramp limit.
  const down_A = spec.ramp_frac_per_s * spec.currentNominal_A * tick.dt_s;
  const most_A = Math.max(spec.currentNominal_A * Math.max(1, spec.maxLoad_frac), last.current_A - down_A);
  const current_A = Math.min(most_A, (asked_kW * 1000) / workingVoltage_V(spec, now.voltage_V));
  return { available_kW, asked_kW, current_A, mode, changed: mode !== last.mode };
}

/**
 * `nextLoad` as a pipeline over the clock's beats, going on from `start`. `profile(s)` is the offered power as a part of
 * rated, at s seconds of profile time; `speed` is profile seconds per run second (1, or the factor of a shortened run).
 * Completes after `for_s`.
 */
export function followLoad(
  ticks$: Observable<Tick>,
  spec: FollowSpec,
  bench: {
    readonly profile: (profile_s: number) => number;
    readonly voltage_V: () => number;
    readonly speed: number;
  },
  start: LoadDemand,
): Observable<LoadDemand> {
  return ticks$.pipe(
    takeWhile(tick => !hasLasted(tick.elapsed_s, spec.for_s)),
    map(tick => {
      const offered_frac = bench.profile(tick.elapsed_s * bench.speed);
      return { tick, reading: { offered_frac, voltage_V: bench.voltage_V() } };
    }),
    scan((last, { tick, reading }) => nextLoad(spec, last, tick, reading), start),
  );
}

function nextMode(spec: FollowSpec, mode: 'load' | 'standby', available_kW: number): 'load' | 'standby' {
  const part = available_kW / spec.scale_kW;
  if (mode === 'load') return part >= spec.minLoad_frac ? 'load' : 'standby';
  return part > spec.restart_frac ? 'load' : 'standby';
}

function clamp(power_kW: number, low_frac: number, high_frac: number, scale_kW: number): number {
  return Math.max(low_frac * scale_kW, Math.min(high_frac * scale_kW, power_kW));
}
