import type { BatteryState, BatterySurroundings } from './battery-model.ts';

/** Where the figures of a cell's set hold. */
export interface CellValidity {
  /** Temperatures of the cell, degC. */
  readonly valid_degC?: readonly [low: number, high: number];
  /** Pressures on the stack of layers, MPa. */
  readonly valid_MPa?: readonly [low: number, high: number];
}

/** So near to its range a cell counts as inside, K: what a chamber swings by. */
const NEAR_K = 2;

/** 1 while the model's own assumptions fail, or the cell is colder, hotter, or held otherwise than its set has figures for. */
export function outsideCellValidity_on(
  { valid_degC, valid_MPa }: CellValidity,
  state: Readonly<BatteryState>,
  surroundings: Readonly<BatterySurroundings>,
): number {
  if (state.outsideValidity_on > 0) return 1;
  const { temperature_degC } = state;
  if (
    valid_degC !== undefined &&
    !(temperature_degC > valid_degC[0] - NEAR_K && temperature_degC < valid_degC[1] + NEAR_K)
  )
    return 1;
  const { pressure_MPa } = surroundings;
  return valid_MPa !== undefined && !(pressure_MPa >= valid_MPa[0] && pressure_MPa <= valid_MPa[1]) ? 1 : 0;
}

/** The ranges as noise-free figures by name. */
export function cellValidityTruths({ valid_degC, valid_MPa }: CellValidity): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  if (valid_degC !== undefined) {
    told.set('validity.low_degC', valid_degC[0]);
    told.set('validity.high_degC', valid_degC[1]);
  }
  if (valid_MPa !== undefined) {
    told.set('validity.low_MPa', valid_MPa[0]);
    told.set('validity.high_MPa', valid_MPa[1]);
  }
  return told;
}
