import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ownPath } from '../../../drivers/contract/code/own-code.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import type { Input } from '../../review/result.ts';

/** The files that a run is made from, with the hashes of their bytes: whoever has them can tell whether they are the same. */

/** Files of one run, by what they are. `data`: what the bench file names. */
export function inputsOf(paths: Readonly<Partial<Record<Input['what'], readonly string[]>>>): Input[] {
  return (Object.entries(paths) as [Input['what'], readonly string[]][]).flatMap(([what, list]) =>
    // One that is not there is told by whoever needs what is in it.
    list.flatMap(path => (existsSync(path) ? [inputOf(what, path)] : [])),
  );
}

/** Drivers of the lab's own, register maps, node lists, fitted parameters, the cell's own file and the matrix that a bench file names. */
export function dataFilesOf({ bench, baseDir, descriptions, matrix }: LoadedBench): string[] {
  const named = [...descriptions.values()].flatMap(description => description.dataFiles ?? []);
  const more = [bench.twin?.fitted, bench.twin?.cell].flatMap(file =>
    file === undefined ? [] : [isAbsolute(file) ? file : join(baseDir, file)],
  );
  const drivers = bench.drivers.map(file => ownPath(file, baseDir));
  const limits = matrix === undefined ? [] : [matrix.file];
  return [...new Set([...drivers, ...named, ...more, ...limits])];
}

function inputOf(what: Input['what'], path: string): Input {
  const bytes = readFileSync(path);
  return { what, path, bytes: bytes.length, sha256: sha256Of(bytes) };
}
