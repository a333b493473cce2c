import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { recordedEdits } from '../../record/kinds/edit-kind.ts';
import type { RunSource } from '../recorded-run.ts';

/** The files that a run was made from, as far as they can still be had. */

/** One of them in an export. */
export interface PackedInput {
  readonly what: string;
  /** As it was named when the run began. */
  readonly path: string;
  readonly sha256: string;
  /** In the export's folder; null: not in the record, and gone or changed since. */
  readonly file: string | null;
}

/**
 * Puts bench and method file as the record has them, and each other file that is still what it was, into a folder.
 * What is not the same any more is named and left out.
 */
export function packInputs({ meta, inputs, db }: RunSource, dir: string, folder: string): PackedInput[] {
  const texts: Readonly<Record<string, string | undefined>> = {
    bench: meta.get('benchFile'),
    method: meta.get('methodFile'),
  };
  const edited = recordedEdits(db);
  mkdirSync(join(dir, folder), { recursive: true });
  const taken = new Set(readdirSync(join(dir, folder)));
  return inputs.map(({ what, path, sha256 }) => {
    const text = (what === 'method' ? edited.find(one => one.to === sha256)?.text : undefined) ?? texts[what];
    const name = freeName(plainName(path), taken);
    const to = join(dir, folder, name);
    if (text !== undefined && sha256Of(text) === sha256) writeFileSync(to, text);
    else if (existsSync(path) && sha256Of(readFileSync(path)) === sha256) copyFileSync(path, to);
    else if (text !== undefined) writeFileSync(to, text);
    else return { what, path, sha256, file: null };
    return { what, path, sha256, file: `${folder}/${name}` };
  });
}

/** The name of a file, without what no list of names can hold on one line. */
function plainName(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go.
  return basename(path).replace(/[\u0000-\u001f\u007f\\]/g, '_');
}

/** Two files of one name from two folders stay two files. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${n}-${name}`;
  taken.add(free);
  return free;
}
