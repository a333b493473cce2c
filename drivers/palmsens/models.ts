import type { Basis } from '../contract/device.ts';

/**
 * What each family of MethodSCRIPT instruments can. Ranges of EmStat4, Nexus and Pico: PalmSens/MethodSCRIPT_Examples (sourced);
 * windows, band, amplitude and largest current: appendix of the manual v1.8 as a public project transcribed it (recalled).
 */

/** One model of instrument. */
export interface Model {
  readonly name: string;
  /** Range of the applied potential, V. */
  readonly potential_V: readonly [low: number, high: number];
  /** Largest current, A. */
  readonly currentMax_A: number;
  /** Largest frequency of a spectrum, Hz, and largest amplitude, rms, V. */
  readonly frequencyMax_Hz: number;
  readonly amplitudeMax_Vrms: number;
  /** It can hold a current (CP, GEIS). */
  readonly isGalvanostat: boolean;
  /**
   * A loop can measure more than its own two variables (`add_meas`): the potential beside the one that is set, the current
   * beside the one that is set. Known of EmStat4 and Nexus (a public project's exports); not known of the others.
   */
  readonly isMeasuringMore: boolean;
  /** Current ranges from the lowest, A; the index that a package names; the highest is good for the largest current. */
  readonly ranges: readonly (readonly [index: number, nominal_A: number])[];
  /** Ranges of the potential that are asked for: to begin with, lowest, highest, V (as the maker's examples ask for them). */
  readonly potentialRange_V: readonly [begin: number, low: number, high: number];
  /** Bit rate of its serial line. */
  readonly baud: number;
  /** Of windows, band, amplitude, largest current. */
  readonly basis: Basis;
}

const EMSTAT4_RANGES = [
  [0x03, 1e-9],
  [0x06, 10e-9],
  [0x09, 100e-9],
  [0x0c, 1e-6],
  [0x0f, 10e-6],
  [0x12, 100e-6],
  [0x15, 1e-3],
  [0x18, 10e-3],
  [0x1b, 100e-3],
] as const;

const NEXUS_RANGES = [
  [0x10, 100e-12],
  [0x00, 1e-9],
  [0x01, 10e-9],
  [0x02, 100e-9],
  [0x03, 1e-6],
  [0x04, 10e-6],
  [0x05, 100e-6],
  [0x08, 1e-3],
  [0x09, 10e-3],
  [0x0a, 100e-3],
  [0x0b, 1],
] as const;

/** High-speed mode, in which all our scripts run. */
const PICO_RANGES = [
  [0x80, 100e-9],
  [0x81, 1e-6],
  [0x82, 6e-6],
  [0x83, 13e-6],
  [0x84, 25e-6],
  [0x85, 50e-6],
  [0x86, 100e-6],
  [0x87, 200e-6],
  [0x88, 1e-3],
  [0x89, 5e-3],
] as const;

const PICO = {
  potential_V: [-1.7, 2],
  currentMax_A: 3e-3,
  frequencyMax_Hz: 200e3,
  amplitudeMax_Vrms: 0.429,
  isGalvanostat: false,
  isMeasuringMore: false,
  ranges: PICO_RANGES,
  potentialRange_V: [4, 4, 4],
  baud: 230_400,
  basis: 'recalled',
} as const;

const EMSTAT4_LR = {
  potential_V: [-3, 3],
  currentMax_A: 30e-3,
  frequencyMax_Hz: 200e3,
  amplitudeMax_Vrms: 0.9,
  isGalvanostat: true,
  isMeasuringMore: true,
  ranges: EMSTAT4_RANGES.slice(0, 8),
  potentialRange_V: [1, 50e-3, 1],
  baud: 921_600,
  basis: 'recalled',
} as const;

const EMSTAT4_HR = {
  ...EMSTAT4_LR,
  potential_V: [-6, 6],
  currentMax_A: 200e-3,
  ranges: EMSTAT4_RANGES,
} as const;

/** By the six characters that the firmware begins its answer with. */
export const MODELS = {
  espico: { name: 'EmStat Pico', ...PICO },
  senswb: { name: 'Sensit Wearable', ...PICO },
  es4_lr: { name: 'EmStat4 LR', ...EMSTAT4_LR },
  es4_hr: { name: 'EmStat4 HR', ...EMSTAT4_HR },
  mes4lr: { name: 'MultiEmStat4 LR', ...EMSTAT4_LR },
  mes4hr: { name: 'MultiEmStat4 HR', ...EMSTAT4_HR },
  nexus1: {
    name: 'Nexus',
    potential_V: [-10, 10],
    currentMax_A: 1,
    frequencyMax_Hz: 1e6,
    amplitudeMax_Vrms: 0.3,
    isGalvanostat: true,
    isMeasuringMore: true,
    ranges: NEXUS_RANGES,
    potentialRange_V: [1, 10e-3, 1],
    baud: 921_600,
    basis: 'recalled',
  },
} as const satisfies Readonly<Record<string, Model>>;

export type ModelId = keyof typeof MODELS;
export const MODEL_IDS = Object.keys(MODELS) as [ModelId, ...ModelId[]];

/** A range is good to so many times its nominal current before it warns (warning at 2.46, overload at 2.92: recalled). */
const USABLE = 2;

/** The lowest range that is good for this current, A; the highest there is for anything above. */
export function rangeFor({ ranges }: Model, current_A: number): number {
  const found = ranges.find(([, nominal_A]) => Math.abs(current_A) <= USABLE * nominal_A);
  return (found ?? ranges[ranges.length - 1])[1];
}

/** What a range index means, A; undefined for one that is not in the list. */
export function rangeOf({ ranges }: Model, index: number): number | undefined {
  return ranges.find(([known]) => known === index)?.[1];
}
