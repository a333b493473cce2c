import { subjectOf } from '../../control/bench/bench.ts';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import { plantOf } from '../../control/program/open-devices.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { openRig } from '../../sim/open-rig.ts';
import type { Rig } from '../../sim/plant/parts/rig.ts';

/** The plant alone: no device, no clock, no record. */

/** Sets actuators by role; a role that the rig does not have is passed over. */
export function actuate(rig: Rig, values: Readonly<Record<string, number>>): void {
  for (const role in values) {
    const index = rig.actuatorIndex(role);
    if (index >= 0) rig.set(index, values[role]);
  }
}

/** What the plant alone has taken for its steps. */
export interface BareTime {
  readonly wall_s: number;
  readonly cpu_s: number;
}

/** Lets the plant alone take so many steps of `step_s`, under a load that changes each half hour. */
export function bareSteps(loaded: LoadedBench, seed: number, steps: number, step_s = 1): BareTime {
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
      : subject.kind === 'cell'
        ? [-subject.capacity_Ah / 2, subject.capacity_Ah / 2]
        : [0, 0];
  const wall = realClock();
  const cpu = process.cpuUsage();
  let half = -1;
  for (let n = 1; n <= steps; n++) {
    const t_s = n * step_s;
    const halfHour = Math.floor((t_s - step_s) / 1800);
    if (halfHour !== half) {
      half = halfHour;
      const current_A = half % 2 === 0 ? first_A : second_A;
      actuate(rig, { 'stack.currentSet_A': current_A, 'cell.currentSet_A': current_A });
    }
    rig.advanceTo(t_s);
  }
  const used = process.cpuUsage(cpu);
  return { wall_s: wall.now_s(), cpu_s: (used.user + used.system) / 1e6 };
}
