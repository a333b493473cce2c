/** One plating cell: what it is made of, and the figures of its kind. Units as in the declared names. */
export interface LithiumMetalSet {
  readonly name: string;
  readonly about: string;
  /** Lithium on the working electrode at the start; 0 = bare copper. */
  readonly workingMetal_mAh_per_cm2: number;
  readonly workingOxide_mAh_per_cm2: number;
  readonly efficiencyFirst_pct: number;
  readonly efficiency_pct: number;
  readonly electrolyte_Ohm_cm2: number;
  readonly diffusion_Ohm_cm2: number;
  readonly film_Ohm_cm2: number;
  readonly exchange_mA_per_cm2: number;
  readonly mossArea_1: number;
  readonly bareArea_frac: number;
  readonly critical_mA_per_cm2: number;
  readonly shortDose_mAh_per_cm2: number;
  readonly valid_degC: readonly [low: number, high: number];
}

const CARBONATE = {
  efficiencyFirst_pct: 82,
  efficiency_pct: 92,
  electrolyte_Ohm_cm2: 15,
  diffusion_Ohm_cm2: 5,
  film_Ohm_cm2: 40,
  exchange_mA_per_cm2: 1,
  mossArea_1: 4,
  bareArea_frac: 0.15,
  critical_mA_per_cm2: 1,
  shortDose_mAh_per_cm2: 150,
  valid_degC: [0, 45],
} as const;
const ETHER = {
  ...CARBONATE,
  efficiencyFirst_pct: 94,
  efficiency_pct: 99,
  electrolyte_Ohm_cm2: 12,
  film_Ohm_cm2: 10,
  exchange_mA_per_cm2: 2,
  mossArea_1: 2,
  bareArea_frac: 0.2,
  critical_mA_per_cm2: 2,
  shortDose_mAh_per_cm2: 400,
} as const;
/** A foil of 250 um, 4.85 um per mAh/cm2. */
const FOIL_MAH = 51.5;

/** All cells; the first is the default. */
export const LITHIUM_METAL_SETS: readonly LithiumMetalSet[] = [
  {
    ...CARBONATE,
    name: 'li-li-carbonate',
    about: 'Li|Li with 1 M LiPF6 in carbonate and FEC, 250 um foils.',
    workingMetal_mAh_per_cm2: FOIL_MAH,
    workingOxide_mAh_per_cm2: 0,
  },
  {
    ...CARBONATE,
    name: 'li-cu-carbonate',
    about: 'Li|Cu with the same electrolyte: 82 % in the first cycle, 92 % later.',
    workingMetal_mAh_per_cm2: 0,
    workingOxide_mAh_per_cm2: 0.1,
  },
  {
    ...ETHER,
    name: 'li-cu-ether',
    about: 'Li|Cu with 4 M LiFSI in DME: 94 % in the first cycle, 99 % later.',
    workingMetal_mAh_per_cm2: 0,
    workingOxide_mAh_per_cm2: 0.05,
  },
  {
    ...ETHER,
    name: 'li-li-garnet',
    about:
      'Li|LLZO|Li, 1 mm of garnet: no moss, nearly no loss, a short soon above its critical current density of 0.5 mA/cm2.',
    workingMetal_mAh_per_cm2: FOIL_MAH,
    workingOxide_mAh_per_cm2: 0,
    efficiencyFirst_pct: 99.99,
    efficiency_pct: 99.99,
    electrolyte_Ohm_cm2: 137,
    diffusion_Ohm_cm2: 0,
    film_Ohm_cm2: 10,
    mossArea_1: 1,
    bareArea_frac: 1,
    critical_mA_per_cm2: 0.5,
    shortDose_mAh_per_cm2: 20,
    valid_degC: [10, 80],
  },
];
