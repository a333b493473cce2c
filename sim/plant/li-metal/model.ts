import { type CellFigures, cellPlant } from '../cell/plant.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import { type LithiumMetalParameters, lithiumMetalCell } from './cell.ts';
import type { LithiumElectrodeParameters } from './electrode.ts';
import { LITHIUM_METAL_SETS, type LithiumMetalSet } from './sets.ts';

const RECALLED = {
  efficiency: 'carbonate 80..98 %, 4 M LiFSI-DME 98..99.2 %; protocols alone move it by half a per cent',
  film: 'fresh: 20..100 Ohm cm2 a side in carbonate, 5..20 in ether',
  electrolyte: 'two Celgard 25 um: 10..20 Ohm cm2; garnet: thickness over conductivity',
  exchange:
    'apparent value with its film 0.05..0.5 mA/cm2 of smooth area and more; chosen so that 1 mA/cm2 takes 50..200 mV',
  nucleation: '-50..-300 mV at 0.5 mA/cm2 in carbonate, -20..-60 in ether, plateau -20..-60 mV',
  oxide: 'copper oxide and first film 0.02..0.2 mAh/cm2 above 0 V',
  critical: 'garnet 0.34..0.70 mA/cm2 (Energy Mater. 2025, 500034, by pressing); liquids above some mA/cm2',
  filament: 'soft shorts of 10..1000 Ohm cm2',
} as const;
const CHOSEN = 'chosen here';

function declared(set: LithiumMetalSet): readonly DeclaredParameter[] {
  const positive = (name: string, value: number, source: string, u_frac = 0.4): DeclaredParameter =>
    declare(name, value, [value / 20, value * 20], u_frac * value, 'recalled', source);
  const chosen = (
    name: string,
    value: number,
    [low, high]: readonly [number, number],
    u: number,
  ): DeclaredParameter => declare(name, value, [low, high], u, 'default', CHOSEN);
  // What cannot count in a set is no figure of it: nucleation on a foil, moss on a garnet.
  const isBare = set.workingMetal_mAh_per_cm2 === 0;
  const isMossy = set.mossArea_1 > 1;
  const settles = set.efficiencyFirst_pct !== set.efficiency_pct;
  const only = (counts: boolean, ...figures: DeclaredParameter[]): DeclaredParameter[] =>
    counts ? figures : [];
  return [
    chosen('diameter_mm', 12, [1, 100], 0.05),
    chosen('workingLithium_mAh_per_cm2', set.workingMetal_mAh_per_cm2, [0, 500], 0),
    chosen('counterLithium_mAh_per_cm2', 51.5, [0.1, 500], 0),
    ...only(
      isBare,
      declare(
        'oxide_mAh_per_cm2',
        set.workingOxide_mAh_per_cm2,
        [0, 5],
        set.workingOxide_mAh_per_cm2 / 2,
        'recalled',
        RECALLED.oxide,
      ),
    ),
    declare('efficiencyFirst_pct', set.efficiencyFirst_pct, [0, 100], 5, 'recalled', RECALLED.efficiency),
    declare('efficiency_pct', set.efficiency_pct, [0, 100], 1, 'recalled', RECALLED.efficiency),
    ...only(settles, chosen('efficiencySettles_mAh_per_cm2', 5, [0.01, 1000], 2)),
    chosen('deadShare_frac', 0.7, [0, 1], 0.1),
    positive('electrolyte_Ohm_cm2', set.electrolyte_Ohm_cm2, RECALLED.electrolyte),
    chosen('diffusion_Ohm_cm2', set.diffusion_Ohm_cm2, [0, 500], set.diffusion_Ohm_cm2 / 2),
    ...only(set.diffusion_Ohm_cm2 > 0, chosen('diffusion_s', 30, [0.1, 1e4], 10)),
    chosen('diffusionGrowth_Ohm_cm4_per_mAh', set.diffusion_Ohm_cm2, [0, 500], set.diffusion_Ohm_cm2 / 2),
    positive('film_Ohm_cm2', set.film_Ohm_cm2, RECALLED.film),
    chosen('filmGrowth_Ohm_cm4_per_mAh', 0.1 * set.film_Ohm_cm2, [0, 1000], 0.05 * set.film_Ohm_cm2),
    positive('exchange_mA_per_cm2', set.exchange_mA_per_cm2, RECALLED.exchange),
    declare(
      'mossArea_1',
      set.mossArea_1,
      [1, 50],
      0.3 * set.mossArea_1,
      'recalled',
      'grows 1 to 3..5 times with the charge',
    ),
    ...only(isMossy, chosen('moss_mAh_per_cm2', 0.5, [0.001, 100], 0.2)),
    ...only(
      isBare,
      declare('bareArea_frac', set.bareArea_frac, [1e-4, 1], 0, 'recalled', RECALLED.nucleation),
    ),
    ...only(isBare, chosen('nucleation_mAh_per_cm2', 0.03, [1e-4, 10], 0.02)),
    chosen('film_uF_per_cm2', 1, [0.01, 1000], 0.5),
    chosen('doubleLayer_uF_per_cm2', 20, [0.1, 10_000], 10),
    chosen('filmActivation_kJ_per_mol', 50, [0, 120], 5),
    chosen('electrolyteActivation_kJ_per_mol', set.diffusion_Ohm_cm2 > 0 ? 15 : 37, [0, 120], 3),
    positive('critical_mA_per_cm2', set.critical_mA_per_cm2, RECALLED.critical),
    chosen('shortPower_1', 3, [0, 10], 0),
    chosen('shortDose_mAh_per_cm2', set.shortDose_mAh_per_cm2, [1e-3, 1e9], 0),
    chosen('shortShape_1', 3, [0.3, 50], 0),
    positive('softShort_Ohm_cm2', 100, RECALLED.filament),
    chosen('hardAfter_frac', 0.5, [0, 100], 0),
    chosen('hardShort_Ohm_cm2', 0.5, [0.01, 10], 0),
    declare(
      'shortBreaks_frac',
      0.5,
      [0, 1],
      0,
      'recalled',
      'filaments break on stripping in 0.3..0.9 of the cases',
    ),
  ];
}

