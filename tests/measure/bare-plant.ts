import { subjectOf } from '../../control/bench/bench.ts';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import { plantOf } from '../../control/program/open-devices.ts';
import { openRig } from '../../sim/open-rig.ts';
import type { Rig } from '../../sim/plant/parts/rig.ts';

/** The plant alone: no device, no clock, no record. */

const STEPS = 200_000;

/** Sets actuators by role; a role that the rig does not have is passed over. */
export function actuate(rig: Rig, values: Readonly<Record<string, number>>): void {
  for (const role in values) {
    const index = rig.actuatorIndex(role);
    if (index >= 0) rig.set(index, values[role]);
  }
}

/** Steps of 1 s per CPU second, under a load that changes each half hour. */
export function bareSteps(loaded: LoadedBench, seed: number): number {
  const subject = subjectOf(loaded.bench);
  const rig = openRig(plantOf(loaded), seed);
  actuate(rig, {
    'stack.voltageSet_V': 1e3,
    'stack.powerSet_W': 1e7,
    'stack.outputSet_on': 1,
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': 60,
    'cell.modeSet_count': 1,
    'cell.outputSet_on': 1,
  });
  const [first_A, second_A] =
    subject.kind === 'stack'
      ? [subject.currentNominal_A, 0.4 * subject.currentNominal_A]
      : [-subject.capacity_Ah / 2, subject.capacity_Ah / 2];
  const start = process.cpuUsage();
  for (let t_s = 1; t_s <= STEPS; t_s++) {
    if (t_s % 1800 === 1) {
      const current_A = t_s % 3600 === 1 ? first_A : second_A;
      actuate(rig, { 'stack.currentSet_A': current_A, 'cell.currentSet_A': current_A });
    }
    rig.advanceTo(t_s);
  }
  const used = process.cpuUsage(start);
  return STEPS / ((used.user + used.system) / 1e6);
}
