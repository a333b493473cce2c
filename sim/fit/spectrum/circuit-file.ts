import { stringify } from 'yaml';
import { z } from 'zod';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../../drivers/contract/yaml-file.ts';

/** The file that a fitted circuit leaves behind. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const figures = z.record(z.string(), finite);

const circuitSchema = z.strictObject({
  /** As it was fitted, e.g. L0-R0-p(R1,CPE1)-Wo1. */
  circuit: z.string().min(1),
  /** Values by name; the unit ends the name (`Ssn`: s^n per Ohm). */
  parameters: figures,
  /** Standard uncertainty (k = 1) and 95 % interval of each that has one. */
  u: figures,
  low95: figures,
  high95: figures,
  /** Those that ended at a bound, and those that the data do not tell: their values are no result. */
  atBound: z.array(z.string()).optional(),
  undetermined: z.array(z.string()).optional(),
  /** Linear Kramers-Kronig test; residuals as parts of the modulus, systematic: what is no noise. */
  kramersKronig: z
    .strictObject({
      passes: z.boolean(),
      links: z.number().int(),
      mu: finite,
      rms_frac: finite,
      systematic_frac: finite,
      leftOut_Hz: z.array(finite),
    })
    .optional(),
  data: z.strictObject({ kind: z.string().min(1), file: z.string().min(1), unit: z.string().min(1) }),
  /** Root mean square of measured minus fitted, part of the modulus. */
  rms_frac: finite.min(0),
  points: z.number().int().min(1),
  warnings: z.array(z.string()).optional(),
  done: z.array(z.string()).optional(),
  /** When it was fitted, ISO 8601 UTC. */
  date: z.string().min(1),
  basis: z.literal('fitted'),
});

/** A fitted circuit with what it rests on. */
export type CircuitFile = z.infer<typeof circuitSchema>;

/** Reads a file of a fitted circuit. @throws FileError: file, line, what was expected */
export function readCircuitFile(path: string): CircuitFile {
  return parseYamlFile(path, readTextFile(path, 'a circuit file made by fit'), circuitSchema).value;
}

/** The file's text; figures at a bound stand at its head. */
export function circuitText(file: CircuitFile): string {
  const bound = (file.atBound ?? []).map(
    name => `# ${name} is at its bound: the data pull further, the value is the bound's.\n`,
  );
  return `# Made by cellbench fit circuit: what one spectrum shows at one state, for reports and for comparing spectra. No twin is made\n# of it: "fit ecm PULSES" or "fit ecm SPECTRUM" write the figures of a plant.\n${bound.join('')}${stringify(file)}`;
}
