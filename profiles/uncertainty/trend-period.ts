/** Periods in the scatter about a line: a thermostat, a pump, day and night. */

/** Fewer swings than this in the record are no period, they are the trend's own shape. */
const LEAST_SWINGS = 1.3;
/** Frequencies between two that a record of this length can tell apart. */
const FINE = 4;

/** Sine and cosine of a period. */
export function waves(x: Float64Array, period: number): [Float64Array, Float64Array] {
  const omega = (2 * Math.PI) / period;
  return [x.map(v => Math.sin(omega * (v - x[0]))), x.map(v => Math.cos(omega * (v - x[0])))];
}

/** The period that takes most out of y beside the columns there are; undefined if none takes anything. */
export function strongestPeriod(
  x: Float64Array,
  y: Float64Array,
  columns: readonly Float64Array[],
): number | undefined {
  const n = x.length;
  const span = x[n - 1] - x[0];
  const basis = orthonormal(columns);
  const rest = without(y, basis);
  const power = (frequency: number): number => powerAt(x, rest, basis, frequency);
  const step = 1 / (FINE * span);
  let best = 0;
  let most = 0;
  for (let frequency = LEAST_SWINGS / span; frequency < n / (2 * span); frequency += step) {
    const taken = roughPowerAt(x, rest, frequency);
    if (taken > most) {
      most = taken;
      best = frequency;
    }
  }
  if (best === 0) return undefined;
  // Golden section to the top of the peak.
  let [low, high] = [Math.max(LEAST_SWINGS / span, best - step), best + step];
  for (let k = 0; k < 18; k++) {
    const [a, b] = [high - 0.618034 * (high - low), low + 0.618034 * (high - low)];
    if (power(a) > power(b)) high = b;
    else low = a;
  }
  return 2 / (low + high);
}

/** The same within a factor, for looking: as if the wave stood at right angles to the columns. */
function roughPowerAt(x: Float64Array, rest: Float64Array, frequency: number): number {
  const omega = 2 * Math.PI * frequency;
  let sine = 0;
  let cosine = 0;
  for (let i = 0; i < rest.length; i++) {
    sine += rest[i] * Math.sin(omega * x[i]);
    cosine += rest[i] * Math.cos(omega * x[i]);
  }
  return sine * sine + cosine * cosine;
}

/** What a wave of this frequency takes out of `rest`, sum of squares. */
function powerAt(
  x: Float64Array,
  rest: Float64Array,
  basis: readonly Float64Array[],
  frequency: number,
): number {
  const [sine, cosine] = waves(x, 1 / frequency);
  const a = without(sine, basis);
  const aa = dot(a, a);
  const b = without(cosine, basis);
  if (aa < 1e-9) return 0;
  const ab = dot(a, b) / aa;
  for (let i = 0; i < b.length; i++) b[i] -= ab * a[i];
  const bb = dot(b, b);
  return dot(a, rest) ** 2 / aa + (bb < 1e-9 ? 0 : dot(b, rest) ** 2 / bb);
}

function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const rest = without(column, basis);
    const size = Math.sqrt(dot(rest, rest));
    if (size > 1e-9) basis.push(rest.map(v => v / size));
  }
  return basis;
}

function without(y: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(y);
  for (const b of basis) {
    const part = dot(rest, b);
    for (let i = 0; i < rest.length; i++) rest[i] -= part * b[i];
  }
  return rest;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
