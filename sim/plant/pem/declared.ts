import { AC_DECLARED } from '../electrolyser/ac-side.ts';
import { SHARE_SOURCE } from '../parts/ageing-classes.ts';
import type { DeclaredParameter } from '../parts/model.ts';
import type { PemPlantParameters } from './pem-500kw.ts';

/** One declared figure of a PEM plant and where it stands in the plant's parameters. */
interface PemFigure {
  readonly name: string;
  readonly of: (p: PemPlantParameters) => number;
  readonly put: (p: PemPlantParameters, value: number) => PemPlantParameters;
  readonly bounds: readonly [number, number];
  /** Standard uncertainty as part of the value; of the class of ageing if it comes from there. */
  readonly u_frac: number;
  /** From the set's cell, membrane or class of ageing, or these words. */
  readonly source: 'cell' | 'membrane' | 'class' | readonly [DeclaredParameter['basis'], string];
}

const SHARES = ['default', SHARE_SOURCE] as const;
const CHOSEN = ['default', 'chosen for the example bench'] as const;

function ofCell(
  name: string,
  key:
    | 'asr_Ohm_cm2'
    | 'tafelSlope_V'
    | 'exchange_A_per_cm2'
    | 'exchangeActivation_J_per_mol'
    | 'asrActivation_J_per_mol',
  bounds: readonly [number, number],
  u_frac: number,
): PemFigure {
  return {
    name,
    of: p => p.cell[key],
    put: (p, value) => ({ ...p, cell: { ...p.cell, [key]: value } }),
    bounds,
    u_frac,
    source: 'cell',
  };
}

function ofMembrane(
  name: string,
  key:
    | 'thickness_cm'
    | 'h2Permeability'
    | 'o2Permeability'
    | 'h2Supersaturation'
    | 'o2Supersaturation'
    | 'anodeOxidised_frac'
    | 'cathodeRecombined_frac',
  bounds: readonly [number, number],
  u_frac: number,
): PemFigure {
  return {
    name,
    of: p => p.membrane[key],
    put: (p, value) => ({ ...p, membrane: { ...p.membrane, [key]: value } }),
    bounds,
    u_frac,
    source: 'membrane',
  };
}

function ofPlant(
  name: string,
  key:
    | 'doubleLayer_F_per_cm2'
    | 'cathodeVolume_L'
    | 'anodeVolume_L'
    | 'leak_NL_per_min'
    | 'dryerLoss_frac'
    | 'inductance_H'
    | 'activationSpread_frac'
    | 'resistanceSpread_frac'
    | 'ageingSpread_frac'
    | 'startTemperature_degC'
    | 'roomTemperature_degC',
  bounds: readonly [number, number],
  u_frac: number,
  source: PemFigure['source'] = CHOSEN,
): PemFigure {
  return { name, of: p => p[key], put: (p, value) => ({ ...p, [key]: value }), bounds, u_frac, source };
}

function ofThermal(
  key: 'stackCapacity_J_per_K' | 'loopCapacity_J_per_K' | 'lossResistance_K_per_W',
  bounds: readonly [number, number],
  u_frac: number,
): PemFigure {
  return {
    name: key,
    of: p => p.thermal[key],
    put: (p, value) => ({ ...p, thermal: { ...p.thermal, [key]: value } }),
    bounds,
    u_frac,
    source: [
      'sourced',
      'Espinosa-Lopez et al., Renewable Energy 119 (2018) 160, scaled by power; losses: chosen, insulated',
    ],
  };
}

function ofAgeing(
  name: string,
  key:
    | 'irreversible_uV_per_h'
    | 'ohmicShare_frac'
    | 'transportShare_frac'
    | 'overload_uV_per_h'
    | 'idle_uV_per_h'
    | 'perStop_uV'
    | 'perSwing_uV'
    | 'reversible_uV'
    | 'perRipplePercent_uV_per_h'
    | 'activation_J_per_mol'
    | 'perBar_frac',
  bounds: readonly [number, number],
  u_frac: number,
  source: PemFigure['source'] = ['default', 'order of published durability tests, chosen here'],
): PemFigure {
  return {
    name,
    of: p => p.ageing[key],
    put: (p, value) => ({ ...p, ageing: { ...p.ageing, [key]: value } }),
    bounds,
    u_frac,
    source,
  };
}

