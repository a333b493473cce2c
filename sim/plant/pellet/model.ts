import { type CellFigures, cellPlant } from '../cell/plant.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import { type PelletParameters, pellet } from './pellet.ts';

/** One solid electrolyte: conductivity of the dense pellet, and what is known of it. */
export interface PelletSet {
  readonly name: string;
  readonly about: string;
  readonly bulk_S_per_cm: number;
  readonly bulk_kJ_per_mol: number;
  /** Macroscopic, 0 = no grain boundary to be seen. */
  readonly boundary_S_per_cm: number;
  readonly boundary_kJ_per_mol: number;
  readonly bulk_pF: number;
  readonly boundary_nF: number;
  readonly vanishes_K: number;
  readonly electronic_S_per_cm: number;
  readonly conductivityBasis: DeclaredParameter['basis'];
  readonly source: string;
  readonly activationSource: string;
  readonly valid_degC: readonly [low: number, high: number];
}

const KJ_PER_EV = 96.485;
const OBELIX = 'OBELiX database of measured conductivities (NRC-Mila/OBELiX)';
const CAPACITANCE =
  'usual size by process: bulk 1e-12..1e-11 F/cm, boundary 1e-10..1e-8, electrode 1e-6..1e-4';
const ELECTRONS = 'Hebb-Wagner polarisation of such materials, 1e-10..1e-8 S/cm';

/** Series of conductances: what the boundary adds so that bulk and boundary make this total, S/cm. */
const boundaryOf = (bulk: number, total: number): number => 1 / (1 / total - 1 / bulk);

/** All materials; the first is the default. */
export const PELLET_SETS: readonly PelletSet[] = [
  {
    name: 'llzo-ta',
    about: 'Li7La3Zr2O12 with 0.2 Ta, cubic garnet: bulk 7.8e-4, total 7.3e-4 S/cm at 25 degC.',
    bulk_S_per_cm: 7.8e-4,
    bulk_kJ_per_mol: 0.38 * KJ_PER_EV,
    boundary_S_per_cm: boundaryOf(7.8e-4, 7.3e-4),
    boundary_kJ_per_mol: 0.42 * KJ_PER_EV,
    bulk_pF: 50,
    boundary_nF: 2,
    vanishes_K: 0,
    electronic_S_per_cm: 1e-9,
    conductivityBasis: 'sourced',
    source: OBELIX,
    activationSource: 'cubic LLZO 0.34..0.42 eV',
    valid_degC: [0, 100],
  },
  {
    name: 'latp',
    about: 'Li1.3Al0.3Ti1.7(PO4)3: bulk 3.3e-3, total 7.2e-4 S/cm at 25 degC, most of it grain boundary.',
    bulk_S_per_cm: 3.3e-3,
    bulk_kJ_per_mol: 0.3 * KJ_PER_EV,
    boundary_S_per_cm: boundaryOf(3.3e-3, 7.2e-4),
    boundary_kJ_per_mol: 0.45 * KJ_PER_EV,
    bulk_pF: 50,
    boundary_nF: 5,
    vanishes_K: 0,
    electronic_S_per_cm: 1e-9,
    conductivityBasis: 'sourced',
    source: OBELIX,
    activationSource: 'LATP 0.28..0.35 eV in the bulk, 0.4..0.5 eV across boundaries',
    valid_degC: [0, 100],
  },
  {
    name: 'li6ps5cl',
    about: 'Li6PS5Cl argyrodite, cold pressed: 2.05e-3 S/cm at 25 degC, no boundary arc.',
    bulk_S_per_cm: 2.05e-3,
    bulk_kJ_per_mol: 0.34 * KJ_PER_EV,
    boundary_S_per_cm: 0,
    boundary_kJ_per_mol: 0.34 * KJ_PER_EV,
    bulk_pF: 20,
    boundary_nF: 1,
    vanishes_K: 0,
    electronic_S_per_cm: 1e-9,
    conductivityBasis: 'sourced',
    source: OBELIX,
    activationSource: 'Li6PS5Cl 0.30..0.38 eV',
    valid_degC: [-20, 80],
  },
  {
    name: 'polyether-litfsi',
    about:
      'Amorphous polyether with LiTFSI: VTF. Every figure of the recalled size, none measured on one membrane.',
    bulk_S_per_cm: 3e-5,
    bulk_kJ_per_mol: 9,
    boundary_S_per_cm: 0,
    boundary_kJ_per_mol: 9,
    bulk_pF: 20,
    boundary_nF: 1,
    vanishes_K: 210,
    electronic_S_per_cm: 1e-12,
    conductivityBasis: 'recalled',
    source: 'amorphous polyethers: 1e-5..1e-4 S/cm at 25 degC, some 1e-3 at 80',
    activationSource: 'VTF with T0 some 40..50 K below the glass transition',
    valid_degC: [0, 100],
  },
];

