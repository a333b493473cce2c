import { dotted } from '../../../drivers/contract/explain.ts';
import type { PlannedStep } from '../bench/plan.ts';
import type { BenchNames } from '../bench/reference.ts';
import { valuesSetBy } from './set-values.ts';
import { quantityText } from './words.ts';

/** What a power or a resistance would draw at the end of the voltages of a cell, where that is more than the bench allows. */

/** One step that may come to more current than the bench allows, in words. */
export interface LoadBeyond {
  /** `rate.yaml steps[1].cp.power_W` */
  readonly place: string;
  readonly text: string;
}

/** `steps`: all of a plan. Only what is known before the run; once each. */
export function loadsBeyond(steps: readonly PlannedStep[], bench: BenchNames): readonly LoadBeyond[] {
  const range = bench.ranges?.get('cell.currentSet_A');
  const { voltageMin_V, voltageMax_V } = bench.subject;
  if (range === undefined || voltageMin_V === undefined || voltageMax_V === undefined) return [];
  const drawn = (role: string, value: number): readonly [current_A: number, at_V: number] =>
    role === 'cell.powerSet_W' ? [value / voltageMin_V, voltageMin_V] : [-voltageMax_V / value, voltageMax_V];
  const found = new Map<string, LoadBeyond>();
  for (const planned of steps) {
    for (const { place, role, values } of valuesSetBy(planned)) {
      const unit = { 'cell.powerSet_W': 'W', 'cell.resistanceSet_Ohm': 'Ohm' }[role];
      if (unit === undefined) continue;
      for (const value of values) {
        const [current_A, at_V] = drawn(role, value);
        const most_A = current_A < 0 ? -Math.min(0, range.min) : Math.max(0, range.max);
        if (!(Math.abs(current_A) > most_A * (1 + 1e-9))) continue;
        const at = `${planned.file.path} ${dotted(place)}`;
        const way = current_A < 0 ? 'discharge' : 'charge';
        const [is, most] = [Math.abs(current_A), most_A].map(size =>
          quantityText(Number(size.toPrecision(3)), 'A'),
        );
        found.set(at, {
          place: at,
          text: `${quantityText(value, unit)} is ${is} at ${quantityText(at_V, 'V')}, no more than ${most} to ${way} is allowed (limits of cell.currentSet_A)`,
        });
      }
    }
  }
  return [...found.values()];
}
