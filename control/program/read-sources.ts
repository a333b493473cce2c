import { dirname, resolve } from 'node:path';
import { nearest } from '../../drivers/contract/explain.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { bytesOf } from '../../drivers/contract/text-file.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { PLAIN_ENTRY } from '../../profiles/data-file/entry.ts';
import { generatedWind } from '../../profiles/data-file/wind.ts';
import { readLoadFile } from '../../profiles/loads/load-file.ts';
import type { LoadProfile, LoadSources } from '../../profiles/loads/load-profile.ts';
import type { LoadedMethod } from '../../profiles/method-file.ts';

/** The source that is there without a file: a wind generated from the seed. */
const WIND = 'wind';
/** Mean wind of the generated series, m/s (bench default: a good coastal site). */
const WIND_MEAN_M_PER_S = 9;

/**
 * The load series that a method follows: the files of its `data:`, each checked whole; `--wind FILE` in the place of
 * `wind`'s file; a generated wind where there is none. @throws FileError for a file that cannot be followed, and for a
 * step that follows what nobody has named
 */
export function readSources(
  options: { readonly wind?: string | undefined; readonly seed: number },
  method: LoadedMethod,
): LoadSources {
  const { data } = method;
  const sources = new Map<string, LoadProfile>();
  // A method of version 2 has its data with it.
  if (method.procedure.program !== undefined) return sources;
  for (const [name, entry] of Object.entries(data)) {
    const given = name === WIND ? options.wind : undefined;
    if (given === undefined && entry.file === undefined) {
      const way = name === WIND ? 'file: with its name, or --wind FILE' : 'file: with its name';
      throw method.error(['data', name], `no file is named, expected ${way}`);
    }
    const path = given ?? resolve(dirname(method.path), entry.file ?? '');
    const bytes = bytesOf(path, 'a load series');
    sources.set(name, readLoadFile({ name, path, bytes }, entry, neededOf(method, name)));
  }
  if (!sources.has(WIND)) sources.set(WIND, plainWind(options, neededOf(method, WIND)));
  for (const [at, instruction] of method.procedure.instructions.entries()) {
    if (instruction.op === 'follow' && !sources.has(instruction.follow.source))
      throw unknownSource(method, at, instruction.follow.source, [...sources.keys()]);
  }
  return sources;
}

function plainWind(
  options: { readonly wind?: string | undefined; readonly seed: number },
  needed_s: number,
): LoadProfile {
  if (options.wind !== undefined) {
    const bytes = bytesOf(options.wind, 'a load series');
    return readLoadFile({ name: WIND, path: options.wind, bytes }, PLAIN_ENTRY, needed_s);
  }
  const wind = {
    seconds: Math.max(600, Math.ceil(needed_s)),
    mean_m_per_s: WIND_MEAN_M_PER_S,
    seed: options.seed,
  };
  const made = generatedWind(wind, seededRandom(options.seed));
  return { name: WIND, dt_s: 1, ...made, done: [], basis: 'default' };
}

/** A file that no step follows is checked all the same, so much of it, s. */
const LEAST_S = 60;

/** The longest that a step follows a source, s. */
function neededOf(method: LoadedMethod, name: string): number {
  const follows = method.procedure.instructions.map(i =>
    i.op === 'follow' && i.follow.source === name ? i.follow.for_s : 0,
  );
  return Math.max(LEAST_S, ...follows);
}

function unknownSource(
  method: LoadedMethod,
  instruction: number,
  name: string,
  known: readonly string[],
): FileError {
  const near = nearest(name, known);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  const text = `no load source "${name}"${hint}, expected one of ${known.join(', ')}, or its file under data:`;
  return new FileError(method.path, method.lineOf(instruction), text);
}
