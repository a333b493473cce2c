import type { PlantSubject } from '../parts/model.ts';
import {
  type AlkalineCurveSet,
  DE_GROOT_CURVE,
  SAKAS_CURVE,
  SANCHEZ_CURVE,
  ULLEBERG_CURVE,
} from './curves.ts';
import { type FaradaicCurve, SANCHEZ_FARADAIC, ULLEBERG_FARADAIC } from './purity.ts';

/** One alkaline stack as data: its curve, and how its losses of current and purity are known. */
export interface AlkalineSet {
  readonly name: string;
  readonly curve: AlkalineCurveSet;
  /** Measured faradaic efficiency; without it the shunt ladder gives the loss of current. */
  readonly faradaic?: FaradaicCurve;
  /** H2 in O2 was measured on this stack (Sanchez 2018); without that diaphragm and lye mixing give it. */
  readonly isPurityMeasured: boolean;
  /** Pressures for which curve and purity both hold, bar absolute; those of the curve if not said. */
  readonly valid_bara?: readonly [number, number];
  readonly koh_frac: number;
  /** Lye pumped through the stack for each cm2 of cell, mL/min. Basis default. */
  readonly lyeFlow_mL_per_min_cm2: number;
  readonly nominalCell_V: number;
  /** The stack that was measured; area and number recalled where the paper was not at hand. */
  readonly subject: PlantSubject;
}

/** Sets by name, the default first. */
export const ALKALINE_SETS: readonly AlkalineSet[] = [
  {
    name: 'sanchez-15kw',
    curve: SANCHEZ_CURVE,
    faradaic: SANCHEZ_FARADAIC,
    isPurityMeasured: true,
    valid_bara: [5, 9],
    koh_frac: 0.35,
    lyeFlow_mL_per_min_cm2: 0.5,
    nominalCell_V: 2.1,
    subject: { cells: 12, activeArea_cm2: 1000, currentNominal_A: 500 },
  },
  {
    name: 'ulleberg-26kw',
    curve: ULLEBERG_CURVE,
    faradaic: ULLEBERG_FARADAIC,
    isPurityMeasured: false,
    koh_frac: 0.3,
    lyeFlow_mL_per_min_cm2: 0.5,
    nominalCell_V: 1.85,
    subject: { cells: 21, activeArea_cm2: 2500, currentNominal_A: 700 },
  },
  {
    name: 'degroot-30bar',
    curve: DE_GROOT_CURVE,
    isPurityMeasured: false,
    koh_frac: 0.3,
    lyeFlow_mL_per_min_cm2: 0.5,
    nominalCell_V: 1.92,
    subject: { cells: 40, activeArea_cm2: 2000, currentNominal_A: 1200 },
  },
  {
    name: 'industrial-16bar',
    curve: SAKAS_CURVE,
    isPurityMeasured: false,
    koh_frac: 0.25,
    lyeFlow_mL_per_min_cm2: 0.2,
    nominalCell_V: 1.9,
    subject: { cells: 326, activeArea_cm2: 26600, currentNominal_A: 5000 },
  },
];

/** The set of this name; throws a RangeError that lists the names if there is none. */
export function alkalineSet(name: string): AlkalineSet {
  const set = ALKALINE_SETS.find(candidate => candidate.name === name);
  if (set === undefined)
    throw new RangeError(
      `no alkaline set "${name}"; there are: ${ALKALINE_SETS.map(s => s.name).join(', ')}`,
    );
  return set;
}
