import type { Candidate } from '../../profiles/least-squares/estimate.ts';
import { FitError } from '../../profiles/least-squares/fit-error.ts';
import { NO_CHANCE } from '../no-chance.ts';
import type { PlantModel, PlantRig, PlantSubject } from '../plant/parts/model.ts';

/** What a fit compares, whatever the data are. */

/** Points of one quantity: measured over x. */
export interface PointGroup {
  readonly label: string;
  readonly unit: string;
  readonly x: Float64Array;
  readonly measured: Float64Array;
  /** Weight of each residual, 1 / unit. */
  readonly weight: Float64Array;
  /** To which curve of the picture each point belongs, where there is more than one; in words. */
  readonly curve?: readonly string[];
}

/** Measured groups and the model that predicts them. */
export interface FitProblem {
  readonly kind: 'polarisation curve' | 'time series' | 'impedance spectrum';
  readonly xLabel: string;
  readonly groups: readonly PointGroup[];
  /** Figures that are fitted beside the plant's own. */
  readonly extra?: readonly Candidate[];
  /** Step of the finite differences, part of the way from bound to bound. */
  readonly difference_frac: number;
  /** Part of the sum of squares that is not worth another iteration. */
  readonly fall_frac: number;
  /**
   * Predicted values of all groups, one behind the other; NaN where the model cannot go. `goesOn` hears how much of one
   * run of the model is done, 0..1.
   */
  predict(
    parameters: Readonly<Record<string, number>>,
    out: Float64Array,
    goesOn?: (part: number) => void,
  ): void;
}

/** The plant that is fitted: its values that stay, and at which point the data were taken. */
export interface FitPlant {
  readonly model: PlantModel;
  readonly set: string;
  readonly subject: PlantSubject;
  /**
   * Figures that hold during the measurement, by name: settable roles (`stack.temperatureSet_degC`), declared
   * parameters, or columns that a curve does not have (`temperature_degC`).
   */
  readonly at: Readonly<Record<string, number>>;
}

/** What lets the current through and keeps a stack wet, where nobody says otherwise; limits of the supply wide open. */
const SWITCHED_ON: Readonly<Record<string, number>> = {
  'stack.outputSet_on': 1,
  'stack.voltageSet_V': 1e6,
  'stack.powerSet_W': 1e9,
  'water.pumpSet_on': 1,
  'cell.outputSet_on': 1,
  'cell.modeSet_count': 1,
  'cell.voltageMaxSet_V': 1e3,
  'cell.voltageMinSet_V': -1e3,
};

/** A rig with these figures, without spread and noise, switched on at 0 A and set as `at` says. */
export function rigAt(plant: FitPlant, parameters: Readonly<Record<string, number>>): PlantRig {
  const { model, set, subject, at } = plant;
  const rig = model.create({ set, parameters, subject, random: NO_CHANCE });
  for (const name of rig.actuators) {
    const value = at[name] ?? SWITCHED_ON[name];
    if (value !== undefined) rig.set(rig.actuatorIndex(name), value);
  }
  return rig;
}

/** Noise-free value of a sensor, or undefined where the rig has no such sensor. */
export function reader(rig: PlantRig, name: string): (() => number) | undefined {
  if (rig.truths.includes(name)) return () => rig.truthOf(name);
  const index = rig.sensorIndex(name);
  return index < 0 ? undefined : () => rig.sensor(index);
}

/** Parameters among the figures of `at`; refuses what is neither a parameter nor something that the rig can set. */
export function parametersAt(plant: FitPlant, also: readonly string[]): Readonly<Record<string, number>> {
  const declared = plant.model.parameters(plant.set).map(p => p.name);
  const settable = plant.model.create({ ...plant, parameters: {}, random: NO_CHANCE }).actuators;
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(plant.at)) {
    if (declared.includes(name)) found[name] = value;
    else if (!settable.includes(name) && !also.includes(name)) {
      const expected = [...also, ...settable, ...declared].join(', ');
      throw new FitError(
        `"${name}" is nothing that can be held at a value here, expected one of ${expected}`,
      );
    }
  }
  return found;
}
