import type { Basis } from '../../drivers/contract/device.ts';

/** A power that a renewable source offers over time, 1 s apart, as part of its rated power. */
export interface LoadProfile {
  readonly name: string;
  readonly dt_s: 1;
  /** Power over rated power, 0..1, one value a second from second 0. */
  readonly power_frac: Float64Array;
  /** What it was made from: generator with its parameters and seed, or the file with its hash. */
  readonly source: string;
  /** The file; absent for a generated one. */
  readonly path?: string;
  /** What was read and what was done to it, one line each, for the terminal and the record; none for a generated one. */
  readonly done: readonly string[];
  readonly basis: Basis;
}

/** Load profiles by the name that a method follows them by. */
export type LoadSources = ReadonlyMap<string, LoadProfile>;

/** What was read of each load file and what was done to it, a line each, for the terminal and the record. */
export function loadLines(sources: LoadSources): readonly string[] {
  return [...sources.values()]
    .filter(profile => profile.done.length > 0)
    .flatMap(({ name, source, done }) => [
      `load ${name}: ${source}`,
      ...done.map(line => `load ${name}: ${line}`),
    ]);
}