function declared(set: PelletSet): readonly DeclaredParameter[] {
  const { conductivityBasis, source, activationSource } = set;
  const geometry = 'a pressed pellet of 12 mm';
  return [
    declare(
      'bulk_S_per_cm',
      set.bulk_S_per_cm,
      [1e-9, 1],
      0.3 * set.bulk_S_per_cm,
      conductivityBasis,
      source,
    ),
    declare('bulk_kJ_per_mol', set.bulk_kJ_per_mol, [1, 150], 3, 'recalled', activationSource),
    ...(set.boundary_S_per_cm > 0
      ? [
          declare(
            'boundary_S_per_cm',
            set.boundary_S_per_cm,
            [1e-9, 10],
            0.5 * set.boundary_S_per_cm,
            conductivityBasis,
            source,
          ),
          declare('boundary_kJ_per_mol', set.boundary_kJ_per_mol, [1, 150], 4, 'recalled', activationSource),
          declare('boundary_nF', set.boundary_nF, [0.01, 1e4], set.boundary_nF / 2, 'recalled', CAPACITANCE),
        ]
      : []),
    declare('bulk_pF', set.bulk_pF, [0.1, 1e4], set.bulk_pF / 2, 'recalled', CAPACITANCE),
    declare('vanishes_K', set.vanishes_K, [0, 250], 0, 'recalled', activationSource),
    declare(
      'electrode_uS_sn_per_cm2',
      8.84,
      [0.01, 1e4],
      4,
      'default',
      `one blocking electrode; ${CAPACITANCE}`,
    ),
    declare('electrodeExponent_1', 0.9, [0.5, 1], 0.05, 'recalled', 'blocking slope 0.8..0.95'),
    declare(
      'electronic_S_per_cm',
      set.electronic_S_per_cm,
      [0, 1e-3],
      set.electronic_S_per_cm,
      'recalled',
      ELECTRONS,
    ),
    declare('thickness_mm', 1, [0.005, 20], 0.01, 'default', geometry),
    declare('diameter_mm', 12, [1, 100], 0.05, 'default', geometry),
  ];
}

// A pellet between pistons in a chamber: minutes to its temperature.
const HEAT = {
  cell_J_per_K: 1,
  cellToHolder_W_per_K: 0.5,
  holder_J_per_K: 150,
  holderToAir_W_per_K: 0.3,
} as const;
/** Beyond this an electrode that blocks does so no longer. */
const WINDOW_V = 1;

function parametersOf(set: PelletSet, figures: CellFigures): PelletParameters {
  const vanishes_K = figures['vanishes_K'];
  const law = (at25_S_per_cm: number, kJ_per_mol: number) => ({
    at25_S_per_cm,
    vanishes_K,
    activation_J_per_mol: 1000 * kJ_per_mol,
  });
  const hasBoundary = set.boundary_S_per_cm > 0;
  return {
    bulk: law(figures['bulk_S_per_cm'], figures['bulk_kJ_per_mol']),
    boundary: hasBoundary ? law(figures['boundary_S_per_cm'], figures['boundary_kJ_per_mol']) : undefined,
    bulk_F: figures['bulk_pF'] * 1e-12,
    boundary_F: hasBoundary ? figures['boundary_nF'] * 1e-9 : 1e-9,
    electrode_S_sn_per_cm2: figures['electrode_uS_sn_per_cm2'] * 1e-6,
    electrodeExponent_1: figures['electrodeExponent_1'],
    electronic_S_per_cm: figures['electronic_S_per_cm'],
    thickness_cm: figures['thickness_mm'] / 10,
    area_cm2: (Math.PI / 4) * (figures['diameter_mm'] / 10) ** 2,
    validity_degC: set.valid_degC,
    window_V: WINDOW_V,
    heat: HEAT,
  };
}

/** Solid electrolyte between blocking electrodes. */
export const PELLET_MODEL: PlantModel = cellPlant({
  name: 'pellet',
  about:
    'Pellet of a solid electrolyte between two blocking electrodes: bulk and grain boundaries by Arrhenius (s T) or ' +
    'VTF, capacitances, constant phase elements as electrodes, electrons beside the ions; thickness and diameter. One ' +
    'nominal composition spreads by a factor of 20 in the literature: the conductivity is a figure of a sample. Not ' +
    'modelled: stack pressure, density, depressed arcs of bulk and boundaries, cables, a reaction at the electrodes ' +
    '(beyond 1 V it is said to be outside).',
  sets: PELLET_SETS,
  declared,
  limits_V: () => [-5, 5],
  model: (set, figures) => pellet(parametersOf(set, figures), figures['start_degC']),
});
