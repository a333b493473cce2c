import { type CellKind, cellPlant, positiveFigure, START_SOC } from '../cell/plant.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import { ecm } from './ecm.ts';
import { ECM_SETS, type EcmParameters } from './parameters.ts';

const HOLDER = { basis: 'default', source: 'heat of cell and holder as of the set' } as const;

function declared(set: EcmParameters): readonly DeclaredParameter[] {
  const factor = (name: string): DeclaredParameter => positiveFigure(name, 1, set.resistanceU_frac, set);
  return [
    START_SOC,
    positiveFigure('capacity_Ah', set.capacity_Ah, set.capacityU_frac, set),
    // Factors on the set's tables.
    factor('r0_1'),
    factor('r1_1'),
    factor('tau1_1'),
    ...(set.r2_Ohm.some(r => r > 0) ? [factor('r2_1'), factor('tau2_1')] : []),
    declare(
      'activation_J_per_mol',
      set.activation_J_per_mol,
      [0, 100_000],
      5000,
      'default',
      'usual size for the resistance of Li-ion cells',
    ),
    positiveFigure('cellHeat_J_per_K', set.heat.cell_J_per_K, 0.1, HOLDER),
    positiveFigure('holderToAir_W_per_K', set.heat.holderToAir_W_per_K, 0.2, HOLDER),
  ];
}

const KIND: Omit<CellKind<EcmParameters>, 'sets'> = {
  name: 'ecm',
  about:
    'Equivalent circuit of a cell: open-circuit voltage, R0 and two RC elements over the state of charge, one Arrhenius ' +
    'factor on the resistances, cell and holder as two lumps of heat; spectrum and pulse have the same resistances. Not ' +
    'modelled: electrode potentials, plating, hysteresis, diffusion beyond the two RC elements; ageing only in the set ' +
    'lfp-26650.',
  declared,
  limits_V: set => [set.voltageMin_V, set.voltageMax_V],
  model(set, figures) {
    const times = (values: readonly number[], name: string): number[] =>
      values.map(v => v * (figures[name] ?? 1));
    return ecm(
      {
        ...set,
        capacity_Ah: figures['capacity_Ah'],
        r0_Ohm: times(set.r0_Ohm, 'r0_1'),
        r1_Ohm: times(set.r1_Ohm, 'r1_1'),
        tau1_s: times(set.tau1_s, 'tau1_1'),
        r2_Ohm: times(set.r2_Ohm, 'r2_1'),
        tau2_s: times(set.tau2_s, 'tau2_1'),
        activation_J_per_mol: figures['activation_J_per_mol'],
        heat: {
          ...set.heat,
          cell_J_per_K: figures['cellHeat_J_per_K'],
          holderToAir_W_per_K: figures['holderToAir_W_per_K'],
        },
      },
      { soc_frac: figures['startSoc_frac'], temperature_degC: figures['start_degC'] },
    );
  },
};

/** Equivalent circuits with two RC elements, of these cells. */
export function ecmPlant(sets: readonly EcmParameters[]): PlantModel {
  return cellPlant({ ...KIND, sets });
}

/** Those of the cells that the project knows. */
export const ECM_MODEL: PlantModel = ecmPlant(ECM_SETS);
