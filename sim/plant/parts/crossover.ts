import type { CellConditions, GasCrossover } from '../electrolyser/cell.ts';
import type { MembraneParameters } from '../pem/parameters.ts';
import { arrhenius } from './arrhenius.ts';
import { FARADAY_C_PER_MOL } from './constants.ts';

/** Temperature factor of both permeabilities. */
function permeationFactor(membrane: MembraneParameters, temperature_K: number): number {
  return arrhenius(membrane.activation_J_per_mol, membrane.reference_K, temperature_K);
}

/** H2 from cathode to anode, mol/(s cm2); partial pressures in bar, supersaturated by the current. */
function h2Crossover(
  membrane: MembraneParameters,
  factor: number,
  cathodeH2_bar: number,
  anodeH2_bar: number,
  density_A_per_cm2: number,
): number {
  const drive_bar = cathodeH2_bar - anodeH2_bar + membrane.h2Supersaturation * density_A_per_cm2;
  return (membrane.h2Permeability * factor * drive_bar) / membrane.thickness_cm;
}

/** O2 from anode to cathode, mol/(s cm2); partial pressures in bar, supersaturated by the current. */
function o2Crossover(
  membrane: MembraneParameters,
  factor: number,
  anodeO2_bar: number,
  cathodeO2_bar: number,
  density_A_per_cm2: number,
): number {
  const drive_bar = anodeO2_bar - cathodeO2_bar + membrane.o2Supersaturation * density_A_per_cm2;
  return (membrane.o2Permeability * factor * drive_bar) / membrane.thickness_cm;
}

/**
 * H2 in O2 at steady state, dry vol%, for a current density, dry partial pressure of H2 at the cathode and of O2
 * at the anode in bar: N_H2 / (i/4F - N_O2 + N_H2), with what the anode oxidises taken off on both sides.
 */
export function h2InO2_vol_pct(
  membrane: MembraneParameters,
  temperature_K: number,
  density_A_per_cm2: number,
  cathodeH2_bar: number,
  anodeO2_bar: number,
): number {
  const factor = permeationFactor(membrane, temperature_K);
  const crossed = h2Crossover(membrane, factor, cathodeH2_bar, 0, density_A_per_cm2);
  const oxidised = crossed * membrane.anodeOxidised_frac;
  const h2 = crossed - oxidised;
  const o2 =
    density_A_per_cm2 / (4 * FARADAY_C_PER_MOL) -
    oxidised / 2 -
    o2Crossover(membrane, factor, anodeO2_bar, 0, density_A_per_cm2);
  return (100 * h2) / (h2 + Math.max(o2, 0));
}

/**
 * Supersaturation of H2 at the cathode that Trinke, Haug et al. found (J. Electrochem. Soc. 165 (2018) F502), bar cm2/A: 98 % of
 * what permeates a Nafion 117 at 1 A/cm2, 1 bar and 60 degC comes from it. Schalenbach's figure is 2.4; which of them a
 * stack has depends on its cathode, and no measured points of one are at hand: the two bound its H2 in O2.
 */
export const MOST_H2_SUPERSATURATION = 40;

/** Permeation through a wet membrane as the crossover of a PEM plant. */
export function membraneCrossover(membrane: MembraneParameters): GasCrossover {
  const now = { factor: 1, temperature_K: 0 };
  const out = {
    h2_mol_per_s_cm2: 0,
    o2_mol_per_s_cm2: 0,
    anodeOxidised_frac: membrane.anodeOxidised_frac,
    cathodeRecombined_frac: membrane.cathodeRecombined_frac,
    prepare(at: Readonly<CellConditions>, density_A_per_cm2: number): void {
      if (Math.abs(at.temperature_K - now.temperature_K) > 1e-4) {
        now.temperature_K = at.temperature_K;
        now.factor = permeationFactor(membrane, now.temperature_K);
      }
      out.h2_mol_per_s_cm2 = h2Crossover(
        membrane,
        now.factor,
        at.cathodeH2_bar,
        at.anodeH2_bar,
        density_A_per_cm2,
      );
      out.o2_mol_per_s_cm2 = o2Crossover(
        membrane,
        now.factor,
        at.anodeO2_bar,
        at.cathodeO2_bar,
        density_A_per_cm2,
      );
    },
  };
  return out;
}
