import type { LanguageFile } from '../file/nodes.ts';
import type { Known } from './constants.ts';
import type { NamesOfFile } from './known-part.ts';
import type { OnBench } from './on-bench.ts';
import type { BenchNames } from './reference.ts';
import type { Standing } from './standing.ts';

/** What is at hand where a method is gone through before its run: one file, with what is known at this place of it. */
export interface Looking {
  readonly file: LanguageFile;
  readonly bench: BenchNames;
  readonly on: OnBench;
  readonly names: NamesOfFile;
  readonly known: Known;
  readonly standing: Standing;
  readonly dataEnd_s: DataEnds;
  /** Perhaps never gone through: the branch of an `if` that does not hold or of which nobody knows, a loop of no rounds. */
  readonly isSkipped?: boolean;
}

/** Where each data file ends, s, by path of the method and name in it; undefined: it repeats, or was not read yet. */
export type DataEnds = (path: string, data: string) => number | undefined;

/** Keys of a block as they are written. */
export type Keys = Readonly<Record<string, unknown>>;
