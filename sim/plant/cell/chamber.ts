/** Climate chamber: its air follows the setpoint with a lag and no faster than its ramp. */
export interface CellChamber {
  readonly air_degC: number;
  /** `upset_K` is added at once: an open door, a failed controller. */
  step(setpoint_degC: number, upset_K: number, dt_s: number): void;
}

// Ordinary benchtop chamber, basis default.
const LAG_S = 120;
const RAMP_K_PER_S = 3 / 60;
// Neither nitrogen cooling nor a fire takes the air further.
const LEAST_DEGC = -90;
const MOST_DEGC = 400;

/** Starts at this temperature. */
export function cellChamber(start_degC: number): CellChamber {
  let regulated_degC = start_degC;
  const chamber = {
    air_degC: start_degC,
    step(setpoint_degC: number, upset_K: number, dt_s: number): void {
      const wish_K = (setpoint_degC - regulated_degC) * (1 - Math.exp(-dt_s / LAG_S));
      const most_K = RAMP_K_PER_S * dt_s;
      regulated_degC = possible(regulated_degC + Math.max(-most_K, Math.min(most_K, wish_K)));
      chamber.air_degC = possible(regulated_degC + upset_K);
    },
  };
  return chamber;
}

function possible(temperature_degC: number): number {
  return Math.max(LEAST_DEGC, Math.min(MOST_DEGC, temperature_degC));
}
