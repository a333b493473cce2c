import type { ComparedFigure, Comparison } from '../../../control/view.ts';

/** One figure of several runs: of each its value, and of each but the first how it differs from the first. */
export interface ComparedRow {
  readonly id: string;
  readonly phase: string;
  readonly unit: string;
  readonly figures: readonly ComparedFigure['a'][];
  /** Undefined: the pair has no such figure. */
  readonly compared: readonly (ComparedFigure | undefined)[];
}

/** Lays comparisons of the first run with each other one side by side, in the order of the first. */
export function comparedRows(comparisons: readonly Pick<Comparison, 'figures'>[]): readonly ComparedRow[] {
  const keyOf = ({ id, phase, unit }: ComparedFigure): string => JSON.stringify([id, phase, unit]);
  const tables = comparisons.map(({ figures }) => new Map(figures.map(figure => [keyOf(figure), figure])));
  const keys = new Set(tables.flatMap(table => [...table.keys()]));
  return [...keys].map(key => {
    const compared = tables.map(table => table.get(key));
    const [{ id, phase, unit }] = compared.filter(one => one !== undefined);
    const first = compared.find(one => one?.a !== undefined)?.a;
    return { id, phase, unit, figures: [first, ...compared.map(one => one?.b)], compared };
  });
}
