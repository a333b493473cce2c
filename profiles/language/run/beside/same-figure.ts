import type { LanguageEnv } from '../env.ts';

/**
 * A voltage that repeats itself to the last digit while the current that makes it moves, or charge goes on into the cell:
 * as a rule the instrument shows an old figure. What a method waits for then never comes, or has come already, and no limit
 * sees anything. Told, never acted on. Not of a channel that holds the voltage itself.
 */

/** The current has moved by this part of the largest that the bench allows, and so many readings have seen it. */
const MOVED_FRAC = 0.1;
const SEEN_READINGS = 4;
/** Or this part of a cell's capacity has flowed, in so many readings: a flat plateau shows 1 mV for some per cent of it. */
const CHARGE_FRAC = 0.05;
const CHARGE_READINGS = 60;
/** A channel holds its voltage within this part of it and this much, V. */
const HELD_FRAC = 0.011;
const HELD_V = 2e-3;

/** Watches the voltage of the output over all steps. Begins anew with a new process. */
export class SameFigure {
  #value = Number.NaN;
  #from_s = 0;
  #seen_s = Number.NEGATIVE_INFINITY;
  #readings = 0;
  #movedReadings = 0;
  #charge_Ah = 0;
  #least_A = 0;
  #most_A = 0;
  #isTold = false;

  /** One look, at run time `t_s`. */
  look(env: LanguageEnv, t_s: number): void {
    const { output } = env;
    if (output === undefined) return;
    const role = ROLES[output.subject].voltage;
    const arrived_s = env.arrived_s(role);
    if (!(arrived_s > this.#seen_s)) return;
    const dt_s = arrived_s - this.#seen_s;
    this.#seen_s = arrived_s;
    const value = env.value(role);
    const current_A = env.value(ROLES[output.subject].current);
    if (value !== this.#value || Number.isNaN(current_A)) {
      this.#begin(value, arrived_s, current_A);
      return;
    }
    this.#readings++;
    this.#charge_Ah += (Math.abs(current_A) * dt_s * env.timeFactor) / 3600;
    this.#least_A = Math.min(this.#least_A, current_A);
    this.#most_A = Math.max(this.#most_A, current_A);
    const set = output.roles.current;
    const { min, max } = set === undefined ? { min: Number.NaN, max: Number.NaN } : output.range(set);
    const moved_A = this.#most_A - this.#least_A;
    if (moved_A >= MOVED_FRAC * Math.max(Math.abs(min), Math.abs(max))) this.#movedReadings++;
    const isMuch =
      this.#readings >= CHARGE_READINGS && this.#charge_Ah >= CHARGE_FRAC * env.capacity_Ah * env.cells_count;
    if (this.#isTold || (this.#movedReadings < SEEN_READINGS && !isMuch) || isHeld(env, value)) return;
    this.#isTold = true;
    const { readings, from_s } = { readings: this.#readings + 1, from_s: this.#from_s };
    const data = { role, value, from_s, readings, charge_Ah: this.#charge_Ah, moved_A };
    const why = `${Number(this.#charge_Ah.toPrecision(3))} Ah flowed and the current moved by ${Number(moved_A.toPrecision(3))} A`;
    const text = `${role} has been ${Number(value.toPrecision(6))} V to the last digit in ${readings} readings, while ${why}: it may be no reading`;
    env.note(t_s, { kind: 'sameFigure', data }, text);
  }

  #begin(value: number, arrived_s: number, current_A: number): void {
    this.#value = value;
    this.#from_s = arrived_s;
    this.#readings = this.#movedReadings = this.#charge_Ah = 0;
    this.#least_A = this.#most_A = current_A;
    this.#isTold = false;
  }
}

/** Made once: a name put together at each look is looked up as a new one. */
const ROLES = {
  cell: { voltage: 'cell.voltage_V', current: 'cell.current_A' },
  stack: { voltage: 'stack.voltage_V', current: 'stack.current_A' },
} as const;

/** The voltage stands at a set point that may hold it. */
function isHeld(env: LanguageEnv, value_V: number): boolean {
  const { voltage, voltageMax, voltageMin } = env.output?.roles ?? {};
  return [voltage, voltageMax, voltageMin].some(role => {
    const set_V = role === undefined ? Number.NaN : env.applied(role);
    return Math.abs(value_V - set_V) <= HELD_FRAC * Math.abs(set_V) + HELD_V;
  });
}
