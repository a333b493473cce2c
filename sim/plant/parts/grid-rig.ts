import type { PlantRig, Spectrum } from './model.ts';
import { type PlantRandom, type SensorSpec, sensorBoard } from './sensors.ts';
import { store } from './store.ts';

/** A plant that is neither a stack nor a battery cell, as parts: what it shows, what can be set, how it steps. */
export interface GridRigParts {
  /** Grid of the steps, s. */
  readonly step_s: number;
  /** Each sensor with the true value behind it. */
  readonly sensors: readonly (readonly [spec: SensorSpec, truth: () => number])[];
  /** Role and where it stands at the start. */
  readonly actuators: readonly (readonly [role: string, start: number])[];
  readonly disturbances: readonly string[];
  readonly truths: Readonly<Record<string, () => number>>;
  /** One step with what is set and what is disturbed, in the order of the lists above. Nothing is allocated. */
  step(settings: Float64Array, disturbed: Float64Array, dt_s: number): void;
  /** @throws RangeError if the plant has no electrical terminals */
  impedance(frequencies_Hz: Float64Array): Spectrum;
  /** Seeded: errors and noise of the sensors. */
  readonly random: PlantRandom;
}

/** Times closer than this are the same time. */
const SAME_S = 1e-9;

/**
 * A rig on a fixed grid of steps, so that jumps of any length end in the same state; a time between grid points is
 * reached by a shorter step. Sensors show the truth through a seeded board.
 */
export function gridRig(parts: GridRigParts): PlantRig {
  const { step_s, truths, disturbances } = parts;
  const actuators = parts.actuators.map(([role]) => role);
  const settings = Float64Array.from(parts.actuators, ([, start]) => start);
  const disturbed = new Float64Array(disturbances.length);
  const board = sensorBoard(
    parts.sensors.map(([spec]) => spec),
    0,
    parts.random,
  );
  const sources = parts.sensors.map(([, truth]) => truth);
  const readings = new Float64Array(sources.length);
  const truthNames = Object.keys(truths);
  let time_s = 0;
  let gridSteps = 0;
  let tick = 0;
  let shownTick = -1;

  function refresh(): void {
    shownTick = tick;
    for (let i = 0; i < readings.length; i++) readings[i] = sources[i]();
    board.readScalars(readings, tick, time_s);
  }

  return {
    sensors: board.names,
    actuators,
    truths: truthNames,
    disturbances,
    sensorIndex: board.indexOf,
    sensorRange: () => ({ first: -1, count: 0 }),
    sensor(index) {
      if (!(index >= 0 && index < readings.length))
        throw new RangeError(`sensor ${index}: expected 0..${readings.length - 1}`);
      if (shownTick !== tick) refresh();
      return readings[index];
    },
    actuatorIndex: name => actuators.indexOf(name),
    set(index, value) {
      store(settings, actuators, 'actuator', index, value);
      // Switch positions show at once; what needs time waits for the next advance.
      shownTick = -1;
    },
    setting: index => settings[index],
    truthOf(name) {
      if (!Object.hasOwn(truths, name))
        throw new RangeError(`truth "${name}": expected one of ${truthNames.join(', ')}`);
      return truths[name]();
    },
    disturbanceIndex: name => disturbances.indexOf(name),
    disturb(index, value) {
      store(disturbed, disturbances, 'disturbance', index, value);
      shownTick = -1;
    },
    impedance: frequencies_Hz => parts.impedance(frequencies_Hz),
    advanceTo(to_s) {
      if (!(to_s > time_s) || !Number.isFinite(to_s)) return;
      tick++;
      while (time_s < to_s) {
        const next_s = (gridSteps + 1) * step_s;
        const isGridStep = to_s >= next_s - SAME_S;
        const end_s = isGridStep ? next_s : to_s;
        // To the nanosecond, so that equal steps are equal numbers.
        const dt_s = Math.round((end_s - time_s) / SAME_S) * SAME_S;
        if (dt_s > 0) parts.step(settings, disturbed, dt_s);
        time_s = end_s;
        if (isGridStep) gridSteps++;
      }
    },
    get time_s() {
      return time_s;
    },
  };
}

/** Refusal of a plant without electrical terminals. @throws RangeError always */
export function noImpedance(plant: string): never {
  throw new RangeError(`${plant}: no electrical terminals, so that it has no impedance`);
}
