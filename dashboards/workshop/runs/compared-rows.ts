/** One figure of a run, as the comparison has it. */
export interface ComparedValue {
  readonly value: number | null;
  readonly u95: number | null;
}

/** One figure of the first run and of another one. */
export interface ComparedPair {
  readonly id: string;
  readonly phase: string;
  readonly unit: string;
  readonly a: ComparedValue | null;
  readonly b: ComparedValue | null;
  /** b minus a, and the expanded uncertainty of that; null: not known. */
  readonly difference: number | null;
  readonly u95: number | null;
  readonly as: string;
}

/** The first run beside another one. */
export interface Compared {
  readonly notes: readonly string[];
  readonly figures: readonly ComparedPair[];
}

/** One figure of several runs: of each its value, and of each but the first how it differs from the first. */
export interface ComparedRow {
  readonly id: string;
  readonly phase: string;
  readonly unit: string;
  readonly values: readonly (ComparedValue | null)[];
  /** Undefined: neither of the pair has such a figure. */
  readonly pairs: readonly (ComparedPair | undefined)[];
}

/** Lays comparisons of the first run with each other one side by side, in the order of the first. */
export function comparedRows(compared: readonly Compared[]): readonly ComparedRow[] {
  const keyOf = ({ id, phase, unit }: ComparedPair): string => JSON.stringify([id, phase, unit]);
  const tables = compared.map(({ figures }) => new Map(figures.map(figure => [keyOf(figure), figure])));
  const keys = new Set(tables.flatMap(table => [...table.keys()]));
  return [...keys].map(key => {
    const pairs = tables.map(table => table.get(key));
    const [{ id, phase, unit }] = pairs.filter(pair => pair !== undefined);
    const first = pairs.find(pair => pair !== undefined && pair.a !== null)?.a ?? null;
    return { id, phase, unit, values: [first, ...pairs.map(pair => pair?.b ?? null)], pairs };
  });
}
