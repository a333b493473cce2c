import { CHAYAMBUKA2022 } from '../battery-sets/chayambuka2022.ts';
import { CHEN2020 } from '../battery-sets/chen2020.ts';
import { ECKER2015 } from '../battery-sets/ecker2015.ts';
import { LFP_POWER } from '../battery-sets/lfp-power.ts';
import { PRADA2013 } from '../battery-sets/prada2013.ts';
import { arrhenius } from '../parts/arrhenius.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import { type SpmeModel, spme } from '../spme/model.ts';
import type { SpmeElectrode, SpmeParameters } from '../spme/parameters.ts';
import { cellWear, type Wear } from '../spme/wear.ts';
import { type CellFigures, type CellKind, cellPlant, positiveFigure, START_SOC } from './plant.ts';

/** Sets whose makers also measured or fitted the growth of the film; the others start without ageing. */
const AGES: readonly SpmeParameters[] = [CHEN2020];
const REFERENCE_K = 298.15;
const STEPS_PER_K = 50;

/** Diffusivity and exchange current density are declared at half filling, 25 degC, fresh electrolyte. */
function diffusivity(electrode: SpmeElectrode): number {
  return electrode.diffusivity_m2_per_s(0.5, REFERENCE_K);
}

function exchange(set: SpmeParameters, electrode: SpmeElectrode): number {
  const half = electrode.maximum_mol_per_m3 / 2;
  return electrode.rate(0.5, REFERENCE_K) * Math.sqrt(set.electrolyte.initial_mol_per_m3 * half * half);
}

/**
 * Arrhenius factor in steps of 0.02 K (within 0.05 %): a cell that warms slowly then keeps the factors of its particles
 * for many steps.
 */
function steppedActivation(energy_J_per_mol: number): (temperature_K: number) => number {
  if (energy_J_per_mol === 0) return () => 1;
  const known = { step: Number.NaN, factor: 1 };
  return temperature_K => {
    const step = Math.round(STEPS_PER_K * (temperature_K - REFERENCE_K));
    if (step !== known.step) {
      known.factor = arrhenius(energy_J_per_mol, REFERENCE_K, REFERENCE_K + step / STEPS_PER_K);
      known.step = step;
    }
    return known.factor;
  };
}

/** Laws of temperature that a set lacks: LG M50 after O'Kane et al. 2022, J/mol; other sets hold what they have. */
const ACTIVATION = { negative: 30_300, positive: 25_000, electrolyte: 17_000 } as const;

function activationDeclared(
  set: SpmeParameters,
  part: keyof typeof ACTIVATION,
  name: string,
): DeclaredParameter {
  const isLgM50 = set === CHEN2020;
  return declare(
    name,
    isLgM50 ? ACTIVATION[part] : 0,
    [0, 100_000],
    isLgM50 ? 5000 : 0,
    isLgM50 ? 'sourced' : 'default',
    isLgM50
      ? "O'Kane et al., Phys. Chem. Chem. Phys. 24 (2022) 7909; the set itself has no temperature here"
      : 'beside what the set itself has; 0 = nothing added, a set without a law of its own is too good in the cold',
  );
}

function bounded(name: string, value: number, high: number, u: number, source: string): DeclaredParameter {
  return declare(name, value, [0, high], u, 'default', source);
}

/** Figures of a cell of particles and electrolyte that does not age. */
export function freshDeclared(set: SpmeParameters): readonly DeclaredParameter[] {
  return [
    { ...START_SOC, value: set.startSoc_frac ?? START_SOC.value },
    positiveFigure('area_m2', set.area_m2, 0.02, set),
    positiveFigure('negativeDiffusivity_m2_per_s', diffusivity(set.negative), 0.3, set),
    positiveFigure('positiveDiffusivity_m2_per_s', diffusivity(set.positive), 0.3, set),
    positiveFigure('negativeExchange_A_per_m2', exchange(set, set.negative), 0.3, set),
    positiveFigure('positiveExchange_A_per_m2', exchange(set, set.positive), 0.3, set),
    positiveFigure('electrolyteConductivity_1', 1, 0.1, set),
    activationDeclared(set, 'negative', 'negativeDiffusionActivation_J_per_mol'),
    activationDeclared(set, 'positive', 'positiveDiffusionActivation_J_per_mol'),
    activationDeclared(set, 'electrolyte', 'electrolyteActivation_J_per_mol'),
    // Ohm of a cell of that size: so much as 0.5 V at 1C.
    bounded(
      'contact_Ohm',
      set.contact_Ohm,
      0.5 / set.nominal_Ah,
      0.01 / set.nominal_Ah,
      'leads inside the sense points',
    ),
    positiveFigure('heatCapacity_J_per_K', set.heatCapacity_J_per_K, 0.1, set),
    positiveFigure('heatTransfer_W_per_K', set.heatTransfer_W_per_K, 0.2, set),
  ];
}

