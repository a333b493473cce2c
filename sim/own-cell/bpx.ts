import { FARADAY_C_PER_MOL, ZERO_DEGC_K } from '../plant/parts/constants.ts';
import { activation, lines, type SpmeElectrode, type SpmeParameters } from '../plant/spme/parameters.ts';
import { PLATING } from '../plant/spme/plating.ts';
import { SEI } from '../plant/spme/sei.ts';
import type { Bpx, BpxElectrode, BpxFigure } from './bpx-schema.ts';
import { readExpression } from './expression.ts';

/** The parameter set of a cell from its BPX file: what the single-particle and the porous-electrode plants take. */

const ROOM_K = 298.15;
/** Of a cell in still air, W/(m2 K), and of a cell without a size: per Ah. Basis default. */
const STILL_AIR_W_PER_M2_K = 10;
const HEAT_J_PER_K_AH = 15;
const COOLING_W_PER_K_AH = 0.02;
/** A file of the plain single-particle model: pores and solid that cost nothing. */
const NO_LOSS_S_PER_M = 1e4;
const EVEN = { thickness_m: 25e-6, porosity_frac: 0.5, bruggeman_1: 1.5 } as const;
const ABOUT_1M = 1000;

/** A figure as a function of x; constants, expressions and tables (straight lines, the end value beyond). */
function functionOf(figure: BpxFigure): (x: number) => number {
  if (typeof figure === 'number') return () => figure;
  if (typeof figure === 'string') return readExpression(figure);
  const points = figure.x.map((x, i) => [x, figure.y[i]] as const).sort((a, b) => a[0] - b[0]);
  return lines(points);
}

function energyOf(
  energy_J_per_mol: number | undefined,
  reference_K: number,
): (temperature_K: number) => number {
  return energy_J_per_mol === undefined || energy_J_per_mol === 0
    ? () => 1
    : activation(energy_J_per_mol, reference_K);
}

/** Exponent of the porosity that gives this transport efficiency (inverse MacMullin number). */
function bruggemanOf(porosity_frac: number, efficiency: number): number {
  return Math.log(efficiency) / Math.log(porosity_frac);
}

/** `isPlain`: of a file of the plain single-particle model, whose solid costs nothing. */
function electrodeOf(
  e: BpxElectrode,
  start_frac: number,
  salt_mol_per_m3: number,
  reference_K: number,
  isPlain = false,
): SpmeElectrode {
  const maximum_mol_per_m3 = e['Maximum concentration [mol.m-3]'];
  const diffusivity = functionOf(e['Diffusivity [m2.s-1]']);
  const warmDiffusivity = energyOf(e['Diffusivity activation energy [J.mol-1]'], reference_K);
  const warmRate = energyOf(e['Reaction rate constant activation energy [J.mol-1]'], reference_K);
  // BPX: i0 = F K sqrt(c_e/c_e0 x (1 - x)).
  const rate =
    (FARADAY_C_PER_MOL * e['Reaction rate constant [mol.m-2.s-1]']) /
    (maximum_mol_per_m3 * Math.sqrt(salt_mol_per_m3));
  const porosity_frac = e.Porosity ?? EVEN.porosity_frac;
  return {
    thickness_m: e['Thickness [m]'],
    porosity_frac,
    active_frac: (e['Surface area per unit volume [m-1]'] * e['Particle radius [m]']) / 3,
    particleRadius_m: e['Particle radius [m]'],
    maximum_mol_per_m3,
    start_frac,
    conductivity_S_per_m: isPlain ? NO_LOSS_S_PER_M : (e['Conductivity [S.m-1]'] ?? NO_LOSS_S_PER_M),
    bruggeman_1:
      e['Transport efficiency'] === undefined
        ? EVEN.bruggeman_1
        : bruggemanOf(porosity_frac, e['Transport efficiency']),
    doubleLayer_F_per_m2: 0.2,
    openCircuit_V: functionOf(e['OCP [V]']),
    rate: (_sto, temperature_K) => rate * warmRate(temperature_K),
    diffusivity_m2_per_s: (sto, temperature_K) => warmDiffusivity(temperature_K) * diffusivity(sto),
    diffusivityVaries: typeof e['Diffusivity [m2.s-1]'] !== 'number',
  };
}

/** What a cell starts with, as far as the file says. */
export interface BpxStart {
  readonly soc_frac?: number;
  readonly temperature_degC?: number;
}

/** Start of the cell; version 0.x has it among the cell's figures. */
export function bpxStart(bpx: Bpx): BpxStart {
  const begin = bpx.State?.['Initial conditions'];
  const soc_frac = begin?.['Initial state-of-charge'] ?? undefined;
  const kelvin = begin?.['Initial temperature [K]'] ?? bpx.Parameterisation.Cell['Initial temperature [K]'];
  return {
    ...(soc_frac === undefined ? {} : { soc_frac }),
    ...(kelvin === undefined ? {} : { temperature_degC: Number((kelvin - ZERO_DEGC_K).toFixed(6)) }),
  };
}

