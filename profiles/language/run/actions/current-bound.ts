import type { LanguageEnv } from '../env.ts';
import type { RunInstruction } from './action.ts';

/**
 * What flows where a power or a resistance is driven: no set point says it, and an instrument may know no limit of current in
 * these modes. More than the bench allows for a set current ends the step.
 */

/** Beyond by less than this part of the wider limit is what an instrument that holds it may give. */
const BESIDE_FRAC = 0.01;
/** One reading may be a wrong one. */
const READINGS = 2;
const KINDS: readonly string[] = ['cp', 'cr', 'ramp', 'follow'];

/** Of one step. After a cut it counts its readings anew. */
export class CurrentBound {
  readonly #role: string;
  readonly #bounds: readonly [low_A: number, high_A: number];
  readonly #near_A: readonly [low_A: number, high_A: number];
  readonly #of: string;
  #seen_s = Number.NEGATIVE_INFINITY;
  #readings = 0;

  private constructor(env: LanguageEnv, subject: string, bounds: readonly [number, number], of: string) {
    this.#role = `${subject}.current_A`;
    this.#bounds = bounds;
    this.#of = of;
    const { reading_pct = 0, abs = 0 } = env.accuracy?.(this.#role) ?? {};
    const least_A = BESIDE_FRAC * Math.max(...bounds.map(Math.abs));
    const near = (limit_A: number): number =>
      Math.max(least_A, (reading_pct / 100) * Math.abs(limit_A) + abs);
    this.#near_A = [near(bounds[0]), near(bounds[1])];
  }

  /** Undefined: the step sets the current itself, or nobody says how much may flow. */
  static of(env: LanguageEnv, { kind, sets }: RunInstruction): CurrentBound | undefined {
    const { output } = env;
    if (output === undefined || !KINDS.includes(kind)) return undefined;
    const { roles, subject, currentMax_A = Number.NaN } = output;
    const drives = Object.values(sets).some(({ role }) => role === roles.power || role === roles.resistance);
    if (!drives) return undefined;
    const { min, max } =
      roles.current === undefined ? { min: -currentMax_A, max: currentMax_A } : output.range(roles.current);
    if (!Number.isFinite(min) || !Number.isFinite(max)) return undefined;
    const of = roles.current === undefined ? 'the sheet' : `limits of ${roles.current}`;
    return new CurrentBound(env, subject, [Math.min(0, min), Math.max(0, max)], of);
  }

  /** One look; only readings from after `since_s` are of the step. Why it has to end, once a second one is beyond. */
  look(env: LanguageEnv, since_s: number): string | undefined {
    const arrived_s = env.arrived_s(this.#role);
    if (!(arrived_s > since_s) || !(arrived_s > this.#seen_s)) return undefined;
    this.#seen_s = arrived_s;
    const value_A = env.value(this.#role);
    if (Number.isNaN(value_A)) return undefined;
    const [low_A, high_A] = this.#bounds;
    const isLow = value_A < low_A - this.#near_A[0];
    const isBeyond = isLow || value_A > high_A + this.#near_A[1];
    this.#readings = isBeyond ? this.#readings + 1 : 0;
    if (this.#readings < READINGS) return undefined;
    const [is, most] = [value_A, isLow ? low_A : high_A].map(value => Number(value.toPrecision(4)));
    return `${this.#role} is ${is} A, beyond the ${most} A that are allowed (${this.#of})`;
  }
}
