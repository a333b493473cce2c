import type { PotentiostatPlate } from './potentiostat.ts';

/** Models that are emulated: windows and largest currents second hand, ranges from the maker's examples. */

const EMSTAT4: PotentiostatPlate['ranges'] = [
  [0x03, 1e-9],
  [0x06, 1e-8],
  [0x09, 1e-7],
  [0x0c, 1e-6],
  [0x0f, 1e-5],
  [0x12, 1e-4],
  [0x15, 1e-3],
  [0x18, 1e-2],
  [0x1b, 1e-1],
];

const HR = {
  potentialMin_V: -6,
  potentialMax_V: 6,
  currentMax_A: 0.2,
  frequencyMax_Hz: 200e3,
  amplitudeMax_Vrms: 0.9,
  isGalvanostat: true,
  ranges: EMSTAT4,
} as const;

export const PLATES = {
  'emstat4-hr': { id: 'es4_hr', ...HR },
  'emstat4-lr': {
    id: 'es4_lr',
    ...HR,
    potentialMin_V: -3,
    potentialMax_V: 3,
    currentMax_A: 0.03,
    ranges: EMSTAT4.slice(0, 8),
  },
  pico: {
    id: 'espico',
    potentialMin_V: -1.7,
    potentialMax_V: 2,
    currentMax_A: 3e-3,
    frequencyMax_Hz: 200e3,
    amplitudeMax_Vrms: 0.429,
    isGalvanostat: false,
    ranges: [
      [0x80, 1e-7],
      [0x81, 1e-6],
      [0x82, 6e-6],
      [0x83, 13e-6],
      [0x84, 25e-6],
      [0x85, 5e-5],
      [0x86, 1e-4],
      [0x87, 2e-4],
      [0x88, 1e-3],
      [0x89, 5e-3],
    ],
  },
  nexus: {
    id: 'nexus1',
    potentialMin_V: -10,
    potentialMax_V: 10,
    currentMax_A: 1,
    frequencyMax_Hz: 1e6,
    amplitudeMax_Vrms: 0.3,
    isGalvanostat: true,
    ranges: [
      [0x10, 1e-10],
      [0x00, 1e-9],
      [0x01, 1e-8],
      [0x02, 1e-7],
      [0x03, 1e-6],
      [0x04, 1e-5],
      [0x05, 1e-4],
      [0x08, 1e-3],
      [0x09, 1e-2],
      [0x0a, 1e-1],
      [0x0b, 1],
    ],
  },
} as const satisfies Readonly<Record<string, PotentiostatPlate & { readonly id: string }>>;

export type PlateName = keyof typeof PLATES;