const PER_CAPACITY =
  'kinetic and transport part of ageing: exp(-figure x part of the capacity lost), chosen here; 0 = none';

/** What drives the film and what it costs, of sets that age. */
const FILM_DECLARED: readonly DeclaredParameter[] = [
  declare(
    'seiResistivity_Ohm_m',
    CHEN2020.sei.resistivity_Ohm_m,
    [0, 1e7],
    CHEN2020.sei.resistivity_Ohm_m / 2,
    'sourced',
    'ohmic part of ageing, as PyBaMM with this set; pulse, load and spectrum see it; 0 = the film does not resist',
  ),
  declare(
    'seiActivation_J_per_mol',
    55_000,
    [0, 100_000],
    10_000,
    'default',
    'chosen so that a year at 45 degC and half charge costs about twice that at 25 degC, as published LG M50 storage',
  ),
  declare(
    'seiPotentialShare_1',
    0.15,
    [0, 1],
    0.05,
    'default',
    'growth follows exp(-share F E/RT), E of the negative electrode over 0.13 V; 0 = the same at every charge',
  ),
  declare('kineticLossPerCapacity_1', 2, [0, 20], 1, 'default', `exchange currents; ${PER_CAPACITY}`),
  declare(
    'transportLossPerCapacity_1',
    1,
    [0, 20],
    0.5,
    'default',
    `electrolyte in the pores; ${PER_CAPACITY}`,
  ),
];

/** Figures of a cell of particles and electrolyte that ages. */
export function ageingDeclared(set: SpmeParameters): readonly DeclaredParameter[] {
  const ages = AGES.includes(set);
  return [
    ...freshDeclared(set),
    declare(
      'seiDiffusivity_m2_per_s',
      ages ? set.sei.solventDiffusivity_m2_per_s : 0,
      [0, 1e-19],
      ages ? set.sei.solventDiffusivity_m2_per_s / 2 : 0,
      ages ? 'sourced' : 'default',
      ages
        ? 'solvent through the film, as PyBaMM with this set'
        : 'no ageing figures for this cell: 0 = no film growth',
    ),
    ...(ages ? FILM_DECLARED : []),
    bounded('platingRate_m_per_s', 0, 1e-6, 0, "0 = no plating; O'Kane et al. 2022 use 1e-9"),
  ];
}

/** The electrode with its diffusivity and kinetics scaled to the declared figures. */
function scaled(
  set: SpmeParameters,
  electrode: SpmeElectrode,
  side: 'negative' | 'positive',
  figures: CellFigures,
): SpmeElectrode {
  const faster_1 = figures[`${side}Diffusivity_m2_per_s`] / diffusivity(electrode);
  const energy_J_per_mol = figures[`${side}DiffusionActivation_J_per_mol`];
  const warm = steppedActivation(energy_J_per_mol);
  const livelier_1 = figures[`${side}Exchange_A_per_m2`] / exchange(set, electrode);
  // Unchanged figures leave the set's own functions in place.
  return {
    ...electrode,
    ...(faster_1 === 1 && energy_J_per_mol === 0
      ? {}
      : {
          diffusivity_m2_per_s: (sto, temperature_K) =>
            faster_1 * warm(temperature_K) * electrode.diffusivity_m2_per_s(sto, temperature_K),
        }),
    ...(livelier_1 === 1
      ? {}
      : { rate: (sto, temperature_K) => livelier_1 * electrode.rate(sto, temperature_K) }),
  };
}

/** The set with its declared figures, as a cell that does not age but for what `wear` says. */
export function freshCell(set: SpmeParameters, figures: CellFigures, wear?: Wear): SpmeParameters {
  const fresh = unwornCell(set, figures);
  if (wear === undefined) return fresh;
  const worn = (electrode: SpmeElectrode): SpmeElectrode => ({
    ...electrode,
    rate: (sto, temperature_K) => wear.kinetic_frac * electrode.rate(sto, temperature_K),
  });
  const { electrolyte } = fresh;
  return {
    ...fresh,
    negative: worn(fresh.negative),
    positive: worn(fresh.positive),
    electrolyte: {
      ...electrolyte,
      diffusivity_m2_per_s: (salt, temperature_K) =>
        wear.transport_frac * electrolyte.diffusivity_m2_per_s(salt, temperature_K),
      conductivity_S_per_m: (salt, temperature_K) =>
        wear.transport_frac * electrolyte.conductivity_S_per_m(salt, temperature_K),
    },
  };
}

