import { fitLine } from '../record-math.ts';
import { symmetricBound } from './student.ts';
import { type Points, whitened } from './trend-noise.ts';
import { strongestPeriod, waves } from './trend-period.ts';

/**
 * A slope with an uncertainty that holds where the scatter about the line hangs together in time: noise of a sensor
 * (white), of a process (any correlation time) and a thermostat's swing (a period). Which of these it is, is not known
 * beforehand: all are tried, each counts by how well it explains the scatter (restricted likelihood; after
 * Schwarz 1978, dearer), and the interval is that of their mixture.
 */

/** Slope of y over x with intercept at x = 0; `u95` holds the true slope in 95 % of repetitions. */
export interface Trend {
  readonly slope: number;
  readonly intercept: number;
  readonly u95: number;
  /** Usable pairs. */
  readonly count: number;
  /** Correlation time that explains the scatter best, unit of x; 0: independent. */
  readonly correlation: number;
  /** Periods that were taken out, unit of x. */
  readonly periods: readonly number[];
}

/** Long records are averaged to so many blocks first: a slope lives on long times. */
const BLOCKS = 128;
/**
 * Correlation times that are tried: even on a logarithmic scale from half a block to this part of the record, the longer
 * the rarer (Jeffreys' prior of such noise). The longest is chosen so that the interval holds in 93 to 97 % from white noise
 * to a correlation of a sixth of the record (npm run validate:figures).
 */
const LONGEST_PART = 0.8;
const TIMES = 16;
const RARER_POWER = 0.5;
/** Shares of independent noise beside the correlated, and how likely each is held to be; white noise alone. */
const SHARES: readonly (readonly [share: number, prior: number])[] = [
  [0, 0.95],
  [0.5, 0.05],
];
const ONLY_WHITE: readonly (readonly [share: number, prior: number])[] = [[1, 8]];
/** What a period costs, in parts of ln n: amplitude, phase and the search for its frequency. */
const PERIOD_COST = 4;
/** A further period is looked for only while the last one was worth its cost but for this, in ln of likelihood. */
const STILL_WORTH = 8;
const MOST_PERIODS = 3;
/** Fewer blocks cannot tell a period from chance. */
const LEAST_FOR_PERIOD = 24;

/** Fits a straight line to usable pairs; undefined with fewer than three or without spread in x. x must rise. */
export function fitTrend(x: ArrayLike<number>, y: ArrayLike<number>): Trend | undefined {
  const line = fitLine(x, y);
  if (line === undefined) return undefined;
  const points = blocksOf(x, y, line.slope, line.intercept);
  const n = points.x.length;
  if (n < 3) return undefined;
  const scale = points.y.reduce((sum, v) => Math.max(sum, Math.abs(v)), 0);
  const reach = Math.max(Math.abs(line.intercept), Math.abs(line.slope * (points.x[n - 1] - points.x[0])));
  if (scale <= 1e-13 * reach)
    return {
      slope: line.slope,
      intercept: line.intercept,
      u95: 0,
      count: line.count,
      correlation: 0,
      periods: [],
    };
  const candidates = allFits(points);
  const best = candidates.reduce((a, b) => (b.weight > a.weight ? b : a));
  const sum = candidates.reduce((total, c) => total + c.weight, 0);
  const slope = candidates.reduce((total, c) => total + c.weight * c.slope, 0) / sum;
  const meanX = points.x.reduce((total, v) => total + v, 0) / n;
  const u95 = symmetricBound(
    candidates
      .filter(c => c.weight > 1e-4 * best.weight)
      .map(c => ({ weight: c.weight, offset: c.slope - slope, scale: c.error, freedom: c.freedom })),
    0.95,
  );
  return {
    slope: line.slope + slope,
    intercept: line.intercept - slope * meanX,
    u95,
    count: line.count,
    correlation: best.correlation,
    periods: best.periods,
  };
}

