import { seededRandom } from '../../../drivers/contract/random.ts';
import { createPemRig, type PemRig, type PemRigOptions } from '../../../sim/plant/pem-rig.ts';

/** A rig driven by role, for tests: `set`, `run` seconds in jumps, `read` a sensor. */
export interface BenchRig {
  readonly rig: PemRig;
  set(role: string, value: number): void;
  read(role: string): number;
  run(seconds: number, jump_s?: number): void;
}

export function benchRig(seed: number, options: Omit<PemRigOptions, 'random'> = {}): BenchRig {
  const rig = createPemRig({ random: seededRandom(seed), ...options });
  return {
    rig,
    set(role, value) {
      const index = rig.actuatorIndex(role);
      if (index < 0) throw new Error(`no actuator ${role}`);
      rig.set(index, value);
    },
    read(role) {
      const index = rig.sensorIndex(role);
      if (index < 0) throw new Error(`no sensor ${role}`);
      return rig.sensor(index);
    },
    run(seconds, jump_s = 1) {
      const end_s = rig.time_s + seconds;
      while (rig.time_s < end_s) rig.advanceTo(Math.min(end_s, rig.time_s + jump_s));
    },
  };
}

/** Warm, purged of air by its own gas and under load at ambient pressure. */
export function loadedRig(
  seed: number,
  current_A: number,
  options: Omit<PemRigOptions, 'random'> = {},
): BenchRig {
  const bench = benchRig(seed, { startTemperature_degC: 60, ...options });
  bench.set('water.pumpSet_on', 1);
  bench.set('stack.temperatureSet_degC', 60);
  bench.set('stack.voltageSet_V', 310);
  bench.set('stack.powerSet_W', 600_000);
  bench.set('stack.currentSet_A', current_A);
  bench.set('stack.outputSet_on', 1);
  bench.run(900);
  return bench;
}
