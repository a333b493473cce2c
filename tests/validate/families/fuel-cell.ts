import { seededRandom } from '../../../drivers/contract/random.ts';
import { type ReversiblePem, reversibleCell_V } from '../../../sim/plant/pem-fc/cell.ts';
import { PEM_FC_MODEL } from '../../../sim/plant/pem-fc/model.ts';
import { runFor, setAll } from '../rig-run.ts';
import { kelvin, largest, type Pair, pairsText, type Row, row } from '../row.ts';

/** Of the set, with a transport limit that does not go with the oxygen. */
const CELL: ReversiblePem = {
  reduction_A_per_cm2Pt: 2.47e-8,
  roughness_1: 240,
  oxygenOrder_1: 0.54,
  reductionActivation_J_per_mol: 67_000,
  evolution_A_per_cm2: 3e-7,
  evolutionActivation_J_per_mol: 50_000,
  crossover_A_per_cm2: 0.002,
  resistance_Ohm_cm2: 0.06,
  limit_A_per_cm2: 2,
};
/** V = E + RT/2F ln(pH2 pO2^0.5) - b log10[(i + ix)/(rf i0)] - i R + RT/2F ln(1 - i/i_lim), worked out apart; 80 degC, wet. */
const LOADS = [0.01, 0.1, 0.2, 0.5, 1, 1.5] as const;
const CURVES = [
  { bara: 1.5, volts: [0.913, 0.842, 0.814, 0.766, 0.709, 0.656] },
  { bara: 1.013, volts: [0.888, 0.817, 0.789, 0.74, 0.683, 0.63] },
] as const;
const VAPOUR_BAR = 0.4741;

function curveRow(): Row {
  const pairs = CURVES.flatMap(({ bara, volts }) => {
    const dry = bara - VAPOUR_BAR;
    const gas = { h2_bar: dry, o2_bar: 0.21 * dry };
    const cell = { ...CELL, limit_A_per_cm2: (2 * 0.21) / gas.o2_bar };
    return LOADS.map((i, k): Pair => [reversibleCell_V(cell, -i, gas, kelvin(80)), volts[k] ?? Number.NaN]);
  });
  return row({
    id: 'pem-fc.curve',
    model: 'PEM fuel cell, H2 and air at 80 °C, fully wet, 1.5 and 1.013 bara, 0.01..1.5 A/cm²',
    reference: 'the closed law of the Neyerlin 2006 family (recalled figures)',
    error: 1000 * largest(pairs),
    tolerance: 1,
    unit: 'mV',
    basis: 'published formula',
    note: `V: ${pairsText(pairs, 3)}; no measured curve was at hand`,
  });
}

function balanceRow(): Row {
  const rig = PEM_FC_MODEL.create({
    set: 'neyerlin-class',
    parameters: { crossover_mA_per_cm2: 0.01 },
    subject: { cells: 5, activeArea_cm2: 50, currentNominal_A: 50 },
    random: seededRandom(1),
  });
  setAll(rig, {
    'stack.temperatureSet_degC': 70,
    'stack.outputSet_on': 1,
    'h2.flowSet_NL_per_min': 4,
    'air.flowSet_NL_per_min': 10,
    'stack.currentSet_A': -20,
  });
  runFor(rig, 120);
  const used = rig.truthOf('used.h2_mol');
  const heat = rig.truthOf('heat.made_J');
  runFor(rig, 3600);
  const perAmpere_NL = ((rig.truthOf('used.h2_mol') - used) * 22.413969) / (20 * 5);
  const electric_J = -rig.truthOf('stack.voltage_V') * rig.truthOf('current_A') * 3600;
  // Higher heating value of what was used: 285.8 kJ/mol.
  const inside_J = (rig.truthOf('used.h2_mol') - used) * 285_850;
  const found_J = electric_J + rig.truthOf('heat.made_J') - heat;
  return row({
    id: 'pem-fc.balance',
    model: 'PEM fuel cell at 20 A for an hour: H2 used, electricity and heat',
    reference: '0.418 NL/h per ampere and cell; higher heating value of that H2',
    error: Math.max(Math.abs(100 * (perAmpere_NL / 0.41815 - 1)), Math.abs(100 * (found_J / inside_J - 1))),
    tolerance: 0.5,
    unit: '%',
    basis: 'published formula',
    note: `${perAmpere_NL.toFixed(4)} NL/(h A); ${(found_J / 1000).toFixed(1)} kJ of ${(inside_J / 1000).toFixed(1)} kJ`,
  });
}

/** Rows of the PEM fuel cell. */
export function fuelCellRows(): Row[] {
  return [curveRow(), balanceRow()];
}
