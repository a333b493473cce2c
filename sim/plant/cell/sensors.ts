import { analog, type SensorSpec } from '../parts/sensors.ts';

/** Switches and counters, shown as they are. */
const exact = (name: string): SensorSpec => analog(name, 0, 0, 0, 0);
const potential = (name: string): SensorSpec => analog(name, 5e-4, 1e-4, 1e-4, 10_000);
const temperature = (name: string): SensorSpec => analog(name, 0.2, 0, 0.01, 100);

/**
 * Sensors of a cycler channel of +-currentMax_A: current within 0.02 % of range and 0.02 % of reading, voltage within
 * 0.5 mV and 0.01 %, temperatures within 0.2 K; the size of a good channel's data sheet, basis default.
 */
export function cellSensorSpecs(currentMax_A: number): readonly SensorSpec[] {
  // Six digits of the range.
  const stepsPerAmpere = 10 ** Math.ceil(5 - Math.log10(currentMax_A));
  return [
    analog('cell.current_A', 2e-4 * currentMax_A, 2e-4, 2e-5 * currentMax_A, stepsPerAmpere),
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
    analog('cell.pressure_MPa', 0.05, 5e-3, 5e-3, 100),
    // Of the twin alone: no instrument measures them, a limit of a rehearsal can use them.
    exact('cell.exhausted_on'),
    exact('cell.outsideValidity_on'),
  ];
}
