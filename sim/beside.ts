import { DeviceError } from '../drivers/contract/errors.ts';
import { reader } from './fit/problem.ts';
import { NO_CHANCE } from './no-chance.ts';
import type { PlantChoice } from './open-rig.ts';
import type { PlantRig } from './plant/parts/model.ts';
import { plantFor } from './plants.ts';

/** The twin beside a running bench: fed with what was applied there, says what should be measured. */
export interface Beside {
  /** The plant starts now, from what is measured (NaN where nothing is) and with everything applied so far. */
  begin(t_s: number, measured: (role: string) => number): void;
  /** A role has been set on the bench. What the plant does not have is ignored. */
  apply(role: string, value: number, t_s: number): void;
  /** Predicted value of one of its roles at t_s, without noise; times never go back. */
  predict(place: number, t_s: number): number;
}

/** Declared start figure of a plant -> role whose first reading it takes. */
const STARTS: Readonly<Record<string, string>> = {
  startTemperature_degC: 'stack.temperature_degC',
  roomTemperature_degC: 'room.temperature_degC',
  start_degC: 'cell.temperature_degC',
  startPressure_MPa: 'cell.pressure_MPa',
};
/** The state of charge of a rested cell is read from its voltage. */
const START_SOC = 'startSoc_frac';
const CELL_VOLTAGE = 'cell.voltage_V';
const HALVINGS = 40;

/**
 * Opens the plant of a bench to run beside it: same figures, exact instruments, equal cells. Starts from the measured
 * temperature and, with a cell, from the state of charge at which a rested cell shows the measured voltage; all
 * else (gas in the volumes, pressure, ageing) from the plant's own start, which is that of a bench in its safe state.
 * `timeFactor`: by how much the bench's plant runs faster than the clock.
 * @throws DeviceError `config` for a role that the plant does not show
 */
export function openBeside(choice: PlantChoice, roles: readonly string[], timeFactor: number): Beside {
  const model = plantFor(choice);
  const { set, subject } = choice;
  const rigWith = (start: Readonly<Record<string, number>>): PlantRig =>
    model.create({ set, parameters: { ...choice.parameters, ...start }, subject, random: NO_CHANCE });
  const sample = rigWith({});
  const strange = roles.find(role => reader(sample, role) === undefined);
  if (strange !== undefined) {
    const known = sample.sensors.filter(name => !/\[\d+\]/.test(name)).join(', ');
    throw new DeviceError(
      'config',
      'twin.beside',
      `${model.name} does not show ${strange}, expected one of ${known}`,
    );
  }
  const applied = new Map<string, number>();
  let rig = sample;
  let readers = readersOf(sample);
  let start_s = 0;

  function readersOf(of: PlantRig): (() => number)[] {
    return roles.map(role => reader(of, role) ?? (() => Number.NaN));
  }

  function put(role: string, value: number): void {
    const index = rig.actuatorIndex(role);
    if (index >= 0) rig.set(index, value);
  }

  function startFigures(measured: (role: string) => number): Record<string, number> {
    const figures: Record<string, number> = {};
    for (const { name, low, high } of model.parameters(set)) {
      const value = measured(STARTS[name] ?? '');
      // What the bench file says itself stands above a reading.
      if (Number.isFinite(value) && choice.parameters[name] === undefined)
        figures[name] = Math.min(high, Math.max(low, value));
    }
    const soc = model.parameters(set).find(p => p.name === START_SOC);
    const rest_V = measured(CELL_VOLTAGE);
    if (soc === undefined || choice.parameters[START_SOC] !== undefined || !Number.isFinite(rest_V))
      return figures;
    let { low, high } = soc;
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (low + high) / 2;
      const shown_V = reader(rigWith({ ...figures, [START_SOC]: middle }), CELL_VOLTAGE)?.() ?? Number.NaN;
      if (shown_V < rest_V) low = middle;
      else high = middle;
    }
    figures[START_SOC] = (low + high) / 2;
    return figures;
  }

  return {
    begin(t_s, measured) {
      start_s = t_s;
      rig = rigWith(startFigures(measured));
      readers = readersOf(rig);
      for (const [role, value] of applied) put(role, value);
    },
    apply(role, value, t_s) {
      applied.set(role, value);
      rig.advanceTo((t_s - start_s) * timeFactor);
      put(role, value);
    },
    predict(place, t_s) {
      rig.advanceTo((t_s - start_s) * timeFactor);
      return readers[place]();
    },
  };
}