/** Sections of the file that change figures in other codes and are not modelled here, in words. */
export function unusedOf(bpx: Bpx): string[] {
  const { 'Negative electrode': negative, 'Positive electrode': positive } = bpx.Parameterisation;
  const has = (field: string): boolean => field in negative || field in positive;
  const told: string[] = [];
  if (has('Entropic change coefficient [V.K-1]'))
    told.push('entropic heat and the shift of the potentials with temperature');
  if (has('OCP (delithiation) [V]') || has('OCP (lithiation) [V]')) told.push('hysteresis of the potentials');
  if ('User-defined' in bpx.Parameterisation) told.push('the user-defined section');
  if (bpx.Header.Model === 'SPM')
    told.push('an electrolyte: the file is one of the plain single-particle model');
  return told;
}

/** The cell of a BPX file; `file` is named as its source. */
export function bpxCell(bpx: Bpx, file: string): SpmeParameters {
  const { Cell: cell, Electrolyte: salt, Separator: separator } = bpx.Parameterisation;
  const { 'Negative electrode': negative, 'Positive electrode': positive } = bpx.Parameterisation;
  const reference_K = cell['Reference temperature [K]'] ?? ROOM_K;
  const nominal_Ah = cell['Nominal cell capacity [A.h]'];
  const initial =
    bpx.State?.['Initial conditions']?.['Initial electrolyte concentration [mol.m-3]'] ??
    salt?.['Initial concentration [mol.m-3]'] ??
    ABOUT_1M;
  const mass_kg = (cell['Volume [m3]'] ?? Number.NaN) * (cell['Density [kg.m-3]'] ?? Number.NaN);
  const heat = mass_kg * (cell['Specific heat capacity [J.K-1.kg-1]'] ?? Number.NaN);
  const film =
    bpx.State?.['Thermal environment']?.['Heat transfer coefficient [W.m-2.K-1]'] ?? STILL_AIR_W_PER_M2_K;
  const cooling = film * (cell['External surface area [m2]'] ?? Number.NaN);
  const unused = unusedOf(bpx);
  const begin = bpxStart(bpx);
  const title = bpx.Header.Title ?? 'cell without a title';
  const isPlain = bpx.Header.Model === 'SPM';
  const electrolyte = isPlain ? undefined : salt;
  return {
    name: 'own',
    about: `${title} (${file}).${unused.length === 0 ? '' : ` Not used of the file: ${unused.join('; ')}.`} Double layers are defaults; no ageing.`,
    basis: 'sourced',
    source: `${file}${bpx.Header.References === undefined ? '' : `: ${bpx.Header.References}`}`,
    area_m2:
      cell['Electrode area [m2]'] * cell['Number of electrode pairs connected in parallel to make a cell'],
    nominal_Ah,
    ...(begin.soc_frac === undefined ? {} : { startSoc_frac: begin.soc_frac }),
    ...(begin.temperature_degC === undefined ? {} : { start_degC: begin.temperature_degC }),
    lower_V: cell['Lower voltage cut-off [V]'],
    upper_V: cell['Upper voltage cut-off [V]'],
    // Full: the negative electrode at its most, the positive at its least filling.
    negative: electrodeOf(negative, negative['Maximum stoichiometry'], initial, reference_K, isPlain),
    positive: electrodeOf(positive, positive['Minimum stoichiometry'], initial, reference_K, isPlain),
    separator:
      separator === undefined
        ? EVEN
        : {
            thickness_m: separator['Thickness [m]'],
            porosity_frac: separator.Porosity,
            bruggeman_1: bruggemanOf(separator.Porosity, separator['Transport efficiency']),
          },
    electrolyte:
      electrolyte === undefined ? withoutLoss(initial) : electrolyteOf(electrolyte, initial, reference_K),
    contact_Ohm: 0,
    heatCapacity_J_per_K: Number.isFinite(heat) ? heat : HEAT_J_PER_K_AH * nominal_Ah,
    heatTransfer_W_per_K: Number.isFinite(cooling) ? cooling : COOLING_W_PER_K_AH * nominal_Ah,
    sei: SEI,
    plating: PLATING,
  };
}

function electrolyteOf(
  salt: NonNullable<Bpx['Parameterisation']['Electrolyte']>,
  initial_mol_per_m3: number,
  reference_K: number,
): SpmeParameters['electrolyte'] {
  const diffusivity = functionOf(salt['Diffusivity [m2.s-1]']);
  const conductivity = functionOf(salt['Conductivity [S.m-1]']);
  const warmDiffusivity = energyOf(salt['Diffusivity activation energy [J.mol-1]'], reference_K);
  const warmConductivity = energyOf(salt['Conductivity activation energy [J.mol-1]'], reference_K);
  // Polynomials turn negative far outside of where they were fitted.
  const leastDiffusivity = 0.01 * diffusivity(initial_mol_per_m3);
  const leastConductivity = 0.01 * conductivity(initial_mol_per_m3);
  return {
    initial_mol_per_m3,
    transference_1: salt['Cation transference number'],
    thermodynamicFactor_1: 1,
    diffusivity_m2_per_s: (c, temperature_K) =>
      warmDiffusivity(temperature_K) * Math.max(leastDiffusivity, diffusivity(c)),
    conductivity_S_per_m: (c, temperature_K) =>
      warmConductivity(temperature_K) * Math.max(leastConductivity, conductivity(c)),
  };
}

/** Single-ion conductor that costs nothing. */
function withoutLoss(initial_mol_per_m3: number): SpmeParameters['electrolyte'] {
  return {
    initial_mol_per_m3,
    transference_1: 1,
    thermodynamicFactor_1: 1,
    diffusivity_m2_per_s: () => 1e-9,
    conductivity_S_per_m: () => NO_LOSS_S_PER_M,
  };
}
