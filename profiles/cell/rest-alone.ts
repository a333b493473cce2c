import { fitLine, meanOf } from '../record-math.ts';
import type { RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import { readingNoise } from '../uncertainty/reading-noise.ts';
import type { Rest } from './standing/rests.ts';

/** What a voltage at rest would have come to by itself while a pulse flowed: a cell that rests still comes back. */

/** The last third of the rest tells its course, no less than the first and no more than the last of these, life s. */
const COURSE_FRAC = 1 / 3;
const COURSE_S = [15, 300] as const;
/** So many readings carry the line at least. */
const LEAST = 5;
/**
 * Part of the drift that counts as not known: twice what is taken off. The line itself erred by up to 0.3 of it; that the
 * cell still has its gradients changed the resistance by 0.9 to 1.8 of it (twin of a 21700 cell at equal temperature, 30 s to
 * 2 min after 10 min at C/2; by 2.8 of a drift that was as small as the noise after 5 min).
 */
const OPEN_FRAC = 2;
/** With more drift than this part of the pulse's own change there is no resistance (default). */
const MOST_FRAC = 0.1;

/** Unit of the series; `u95` k = 2. */
export interface RestAlone {
  /** What it would have come to at the time asked for, and of it how far it would have moved since the rest ended. */
  readonly value: number;
  readonly drift: number;
  /** By the noise of the readings; and what is not known of the drift is `OPEN_FRAC` of it. */
  readonly random: number;
}

/**
 * A rest by a line over the logarithm of its own time, gone on with to `at_s` (run time): relaxation by diffusion slows
 * down as the time since the load grows. Undefined with too few readings.
 */
export function restAlone(
  series: RecordedSeries,
  rest: Rest,
  start_s: number,
  at_s: number,
  timeFactor: number,
): RestAlone | undefined {
  const long_s = (start_s - rest.from_s) * timeFactor;
  const course_s = Math.min(Math.max(COURSE_S[0], COURSE_FRAC * long_s), COURSE_S[1]);
  // The first reading of a rest may still show the load.
  const from_s = Math.max(start_s - course_s / timeFactor, rest.from_s + 0.05 * (start_s - rest.from_s));
  const { t_s, value } = windowOf(series, from_s, rest.to_s);
  const scale = (t: number): number => Math.log((t - rest.from_s) / (start_s - rest.from_s));
  const x = t_s.map(scale);
  const line = fitLine(x, value);
  if (line === undefined || line.count < LEAST) return undefined;
  let [squares, sum, spread] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(value[i])) continue;
    squares += (value[i] - line.intercept - line.slope * x[i]) ** 2;
    sum += x[i];
  }
  const middle = sum / line.count;
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(value[i])) spread += (x[i] - middle) ** 2;
  const noise = Math.max(Math.sqrt(squares / (line.count - 2)), readingNoise(series, from_s, rest.to_s) || 0);
  const at = scale(at_s);
  return {
    value: line.intercept + line.slope * at,
    drift: line.slope * at,
    random: 2 * noise * Math.sqrt(1 / line.count + (at - middle) ** 2 / spread),
  };
}

/**
 * How far a voltage at rest would still come, unit of the series: by its course at the end of the rest as semi-infinite
 * diffusion goes on after a load of `load_s` (life s), V - V(inf) ~ sqrt(t + load) - sqrt(t) (Cottrell's law superposed;
 * Weppner and Huggins, J. Electrochem. Soc. 124 (1977) 1569). A layer of finite thickness comes to rest sooner. 0 with too few
 * readings to see a course.
 */
export function stillToCome(series: RecordedSeries, rest: Rest, load_s: number, timeFactor: number): number {
  const long_s = rest.to_s - rest.from_s;
  const { t_s, value } = windowOf(series, rest.to_s - COURSE_FRAC * long_s, rest.to_s);
  const line = fitLine(
    t_s.map(t => Math.log((t - rest.from_s) / long_s)),
    value,
  );
  // The line has the slope of the middle of the course.
  const rested_s = (1 - COURSE_FRAC / 2) * long_s * timeFactor;
  return line === undefined ? 0 : 2 * Math.abs(line.slope) * Math.sqrt((rested_s + load_s) / rested_s);
}

/**
 * What is not known of the drift in a pulse's change of voltage, V, k = 2; or why there is no resistance: the rest moved too
 * far to be taken off.
 */
export function driftLeft(
  { drift }: RestAlone,
  step_V: number,
  at_s: number,
): { readonly u95: number; readonly missing?: string } {
  const u95 = OPEN_FRAC * Math.abs(drift);
  if (!(Math.abs(drift) > MOST_FRAC * Math.abs(step_V))) return { u95 };
  const [moved, own] = [drift, step_V].map(volts => Number((1000 * volts).toPrecision(3)));
  return {
    u95,
    missing: `the voltage at rest still moved, by ${moved} mV in ${at_s} s, which is more than ${100 * MOST_FRAC} % of the ${own} mV of the pulse`,
  };
}

/** Where the cell's temperature is recorded: what it was, as words of a definition. */
export function temperatureTold(run: RecordedRun, windows: readonly Rest[]): string {
  const series = run.series('cell.temperature_degC');
  const means = windows
    .map(({ from_s, to_s }) => meanOf(series, from_s, to_s).mean)
    .filter(mean => !Number.isNaN(mean));
  if (means.length === 0)
    return series.t_s.length === 0
      ? 'Not corrected for temperature, which is not recorded'
      : 'Not corrected for temperature';
  const [low, high] = [Math.min(...means), Math.max(...means)].map(mean => mean.toFixed(1));
  return `At ${low === high ? low : `${low} to ${high}`} degC of the cell, not corrected for temperature`;
}