function unwornCell(set: SpmeParameters, figures: CellFigures): SpmeParameters {
  const { electrolyte } = set;
  const conducts_1 = figures['electrolyteConductivity_1'];
  const warm = steppedActivation(figures['electrolyteActivation_J_per_mol']);
  return {
    ...set,
    area_m2: figures['area_m2'],
    negative: scaled(set, set.negative, 'negative', figures),
    positive: scaled(set, set.positive, 'positive', figures),
    electrolyte: {
      ...electrolyte,
      ...(figures['electrolyteActivation_J_per_mol'] === 0
        ? {}
        : {
            diffusivity_m2_per_s: (salt: number, temperature_K: number) =>
              warm(temperature_K) * electrolyte.diffusivity_m2_per_s(salt, temperature_K),
          }),
      conductivity_S_per_m: (salt, temperature_K) =>
        conducts_1 * warm(temperature_K) * electrolyte.conductivity_S_per_m(salt, temperature_K),
    },
    contact_Ohm: figures['contact_Ohm'],
    heatCapacity_J_per_K: figures['heatCapacity_J_per_K'],
    heatTransfer_W_per_K: figures['heatTransfer_W_per_K'],
  };
}

/** Every parameter set of cells with particles and electrolyte; the first is the default. */
export const POROUS_SETS: readonly SpmeParameters[] = [
  CHEN2020,
  PRADA2013,
  CHAYAMBUKA2022,
  ECKER2015,
  LFP_POWER,
];

/** What the lost capacity of such a cell takes along; nothing of cells whose film does not grow. */
export function wearOf(figures: CellFigures): Wear | undefined {
  const kinetic = figures['kineticLossPerCapacity_1'] ?? 0;
  const transport = figures['transportLossPerCapacity_1'] ?? 0;
  return figures['seiDiffusivity_m2_per_s'] > 0 && kinetic + transport > 0
    ? cellWear(kinetic, transport)
    : undefined;
}

/** The cell that the plant simulates: the set with its declared figures, one lump of heat, film, metal and wear. */
export function ageingCell(set: SpmeParameters, figures: CellFigures, wear = wearOf(figures)): SpmeModel {
  const grows = figures['seiDiffusivity_m2_per_s'] > 0;
  const resistivity_Ohm_m = figures['seiResistivity_Ohm_m'] ?? 0;
  return spme(
    {
      ...freshCell(set, figures, wear),
      sei: {
        ...set.sei,
        solventDiffusivity_m2_per_s: figures['seiDiffusivity_m2_per_s'],
        activation_J_per_mol: figures['seiActivation_J_per_mol'] ?? 0,
        potentialShare_1: figures['seiPotentialShare_1'] ?? 0,
        resistivity_Ohm_m,
      },
      plating: { ...set.plating, rate_m_per_s: figures['platingRate_m_per_s'] },
    },
    {
      soc_frac: figures['startSoc_frac'],
      temperature_degC: figures['start_degC'],
      isLumped: true,
      ...(wear === undefined ? {} : { wear }),
      ...(grows ? { sei: 'solvent-diffusion' as const } : {}),
      filmResists: grows && resistivity_Ohm_m > 0,
      withPlating: figures['platingRate_m_per_s'] > 0,
    },
  );
}

const KIND: Omit<CellKind<SpmeParameters>, 'sets'> = {
  name: 'spme',
  about:
    'Single-particle model with electrolyte (Marquis 2019): potentials of both electrodes against the metal at the ' +
    'separator (three-electrode and half-cell views), plating reserve, one lump of heat, growth of the film, optional ' +
    'plating; spectrum of its own linearised equations. Holds where both electrodes work evenly over their depth: up to about ' +
    '2C for energy cells. Where the salt at a collector falls below 30 % of its start, cell.outsideValidity_on is 1: use ' +
    'dfn, which gives more there; where it is used up, cell.exhausted_on is 1, the voltage falls steeply and a held ' +
    'voltage or a short gets what diffusion brings. Not modelled: entropic heat, hysteresis, cracks, loss of active material, gas.',
  declared: ageingDeclared,
  limits_V: set => [set.lower_V, set.upper_V],
  model: (set, figures) => ageingCell(set, figures),
};

/** Single-particle models with electrolyte, of these cells. */
export function spmePlant(sets: readonly SpmeParameters[]): PlantModel {
  return cellPlant({ ...KIND, sets });
}

/** Those of the cells that the project knows. */
export const SPME_MODEL: PlantModel = spmePlant(POROUS_SETS);