/** Means over equal parts of x, of what is left of y beside a line. */
function blocksOf(x: ArrayLike<number>, y: ArrayLike<number>, slope: number, intercept: number): Points {
  const at: number[] = [];
  const rest: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    at.push(x[i]);
    rest.push(y[i] - intercept - slope * x[i]);
  }
  if (at.length <= BLOCKS)
    return {
      x: Float64Array.from(at),
      y: Float64Array.from(rest),
      weight: new Float64Array(at.length).fill(1),
      start: Float64Array.from(at),
      width: 0,
    };
  const [low, high] = [at[0], at[at.length - 1]];
  const sums = [new Float64Array(BLOCKS), new Float64Array(BLOCKS), new Float64Array(BLOCKS)];
  for (let i = 0; i < at.length; i++) {
    const block = Math.min(BLOCKS - 1, Math.floor(((at[i] - low) / (high - low)) * BLOCKS));
    sums[0][block] += at[i];
    sums[1][block] += rest[i];
    sums[2][block]++;
  }
  const filled = [...sums[2].keys()].filter(block => sums[2][block] > 0);
  const mean = at.length / filled.length;
  const width = (high - low) / BLOCKS;
  return {
    start: Float64Array.from(filled, block => low + block * width),
    width,
    x: Float64Array.from(filled, block => sums[0][block] / sums[2][block]),
    y: Float64Array.from(filled, block => sums[1][block] / sums[2][block]),
    weight: Float64Array.from(filled, block => sums[2][block] / mean),
  };
}

interface Fit {
  readonly slope: number;
  readonly error: number;
  readonly freedom: number;
  readonly weight: number;
  readonly correlation: number;
  readonly periods: readonly number[];
}

/** Every noise with no, one, two ... periods; weights are relative. */
function allFits(points: Points): Fit[] {
  const n = points.x.length;
  const span = points.x[n - 1] - points.x[0];
  const meanX = points.x.reduce((total, v) => total + v, 0) / n;
  const columns: Float64Array[] = [new Float64Array(n).fill(1), points.x.map(v => v - meanX)];
  const times = [0];
  const shortest = span / n / 2;
  for (let k = 0; k < TIMES; k++) {
    times.push(shortest * ((LONGEST_PART * span) / shortest) ** (k / (TIMES - 1)));
  }
  const found: (Omit<Fit, 'weight'> & { logWeight: number })[] = [];
  const periods: number[] = [];
  let bestML = Number.NEGATIVE_INFINITY;
  for (;;) {
    const fits = times.flatMap(correlation =>
      (correlation === 0 ? ONLY_WHITE : SHARES).map(([share, prior]) => ({
        correlation,
        ...whitened(points, columns, correlation, share),
        prior: correlation === 0 ? prior : prior * (correlation / shortest) ** -RARER_POWER,
      })),
    );
    const mostML = Math.max(...fits.map(f => f.logML));
    const mostREML = Math.max(...fits.map(f => f.logREML));
    const cost = PERIOD_COST * periods.length * Math.log(n);
    for (const fit of fits) {
      const logWeight = Math.log(fit.prior) + fit.logREML - mostREML + mostML - cost;
      const { slope, error, freedom, correlation } = fit;
      found.push({ slope, error, freedom, correlation, periods: [...periods], logWeight });
    }
    if (periods.length === MOST_PERIODS || n < LEAST_FOR_PERIOD) break;
    const period = strongestPeriod(points.x, points.y, columns);
    if (period === undefined || mostML - cost < bestML - STILL_WORTH) break;
    bestML = Math.max(bestML, mostML - cost);
    periods.push(period);
    columns.push(...waves(points.x, period));
  }
  const most = Math.max(...found.map(f => f.logWeight));
  return found.map(({ logWeight, ...fit }) => ({ ...fit, weight: Math.exp(logWeight - most) }));
}

/** What the scatter about a trend was found to be, for a definition: begins with a space, empty if it is white. */
export function scatterText(trend: Trend | undefined, perUnit: number, unit: string): string {
  if (trend === undefined) return '';
  const told = (x: number): string => `${(x * perUnit).toPrecision(2)} ${unit}`;
  const swings = trend.periods.map(told).join(', ');
  return (
    (trend.correlation > 0 ? ` The scatter hangs together over ${told(trend.correlation)}.` : '') +
    (swings === '' ? '' : ` Swings of ${swings} were taken out.`)
  );
}
