import { FitError } from '../../profiles/least-squares/fit-error.ts';
import { columnOf, type FitData } from './fit-data.ts';
import type { FitPlant, FitProblem } from './problem.ts';

/** Columns of a polarisation curve that `at` may stand for, with what holds where neither says. */
export const CURVE_CONDITIONS: Readonly<Record<string, number>> = { cathode_barg: 0, anode_barg: 0 };

/** Points whose conditions differ by less than this (degC, bar) are of one curve. */
const ALIKE = 1;
const MOST_CURVES = 5;

/** Steady voltage over current. The temperature must be known: from the file, or from `at`. */
export function curveProblem(plant: FitPlant, data: FitData): FitProblem {
  const { model, set, subject, at } = plant;
  const steady = model.steadyCellVoltage_V?.bind(model);
  if (steady === undefined)
    throw new FitError(`${model.name} has no steady curve, expected a time series or a spectrum for it`);
  const { rows, columns } = data;
  const perCell = columns.get('cellVoltage_V');
  const measured = perCell ?? columnOf(data, 'stackVoltage_V');
  const cells = perCell === undefined ? subject.cells : 1;
  const density = columns.get('current_A_per_cm2');
  const current_A = density?.map(j => j * subject.activeArea_cm2) ?? columnOf(data, 'current_A');
  const condition = (name: string): Float64Array => {
    const value = at[name] ?? CURVE_CONDITIONS[name];
    const column =
      columns.get(name) ?? (value === undefined ? undefined : new Float64Array(rows).fill(value));
    if (column === undefined)
      throw new FitError(
        `the ${name} of the curve is not known, expected a column ${name} or --at ${name}=VALUE`,
      );
    return column;
  };
  const temperature_degC = condition('temperature_degC');
  const cathode_barg = condition('cathode_barg');
  const anode_barg = condition('anode_barg');
  return {
    kind: 'polarisation curve',
    xLabel: 'current, A',
    groups: [
      {
        label: perCell === undefined ? 'stack voltage' : 'cell voltage',
        unit: 'V',
        x: current_A,
        measured,
        curve: curveNames(rows, [
          [temperature_degC, '°C'],
          [cathode_barg, 'bar(g)'],
          [anode_barg, 'bar(g) at the anode'],
        ]),
        weight: columns.get('u_V')?.map(u => 1 / u) ?? new Float64Array(rows).fill(1),
      },
    ],
    difference_frac: 1e-5,
    fall_frac: 1e-12,
    predict(parameters, out) {
      for (let i = 0; i < rows; i++) {
        out[i] =
          cells *
          steady(set, parameters, subject, {
            current_A: current_A[i],
            temperature_degC: temperature_degC[i],
            cathode_barg: cathode_barg[i],
            anode_barg: anode_barg[i],
          });
      }
    },
  };
}

/** Condition under which each point was taken, in words: what differs between the points. */
function curveNames(
  rows: number,
  conditions: readonly (readonly [column: Float64Array, unit: string])[],
): string[] {
  const differ = conditions.filter(([column]) => column.some(value => Math.abs(value - column[0]) > ALIKE));
  const names = Array.from({ length: rows }, (_, i) =>
    differ.map(([column, unit]) => `${Math.round(column[i] / ALIKE) * ALIKE} ${unit}`).join(', '),
  );
  // A log whose temperature wanders is one curve.
  return new Set(names).size > MOST_CURVES ? names.map(() => '') : names;
}
