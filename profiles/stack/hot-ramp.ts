import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import { fitLine } from '../record-math.ts';
import type { RecordedStep, StackRun } from '../recorded-run.ts';
import { holding, windowOf } from '../series-parts.ts';
import { student95 } from '../uncertainty/student.ts';

/** The part of the largest current from which the slope counts. */
const UPPER_FRAC = 0.5;
/** Neighbouring readings of a slow way hang together: so many groups count as independent. */
const GROUPS = 20;

/** Slope of the cell voltage over the current density, mOhm cm2, from slow ways of the current up and down. */
export function rampFigures(run: StackRun, ways: readonly RecordedStep[]): KpiValue {
  const area = run.stack.activeArea_cm2;
  const currentAt = holding(run.series('stack.current_A'));
  const [j, u]: [number[], number[]] = [[], []];
  for (const way of ways) {
    const { t_s, value } = windowOf(run.series('stack.voltage_V'), way.start_s, way.end_s);
    value.forEach((volt, i) => {
      j.push(currentAt(t_s[i]) / area);
      u.push(volt / run.stack.cells);
    });
  }
  const top = j.reduce((a, b) => (b > a ? b : a), 0);
  const inside = j.flatMap((v, i) => (v >= UPPER_FRAC * top && Number.isFinite(u[i]) ? [i] : []));
  const line = fitLine(
    inside.map(i => j[i]),
    inside.map(i => u[i]),
  );
  const gains = Math.hypot(
    run.accuracy('stack.voltage_V').reading_pct,
    run.accuracy('stack.current_A').reading_pct,
  );
  const scatter =
    line === undefined
      ? Number.NaN
      : student95(GROUPS - 2) * line.slopeError * Math.sqrt(Math.max(1, line.count / GROUPS));
  return kpi({
    id: 'asr',
    value: line === undefined || top <= 0 ? null : line.slope * 1000,
    unit: 'mOhm.cm2',
    u95: 1000 * Math.hypot(scatter, ((line?.slope ?? 0) * gains) / 100),
    definition: `Slope dU/dj of the mean cell voltage over ${(UPPER_FRAC * top).toPrecision(3)} to ${top.toPrecision(3)} A/cm2 of the way up and down, not temperature-corrected. Uncertainty from the scatter about the line, counted as ${GROUPS} independent readings, and the gains of both meters.`,
    basis: 'default',
    missing: whyLacking(
      run,
      ['stack.current_A', 'stack.voltage_V'],
      'no way of the current with usable readings',
    ),
  });
}
