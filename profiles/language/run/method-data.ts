/** Data files of a method, by their names. */
export interface MethodData {
  /** A column in the unit of its name, at s seconds of the file's time. */
  column(name: string, column: string): ((at_s: number) => number) | undefined;
  /** Where it ends, s; Infinity where it repeats. */
  end_s(name: string): number;
}
