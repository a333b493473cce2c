import { unitOf } from '../../../../drivers/contract/units.ts';
import { BEYOND_USUAL, NOISE_READINGS, noisyStretch } from '../../../uncertainty/standing-gauge.ts';
import type { LanguageEnv } from '../env.ts';

/**
 * Gauges that repeat a reading to the last digit after they were noisy over several of their digits: noise does not end, an
 * instrument that is not heard any more shows its last word. No limit sees anything then. Told, never acted on. One that
 * shows nothing (0), or one end of its scale (100 %), may be beyond it. What scatters with its load (voltage, current) is
 * none of these: see `same-figure.ts`.
 */

/** So many equal readings, or so many times what was usual before, if that is more. */
const STANDS_READINGS = 60;
/** Readings are looked at this far apart or more, s: faster ones show the same noise. */
const LOOK_S = 1;
/** Looks come with the clock of the run, which has dust. */
const DUST_S = 1e-6;

/** Watches all gauges of the bench over all steps. Begins anew with a new process. No allocation after the first look. */
export class StandingReadings {
  #roles: readonly string[] = [];
  #gauges: Gauge[] = [];
  /** Of each role: the time of its newest reading that was looked at, and where its first member stands. */
  #seen_s = new Float64Array();
  #first = new Uint32Array();
  /** Newest values of all members. */
  #now = new Float64Array();
  #looked_s = Number.NEGATIVE_INFINITY;
  #isReady = false;

  /** One look, at run time `t_s`. */
  look(env: LanguageEnv, t_s: number): void {
    if (t_s < this.#looked_s + LOOK_S - DUST_S) return;
    this.#looked_s = t_s;
    if (!this.#isReady) this.#begin(env);
    for (let i = 0; i < this.#roles.length; i++) {
      const arrived_s = env.arrived_s(this.#roles[i]);
      if (!(arrived_s > this.#seen_s[i])) continue;
      this.#seen_s[i] = arrived_s;
      const first = this.#first[i];
      const end = this.#first[i + 1];
      env.fill(this.#roles[i], this.#now, first);
      for (let at = first; at < end; at++)
        if (this.#gauges[at].take(this.#now[at], arrived_s)) this.#gauges[at].tell(env, t_s);
    }
  }

  #begin(env: LanguageEnv): void {
    this.#isReady = true;
    this.#roles = env.gauges ?? [];
    this.#seen_s = new Float64Array(this.#roles.length).fill(Number.NEGATIVE_INFINITY);
    this.#first = new Uint32Array(this.#roles.length + 1);
    this.#gauges = this.#roles.flatMap((role, i) => {
      const count = env.count(role);
      this.#first[i + 1] = this.#first[i] + count;
      return Array.from({ length: count }, (_, n) => new Gauge(memberOf(role, n)));
    });
    this.#now = new Float64Array(this.#gauges.length);
  }
}

/** Name of one member: `stack.temperature_degC[3]` of many, the role itself of a single one. */
function memberOf(role: string, n: number): string {
  return role.endsWith('[]') ? `${role.slice(0, -1)}${n + 1}]` : role;
}

/** One reading, and what it did before: its last stretches of equal readings, oldest overwritten. */
class Gauge {
  readonly #role: string;
  readonly #isPercent: boolean;
  readonly #values = new Float64Array(NOISE_READINGS).fill(Number.NaN);
  readonly #lengths = new Uint32Array(NOISE_READINGS);
  #place = 0;
  #value = Number.NaN;
  #readings = 0;
  #from_s = 0;
  /** Readings from which on it is told; Infinity: nothing speaks against it. */
  #limit = STANDS_READINGS;
  #usual = 0;

  constructor(role: string) {
    this.#role = role;
    this.#isPercent = unitOf(role)?.endsWith('pct') === true;
  }

  /** Takes a reading that arrived at `t_s`; true where it has now repeated itself for too long. */
  take(value: number, t_s: number): boolean {
    if (value !== this.#value) {
      this.#keep();
      this.#value = value;
      this.#from_s = t_s;
      this.#readings = 1;
      this.#limit = STANDS_READINGS;
      return false;
    }
    this.#readings++;
    if (this.#readings === STANDS_READINGS) this.#limit = this.#tooLong();
    return this.#readings === this.#limit;
  }

  /** Tells it. */
  tell(env: LanguageEnv, t_s: number): void {
    const [role, value, from_s, readings] = [this.#role, this.#value, this.#from_s, this.#readings];
    const data = { role, value, from_s, readings, usual_readings: this.#usual };
    const shown = `${Number(value.toPrecision(6))} ${unitOf(role) ?? ''}`;
    const text = `${role} has been ${shown} to the last digit in ${readings} readings, and in ${this.#usual} at most before: it may be no reading`;
    env.note(t_s, { kind: 'sameFigure', data }, text);
  }

  #keep(): void {
    this.#place = (this.#place + 1) % NOISE_READINGS;
    this.#values[this.#place] = this.#value;
    this.#lengths[this.#place] = this.#readings;
  }

  /** Equal readings that are too many for how it was before. */
  #tooLong(): number {
    if (this.#value === 0 || (this.#isPercent && this.#value === 100)) return Number.POSITIVE_INFINITY;
    let count = NOISE_READINGS;
    for (let back = 0; back < NOISE_READINGS && count > 0; back++) {
      const at = (this.#place - back + NOISE_READINGS) % NOISE_READINGS;
      for (let n = this.#lengths[at]; n > 0 && count > 0; n--) BEFORE[--count] = this.#values[at];
    }
    // Fewer than the noise takes stand behind a stretch of NaN.
    BEFORE.fill(Number.NaN, 0, count);
    const usual = noisyStretch(BEFORE, NOISE_READINGS);
    if (usual === undefined) return Number.POSITIVE_INFINITY;
    this.#usual = usual;
    return Math.max(STANDS_READINGS, BEYOND_USUAL * usual);
  }
}

/** Where the readings before a stretch are laid out, one after the other. */
const BEFORE = new Float64Array(NOISE_READINGS);
