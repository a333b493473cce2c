import { splitName } from '../../profiles/language/units/names.ts';
import { RETURNED } from '../../profiles/run-kpis.ts';
import { INPUT_KINDS } from '../contract/input-kind.ts';
import type { Kpi, RunResult } from './result.ts';

/** Two results figure by figure: what differs is what lies farther apart than both uncertainties together. */

/**
 * `same`: within the combined u95; `differs`: beyond it; `unknown`: one has no value or no uncertainty, so that nobody
 * can say; `only-a`, `only-b`: the other run has no such figure.
 */
export type ComparedAs = 'same' | 'differs' | 'unknown' | 'only-a' | 'only-b';

/** One figure of both runs. `difference` is b minus a; `u95` that of the difference (k = 2), null where not known. */
export interface ComparedFigure {
  readonly id: string;
  readonly phase: string;
  readonly unit: string;
  readonly a: Kpi | undefined;
  readonly b: Kpi | undefined;
  readonly difference: number | null;
  readonly u95: number | null;
  readonly as: ComparedAs;
}

/** Two runs side by side. */
export interface Comparison {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly figures: readonly ComparedFigure[];
  /** What has to be known before a difference is believed: another method, bench, mode, other files. */
  readonly notes: readonly string[];
}

/** One of the runs, named. */
export interface ComparedRun {
  readonly name: string;
  readonly result: RunResult;
}

/**
 * Compares the figures of two results, in the order of the first. Uncertainties are combined as independent (GUM, JCGM
 * 100:2008, 5.1.2): what both readings of one instrument share counts twice, so that a difference is never claimed too
 * early. Counts (unit 1, no uncertainty) are exact.
 */
export function compareResults(a: ComparedRun, b: ComparedRun): Comparison {
  const keyOf = keysIn(a, b);
  const others = new Map(b.result.kpis.map(kpi => [keyOf(kpi), kpi]));
  const figures = a.result.kpis.map(kpi => {
    const other = others.get(keyOf(kpi));
    others.delete(keyOf(kpi));
    return comparedFigure(kpi, other);
  });
  figures.push(...[...others.values()].map(kpi => comparedFigure(undefined, kpi)));
  return { a, b, figures, notes: notesOf(a.result, b.result) };
}

/**
 * What a figure is known by in both runs. What a method returns has its unit in its id where two of its figures share the
 * rest of their names: that need not be so in the other run.
 */
function keysIn(...runs: readonly ComparedRun[]): (kpi: Kpi) => string {
  const plain = ({ id, phase = '', unit }: Kpi): string => JSON.stringify([id, phase, unit]);
  const own = new Set(runs.flatMap(({ result }) => result.kpis.map(plain)));
  return kpi => {
    const stem = kpi.phase === RETURNED ? splitName(kpi.id)?.stem : undefined;
    const bare = stem === undefined ? undefined : plain({ ...kpi, id: stem });
    return bare !== undefined && own.has(bare) ? bare : plain(kpi);
  };
}

/** Figures that both runs have and of which it can be said whether they differ. */
export function comparedCount({ figures }: Pick<Comparison, 'figures'>): number {
  return figures.filter(({ as }) => as === 'same' || as === 'differs').length;
}

/** The outcome in one line, for every page and screen: how many differ of those that can be compared, and what cannot. */
export function comparisonOutcome({ figures }: Pick<Comparison, 'figures'>): string {
  const count = (...kinds: readonly ComparedAs[]): number =>
    figures.filter(({ as }) => kinds.includes(as)).length;
  const compared = comparedCount({ figures });
  const alone = count('only-a', 'only-b');
  const unknown = count('unknown');
  const rest = [
    ...(alone === 0 ? [] : [`${alone} stand in one run only`]),
    ...(unknown === 0 ? [] : [`${unknown} cannot be compared (no value, or no uncertainty on one side)`]),
  ];
  if (compared === 0)
    return `nothing can be compared: ${alone === figures.length ? 'the runs have no figure in common' : rest.join(', ')}`;
  const said = `${count('differs')} of ${compared} compared figures differ beyond their combined u95 (k = 2)`;
  return [said, ...rest].join('; ');
}

function comparedFigure(a: Kpi | undefined, b: Kpi | undefined): ComparedFigure {
  const one = (a ?? b) as Kpi;
  const common = { id: one.id, phase: one.phase ?? '', unit: one.unit, a, b };
  if (a === undefined || b === undefined)
    return { ...common, difference: null, u95: null, as: a === undefined ? 'only-b' : 'only-a' };
  if (a.value === null || b.value === null) return { ...common, difference: null, u95: null, as: 'unknown' };
  const difference = b.value - a.value;
  const isCount = one.unit === '1' && Number.isInteger(a.value) && Number.isInteger(b.value);
  const known = a.u95 !== undefined && b.u95 !== undefined;
  if (!known && !isCount)
    return { ...common, difference, u95: null, as: difference === 0 ? 'same' : 'unknown' };
  const u95 = Math.hypot(a.u95 ?? 0, b.u95 ?? 0);
  return { ...common, difference, u95, as: Math.abs(difference) > u95 ? 'differs' : 'same' };
}

function notesOf(a: RunResult, b: RunResult): string[] {
  const notes: string[] = [];
  for (const key of ['method', 'bench', 'mode', 'timeFactor'] as const) {
    if (a[key] !== b[key]) notes.push(`${key}: ${a[key]} and ${b[key]}`);
  }
  for (const what of INPUT_KINDS) {
    const sums = [a, b].map(({ inputs }) =>
      inputs
        .filter(input => input.what === what)
        .map(({ sha256 }) => sha256)
        .sort()
        .join(),
    );
    if (sums[0] !== sums[1]) notes.push(`${what} files are not the same`);
  }
  for (const { verdict } of [a, b])
    if (verdict !== 'completed' && verdict !== 'imported')
      notes.push(`one of them did not just complete: ${verdict}`);
  return notes;
}
