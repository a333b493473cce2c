import { CURRENT, VOLTAGE } from '../../../cell/ledger.ts';
import { driftLeft, restAlone } from '../../../cell/rest-alone.ts';
import type { Rest } from '../../../cell/standing/rests.ts';
import { whyLacking } from '../../../lacking.ts';
import { fitLine, meanOf } from '../../../record-math.ts';
import type { RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import { indexAt } from '../../../series-parts.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';

/** Resistance at a time after a pulse began: change of the voltage over change of the current, from what the rest alone would show. */

/** A resistance with its uncertainty k = 2, mOhm; or why there is none. */
export interface Resistance {
  readonly value: number | null;
  readonly u95: number;
  readonly missing: string;
}

/** The rest's last readings that tell the current before: over so long, life s. */
const BEFORE_S = 10;
/**
 * The noise of a reading is told by more of them: ten give it to a quarter only, and a level of two readings hangs on it. So
 * long at most and no more than that part of the rest: behind a load the voltage bends.
 */
const NOISE_S = 60;
const NOISE_FRAC = 1 / 3;
/** A pulse at one current: it scatters by less than this part of it. */
const STOOD_FRAC = 0.05;
/** Steps hang together within so much, run time s. */
const WITHIN_S = 1e-3;
/** The line is laid through the readings from half the time to half as much again. */
const AROUND = 0.5;
/** A level nearer to the pulse's begin than so is not told by a straight line, life s. */
const EDGE_S = 0.02;

/** Resistance of a pulse `at_s` (life s) after it began, against what the rest before it would have come to by itself. */
export function resistanceAt(run: RecordedRun, pulse: RecordedStep, at_s: number): Resistance {
  const life = run.timeFactor;
  const [voltage, current] = [run.series(VOLTAGE), run.series(CURRENT)];
  const rest = restBefore(run, pulse);
  const last = { from_s: pulse.start_s - BEFORE_S / life, to_s: rest.to_s };
  const still = meanOf(current, Math.max(last.from_s, rest.from_s), rest.to_s);
  const from_s = pulse.start_s + Math.max(EDGE_S, at_s * (1 - AROUND)) / life;
  const to_s = Math.min(pulse.start_s + (at_s * (1 + AROUND)) / life, pulse.end_s - 1e-6);
  const flowing = meanOf(current, pulse.start_s + EDGE_S / life, pulse.end_s - 1e-6);
  const alone = restAlone(voltage, rest, pulse.start_s, pulse.start_s + at_s / life, life);
  if (alone === undefined || still.count === 0)
    return {
      value: null,
      u95: 0,
      missing: whyLacking(run, [VOLTAGE, CURRENT], 'too few readings of the rest before the pulse'),
    };
  // The rest may still come back: its course is no noise.
  const rest_s = (pulse.start_s - rest.from_s) * life;
  const quiet_s = Math.max(BEFORE_S, Math.min(NOISE_S, NOISE_FRAC * rest_s));
  const noise_V = readingNoise(voltage, pulse.start_s - quiet_s / life, rest.to_s) || alone.random;
  const level = levelAt(run, from_s, to_s, pulse.start_s, at_s, { noise_V, still_V: alone.value });
  if (flowing.count === 0 || level === undefined)
    return {
      value: null,
      u95: 0,
      missing: whyLacking(run, [VOLTAGE, CURRENT], `no reading near ${at_s} s of the pulse`),
    };
  if (flowing.deviation > STOOD_FRAC * Math.abs(flowing.mean)) {
    const text = `the current did not stand (${flowing.mean.toPrecision(3)} A, scattered by ${flowing.deviation.toPrecision(2)} A): something held it, as the voltage limit of a channel does`;
    return { value: null, u95: 0, missing: text };
  }
  const step_A = flowing.mean - still.mean;
  const step_V = level.value - alone.value;
  const left = driftLeft(alone, step_V, at_s);
  if (left.missing !== undefined) return { value: null, u95: 0, missing: left.missing };
  const gain_pct = Math.hypot(run.accuracy(VOLTAGE).reading_pct, run.accuracy(CURRENT).reading_pct);
  const volts = Math.hypot(level.u95, alone.random, left.u95);
  const amperes = Math.hypot(
    (2 * still.deviation) / Math.sqrt(still.count),
    (2 * flowing.deviation) / Math.sqrt(flowing.count),
  );
  const ohm = step_V / step_A;
  const u95 = Math.hypot(volts / step_A, (ohm * amperes) / step_A, (ohm * gain_pct) / 100);
  return { value: 1000 * ohm, u95: 1000 * u95, missing: 'the current did not change' };
}

/** The step that ends where the pulse begins; where none does, the last seconds before it. */
function restBefore(run: RecordedRun, { start_s }: RecordedStep): Rest {
  const before = run.steps?.findLast(
    step => Math.abs(step.end_s - start_s) < WITHIN_S && step.start_s < step.end_s - WITHIN_S,
  );
  return { from_s: before?.start_s ?? start_s - BEFORE_S / run.timeFactor, to_s: start_s - 1e-6 };
}

/**
 * Voltage at a time of the pulse by a line over the root of the time; one or two readings: the nearest, if near enough, moved
 * to that time. What is fixed of the meter cancels against the rest.
 */
function levelAt(
  run: RecordedRun,
  from_s: number,
  to_s: number,
  start_s: number,
  at_s: number,
  { noise_V, still_V }: { readonly noise_V: number; readonly still_V: number },
): { readonly value: number; readonly u95: number } | undefined {
  const { t_s, value } = run.series(VOLTAGE);
  const [a, b] = [indexAt(t_s, from_s), indexAt(t_s, to_s)];
  if (b <= a) return undefined;
  const root = (t: number): number => Math.sqrt(Math.max(0, (t - start_s) * run.timeFactor));
  const x = t_s.slice(a, b).map(root);
  const y = value.slice(a, b);
  const line = fitLine(x, y);
  /** Root of the time and voltage of the usable reading before one, if it lies in the pulse. */
  const readingBefore = (row: number): readonly [number, number] | undefined => {
    const before = row - 1;
    const isIn =
      before >= 0 && t_s[before] > start_s + EDGE_S / run.timeFactor && !Number.isNaN(value[before]);
    return isIn ? [root(t_s[before]), value[before]] : undefined;
  };
  if (line === undefined) {
    const i = Math.abs(x[0] ** 2 - at_s) <= Math.abs(x[x.length - 1] ** 2 - at_s) ? 0 : x.length - 1;
    if (Math.abs(x[i] ** 2 - at_s) > AROUND * at_s) return undefined;
    return movedTo(Math.sqrt(at_s), [x[i], y[i]], readingBefore(a + i), { noise_V, still_V });
  }
  let squares = 0;
  let mean = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(y[i])) continue;
    squares += (y[i] - line.intercept - line.slope * x[i]) ** 2;
    mean += x[i] / line.count;
  }
  // The scatter of three readings about their line tells little: no less than the noise of the rest.
  const scatter = Math.sqrt(squares / Math.max(1, line.count - 2));
  const spread = Math.hypot(...x.map((one, i) => (Number.isNaN(y[i]) ? 0 : one - mean)));
  const leverage = Math.hypot(1 / Math.sqrt(line.count), (Math.sqrt(at_s) - mean) / spread);
  return {
    value: line.intercept + line.slope * Math.sqrt(at_s),
    u95: 2 * Math.max(scatter, noise_V) * leverage,
  };
}

/**
 * A reading of a pulse moved to another root of the time, on the line from the one before it; all that it was moved counts.
 * Alone it stays, and the voltage may have grown with the root of the time.
 */
function movedTo(
  root: number,
  [x, y]: readonly [number, number],
  before: readonly [number, number] | undefined,
  { noise_V, still_V }: { readonly noise_V: number; readonly still_V: number },
): { readonly value: number; readonly u95: number } {
  const off = root - x;
  if (before === undefined) return { value: y, u95: Math.hypot(2 * noise_V, ((y - still_V) * off) / x) };
  const share = off / (x - before[0]);
  const moved = share * (y - before[1]);
  return { value: y + moved, u95: Math.hypot(2 * noise_V * Math.hypot(1 + share, share), moved) };
}
