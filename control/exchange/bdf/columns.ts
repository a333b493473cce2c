import { FileError } from '../../../drivers/contract/file-error.ts';
import type { SubjectColumn } from '../by-subject/subject-column.ts';
import type { Vocabulary } from '../by-subject/write-subject.ts';
import { placeOfRole, type RunSource } from '../recorded-run.ts';
import { BDF_ROLES } from './terms.ts';

/** The Battery Data Format, for cells. */
export const BDF_VOCABULARY: Vocabulary = {
  ending: 'bdf',
  name: 'Battery Data Format',
  version: '1.3.0',
  columns: bdfColumns,
};

/** The columns that a run of a cell has; the first two are voltage and current. @throws FileError where it is no cell's */
function bdfColumns(source: RunSource): SubjectColumn[] {
  const { bench, path } = source;
  if (bench.subject?.kind !== 'cell') {
    const what = bench.subject === undefined ? 'nothing is said to be' : 'a stack is';
    throw new FileError(
      path,
      0,
      `${what} under test, expected a cell: BDF is for cells (--to esdf for stacks)`,
    );
  }
  const columns = BDF_ROLES.flatMap(({ role, term, otherwise }): SubjectColumn[] => {
    const place = placeOfRole(source, role);
    if (place === undefined) return [];
    const fits = otherwise === undefined || countsFromZero(source, place);
    return [{ role, term: fits ? term : otherwise, ...place }];
  });
  for (const role of ['cell.voltage_V', 'cell.current_A']) {
    if (!columns.some(column => column.role === role))
      throw new FileError(path, 0, `${role} is not recorded, expected it: BDF requires it`);
  }
  return columns;
}

/** Whether a counter begins at 0 and never falls, as one that belongs to the whole test. */
function countsFromZero(
  source: RunSource,
  { device, channel }: { readonly device: string; readonly channel: number },
): boolean {
  let last = Number.NaN;
  for (const stretch of source.reader(device).stretches({ channels: [channel] })) {
    for (const value of stretch.usable(channel)) {
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(last) ? value !== 0 : value < last) return false;
      last = value;
    }
  }
  return true;
}
