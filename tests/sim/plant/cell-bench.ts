import { seededRandom } from '../../../drivers/contract/random.ts';
import { ECM_MODEL } from '../../../sim/plant/ecm-model.ts';
import type { PlantModel, PlantRig } from '../../../sim/plant/model.ts';

/** A cell's rig driven by role, for tests. */
export interface CellBench {
  readonly rig: PlantRig;
  set(role: string, value: number): void;
  read(role: string): number;
  truth(name: string): number;
  disturb(name: string, value: number): void;
  /** Mode, and its setpoint where it has one; switches the output on. */
  order(mode: number, role?: string, value?: number): void;
  run(seconds: number, jump_s?: number): void;
}

export interface CellBenchOptions {
  readonly model?: PlantModel;
  readonly set?: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly currentNominal_A?: number;
  readonly seed?: number;
}

/** Default: the 5 Ah circuit, half full, at 25 degC. */
export function cellBench(options: CellBenchOptions = {}): CellBench {
  const { model = ECM_MODEL, set = model.sets[0], parameters = {}, currentNominal_A = 5, seed = 1 } = options;
  const rig = model.create({
    set,
    parameters,
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A },
    random: seededRandom(seed),
  });
  const found = (index: number, name: string): number => {
    if (index < 0) throw new Error(`nothing called ${name}`);
    return index;
  };
  const bench: CellBench = {
    rig,
    set: (role, value) => rig.set(found(rig.actuatorIndex(role), role), value),
    read: role => rig.sensor(found(rig.sensorIndex(role), role)),
    truth: name => rig.truthOf(name),
    disturb: (name, value) => rig.disturb(found(rig.disturbanceIndex(name), name), value),
    order(mode, role, value) {
      bench.set('cell.modeSet_count', mode);
      if (role !== undefined && value !== undefined) bench.set(role, value);
      bench.set('cell.outputSet_on', 1);
    },
    run(seconds, jump_s = 1) {
      const end_s = rig.time_s + seconds;
      while (rig.time_s < end_s) rig.advanceTo(Math.min(end_s, rig.time_s + jump_s));
    },
  };
  return bench;
}

export const REST = 0;
export const CURRENT = 1;
export const VOLTAGE = 2;
export const POWER = 3;
export const RESISTANCE = 4;
