import type { PlantRandom } from './plant/parts/sensors.ts';

/**
 * Chance that never deviates: a rig made with it has equal cells and sensors without offset, gain error and noise
 * (resolution and lag remain). For a twin whose predictions are compared with measurements.
 */
export const NO_CHANCE: PlantRandom = { uniform: () => 0.5, gauss: () => 0 };
