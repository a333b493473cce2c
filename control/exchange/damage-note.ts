import { type DamagedPart, damageText } from '../record/damage/marks.ts';
import type { RunSource } from './recorded-run.ts';
import type { OpenTable, TableColumn } from './tables/table.ts';

/** How an export says that its record was damaged, so that nobody takes it for a whole one. */

/** What stands in every list of what an export is. */
export const DAMAGED = 'damaged, marked';

/** For metadata: nothing where nothing was left out. */
export function damageNote({ damaged }: Pick<RunSource, 'damaged'>): {
  readonly record?: string;
  readonly damaged?: readonly DamagedPart[];
} {
  return damaged.length === 0 ? {} : { record: DAMAGED, damaged };
}

/** For metadata that takes texts only. */
export function damageLine({ damaged }: Pick<RunSource, 'damaged'>): Readonly<Record<string, string>> {
  return damaged.length === 0 ? {} : { record: `${DAMAGED}: ${damaged.map(damageText).join('; ')}` };
}

/** Writes the table `damaged`: what is left out. None where nothing is. */
export function writeDamage(
  damaged: readonly DamagedPart[],
  open: (name: string, columns: readonly TableColumn[]) => OpenTable,
): void {
  if (damaged.length === 0) return;
  const table = open('damaged', [
    { name: 'source', kind: 'text' },
    ...['from', 'to', 'from_s', 'to_s'].map(name => ({ name, kind: 'number' }) as const),
    { name: 'reason', kind: 'text' },
  ]);
  const numbers = (of: (part: DamagedPart) => number | null): Float64Array =>
    Float64Array.from(damaged, part => of(part) ?? Number.NaN);
  table.write([
    damaged.map(({ source }) => source),
    numbers(({ from }) => from),
    numbers(({ to }) => to),
    numbers(({ from_s }) => from_s),
    numbers(({ to_s }) => to_s),
    damaged.map(({ reason }) => reason),
  ]);
  table.close();
}
