import type { Rig } from './rig.ts';

/** Chance as the plant needs it; seeded by whoever makes the rig. */
export interface PlantRandom {
  uniform(): number;
  gauss(): number;
}

/**
 * One sensor: a fixed error drawn once (offset and gain, inside the accuracy that the bench's devices declare),
 * a drift at a fixed rate drawn once, white noise well below it, and the resolution of its converter. Lag belongs to
 * the plant's state.
 */
export interface SensorSpec {
  readonly name: string;
  readonly offsetMax: number;
  readonly gainMax_frac: number;
  readonly noise: number;
  /** Steps per unit; 0 = a switch or counter, shown as it is. */
  readonly stepsPerUnit: number;
  /** Instruments without a sign show this at least. */
  readonly low: number;
  /** Most by which it runs away, either way, per week. */
  readonly drift_per_week: number;
}

const exact = (name: string): SensorSpec => ({
  name,
  offsetMax: 0,
  gainMax_frac: 0,
  noise: 0,
  stepsPerUnit: 0,
  low: 0,
  drift_per_week: 0,
});

/**
 * An analogue sensor: largest offset (in its unit) and gain error (part), noise (standard deviation), steps per unit
 * of its converter, lowest value that it can show, largest drift per week (in its unit).
 */
export function analog(
  name: string,
  offsetMax: number,
  gainMax_frac: number,
  noise: number,
  stepsPerUnit: number,
  low = Number.NEGATIVE_INFINITY,
  drift_per_week = 0,
): SensorSpec {
  return { name, offsetMax, gainMax_frac, noise, stepsPerUnit, low, drift_per_week };
}

/** The scalar sensors that every electrolyser rig has; its own and the cells follow behind them. Order = index. */
export const ELECTROLYSER_SENSORS = [
  analog('stack.voltage_V', 0.05, 2e-4, 0.01, 1000, 0),
  analog('stack.current_A', 0.3, 2e-4, 0.05, 100, 0),
  exact('stack.power_W'),
  exact('stack.output_on'),
  analog('stack.temperature_degC', 0.1, 0, 0.02, 100),
  analog('stack.inletTemperature_degC', 0.1, 0, 0.02, 100),
  analog('room.temperature_degC', 0.1, 0, 0.02, 100),
  analog('anode.pressure_barg', 0.03, 0, 0.003, 500),
  analog('cathode.pressure_barg', 0.02, 0, 0.002, 1000),
  analog('h2.flow_NL_per_min', 0.5, 1e-3, 0.5, 20, 0),
  // Analysers drift by 1 % of their span of 4 vol% a week (ABB AO2000 manual).
  analog('o2.h2_vol_pct', 0.01, 0, 0.004, 1000, 0, 0.04),
  analog('h2.o2_vol_pct', 0.01, 0, 0.004, 1000, 0, 0.04),
  analog('room.h2_vol_pct', 0.01, 0, 0.004, 1000, 0),
  exact('room.ventilation_on'),
  analog('water.flow_L_per_min', 0.4, 1e-3, 0.5, 10, 0),
  analog('water.level_pct', 0.3, 0, 0.1, 10, 0),
  analog('water.conductivity_uS_per_cm', 0.003, 5e-3, 0.001, 1000, 0),
  analog('cooler.power_kW', 0.05, 2e-3, 0.05, 100, 0),
  analog('heater.power_kW', 0.05, 2e-3, 0.03, 100, 0),
  exact('n2.cathodeValve_on'),
  exact('n2.anodeValve_on'),
  analog('n2.pressure_barg', 0.03, 0, 0.005, 1000),
  exact('cathode.purgeValve_on'),
  exact('anode.ventValve_on'),
  exact('h2.outletValve_on'),
  exact('water.pump_on'),
  exact('supply.remote_on'),
  exact('supply.alarm_on'),
  exact('plc.heartbeatTripped_on'),
] as const satisfies readonly SensorSpec[];

/** The sensor for another range: its errors in proportion, its steps finer by whole powers of ten. */
export function ranged(spec: SensorSpec, range_frac: number): SensorSpec {
  const finer = 10 ** Math.max(0, Math.ceil(-Math.log10(range_frac)));
  return {
    ...spec,
    offsetMax: spec.offsetMax * range_frac,
    noise: spec.noise * range_frac,
    drift_per_week: spec.drift_per_week * range_frac,
    stepsPerUnit: spec.stepsPerUnit * finer,
  };
}

const CELL_SENSOR = 'cell.voltage_V[]';
const CELL_OFFSET_MAX_V = 0.0005;
const CELL_NOISE_V = 0.0001;
const CELL_STEPS_PER_V = 10_000;

// Small enough for the cache and read in a row: a jump a sensor costs more than the rest of the reading.
const TABLE_BITS = 14;
const TABLE_MASK = (1 << TABLE_BITS) - 1;
const WEEK_S = 7 * 86_400;

