import { nearest } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { columnOf, type FitData } from './fit-data.ts';
import { type FitPlant, type FitProblem, type PointGroup, reader, rigAt } from './problem.ts';

/** A measured current that drives, where the set value was not recorded: measured role -> role that is set. */
const DRIVES: Readonly<Record<string, string>> = {
  'cell.current_A': 'cell.currentSet_A',
  'stack.current_A': 'stack.currentSet_A',
};

/**
 * Anything over time: the rig is driven with the recorded inputs and its sensors are compared. A set column holds
 * from its row on; a measured current that drives has flowed since the row before. The plant starts in its start
 * state `settle_s` before the first row, with the first row's inputs set but no current.
 */
export function seriesProblem(plant: FitPlant, data: FitData, settle_s: number): FitProblem {
  const { rows, columns } = data;
  const time_s = columnOf(data, 'time_s');
  const sample = rigAt(plant, {});
  const names = [...columns.keys()].filter(name => name !== 'time_s');
  const flowing = names.filter(name => {
    const set = DRIVES[name];
    return (
      set !== undefined && sample.actuators.includes(set) && !columns.has(set) && !drivesOtherwise(names, set)
    );
  });
  const holding = names.filter(name => sample.actuators.includes(name));
  const compared = names.filter(name => !flowing.includes(name) && !holding.includes(name));
  for (const name of compared) {
    if (reader(sample, name) !== undefined) continue;
    const known = [...sample.sensors, ...sample.actuators].filter(n => !/\[\d+\]/.test(n));
    const near = nearest(name, known);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    throw new FileError(
      data.path,
      data.headerLine,
      `${plant.model.name} neither sets nor shows ${name}${hint}, expected one of ${known.join(', ')}`,
    );
  }
  if (compared.length === 0)
    throw new FileError(
      data.path,
      data.headerLine,
      `nothing to compare in ${names.join(', ')}, expected a measured role such as ${sample.sensors[0]}`,
    );
  const groups = compared.map((name): PointGroup => {
    const measured = columnOf(data, name);
    return {
      label: name,
      unit: name.slice(name.lastIndexOf('_') + 1),
      x: time_s,
      measured,
      weight: new Float64Array(rows).fill(1 / spreadOf(measured)),
    };
  });
  return {
    kind: 'time series',
    xLabel: 'time, s',
    groups,
    // Sensors have a resolution: the step must be well above it.
    difference_frac: 1e-3,
    fall_frac: 1e-7,
    predict(parameters, out, goesOn) {
      const rig = rigAt(plant, parameters);
      const put = (role: string, value: number): void => rig.set(rig.actuatorIndex(role), value);
      const readers = compared.map(name => reader(rig, name) ?? (() => Number.NaN));
      const hold = (i: number): void => {
        for (const name of holding) put(name, columnOf(data, name)[i]);
      };
      hold(0);
      rig.advanceTo(settle_s);
      for (let i = 0; i < rows; i++) {
        for (const name of flowing) put(DRIVES[name], columnOf(data, name)[i]);
        rig.advanceTo(settle_s + time_s[i] - time_s[0]);
        readers.forEach((read, k) => {
          out[k * rows + i] = read();
        });
        hold(i);
        goesOn?.((i + 1) / rows);
      }
    },
  };
}

/** Whether the recorded inputs hold power, voltage or resistance: then the current is an answer. */
function drivesOtherwise(names: readonly string[], currentSet: string): boolean {
  const device = currentSet.slice(0, currentSet.indexOf('.') + 1);
  return ['powerSet_W', 'voltageSet_V', 'resistanceSet_Ohm'].some(key => names.includes(device + key));
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return spread > 0 ? spread : Math.max(Math.abs(mean), 1);
}
