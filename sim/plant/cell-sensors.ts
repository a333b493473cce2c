import type { PlantRandom, SensorSpec } from './sensors.ts';

/** The readings of a cell's rig: what an instrument makes of the true values. */
export interface CellSensorBoard {
  readonly names: readonly string[];
  /** Turns true values, in the order of the names, into readings, in place. A value read twice in a tick is the same. */
  read(values: Float64Array, tick: number): void;
}

const TABLE_BITS = 12;
const TABLE_MASK = (1 << TABLE_BITS) - 1;

/** Each sensor gets its own fixed error of offset and gain within its limits; same seed, same board. */
export function cellSensorBoard(specs: readonly SensorSpec[], random: PlantRandom): CellSensorBoard {
  const normals = Float32Array.from({ length: TABLE_MASK + 1 }, () => random.gauss());
  const signed = (): number => 2 * random.uniform() - 1;
  const offset = Float64Array.from(specs, spec => signed() * spec.offsetMax);
  const gain = Float64Array.from(specs, spec => 1 + signed() * spec.gainMax_frac);
  return {
    names: specs.map(spec => spec.name),
    read(values, tick) {
      // Golden-ratio hash: neighbouring ticks land far apart in the table.
      const phase = Math.imul(tick + 1, 0x9e3779b1) >>> (32 - TABLE_BITS);
      for (let i = 0; i < specs.length; i++) {
        const { stepsPerUnit, noise } = specs[i];
        if (stepsPerUnit === 0) continue;
        const raw = values[i] * gain[i] + offset[i] + noise * normals[(phase + i) & TABLE_MASK];
        values[i] = Math.floor(raw * stepsPerUnit + 0.5) / stepsPerUnit;
      }
    },
  };
}

/**
 * Sensors of a cycler channel of +-currentMax_A: current within 0.02 % of range and 0.02 % of reading, voltage within
 * 0.5 mV and 0.01 %, temperatures within 0.2 K; the size of a good channel's data sheet, basis default.
 */
export function cellSensorSpecs(currentMax_A: number): readonly SensorSpec[] {
  const low = Number.NEGATIVE_INFINITY;
  const exact = (name: string): SensorSpec => ({
    name,
    offsetMax: 0,
    gainMax_frac: 0,
    noise: 0,
    stepsPerUnit: 0,
    low,
  });
  const potential = (name: string): SensorSpec => ({
    name,
    offsetMax: 5e-4,
    gainMax_frac: 1e-4,
    noise: 1e-4,
    stepsPerUnit: 10_000,
    low,
  });
  const temperature = (name: string): SensorSpec => ({
    name,
    offsetMax: 0.2,
    gainMax_frac: 0,
    noise: 0.01,
    stepsPerUnit: 100,
    low,
  });
  return [
    {
      name: 'cell.current_A',
      offsetMax: 2e-4 * currentMax_A,
      gainMax_frac: 2e-4,
      noise: 2e-5 * currentMax_A,
      // Six digits of the range.
      stepsPerUnit: 10 ** Math.ceil(5 - Math.log10(currentMax_A)),
      low,
    },
    potential('cell.voltage_V'),
    exact('cell.power_W'),
    temperature('cell.temperature_degC'),
    potential('cell.negativePotential_V'),
    potential('cell.positivePotential_V'),
    temperature('chamber.temperature_degC'),
    exact('cell.charged_Ah'),
    exact('cell.discharged_Ah'),
    exact('cell.output_on'),
    exact('cell.mode_count'),
    { name: 'cell.pressure_MPa', offsetMax: 0.05, gainMax_frac: 5e-3, noise: 5e-3, stepsPerUnit: 100, low },
  ];
}
