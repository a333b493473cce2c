import { AMBIENT_BARA } from '../parts/constants.ts';
import type { ElectrolyserTruth } from './state.ts';

/** Where the laws of a plant were fitted or measured. Temperatures in degC, pressures of the cathode in bar absolute. */
export interface PlantValidity {
  readonly degC: readonly [low: number, high: number];
  /** `NERNST_BARA` if left out: the pressure then only enters by Nernst and permeation. */
  readonly bara?: readonly [low: number, high: number];
}

/** Sets that were fitted at ambient pressure hold to the highest pressure that can be set (40 barg); basis default. */
const NERNST_BARA = [1, 41] as const;

/** So near to its range a plant counts as inside: what a controlled bench swings by. */
const NEAR_K = 2;
const NEAR_BAR = 1;
/** Below this density the stack rests: no curve is asked. */
const REST_A_PER_CM2 = 0.01;

/**
 * 1 while a stack under load is outside of what its set was fitted to (temperature, pressure of either side, cells full
 * of water), so that its figures are extrapolated; else 0.
 */
export function outsideValidity_on(
  validity: PlantValidity,
  activeArea_cm2: number,
  truth: Readonly<ElectrolyserTruth>,
): number {
  if (truth.current_A < REST_A_PER_CM2 * activeArea_cm2) return 0;
  const { degC, bara = NERNST_BARA } = validity;
  const isInside =
    truth.temperature_degC > degC[0] - NEAR_K &&
    truth.temperature_degC < degC[1] + NEAR_K &&
    truth.cathode_bara > bara[0] - NEAR_BAR &&
    Math.max(truth.cathode_bara, truth.anode_bara) < bara[1] + NEAR_BAR &&
    truth.dryness_1 <= 1;
  return isInside ? 0 : 1;
}

/** The range as noise-free figures by name; pressures as gauges show them. */
export function validityTruths({
  degC,
  bara = NERNST_BARA,
}: PlantValidity): readonly (readonly [name: string, value: number])[] {
  return [
    ['validity.low_degC', degC[0]],
    ['validity.high_degC', degC[1]],
    ['validity.low_barg', bara[0] - AMBIENT_BARA],
    ['validity.high_barg', bara[1] - AMBIENT_BARA],
  ];
}
