/** What a source-measure unit of each model can. All figures of this page are recalled from its data sheet. */
export interface Model {
  /** Second field of its identity, without `MODEL`. */
  readonly name: string;
  /** Ranges, from the lowest. */
  readonly currents_A: readonly number[];
  readonly voltages_V: readonly number[];
  /** Largest current up to a voltage, from the highest current. */
  readonly corners: readonly (readonly [current_A: number, upTo_V: number])[];
  /** Which command set it speaks. */
  readonly speaks: '2450' | '2400';
  /** Least limit, in parts of the measurement range that stands: below it the instrument refuses. */
  readonly leastLimit: number;
}

export const MODELS = {
  '2400': {
    name: '2400',
    currents_A: [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1],
    voltages_V: [0.2, 2, 20, 200],
    corners: [
      [1.05, 21],
      [0.105, 210],
    ],
    speaks: '2400',
    leastLimit: 1e-3,
  },
  '2450': {
    name: '2450',
    currents_A: [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1],
    voltages_V: [0.02, 0.2, 2, 20, 200],
    corners: [
      [1.05, 21],
      [0.105, 210],
    ],
    speaks: '2450',
    leastLimit: 0.106,
  },
  '2460': {
    name: '2460',
    currents_A: [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 4, 5, 7],
    voltages_V: [0.2, 2, 7, 10, 20, 100],
    corners: [
      [7.35, 7.35],
      [5.25, 10.5],
      [4.2, 21],
      [1.05, 105],
    ],
    speaks: '2450',
    leastLimit: 0.106,
  },
} as const satisfies Readonly<Record<string, Model>>;

export type ModelId = keyof typeof MODELS;
export const MODEL_IDS = Object.keys(MODELS) as [ModelId, ...ModelId[]];

/** A range takes so many times its own value. */
export const OVER_RANGE = 1.05;