/** Every figure of a PEM plant that may be chosen, fitted or varied; values belong to the set's own stack. */
export const PEM_FIGURES: readonly PemFigure[] = [
  ofCell('asr_Ohm_cm2', 'asr_Ohm_cm2', [0.01, 2], 0.05),
  ofCell('tafelSlope_V', 'tafelSlope_V', [0.02, 0.3], 0.05),
  ofCell('exchange_A_per_cm2', 'exchange_A_per_cm2', [1e-11, 1e-1], 0.3),
  ofCell('exchangeActivation_J_per_mol', 'exchangeActivation_J_per_mol', [-30_000, 120_000], 0.1),
  ofCell('asrActivation_J_per_mol', 'asrActivation_J_per_mol', [0, 40_000], 0.1),
  // Known from the sheet: no curve can tell it from the resistance.
  ofMembrane('membraneThickness_cm', 'thickness_cm', [0.001, 0.05], 0),
  ofMembrane('h2Permeability_mol_per_cm_s_bar', 'h2Permeability', [1e-12, 1e-9], 0.1),
  ofMembrane('o2Permeability_mol_per_cm_s_bar', 'o2Permeability', [1e-12, 1e-9], 0.15),
  // Two sources differ seventeen-fold (`MOST_H2_SUPERSATURATION`).
  ofMembrane('h2Supersaturation_bar_cm2_per_A', 'h2Supersaturation', [0, 60], 0.5),
  ofMembrane('o2Supersaturation_bar_cm2_per_A', 'o2Supersaturation', [0, 30], 0.2),
  ofMembrane('anodeOxidised_frac', 'anodeOxidised_frac', [0, 1], 0.3),
  ofMembrane('cathodeRecombined_frac', 'cathodeRecombined_frac', [0, 1], 0.02),
  ofPlant('doubleLayer_F_per_cm2', 'doubleLayer_F_per_cm2', [0.001, 1], 0.25, [
    'recalled',
    '20..60 mF/cm2 for anodes of 1..2 mg Ir/cm2',
  ]),
  ofPlant('inductance_H', 'inductance_H', [0, 1e-5], 0.3, ['recalled', '10..100 nH for big stacks']),
  ofPlant('cathodeVolume_L', 'cathodeVolume_L', [0.001, 1e5], 0.05),
  ofPlant('anodeVolume_L', 'anodeVolume_L', [0.001, 1e5], 0.05),
  ofPlant('leak_NL_per_min', 'leak_NL_per_min', [0, 100], 0.5),
  ofPlant('dryerLoss_frac', 'dryerLoss_frac', [0, 0.5], 0.1, [
    'sourced',
    'open model "electrolyzer" (National Renewable Energy Laboratory, 2023): 0.065 for a PSA dryer; 0 = none',
  ]),
  ofPlant('activationSpread_frac', 'activationSpread_frac', [0, 0.2], 0.3),
  ofPlant('resistanceSpread_frac', 'resistanceSpread_frac', [0, 0.2], 0.3),
  ofPlant('ageingSpread_frac', 'ageingSpread_frac', [0, 2], 0.3),
  // Conditions rather than properties: known where they matter, so without uncertainty.
  ofPlant('startTemperature_degC', 'startTemperature_degC', [1, 95], 0),
  ofPlant('roomTemperature_degC', 'roomTemperature_degC', [-30, 50], 0),
  ofThermal('stackCapacity_J_per_K', [1, 1e9], 0.1),
  ofThermal('loopCapacity_J_per_K', [1, 1e9], 0.1),
  ofThermal('lossResistance_K_per_W', [1e-5, 1e5], 0.2),
  ofAgeing('ageingIrreversible_uV_per_h', 'irreversible_uV_per_h', [0, 2000], 0.6, 'class'),
  ofAgeing('ageingOhmicShare_frac', 'ohmicShare_frac', [0, 1], 0.3, SHARES),
  ofAgeing('ageingTransportShare_frac', 'transportShare_frac', [0, 1], 0.3, SHARES),
  ofAgeing('ageingOverload_uV_per_h', 'overload_uV_per_h', [0, 2000], 0.5),
  ofAgeing('ageingIdle_uV_per_h', 'idle_uV_per_h', [0, 100], 0.5),
  ofAgeing('ageingPerStop_uV', 'perStop_uV', [0, 1000], 0.8),
  ofAgeing('ageingPerSwing_uV', 'perSwing_uV', [0, 100], 0.5),
  ofAgeing('ageingReversible_uV', 'reversible_uV', [0, 50_000], 0.5),
  ofAgeing('ageingPerRipplePercent_uV_per_h', 'perRipplePercent_uV_per_h', [0, 100], 1),
  ofAgeing('ageingActivation_J_per_mol', 'activation_J_per_mol', [0, 120_000], 0.3),
  ofAgeing('ageingPerBar_frac', 'perBar_frac', [0, 0.1], 1),
  {
    name: 'ripple_frac',
    of: p => p.supply.ripple_frac,
    put: (p, value) => ({ ...p, supply: { ...p.supply, ripple_frac: value } }),
    bounds: [0, 0.5],
    u_frac: 0.5,
    source: ['recalled', 'laboratory supplies 0.0005..0.002'],
  },
  {
    name: 'analyserLineDelay_s',
    of: p => p.analyser.lineDelay_s,
    put: (p, value) => ({ ...p, analyser: { ...p.analyser, lineDelay_s: value } }),
    bounds: [0, 600],
    u_frac: 0.2,
    source: ['recalled', '5..60 s are usual for sample lines'],
  },
  ...AC_DECLARED.map(
    ({ name, low, high, basis, source }): PemFigure => ({
      name,
      of: p => p.ac[name],
      put: (p, value) => ({ ...p, ac: { ...p.ac, [name]: value } }),
      bounds: [low, high],
      u_frac: 0,
      source: [basis, source],
    }),
  ),
];

/** Basis and words of a figure for a plant. */
export function basisOf(
  figure: PemFigure,
  p: PemPlantParameters,
): Pick<DeclaredParameter, 'basis' | 'source'> {
  if (figure.source === 'cell') return { basis: p.cell.basis, source: p.cell.source };
  if (figure.source === 'membrane') return { basis: p.membrane.basis, source: p.membrane.source };
  if (figure.source === 'class') return { basis: p.ageingClass.basis, source: p.ageingClass.source };
  return { basis: figure.source[0], source: figure.source[1] };
}
