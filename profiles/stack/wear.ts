import { voltageDifference } from '../begin-to-end.ts';
import { degradationOf } from '../degradation.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import type { RecordedPart, RecordedStep, StackRun } from '../recorded-run.ts';
import { type MeasuredPoint, pointsOfPart } from './curve.ts';
import type { Stretch } from './stretch.ts';

/** What a long test has cost: the first against the last curve in it, and the trend between them. */

/** By what a rise is counted. */
export interface CountedBy {
  readonly count: number;
  /** `uV/h`, `uV/cycle`, `uV/start`. */
  readonly unit: string;
  readonly loads: readonly RecordedStep[];
}

/** Rise between first and last curve (mV), by hour, cycle or start (uV), and the trend of the holds (uV/h). */
export function wearFigures(run: StackRun, of: Stretch, { count, unit, loads }: CountedBy): KpiValue[] {
  const curves = curvesIn(run, of);
  const found = voltageDifference(run, curves[0] ?? [], curves.length > 1 ? (curves.at(-1) ?? []) : []);
  const rise = { ...found, id: 'voltage-rise' };
  const perUnit = 1000 / count;
  const windows = loads.map(({ start_s, end_s }) => ({ from_s: start_s, to_s: end_s }));
  return [
    rise,
    kpi({
      id: 'degradation',
      value: rise.value === null ? null : rise.value * perUnit,
      unit,
      ...(rise.u95 === undefined ? {} : { u95: rise.u95 * perUnit }),
      definition: `voltage-rise over ${count.toPrecision(4)} (${unit.slice(3)}); reversible and irreversible parts together.`,
      basis: 'default',
      missing: whyLacking(run, ['stack.voltage_V', 'stack.current_A'], 'no two curves with a common current'),
    }),
    ...degradationOf(run, windows, 'steps with the id load'),
  ];
}

/** Change of the cell voltage at the lowest and the highest current that first and last curve share, mV. */
export function waveFigures(run: StackRun, of: Stretch): KpiValue[] {
  const curves = curvesIn(run, of);
  const [begin, end] = [curves[0] ?? [], curves.length > 1 ? (curves.at(-1) ?? []) : []];
  const common = begin
    .filter(a => end.some(b => Math.abs(a.current_A - b.current_A) < 0.01 * a.current_A))
    .map(point => point.current_A)
    .sort((a, b) => a - b);
  return [
    { ...voltageDifference(run, begin, end, common[0]), id: 'change-low' },
    { ...voltageDifference(run, begin, end, common.at(-1)), id: 'change-high' },
  ];
}

function curvesIn(run: StackRun, of: Stretch): (readonly MeasuredPoint[])[] {
  return (run.parts ?? [])
    .filter(
      (part: RecordedPart) =>
        part.method === 'polarisation' && part.start_s >= of.start_s - 1e-6 && part.end_s <= of.end_s + 1e-6,
    )
    .sort((a, b) => a.start_s - b.start_s)
    .map(part => pointsOfPart(run, part));
}
