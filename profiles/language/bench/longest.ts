import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import { planOf } from './plan.ts';
import type { BenchNames } from './reference.ts';

/** `longest_s` is infinite where a part is not bounded by the file alone; `unbounded` says which parts. */
export interface LongestTime {
  readonly longest_s: number;
  readonly unbounded: readonly string[];
}

/**
 * The longest time that a method can take, by its plan. `parameters`: what is given for those of the main file. `find`: the
 * path of a procedure by its name. @throws FileError
 */
export function longestTime(
  files: LanguageFiles,
  bench: BenchNames,
  find: ReadCalled,
  parameters: Readonly<Record<string, number>> = {},
): LongestTime {
  const { longest_s, unbounded } = planOf(files, bench, find, new Map(Object.entries(parameters)));
  return { longest_s, unbounded };
}
