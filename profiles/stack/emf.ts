import { type KpiValue, kpi } from '../kpi.ts';
import { whyLacking } from '../lacking.ts';
import type { StackRun } from '../recorded-run.ts';
import { standingGauge } from '../uncertainty/standing-gauge.ts';
import type { Stretch } from './stretch.ts';
import { readingOver, windowsOf } from './windows.ts';

/** Mean open-circuit voltage of a cell at the last gas of a part, V; those before it stand in the definition. */
export function emfFigures(run: StackRun, of: Stretch): KpiValue[] {
  const { cells } = run.stack;
  const all = windowsOf(run, of).map(window => readingOver(run, 'stack.voltage_V', window));
  const window = windowsOf(run, of).at(-1);
  const stands = window === undefined ? undefined : standingGauge(run, 'stack.voltage_V', window);
  const last = stands === undefined ? all.at(-1) : undefined;
  const list = all.map(({ mean }) => (mean / cells).toFixed(4)).join(', ');
  return [
    kpi({
      id: 'emf',
      value: last === undefined ? null : last.mean / cells,
      unit: 'V',
      ...(last === undefined ? {} : { u95: last.u95 / cells }),
      definition: `Mean stack voltage at open circuit over the cells, at the end of the wait at the last gas; one after the other: ${list || 'none'} V.`,
      basis: 'default',
      missing: whyLacking(run, ['stack.voltage_V'], stands ?? 'no open circuit with usable voltage'),
    }),
  ];
}
