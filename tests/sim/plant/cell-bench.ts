import { seededRandom } from '../../../drivers/contract/random.ts';
import { ECM_MODEL } from '../../../sim/plant/ecm/model.ts';
import type { PlantModel, PlantRig } from '../../../sim/plant/parts/model.ts';
import { type Bench, benchOf } from './bench-rig.ts';

/** A cell's rig driven by role, for tests. */
export interface CellBench extends Bench<PlantRig> {
  truth(name: string): number;
  /** Mode, and its setpoint where it has one; switches the output on. */
  order(mode: number, role?: string, value?: number): void;
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
  const bench = benchOf(rig);
  return {
    ...bench,
    truth: name => rig.truthOf(name),
    order(mode, role, value) {
      bench.set('cell.modeSet_count', mode);
      if (role !== undefined && value !== undefined) bench.set(role, value);
      bench.set('cell.outputSet_on', 1);
    },
  };
}

export const REST = 0;
export const CURRENT = 1;
export const VOLTAGE = 2;
export const POWER = 3;
export const RESISTANCE = 4;
