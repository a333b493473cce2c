import { filter, type Observable, scan } from 'rxjs';
import type { Frame } from '../../../drivers/contract/frame.ts';
import { isUsable } from '../../../drivers/contract/frame.ts';
import type { MeasuredRole } from '../../tick/roles.ts';

/** What a run has done to the stack so far; kept over a resume. */
export interface Counters {
  readonly charge_Ah: number;
  readonly energy_kWh: number;
  /** By Faraday's law, losses not taken off. */
  readonly h2Faraday_kg: number;
  /** Time with a reading; gaps do not count. */
  readonly measured_s: number;
}

export const NO_COUNTS: Counters = { charge_Ah: 0, energy_kWh: 0, h2Faraday_kg: 0, measured_s: 0 };

/** 0.037607 g H2 per Ah and cell: M(H2) * 3600 / (2 F), CODATA 2018. */
const H2_G_PER_AH = (2.01588 * 3600) / (2 * 96485.33212);

/**
 * Integrates current and power (both in the same device's frames) by the trapezoid rule. An unusable reading opens
 * a gap that is not bridged.
 */
export function countLoad(
  frames$: Observable<Frame>,
  current: MeasuredRole,
  power: MeasuredRole,
  cells: number,
): Observable<Counters> {
  let last_s = Number.NaN;
  let last_A = Number.NaN;
  let last_W = Number.NaN;
  return frames$.pipe(
    filter(frame => frame.device === current.device && power.device === current.device),
    scan((sum, frame) => {
      const amps = usable(frame, current.first);
      const watts = usable(frame, power.first);
      const dt_s = frame.t_s - last_s;
      const charge_Ah = (((amps + last_A) / 2) * dt_s) / 3600;
      const energy_kWh = (((watts + last_W) / 2) * dt_s) / 3.6e6;
      last_s = frame.t_s;
      last_A = amps;
      last_W = watts;
      if (Number.isNaN(charge_Ah) || Number.isNaN(energy_kWh)) return sum;
      return {
        charge_Ah: sum.charge_Ah + charge_Ah,
        energy_kWh: sum.energy_kWh + energy_kWh,
        h2Faraday_kg: sum.h2Faraday_kg + (charge_Ah * cells * H2_G_PER_AH) / 1000,
        measured_s: sum.measured_s + dt_s,
      };
    }, NO_COUNTS),
  );
}

function usable(frame: Frame, i: number): number {
  return isUsable(frame.values[i], frame.quality[i]) ? frame.values[i] : Number.NaN;
}
