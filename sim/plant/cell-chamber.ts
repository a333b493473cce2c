/** Climate chamber: its air follows the setpoint with a lag and no faster than its ramp. */
export interface CellChamber {
  readonly air_degC: number;
  step(setpoint_degC: number, dt_s: number): void;
}

// Ordinary benchtop chamber, basis default.
const LAG_S = 120;
const RAMP_K_PER_S = 3 / 60;

/** Starts at this temperature. */
export function cellChamber(start_degC: number): CellChamber {
  const chamber = {
    air_degC: start_degC,
    step(setpoint_degC: number, dt_s: number): void {
      const wish_K = (setpoint_degC - chamber.air_degC) * (1 - Math.exp(-dt_s / LAG_S));
      const most_K = RAMP_K_PER_S * dt_s;
      chamber.air_degC += Math.max(-most_K, Math.min(most_K, wish_K));
    },
  };
  return chamber;
}
