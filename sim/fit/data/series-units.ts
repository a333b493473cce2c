import { FileError } from '../../../drivers/contract/yaml-file.ts';
import type { PlantKind, PlantSubject } from '../../plant/parts/model.ts';
import type { FitData } from '../fit-data.ts';

/** Whether currents and voltages of a series can be A and V: thousandths of them are a slip of the heading. */

/** No cell takes so many times its nominal current (1 h), even in a pulse. */
const MOST_RATE = 40;
/** A current below this part of the nominal one moves nothing that can be fitted. */
const LEAST_RATE = 2e-3;
/** A cell is between these, V; below only where it is empty or shorted all the time. */
const MOST_V = 10;
const LEAST_V = 0.02;
const CURRENTS = ['cell.current_A', 'cell.currentSet_A'];

/** Refuses numbers of mA under A, of mV under V and of V under mV. @throws FileError with the line of the largest */
export function checkSeriesUnits(data: FitData, subject: PlantSubject, kind: PlantKind): void {
  const { path, columns, lines, headerLine } = data;
  const fail = (line: number, found: string): FileError => new FileError(path, line, found);
  for (const name of kind === 'cell' ? CURRENTS : []) {
    const { row, most } = largest(columns.get(name));
    const rate = most / subject.currentNominal_A;
    if (rate > MOST_RATE)
      throw fail(
        lines[row],
        `${name} ${short(most)} is ${short(rate)} times the current that goes into the cell for 1 h (${subject.currentNominal_A} A); ` +
          `expected ${name.replace(/A$/, 'mA')} as heading if it is mA, or --nominal with the capacity of the cell`,
      );
  }
  for (const name of ['cell.voltage_V', 'stack.voltage_V']) {
    const cells = name.startsWith('stack') || kind === 'cell' ? subject.cells : 1;
    const { row, most } = largest(columns.get(name));
    if (most / cells > MOST_V)
      throw fail(
        lines[row],
        `${name} ${short(most)} is ${short(most / cells)} V a cell, expected ${name.replace(/V$/, 'mV')} as heading if it is mV`,
      );
    if (most > 0 && most / cells < LEAST_V)
      throw fail(
        headerLine,
        `${name} is ${short(most / cells)} V a cell at most, expected V as unit of the heading if the numbers are volts`,
      );
  }
}

/** What to say where a series determines nothing because hardly any current flows; empty where enough does. */
export function smallCurrentHint({ columns }: FitData, subject: PlantSubject): string {
  const most_A = Math.max(...CURRENTS.map(name => largest(columns.get(name)).most));
  const rate = most_A / subject.currentNominal_A;
  if (!(most_A > 0) || rate > LEAST_RATE) return '';
  return `: the current is ${short(most_A)} A at most, ${short(100 * rate)} % of what goes into the cell in 1 h; is the unit in its heading right?`;
}

function largest(values: Float64Array | undefined): { readonly row: number; readonly most: number } {
  let row = 0;
  let most = 0;
  values?.forEach((v, i) => {
    if (Math.abs(v) > most) [row, most] = [i, Math.abs(v)];
  });
  return { row, most };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
