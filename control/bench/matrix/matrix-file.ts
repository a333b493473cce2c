import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../../drivers/contract/yaml-file.ts';
import { finite } from '../../contract/fields.ts';

/** Files of alarm and trip matrices: rows of interlocks for a technology, each with where its figure is from. */

/** Those that come with the program: `examples/limits/<name>.yaml`. */
export const MATRIX_NAMES = ['pem', 'alkaline', 'aem', 'soec', 'cell'] as const;

/** A figure that hangs on the bench file: `times` x `of` + `plus`, no more than `most`; `without`: where the file has no such. */
const ofBench = z.strictObject({
  of: z.string().min(1).meta({ description: 'its place in the bench file, e.g. stack.pressureMax_barg' }),
  times: finite.default(1),
  plus: finite.default(0),
  most: finite.exactOptional(),
  without: finite.exactOptional(),
});
const figure = z.union([finite, ofBench], { error: 'expected a number, or { of, times, plus }' });
export type MatrixFigure = z.infer<typeof figure>;

const row = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'expected a short name of a-z, 0-9 and -'),
  role: z.string().exactOptional(),
  basis: z.enum(['sourced', 'recalled', 'default']),
  source: z.string().min(1).meta({ description: 'where the figure is from, in words' }),
  limit: figure.exactOptional(),
  rearm: figure.exactOptional(),
  within: figure.exactOptional(),
  /** It is not judged unless the bench file says `on`: why. */
  off: z.string().min(1).exactOptional(),
  /** No interlock watches it: what does. */
  instead: z.string().min(1).exactOptional(),
});
export type MatrixRow = z.infer<typeof row>;

const matrixFile = z.strictObject({
  matrix: z.string().min(1),
  version: z.literal(1),
  doc: z.string().min(1),
  rows: z.array(row).min(1),
});

/** A matrix with where it was read. */
export interface MatrixFile {
  /** As it is named: `limits/pem`, or the file of the bench. */
  readonly path: string;
  /** Where it lies. */
  readonly file: string;
  readonly name: string;
  readonly doc: string;
  readonly rows: readonly MatrixRow[];
}

/** Reads one: by its name, or a file of one's own relative to the folder of the bench file. @throws FileError */
export function readMatrix(use: string, baseDir: string): MatrixFile {
  const isOwn = !(MATRIX_NAMES as readonly string[]).includes(use);
  const path = isOwn ? resolve(baseDir, use) : join(libraryFolder(), `${use}.yaml`);
  const { matrix, doc, rows } = parseYamlFile(path, readTextFile(path), matrixFile).value;
  return { path: isOwn ? use : `limits/${use}`, file: path, name: matrix, doc, rows };
}

/** In a checkout and in the installed package: beside the package.json. */
function libraryFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, 'examples', 'limits');
    if (existsSync(join(folder, 'package.json')) && existsSync(found)) return found;
    if (folder === dirname(folder)) throw new Error(`no examples/limits above ${import.meta.dirname}`);
  }
}
