import { z } from 'zod';
import type { EcmParameters } from '../plant/ecm/parameters.ts';

/**
 * A cell as open-circuit voltage and circuit elements over its state of charge: what `cellbench cell` makes of a table of
 * the open-circuit voltage and a record of pulses, and what a person may write by hand.
 */

const rising = z
  .array(z.number().min(0).max(1))
  .min(2)
  .refine(
    soc => soc.every((v, i) => i === 0 || v > soc[i - 1]),
    'expected states of charge that rise, each once',
  );
const volts = z.array(z.number()).min(2);
const ohms = z.array(z.number().min(0)).min(2);
const seconds = z.array(z.number().positive()).min(2);

/** The file's content. */
export const circuitSchema = z
  .strictObject({
    /** What the file is. */
    cell: z.literal('circuit'),
    name: z.string().min(1),
    capacity_Ah: z.number().positive(),
    voltageMin_V: z.number(),
    voltageMax_V: z.number(),
    openCircuit: z.strictObject({ soc_frac: rising, voltage_V: volts }),
    /** At 25 degC. */
    elements: z.strictObject({
      soc_frac: rising,
      r0_Ohm: ohms,
      r1_Ohm: ohms,
      tau1_s: seconds,
      r2_Ohm: ohms,
      tau2_s: seconds,
    }),
    /** Relative standard uncertainty of resistances and capacity. */
    resistanceU_frac: z.number().positive().max(2).default(0.05),
    capacityU_frac: z.number().positive().max(1).default(0.02),
    activation_J_per_mol: z.number().min(0).max(100_000).default(20_000),
    /** Heat of the cell, J/K, and its way to the air, W/K; of the usual size for its capacity if not given. */
    heat_J_per_K: z.number().positive().optional(),
    cooling_W_per_K: z.number().positive().optional(),
    basis: z.enum(['sourced', 'recalled', 'default']).default('sourced'),
    source: z.string().min(1),
  })
  .refine(c => c.voltageMax_V > c.voltageMin_V, 'voltageMax_V is not above voltageMin_V')
  .refine(
    c => c.openCircuit.voltage_V.length === c.openCircuit.soc_frac.length,
    'openCircuit: voltage_V and soc_frac differ in length',
  )
  .refine(
    c => Object.values(c.elements).every(column => column.length === c.elements.soc_frac.length),
    'elements: the columns differ in length',
  )
  .refine(
    c => c.openCircuit.voltage_V.every((v, i, all) => i === 0 || v >= all[i - 1]),
    'openCircuit: the voltage falls where the state of charge rises',
  );
export type Circuit = z.infer<typeof circuitSchema>;

/** Per Ah: 15 J/K and 0.02 W/K of a cylindrical cell; basis default. */
const HEAT_J_PER_K_AH = 15;
const COOLING_W_PER_K_AH = 0.02;

/** The parameter set of an equivalent circuit; `file` is named beside its source. */
export function circuitCell(circuit: Circuit, file: string): EcmParameters {
  const { openCircuit, elements, capacity_Ah } = circuit;
  const cell_J_per_K = circuit.heat_J_per_K ?? HEAT_J_PER_K_AH * capacity_Ah;
  const cooling = circuit.cooling_W_per_K ?? COOLING_W_PER_K_AH * capacity_Ah;
  return {
    name: 'own',
    about: `${circuit.name} (${file}): open-circuit voltage and circuit of that file; no ageing, no hysteresis.`,
    capacity_Ah,
    voltageMin_V: circuit.voltageMin_V,
    voltageMax_V: circuit.voltageMax_V,
    openCircuitSoc_frac: openCircuit.soc_frac,
    openCircuit_V: openCircuit.voltage_V,
    entropic_V_per_K: 0,
    elementSoc_frac: elements.soc_frac,
    r0_Ohm: elements.r0_Ohm,
    r1_Ohm: elements.r1_Ohm,
    tau1_s: elements.tau1_s,
    r2_Ohm: elements.r2_Ohm,
    tau2_s: elements.tau2_s,
    activation_J_per_mol: circuit.activation_J_per_mol,
    // A holder that is part of the cell: ten times as good a way to it as from it to the air.
    heat: {
      cell_J_per_K: 0.9 * cell_J_per_K,
      cellToHolder_W_per_K: 10 * cooling,
      holder_J_per_K: 0.1 * cell_J_per_K,
      holderToAir_W_per_K: cooling / 0.9,
    },
    agesAsLfp: false,
    basis: circuit.basis,
    source: `${circuit.source} (${file})`,
    resistanceU_frac: circuit.resistanceU_frac,
    capacityU_frac: circuit.capacityU_frac,
  };
}
