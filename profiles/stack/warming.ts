import { type KpiValue, kpi } from '../kpi.ts';
import { meanOf } from '../record-math.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { windowOf } from '../series-parts.ts';
import type { Stretch } from './stretch.ts';

/** How fast a stack was heated, and how cold it was left. */

/** Fastest rise of the outlet temperature, K/min. */
export function warmingFigures(run: RecordedRun, phase: Stretch): KpiValue[] {
  const { t_s, value } = windowOf(run.series('stack.temperature_degC'), phase.start_s, phase.end_s);
  const window_s = 300 / run.timeFactor;
  let fastest: number | null = null;
  let from = 0;
  for (let i = 0; i < t_s.length; i++) {
    while (t_s[i] - t_s[from] > window_s) from++;
    const over_s = t_s[i] - t_s[from];
    if (over_s < 0.9 * window_s) continue;
    const rate = ((value[i] - value[from]) / over_s / run.timeFactor) * 60;
    if (Number.isFinite(rate) && (fastest === null || rate > fastest)) fastest = rate;
  }
  return [
    kpi({
      id: 'heating-rate-max',
      phase: phase.name,
      value: fastest,
      unit: 'K/min',
      definition: 'Fastest rise of the stack outlet temperature over any 5 min.',
      basis: 'recalled',
      missing: 'the phase was shorter than 5 min or had no usable temperature',
    }),
  ];
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
      missing: 'no usable temperature at the end of the phase',
    }),
  ];
}
