import { AMBIENT_BARA } from '../parts/constants.ts';
import type { ElectrolyserTruth } from './state.ts';

/** Where the laws of a plant were fitted or measured. Temperatures in degC, pressures of the cathode in bar absolute. */
export interface PlantValidity {
  readonly degC: readonly [low: number, high: number];
  /** Not said where the pressure only enters by Nernst and permeation. */
  readonly bara?: readonly [low: number, high: number];
}

/** So near to its range a plant counts as inside: what a controlled bench swings by. */
const NEAR_K = 2;
const NEAR_BAR = 1;
/** Below this density the stack rests: no curve is asked. */
const REST_A_PER_CM2 = 0.01;

/** 1 while a stack under load is outside of what its set was fitted to, so that its figures are extrapolated; else 0. */
export function outsideValidity_on(
  validity: PlantValidity,
  activeArea_cm2: number,
  truth: Readonly<ElectrolyserTruth>,
): number {
  if (truth.current_A < REST_A_PER_CM2 * activeArea_cm2) return 0;
  const { degC, bara = [0, Number.POSITIVE_INFINITY] } = validity;
  const isInside =
    truth.temperature_degC > degC[0] - NEAR_K &&
    truth.temperature_degC < degC[1] + NEAR_K &&
    truth.cathode_bara > bara[0] - NEAR_BAR &&
    truth.cathode_bara < bara[1] + NEAR_BAR;
  return isInside ? 0 : 1;
}

/** The range as noise-free figures by name; pressures as gauges show them. */
export function validityTruths({ degC, bara }: PlantValidity): [name: string, value: number][] {
  const told: [string, number][] = [
    ['validity.low_degC', degC[0]],
    ['validity.high_degC', degC[1]],
  ];
  if (bara !== undefined)
    told.push(['validity.low_barg', bara[0] - AMBIENT_BARA], ['validity.high_barg', bara[1] - AMBIENT_BARA]);
  return told;
}