/**
 * The readings of one rig. Noise is looked up in a table of normals by (tick, sensor): a value read twice at one
 * time is the same, and what is not read costs nothing.
 */
export interface SensorBoard {
  readonly names: readonly string[];
  indexOf(name: string): number;
  rangeOf(name: string): ReturnType<Rig['sensorRange']>;
  /** Turns the true values (after lag) of all scalar sensors, in place, into readings at time_s. */
  readScalars(values: Float64Array, tick: number, time_s: number): void;
  /** Voltage of cell k (from 0) as it is, V. */
  trueCell_V(cell: CellState, k: number): number;
  /**
   * Readings of all cells into `values`: mean + parts of overvoltage, resistance and ageing by
   * which each cell differs from it.
   */
  readCells(values: Float64Array, cell: CellState, tick: number): void;
}

/** What the cells have in common, and by which parts each differs; the true state behind `cell.voltage_V[]`. */
export interface CellState {
  readonly mean_V: number;
  readonly activation_V: number;
  readonly ohmic_V: number;
  readonly aged_V: number;
  readonly activationSpread: Float64Array;
  readonly resistanceSpread: Float64Array;
  readonly ageingSpread: Float64Array;
  /** By how much each cell lies above the mean for other reasons, V. */
  readonly offset_V: Float64Array;
}

/**
 * Scalar sensors and cell voltages of a rig of so many cells. Each gets its own fixed error of offset and gain within its limits,
 * drawn from `random`; noise, range and resolution are those of the table. Same seed, same board.
 */
export function sensorBoard(scalars: readonly SensorSpec[], cells: number, random: PlantRandom): SensorBoard {
  const names = scalars.map(spec => spec.name);
  for (let k = 1; k <= cells; k++) names.push(`cell[${k}].voltage_V`);
  const index = new Map(names.map((name, i) => [name, i] as const));
  const normals = new Float32Array(TABLE_MASK + 1);
  for (let i = 0; i < normals.length; i++) normals[i] = random.gauss();
  const signed = (): number => 2 * random.uniform() - 1;
  const offset = Float64Array.from(scalars, spec => signed() * spec.offsetMax);
  const gain = Float64Array.from(scalars, spec => 1 + signed() * spec.gainMax_frac);
  const noise = Float64Array.from(scalars, spec => spec.noise);
  const stepsPerUnit = Float64Array.from(scalars, spec => spec.stepsPerUnit);
  const low = Float64Array.from(scalars, spec => spec.low);
  const cellOffset_V = Float64Array.from({ length: cells }, () => signed() * CELL_OFFSET_MAX_V);
  const drift_per_week = Float64Array.from(scalars, spec => signed() * spec.drift_per_week);
  const phaseOf = (tick: number): number => Math.imul(tick + 1, 0x9e3779b1) >>> (32 - TABLE_BITS);
  return {
    names,
    indexOf: name => index.get(name) ?? -1,
    rangeOf(name) {
      if (name === CELL_SENSOR) return { first: scalars.length, count: cells };
      return { first: -1, count: 0 };
    },
    readScalars(values, tick, time_s) {
      const weeks = time_s / WEEK_S;
      const phase = phaseOf(tick);
      for (let i = 0; i < noise.length; i++) {
        const steps = stepsPerUnit[i];
        if (steps === 0) continue;
        const raw =
          values[i] * gain[i] +
          offset[i] +
          drift_per_week[i] * weeks +
          noise[i] * normals[(phase + i) & TABLE_MASK];
        // floor(x + 0.5): many times faster than Math.round here, and never -0.
        const shown = Math.floor(raw * steps + 0.5) / steps;
        values[i] = shown < low[i] ? low[i] : shown;
      }
    },
    trueCell_V(cell, k) {
      return (
        cell.mean_V +
        cell.activationSpread[k] * cell.activation_V +
        cell.resistanceSpread[k] * cell.ohmic_V +
        cell.ageingSpread[k] * cell.aged_V +
        cell.offset_V[k]
      );
    },
    readCells(values, cell, tick) {
      const { mean_V, activation_V, ohmic_V, aged_V } = cell;
      const { activationSpread, resistanceSpread, ageingSpread, offset_V } = cell;
      let at = phaseOf(tick) + noise.length;
      for (let k = 0; k < cells; k++) {
        at = (at + 1) & TABLE_MASK;
        const raw_V =
          mean_V +
          activationSpread[k] * activation_V +
          resistanceSpread[k] * ohmic_V +
          ageingSpread[k] * aged_V +
          offset_V[k] +
          cellOffset_V[k] +
          CELL_NOISE_V * normals[at];
        values[k] = Math.floor(raw_V * CELL_STEPS_PER_V + 0.5) / CELL_STEPS_PER_V;
      }
    },
  };
}
