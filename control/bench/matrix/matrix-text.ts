import type { MatrixOnBench, MatrixUsed } from './matrix-use.ts';

/** How the matrix of a bench stands on it, in lines for people: what is not watched is always among them. */
export function matrixLines({ path, rows }: MatrixOnBench): readonly string[] {
  const of = (is: MatrixUsed['is']): readonly MatrixUsed[] => rows.filter(row => row.is === is);
  const named = (list: readonly MatrixUsed[]): string => list.map(({ id }) => id).join(', ');
  const [watched, own, changed] = [of('watched'), of('own'), of('changed')];
  return [
    `Alarm and trip matrix ${path}: ${watched.length + changed.length} of ${rows.length} rows judged`,
    ...(watched.length === 0 ? [] : [`  as they are: ${named(watched)}`]),
    ...(own.length === 0 ? [] : [`  left to stricter ones of the bench: ${named(own)}`]),
    ...changed.map(({ id, why }) => `  ${id}, other than the matrix: ${why}`),
    ...of('not watched').map(({ id, why }) => `  ${id}: not watched, ${why}`),
  ];
}
