/**
 * Constant phase element in time: Y = Q s^n as capacitors behind resistors, so that it can be stepped and its spectrum is
 * that of the very elements that step. s^n = sin(n pi)/pi times the integral of s/(s + r) r^(n-1) dr: rates r in equal
 * ratios are branches of a resistor and a capacitor, what is faster than all of them is one capacitor beside them.
 */
export interface CpeLadder {
  /** Voltage over the element, V. */
  readonly voltage_V: number;
  /** Charge in all its capacitors, C. */
  readonly charge_C: number;
  /** Works out the next step; its voltage at the end of it is then `start_V + perAmpere_V * current`. */
  prepare(dt_s: number): void;
  readonly start_V: number;
  readonly perAmpere_V: number;
  /** Carries the prepared step out. Backward Euler: no charge is made or lost. */
  take(current_A: number): void;
  /** Admittance at an angular frequency, S: [real, imaginary]. */
  admittance(omega: number): readonly [re: number, im: number];
}

// Two branches per decade of rates meet Q (jw)^n within 0.1 % from some decades above the slowest to a decade below the fastest.
const SLOWEST_PER_S = 1e-7;
const FASTEST_PER_S = 1e9;
const BRANCHES = 33;

/** `q` in S s^n, exponent in 0.5..1 (1 = a capacitor). Starts without charge. */
export function cpeLadder(q: number, exponent_1: number): CpeLadder {
  const n = Math.min(1, Math.max(0.5, exponent_1));
  const ratio = (FASTEST_PER_S / SLOWEST_PER_S) ** (1 / (BRANCHES - 1));
  const weight = (q * Math.sin(n * Math.PI)) / Math.PI;
  const rate_per_s = Float64Array.from({ length: BRANCHES }, (_, k) => SLOWEST_PER_S * ratio ** k);
  // With n = 1 only the capacitor is left.
  const capacity_F = rate_per_s.map(rate => (n < 1 ? weight * rate ** (n - 1) * Math.log(ratio) : 0));
  const edge_per_s = FASTEST_PER_S * Math.sqrt(ratio);
  const front_F = n < 1 ? (weight * edge_per_s ** (n - 1)) / (1 - n) : q;
  const branch_V = new Float64Array(BRANCHES);
  let step_s = 0;
  let slope_S = 0;

  const ladder = {
    voltage_V: 0,
    charge_C: 0,
    start_V: 0,
    perAmpere_V: 0,
    prepare(dt_s: number): void {
      step_s = dt_s;
      slope_S = front_F / dt_s;
      let pull_A = slope_S * ladder.voltage_V;
      for (let k = 0; k < BRANCHES; k++) {
        const branch_S = (capacity_F[k] * rate_per_s[k]) / (1 + rate_per_s[k] * dt_s);
        slope_S += branch_S;
        pull_A += branch_S * branch_V[k];
      }
      ladder.start_V = pull_A / slope_S;
      ladder.perAmpere_V = 1 / slope_S;
    },
    take(current_A: number): void {
      const end_V = ladder.start_V + ladder.perAmpere_V * current_A;
      let charge_C = front_F * end_V;
      for (let k = 0; k < BRANCHES; k++) {
        const part = rate_per_s[k] * step_s;
        branch_V[k] = (branch_V[k] + part * end_V) / (1 + part);
        charge_C += capacity_F[k] * branch_V[k];
      }
      ladder.voltage_V = end_V;
      ladder.charge_C = charge_C;
    },
    admittance(omega: number): readonly [number, number] {
      let re = 0;
      let im = omega * front_F;
      for (let k = 0; k < BRANCHES; k++) {
        const x = omega / rate_per_s[k];
        const part = (omega * capacity_F[k]) / (1 + x * x);
        re += part * x;
        im += part;
      }
      return [re, im];
    },
  };
  return ladder;
}
