import { voltageDifference } from '../begin-to-end.ts';
import { degradationOf } from '../degradation.ts';
import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import type { RecordedPart, RecordedStep, StackRun } from '../recorded-run.ts';
import { pointsOfPart } from './curve.ts';
import type { Stretch } from './stretch.ts';

/** What a long test has cost: the first against the last curve in it, and the trend between them. */

/** By what a rise is counted. */
export interface CountedBy {
  /** Hours, cycles, starts that steps of load are. */
  readonly countOf: (loads: readonly RecordedStep[]) => number;
  /** `uV/h`, `uV/cycle`, `uV/start`. */
  readonly unit: string;
  readonly loads: readonly RecordedStep[];
}

/** Rise between first and last curve (mV), by hour, cycle or start (uV), and the trend of the holds (uV/h). */
export function wearFigures(run: StackRun, of: Stretch, { countOf, unit, loads }: CountedBy): KpiValue[] {
  const parts = curvePartsIn(run, of);
  const curves = parts.map(part => pointsOfPart(run, part));
  const found = voltageDifference(run, curves[0] ?? [], curves.length > 1 ? (curves.at(-1) ?? []) : []);
  const rise = { ...found, id: 'voltage-rise' };
  // What came after the last curve, in a run that was ended there, has no part in the rise.
  const [from_s, to_s] = [parts[0]?.start_s ?? 0, parts.at(-1)?.end_s ?? 0];
  const between = loads.filter(({ start_s, end_s }) => start_s >= from_s - 1e-6 && end_s <= to_s + 1e-6);
  const count = countOf(between);
  const perUnit = 1000 / count;
  const windows = loads.map(({ start_s, end_s }) => ({ from_s: start_s, to_s: end_s }));
  return [
    rise,
    kpi({
      id: 'degradation',
      value: rise.value === null || count === 0 ? null : rise.value * perUnit,
      unit,
      ...(rise.u95 === undefined || count === 0 ? {} : { u95: rise.u95 * perUnit }),
      definition: `voltage-rise over the ${count.toPrecision(4)} (${unit.slice(3)}) between first and last curve; reversible and irreversible parts together.`,
      basis: 'default',
      missing: whyLacking(
        run,
        ['stack.voltage_V', 'stack.current_A'],
        rise.value === null ? 'no two curves with a common current' : 'no step of load between the curves',
      ),
    }),
    ...degradationOf(run, windows, 'steps with the id load'),
  ];
}

/** Change of the cell voltage at the lowest and the highest current that first and last curve share, mV. */
export function waveFigures(run: StackRun, of: Stretch): KpiValue[] {
  const curves = curvePartsIn(run, of).map(part => pointsOfPart(run, part));
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

function curvePartsIn(run: StackRun, of: Stretch): readonly RecordedPart[] {
  return (run.parts ?? [])
    .filter(
      (part: RecordedPart) =>
        part.method === 'polarisation' && part.start_s >= of.start_s - 1e-6 && part.end_s <= of.end_s + 1e-6,
    )
    .sort((a, b) => a.start_s - b.start_s);
}
