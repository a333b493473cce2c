import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { MisfitError, nearest, type Place } from '../drivers/contract/explain.ts';
import { FileError } from '../drivers/contract/file-error.ts';
import { seededRandom } from '../drivers/contract/random.ts';
import { readFittedFile } from './fit/fitted-file.ts';
import { type OwnCell, ownCellSchema, readOwnCell } from './own-cell/own-cell.ts';
import type { PlantModel, PlantRig, PlantSubject } from './plant/parts/model.ts';
import { ownPlant, PLANTS, plantFor } from './plants.ts';

/** From what a bench file says of its twin to a rig. */

/** Which plant, with which figures: complete, checked, and plain data that another process can be given. */
export const plantChoiceSchema = z.strictObject({
  plant: z.string().min(1),
  set: z.string().min(1),
  /** The cell of the user's own that the plant is made from, if it is. */
  cell: ownCellSchema.optional(),
  /** Declared figures that differ from the set's, by name. */
  parameters: z.record(z.string(), z.number()),
  subject: z.strictObject({
    cells: z.number().int().min(1),
    activeArea_cm2: z.number().min(0),
    currentNominal_A: z.number().positive(),
  }),
});
export type PlantChoice = z.infer<typeof plantChoiceSchema>;

/** As the bench file writes it. */
export interface TwinSection {
  readonly plant: string;
  readonly set?: string | undefined;
  readonly parameters: Readonly<Record<string, number>>;
  readonly fitted?: string | undefined;
  /** File of a cell of the user's own: BPX, or open-circuit voltage and circuit. */
  readonly cell?: string | undefined;
}

/**
 * Checks the section against the plant: its name, its set, and that every figure is declared and within its bounds.
 * Figures of the section stand above those of the fitted file. `kind` is what the bench has under test.
 * @throws MisfitError with the place inside the section, FileError for the fitted file
 */
export function choosePlant(
  section: TwinSection,
  kind: PlantModel['kind'],
  subject: PlantSubject,
  baseDir: string,
): PlantChoice {
  const known = PLANTS.find(plant => plant.name === section.plant);
  if (known === undefined || known.kind !== kind) {
    const names = PLANTS.filter(plant => plant.kind === kind).map(plant => plant.name);
    const near = nearest(section.plant, names);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    throw misfit(
      ['plant'],
      `"${section.plant}" is no plant of a ${kind}${hint}, expected one of ${names.join(', ')}`,
    );
  }
  const cell = section.cell === undefined ? undefined : ownCellOf(section.cell, baseDir);
  const model = cell === undefined ? known : modelOf(known.name, cell);
  const fitted = section.fitted === undefined ? undefined : fittedOf(section.fitted, baseDir);
  if (fitted !== undefined && fitted.plant !== model.name)
    throw misfit(['fitted'], `is fitted for plant "${fitted.plant}", expected one for "${model.name}"`);
  const set = section.set ?? fitted?.set ?? model.sets[0];
  if (!model.sets.includes(set))
    throw misfit(['set'], `"${set}" is no set of ${model.name}, expected one of ${model.sets.join(', ')}`);
  for (const [name, value] of Object.entries(section.parameters)) {
    checkFigure(model, set, ['parameters', name], name, value);
  }
  for (const [name, value] of Object.entries(fitted?.parameters ?? {}))
    checkFigure(model, set, ['fitted'], name, value);
  const parameters = { ...fitted?.parameters, ...section.parameters };
  const own = cell === undefined ? {} : { cell };
  return { plant: model.name, set, ...own, parameters, subject: { ...subject } };
}

/** A file that cannot be opened is a fault of the line that names it, one that is wrong inside is its own. */
function fittedOf(file: string, baseDir: string): ReturnType<typeof readFittedFile> {
  try {
    return readFittedFile(isAbsolute(file) ? file : join(baseDir, file));
  } catch (error) {
    if (error instanceof FileError && error.line === 0) throw misfit(['fitted'], `"${file}" ${error.text}`);
    throw error;
  }
}

function ownCellOf(file: string, baseDir: string): OwnCell {
  try {
    return readOwnCell(isAbsolute(file) ? file : join(baseDir, file));
  } catch (error) {
    if (error instanceof FileError && error.line === 0) throw misfit(['cell'], `"${file}" ${error.text}`);
    throw error;
  }
}

function modelOf(plant: string, cell: OwnCell): PlantModel {
  try {
    return ownPlant(plant, cell);
  } catch (error) {
    if (error instanceof RangeError) throw misfit(['cell'], error.message);
    throw error;
  }
}

function checkFigure(model: PlantModel, set: string, place: Place, name: string, value: number): void {
  const declared = model.parameters(set);
  const found = declared.find(parameter => parameter.name === name);
  if (found === undefined) {
    const names = declared.map(parameter => parameter.name);
    const near = nearest(name, names);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    throw misfit(
      place,
      `"${name}" is no parameter of ${model.name}${hint}, expected one of ${names.join(', ')}`,
    );
  }
  if (!(value >= found.low && value <= found.high))
    throw misfit(place, `${name} ${value}, expected ${found.low}..${found.high}`);
}

function misfit(place: Place, text: string): MisfitError {
  return new MisfitError({ place, missing: false, text });
}

/** The rig of a checked choice. The same seed gives the same cells, sensors and noise. */
export function openRig(choice: PlantChoice, seed: number): PlantRig {
  const { set, parameters, subject } = choice;
  return plantFor(choice).create({ set, parameters, subject, random: seededRandom(seed) });
}
