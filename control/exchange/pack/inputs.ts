import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
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
 * Puts bench and method file as the record has them, and each other file that is still what it was, into `inputs/`.
 * What is not the same any more is named and left out.
 */
export function packInputs({ meta, inputs }: RunSource, dir: string): PackedInput[] {
  const texts: Readonly<Record<string, string | undefined>> = {
    bench: meta.get('benchFile'),
    method: meta.get('methodFile'),
  };
  const taken = new Set<string>();
  mkdirSync(join(dir, 'inputs'));
  return inputs.map(({ what, path, sha256 }) => {
    const text = texts[what];
    const name = freeName(basename(path), taken);
    const to = join(dir, 'inputs', name);
    if (text !== undefined && sha256Of(text) === sha256) writeFileSync(to, text);
    else if (existsSync(path) && sha256Of(readFileSync(path)) === sha256) copyFileSync(path, to);
    else if (text !== undefined) writeFileSync(to, text);
    else return { what, path, sha256, file: null };
    return { what, path, sha256, file: `inputs/${name}` };
  });
}

/** Two files of one name from two folders stay two files. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${n}-${name}`;
  taken.add(free);
  return free;
}
