import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { meanOf } from '../record-math.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { type SeriesPart, windowOf } from '../series-parts.ts';
import { readingNoise } from '../uncertainty/reading-noise.ts';
import { REPEATABILITY_FRAC, wanderOf } from '../uncertainty/repeatability.ts';
import type { Stretch } from './stretch.ts';

/** How fast a stack was heated, and how cold it was left. */

/** Fastest rise over so long; each end is the mean of so much, s of life. */
const OVER_S = 300;
const END_S = 30;

/** Fastest rise of the outlet temperature, K/min. */
export function warmingFigures(run: RecordedRun, phase: Stretch): KpiValue[] {
  const series = run.series('stack.temperature_degC');
  const ends = meansOf(windowOf(series, phase.start_s, phase.end_s), END_S / run.timeFactor);
  const window_s = OVER_S / run.timeFactor;
  let fastest: number | null = null;
  let at = { from_s: 0, to_s: 0, count: 1 };
  let from = 0;
  for (const { t_s, mean, count } of ends) {
    while (t_s - ends[from].t_s > window_s) from++;
    const over_s = t_s - ends[from].t_s;
    if (over_s < 0.9 * window_s) continue;
    const rate = ((mean - ends[from].mean) / over_s / run.timeFactor) * 60;
    if (!Number.isFinite(rate) || (fastest !== null && rate <= fastest)) continue;
    fastest = rate;
    at = { from_s: ends[from].t_s, to_s: t_s, count };
  }
  const moment = (t_s: number, weight: number) => ({
    from_s: t_s * run.timeFactor,
    to_s: t_s * run.timeFactor,
    weight,
  });
  // One meter at both ends; the largest of many differences lies above its own by what noise does to it.
  const wander_K =
    REPEATABILITY_FRAC *
    run.accuracy('stack.temperature_degC').abs *
    wanderOf([moment(at.from_s, -1), moment(at.to_s, 1)]);
  const noise_K = (Math.SQRT2 * readingNoise(series, phase.start_s, phase.end_s)) / Math.sqrt(at.count);
  return [
    kpi({
      id: 'heating-rate-max',
      phase: phase.name,
      value: fastest,
      unit: 'K/min',
      u95: Math.hypot(wander_K, 4 * noise_K) / (OVER_S / 60),
      definition: `Fastest rise of the stack outlet temperature over any ${OVER_S / 60} min, between means of ${END_S} s.`,
      basis: 'recalled',
      missing: whyLacking(
        run,
        ['stack.temperature_degC'],
        'the phase was shorter than 5 min or had no usable temperature',
      ),
    }),
  ];
}

/** Means of so long, one after the other. */
function meansOf({ t_s, value }: SeriesPart, long_s: number) {
  const means: { t_s: number; mean: number; count: number }[] = [];
  let [sum, times, count, begin_s] = [0, 0, 0, t_s[0]];
  for (let i = 0; i < t_s.length; i++) {
    if (t_s[i] - begin_s >= long_s) {
      if (count > 0) means.push({ t_s: times / count, mean: sum / count, count });
      [sum, times, count, begin_s] = [0, 0, 0, t_s[i]];
    }
    if (Number.isNaN(value[i])) continue;
    sum += value[i];
    times += t_s[i];
    count++;
  }
  return means;
}

/** Temperature at the end, degC. */
export function coolingFigures(run: RecordedRun, phase: Stretch): KpiValue[] {
  const { mean } = meanOf(
    run.series('stack.temperature_degC'),
    phase.end_s - 30 / run.timeFactor,
    phase.end_s,
  );
  return [
    kpi({
      id: 'end-temperature',
      phase: phase.name,
      value: mean,
      unit: 'degC',
      u95: run.accuracy('stack.temperature_degC').abs,
      definition: 'Mean stack outlet temperature in the last 30 s of the phase.',
      basis: 'default',
      missing: whyLacking(run, ['stack.temperature_degC'], 'no usable temperature at the end of the phase'),
    }),
  ];
}
