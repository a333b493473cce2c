import { declare, declaredValues } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import type { PlantRandom } from '../parts/sensors.ts';
import type { BatteryModel } from './battery-model.ts';
import { createCellRig } from './rig.ts';

/** Declared figures by name, with what the request changed. */
export type CellFigures = Readonly<Record<string, number>>;

/** One parameter set; `about` says what it stands for and where it holds. */
export interface CellSet {
  readonly name: string;
  readonly about: string;
  /** Temperature of cell and chamber at the start, degC; 25 if left out. */
  readonly start_degC?: number;
  /** Temperatures of the cell for which the set has figures, degC; 10 K about the start if left out. */
  readonly valid_degC?: readonly [low: number, high: number];
  /** Stack pressures for which it has, MPa; only of cells that depend on them. */
  readonly valid_MPa?: readonly [low: number, high: number];
}

/** One kind of battery model as a plant: what differs from kind to kind. */
export interface CellKind<Set extends CellSet> {
  readonly name: string;
  readonly about: string;
  readonly sets: readonly Set[];
  /** Figures of this kind; start and chamber are added by `cellPlant`. */
  declared(set: Set): readonly DeclaredParameter[];
  /** The cell with these figures, rested, at `figures.start_degC`; `random` where chance has a part in it. */
  model(set: Set, figures: CellFigures, random: PlantRandom): BatteryModel;
  limits_V(set: Set): readonly [least: number, most: number];
}

// A channel that can show what ten times the nominal current does to a cell.
const RANGE_1 = 10;

/** A set without a range of its own was made at one temperature: so far from that its figures are extrapolated, K. */
const VALID_ABOUT_K = 10;

const START_TEMPERATURE = declare(
  'start_degC',
  25,
  [-30, 60],
  0,
  'default',
  'cell and chamber at the start, and the chamber until it is set',
);

/** Where a cell starts that may start anywhere between empty and full. */
export const START_SOC = declare(
  'startSoc_frac',
  0.5,
  [0, 1],
  0,
  'default',
  'state of charge at the start, rested',
);

/** A plant of one battery cell on a cycler channel of ten times the nominal current. */
export function cellPlant<Set extends CellSet>(kind: CellKind<Set>): PlantModel {
  const names = kind.sets.map(set => set.name);
  function named(name: string): Set {
    const set = kind.sets.find(candidate => candidate.name === name);
    if (set === undefined)
      throw new RangeError(`${kind.name}: no set "${name}", expected one of ${names.join(', ')}`);
    return set;
  }
  const declared = (set: Set): readonly DeclaredParameter[] => [
    ...kind.declared(set),
    { ...START_TEMPERATURE, value: set.start_degC ?? START_TEMPERATURE.value },
  ];
  return {
    name: kind.name,
    kind: 'cell',
    about: [kind.about, ...kind.sets.map(set => `${set.name}: ${set.about}`)].join(' '),
    sets: names,
    parameters: name => declared(named(name)),
    create({ set: name, parameters, subject, random }) {
      const set = named(name);
      if (subject.cells !== 1) throw new RangeError(`${kind.name}: ${subject.cells} cells, expected 1`);
      const figures: CellFigures = declaredValues(declared(set), parameters);
      return createCellRig(kind.model(set, figures, random), {
        currentMax_A: RANGE_1 * subject.currentNominal_A,
        voltageLimits_V: kind.limits_V(set),
        start_degC: figures['start_degC'],
        valid_degC: set.valid_degC ?? aboutStart_degC(set),
        ...(set.valid_MPa === undefined ? {} : { valid_MPa: set.valid_MPa }),
        ...(figures['startPressure_MPa'] === undefined
          ? {}
          : { startPressure_MPa: figures['startPressure_MPa'] }),
        random,
      });
    },
  };
}

function aboutStart_degC(set: CellSet): readonly [number, number] {
  const made_degC = set.start_degC ?? START_TEMPERATURE.value;
  return [made_degC - VALID_ABOUT_K, made_degC + VALID_ABOUT_K];
}

/** A positive figure that may be a tenth to ten times its value, with a relative uncertainty. */
export function positiveFigure(
  name: string,
  value: number,
  u_frac: number,
  origin: Pick<DeclaredParameter, 'basis' | 'source'>,
): DeclaredParameter {
  const { basis, source } = origin;
  return declare(name, value, [value / 10, value * 10], u_frac * value, basis, source);
}
