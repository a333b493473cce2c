import { stringify } from 'yaml';
import { z } from 'zod';
import { readTextFile } from '../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../drivers/contract/yaml-file.ts';

/** The parameter file that a fit leaves behind and a bench file's `twin: { fitted: FILE }` takes. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');

const fittedSchema = z.strictObject({
  plant: z.string().min(1),
  set: z.string().min(1),
  /** Fitted values by declared name, in the unit that ends the name. */
  parameters: z
    .record(z.string(), finite)
    .refine(p => Object.keys(p).length > 0, 'expected at least one fitted parameter'),
  /** Standard uncertainty (k = 1) of each, same unit; a name without an entry has none that the data could tell. */
  u: z.record(z.string(), finite.min(0)),
  /** Those of them that ended at a bound: the data pull further, the value is the bound's. */
  atBound: z.array(z.string()).optional(),
  /** Figures fitted beside the plant's own, such as the inductance of the leads; no bench takes them. */
  beside: z.record(z.string(), finite).optional(),
  /** What a reader must know before using the figures. */
  warnings: z.array(z.string()).optional(),
  /** What was done to the data before the fit. */
  done: z.array(z.string()).optional(),
  /** What the data are (`kind`: polarisation curve, time series, impedance spectrum), and the unit of `rmse`. */
  data: z.strictObject({ kind: z.string().min(1), file: z.string().min(1), unit: z.string().min(1) }),
  /** Root mean square of measured minus fitted, in `data.unit`. */
  rmse: finite.min(0),
  points: z.number().int().min(1),
  /** When it was fitted, ISO 8601 UTC. */
  date: z.string().min(1),
  basis: z.literal('fitted'),
});

/** A fitted parameter set: which plant and set it stands on, values, uncertainties and where they come from. */
export type FittedFile = z.infer<typeof fittedSchema>;

/** Reads a fitted parameter file. @throws FileError: file, line, what was expected */
export function readFittedFile(path: string): FittedFile {
  return parseYamlFile(path, readTextFile(path, 'a parameter file made by fit'), fittedSchema).value;
}

/** The file's text; figures at a bound stand at its head. */
export function fittedText(fitted: FittedFile): string {
  const bound = (fitted.atBound ?? []).map(
    name => `# ${name} is at its bound: the data pull further, the value is the bound's.\n`,
  );
  return `# Made by cellbench fit; a bench file takes it as twin: { plant: ${fitted.plant}, fitted: FILE }.\n${bound.join('')}${stringify(fitted)}`;
}