function parametersOf(set: LithiumMetalSet, f: CellFigures): LithiumMetalParameters {
  const electrode: LithiumElectrodeParameters = {
    lossFirst_frac: 1 - f['efficiencyFirst_pct'] / 100,
    loss_frac: 1 - f['efficiency_pct'] / 100,
    settles_mAh_per_cm2: f['efficiencySettles_mAh_per_cm2'] ?? 5,
    deadShare_frac: f['deadShare_frac'],
    exchange_mA_per_cm2: f['exchange_mA_per_cm2'],
    mossArea_1: f['mossArea_1'],
    moss_mAh_per_cm2: f['moss_mAh_per_cm2'] ?? 0.5,
    bareArea_frac: f['bareArea_frac'] ?? 1,
    nucleation_mAh_per_cm2: f['nucleation_mAh_per_cm2'] ?? 0.03,
    film_Ohm_cm2: f['film_Ohm_cm2'],
    filmGrowth_Ohm_cm4_per_mAh: f['filmGrowth_Ohm_cm4_per_mAh'],
    // Bare copper stands at some 2 V against lithium; stripped bare it rises by a volt in 0.01 mAh/cm2. Default.
    fresh_V_per_mAh_cm2: 2 / Math.max(1e-3, f['oxide_mAh_per_cm2'] ?? 0),
    spent_V_per_mAh_cm2: 100,
  };
  return {
    area_cm2: (Math.PI / 4) * (f['diameter_mm'] / 10) ** 2,
    working: electrode,
    // A foil has lithium below what is plated: no bare collector.
    counter: { ...electrode, bareArea_frac: 1 },
    workingMetal_mAh_per_cm2: f['workingLithium_mAh_per_cm2'],
    workingOxide_mAh_per_cm2: f['oxide_mAh_per_cm2'] ?? 0,
    counterMetal_mAh_per_cm2: f['counterLithium_mAh_per_cm2'],
    electrolyte_Ohm_cm2: f['electrolyte_Ohm_cm2'],
    diffusion_Ohm_cm2: f['diffusion_Ohm_cm2'],
    diffusion_s: f['diffusion_s'] ?? 30,
    diffusionGrowth_Ohm_cm4_per_mAh: f['diffusionGrowth_Ohm_cm4_per_mAh'],
    film_uF_per_cm2: f['film_uF_per_cm2'],
    doubleLayer_uF_per_cm2: f['doubleLayer_uF_per_cm2'],
    filmActivation_J_per_mol: 1000 * f['filmActivation_kJ_per_mol'],
    electrolyteActivation_J_per_mol: 1000 * f['electrolyteActivation_kJ_per_mol'],
    short: {
      critical_mA_per_cm2: f['critical_mA_per_cm2'],
      power_1: f['shortPower_1'],
      dose_mAh_per_cm2: f['shortDose_mAh_per_cm2'],
      shape_1: f['shortShape_1'],
      soft_Ohm_cm2: f['softShort_Ohm_cm2'],
      hardAfter_frac: f['hardAfter_frac'],
      hard_Ohm_cm2: f['hardShort_Ohm_cm2'],
      breaks_frac: f['shortBreaks_frac'],
    },
    validity_degC: set.valid_degC,
    heat: { cell_J_per_K: 3, cellToHolder_W_per_K: 0.3, holder_J_per_K: 30, holderToAir_W_per_K: 0.1 },
  };
}

/** Li|Li and Li|Cu. */
export const LITHIUM_METAL_MODEL: PlantModel = cellPlant({
  name: 'li-metal',
  about:
    'Lithium plated and stripped between a working electrode (positive terminal: lithium or copper) and a lithium foil; ' +
    'negative current plates the working electrode. Films, charge transfer and nucleation on an area that moss widens, ' +
    'lithium lost at each plating, films and diffusion that grow with what is lost, shorts that come by chance with ' +
    'charge and current density, soft first, then hard. EVERY FIGURE OF THE RECALLED SIZE OR CHOSEN HERE, none measured ' +
    'on one cell. Not modelled: salt concentration (Sand time), pressure, gas, corrosion at rest, voids in solid cells.',
  sets: LITHIUM_METAL_SETS,
  declared,
  limits_V: () => [-5, 5],
  // Chance of the shorts is that of the rig's seed.
  model: (set, figures, random) =>
    lithiumMetalCell(parametersOf(set, figures), figures['start_degC'], random.uniform() * 2 ** 32),
});
