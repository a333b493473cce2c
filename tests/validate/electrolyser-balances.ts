import type { ElectrolyserTruth } from '../../sim/plant/electrolyser/state.ts';
import { waterHeld_mol } from '../../sim/plant/electrolyser/water.ts';
import { FARADAY_C_PER_MOL } from '../../sim/plant/parts/constants.ts';

/** Something that is conserved, counted in two ways: mol, C or J. */
export interface Balance {
  readonly what: string;
  readonly found: number;
  readonly expected: number;
  /** How much of it went through: what rounding is measured against. */
  readonly through: number;
}

/** The balances of an electrolyser plant between a start and now: H2, O2, N2, charge, water, energy. */
export function electrolyserBalances(
  t: Readonly<ElectrolyserTruth>,
  start: Readonly<ElectrolyserTruth>,
  cells: number,
): readonly Balance[] {
  const into_J = t.electric_J + t.heater_J + t.pump_J;
  return [
    {
      what: 'H2',
      found: t.cathodeH2_mol + t.anodeH2_mol + t.h2Out_mol + t.h2Oxidised_mol + 2 * t.o2Recombined_mol,
      expected: t.h2Made_mol,
      through: t.h2Made_mol,
    },
    {
      what: 'O2',
      found: t.cathodeO2_mol + t.anodeO2_mol + t.o2Out_mol + t.o2Recombined_mol,
      expected: start.cathodeO2_mol + start.anodeO2_mol + (t.h2Made_mol - t.h2Oxidised_mol) / 2,
      through: t.h2Made_mol,
    },
    {
      what: 'N2',
      found: t.cathodeN2_mol + t.anodeN2_mol + t.n2Out_mol,
      expected: start.cathodeN2_mol + start.anodeN2_mol + t.n2In_mol,
      through: t.n2In_mol + 20,
    },
    {
      what: 'charge',
      found: (t.h2Made_mol * 2 * FARADAY_C_PER_MOL) / cells + t.leaked_C + t.doubleLayer_C,
      expected: t.charge_C,
      through: t.charge_C,
    },
    {
      what: 'water',
      found: waterHeld_mol(t) + t.waterSplit_mol + t.waterDrained_mol + t.vapourOut_mol,
      expected: waterHeld_mol(start) + t.waterFed_mol,
      through: t.waterFed_mol + waterHeld_mol(start),
    },
    {
      what: 'energy',
      found: t.chemical_J + t.doubleLayer_J + t.stored_J + t.cooler_J + t.loss_J + t.vapour_J + t.feed_J,
      expected: into_J,
      through: into_J + Math.abs(t.stored_J) + t.cooler_J + 1e5,
    },
  ];
}
