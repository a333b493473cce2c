import type { CellHeatParameters } from '../cell/heat.ts';
import { FARADAY_C_PER_MOL } from '../parts/constants.ts';

/** Zero-dimensional lithium-sulphur cell; masses in g of sulphur. */
export interface LiSParameters {
  readonly name: string;
  /** What it stands for and where it holds. */
  readonly about: string;
  readonly sulfur_g: number;
  readonly electrolyte_L: number;
  readonly area_m2: number;
  /** Standard potentials of the upper (S8 -> S4) and lower (S4 -> S2 + S) plateau. */
  readonly upper_V: number;
  readonly lower_V: number;
  readonly upperExchange_A_per_m2: number;
  readonly lowerExchange_A_per_m2: number;
  readonly precipitation_per_s: number;
  readonly saturation_g: number;
  readonly precipitateDensity_g_per_L: number;
  /** Of dissolved S8 while charging. */
  readonly shuttle_per_s: number;
  readonly voltageMin_V: number;
  readonly voltageMax_V: number;
  readonly heat: CellHeatParameters;
  readonly source: string;
}

export const MARINESCU_2016: LiSParameters = {
  name: 'marinescu2016',
  about: '3.4 Ah pouch, 0.1-1C, 2.15-2.5 V, room temperature.',
  sulfur_g: 2.7,
  electrolyte_L: 0.0114,
  area_m2: 0.96,
  upper_V: 2.35,
  lower_V: 2.195,
  upperExchange_A_per_m2: 10,
  lowerExchange_A_per_m2: 5,
  precipitation_per_s: 100,
  saturation_g: 1e-4,
  precipitateDensity_g_per_L: 2000,
  shuttle_per_s: 2e-4,
  voltageMin_V: 2.15,
  voltageMax_V: 2.5,
  // Pouch of about 50 g between clamps; all four are defaults.
  heat: { cell_J_per_K: 50, cellToHolder_W_per_K: 0.5, holder_J_per_K: 50, holderToAir_W_per_K: 0.3 },
  source: 'Marinescu, Zhang and Offer, Phys. Chem. Chem. Phys. 18 (2016) 584; heat: default',
};

/** Electrons per reaction; sulphur, g/mol. */
export const ELECTRONS = 4;
export const SULFUR_G_PER_MOL = 32;
/** Sulphur turned over by one coulomb in a reaction of one S atom, g/C. */
export const ATOM_G_PER_C = SULFUR_G_PER_MOL / (ELECTRONS * FARADAY_C_PER_MOL);
