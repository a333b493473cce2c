import { map, type Observable, scan, takeWhile } from 'rxjs';
import type { FollowSpec } from '../../../profiles/procedure.ts';
import type { Tick } from './tick.ts';

/** What the load pipeline wants at one beat. */
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

/** The stack's voltage while loaded; used where the measured one says nothing (standby, no reading), V. */
function workingVoltage_V(spec: FollowSpec, measured_V: number): number {
  return measured_V > 0.6 * spec.voltageNominal_V ? measured_V : 0.85 * spec.voltageNominal_V;
}

/**
 * The load profile as a pipeline over the clock's beats: profile -> scaling -> minimum load with hysteresis
 * (hot standby below, restart above) -> maximum -> ramp limit -> current from the measured voltage.
 * `profile(s)` is the offered power as a part of rated, at s seconds of profile time; `speed` is profile seconds per
 * run second (1, or the factor of a shortened run). Completes after `for_s`.
 */
export function followLoad(
  ticks$: Observable<Tick>,
  spec: FollowSpec,
  profile: (profile_s: number) => number,
  voltage_V: () => number,
  speed: number,
  startMode: 'load' | 'standby',
): Observable<LoadDemand> {
  const start: LoadDemand = { available_kW: 0, asked_kW: 0, current_A: 0, mode: startMode, changed: false };
  return ticks$.pipe(
    takeWhile(tick => tick.elapsed_s < spec.for_s),
    map(tick => ({ tick, available_kW: profile(tick.elapsed_s * speed) * spec.scale_kW })),
    scan((last, { tick, available_kW }) => {
      const mode = nextMode(spec, last.mode, available_kW);
      const goal_kW =
        mode === 'standby' ? 0 : clamp(available_kW, spec.minLoad_frac, spec.maxLoad_frac, spec.scale_kW);
      const step_kW = spec.ramp_frac_per_s * spec.scale_kW * tick.dt_s;
      const asked_kW = last.asked_kW + Math.max(-step_kW, Math.min(step_kW, goal_kW - last.asked_kW));
      const most_A = spec.currentNominal_A * Math.max(1, spec.maxLoad_frac);
      const current_A = Math.min(most_A, (asked_kW * 1000) / workingVoltage_V(spec, voltage_V()));
      return { available_kW, asked_kW, current_A, mode, changed: mode !== last.mode };
    }, start),
  );
}

function nextMode(spec: FollowSpec, mode: 'load' | 'standby', available_kW: number): 'load' | 'standby' {
  const part = available_kW / spec.scale_kW;
  if (mode === 'load') return part < spec.minLoad_frac ? 'standby' : 'load';
  return part > spec.restart_frac ? 'load' : 'standby';
}

function clamp(power_kW: number, low_frac: number, high_frac: number, scale_kW: number): number {
  return Math.max(low_frac * scale_kW, Math.min(high_frac * scale_kW, power_kW));
}
