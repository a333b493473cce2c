import { seededRandom } from '../../../drivers/contract/random.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { createPemRig, type PemRig, type PemRigOptions } from '../../../sim/plant/pem/rig.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

/** A rig driven by role, for tests. A name that the rig does not have is an error. */
export interface Bench<R extends PlantRig> {
  readonly rig: R;
  set(role: string, value: number): void;
  read(role: string): number;
  disturb(name: string, value: number): void;
  /** Lets seconds pass, in jumps of `jump_s` (1). */
  run(seconds: number, jump_s?: number): void;
}

/** Drives a rig by role. */
export function benchOf<R extends PlantRig>(rig: R): Bench<R> {
  const found = (index: number, name: string): number => {
    if (index < 0) throw new Error(`nothing called ${name}`);
    return index;
  };
  return {
    rig,
    set: (role, value) => setAll(rig, { [role]: value }),
    read: role => rig.sensor(found(rig.sensorIndex(role), role)),
    disturb: (name, value) => rig.disturb(found(rig.disturbanceIndex(name), name), value),
    run: (seconds, jump_s) => runFor(rig, seconds, jump_s),
  };
}

/** The PEM plant as it is built, with what is said here changed. */
export function benchRig(seed: number, options: Omit<PemRigOptions, 'random'> = {}): Bench<PemRig> {
  return benchOf(createPemRig({ random: seededRandom(seed), ...options }));
}

/** Warm, purged of air by its own gas and under load at ambient pressure. */
export function loadedRig(
  seed: number,
  current_A: number,
  options: Omit<PemRigOptions, 'random'> = {},
): Bench<PemRig> {
  const bench = benchRig(seed, { startTemperature_degC: 60, ...options });
  setAll(bench.rig, {
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': 60,
    'stack.voltageSet_V': 310,
    'stack.powerSet_W': 600_000,
    'stack.currentSet_A': current_A,
    'stack.outputSet_on': 1,
  });
  bench.run(900);
  return bench;
}
