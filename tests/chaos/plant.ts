/** Bar per second that one ampere makes in the closed cathode volume. */
const GAS_bar_per_s_per_A = 0.01;
/** How fast pressure above the set point leaves through the back-pressure valve alone, and with the outlet open. */
const LEAVES_SHUT_s = 4;
const LEAVES_OPEN_s = 0.5;
const STEP_s = 0.05;

/** What the instruments do to the plant at the moment. */
export interface PlantInput {
  readonly output_on: number;
  readonly currentSet_A: number;
  readonly pressureSet_barg: number;
  readonly outlet_on: number;
}

/**
 * A stack with a cathode volume, as plain as the endings need it: current follows set point and output; gas is made
 * while current flows; pressure above the set point leaves slowly, and quickly while the outlet is open. With the
 * outlet shut a vent comes to its end only once the current is off.
 */
export class ChaosPlant {
  pressure_barg = 0.1;
  /** Sensor of hydrogen in oxygen, and what is put on top of it to reach a limit. */
  h2InO2_vol_pct = 0.5;
  temperature_degC = 60;
  /** A current that flows whatever the supply does (another source, a welded contactor). */
  stuck_A = 0;
  #at_s = 0;
  readonly #input: () => PlantInput;

  constructor(input: () => PlantInput) {
    this.#input = input;
  }

  current_A(): number {
    const { output_on, currentSet_A } = this.#input();
    return Math.max(this.stuck_A, output_on > 0.5 ? currentSet_A : 0);
  }

  /** Brings the pressure up to now. Called before anything that acts on the plant changes, and before it is read. */
  advance(now_s: number): void {
    const { pressureSet_barg, outlet_on } = this.#input();
    const made = GAS_bar_per_s_per_A * this.current_A();
    const leaves_s = outlet_on > 0.5 ? LEAVES_OPEN_s : LEAVES_SHUT_s;
    while (this.#at_s < now_s - 1e-9) {
      const dt_s = Math.min(STEP_s, now_s - this.#at_s);
      const above = Math.max(0, this.pressure_barg - pressureSet_barg);
      this.pressure_barg = Math.max(0, this.pressure_barg + (made - above / leaves_s) * dt_s);
      this.#at_s += dt_s;
    }
  }
}
