import { join } from 'node:path';
import { expect, it } from 'vitest';
import { subjectOf } from '../../control/bench/bench.ts';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import { cellSensorSpecs } from '../../sim/plant/cell/sensors.ts';
import { ELECTROLYSER_SENSORS, type SensorSpec } from '../../sim/plant/parts/sensors.ts';

/** What an example declares of a channel is not better than what its twin does to it: else no uncertainty holds. */

const ROOT = new URL('../..', import.meta.url).pathname;

function specsOf(bench: string): { readonly specs: readonly SensorSpec[]; readonly subject: number } {
  const { bench: file } = loadBench(join(ROOT, 'examples', bench, 'bench.yaml'), describeDevice);
  const subject = subjectOf(file);
  // The channel of a cell has ten times its nominal current, as sim/plant/cell/plant.ts makes it.
  if (subject.kind === 'vessel') throw new Error(`${bench}: no stack and no cell`);
  return subject.kind === 'cell'
    ? { specs: cellSensorSpecs(10 * subject.capacity_Ah), subject: subject.capacity_Ah }
    : { specs: ELECTROLYSER_SENSORS, subject: subject.currentNominal_A };
}

it.each(['cell-cycling', 'pem-500kw', 'durability-pem'])('%s declares what its twin does', example => {
  const { bench, descriptions } = loadBench(join(ROOT, 'examples', example, 'bench.yaml'), describeDevice);
  const roles = compileRoles(bench, descriptions);
  const { specs } = specsOf(example);
  const judged = specs.flatMap(spec => {
    const declared = roles.measured.get(spec.name)?.accuracy;
    if (declared === undefined || spec.stepsPerUnit === 0) return [];
    // At zero the offset alone; per unit of reading the gain. Noise and the last digit do not stand in an accuracy.
    const isOffsetIn = declared.abs >= spec.offsetMax;
    const isGainIn = declared.reading_pct / 100 >= spec.gainMax_frac || declared.abs >= 2 * spec.offsetMax;
    return [{ role: spec.name, isIn: isOffsetIn && isGainIn }];
  });
  expect(judged.length).toBeGreaterThan(2);
  expect(judged.filter(j => !j.isIn).map(j => j.role)).toEqual([]);
});
