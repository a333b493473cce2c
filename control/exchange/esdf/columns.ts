import { FileError } from '../../../drivers/contract/file-error.ts';
import type { SubjectColumn } from '../by-subject/subject-column.ts';
import type { Vocabulary } from '../by-subject/write-subject.ts';
import { type RunSource, rolesByChannel } from '../recorded-run.ts';
import { esdfTerm } from './terms.ts';

/** The electrolyser stack's sibling of BDF; our own proposal, nobody has published one. */
export const ESDF_VOCABULARY: Vocabulary = {
  ending: 'esdf',
  name: 'Electrolyser Stack Data Format (proposal of cellbench)',
  version: '1',
  columns: esdfColumns,
};

/** Voltage and current of the whole stack come first: one of them is read at each row. */
const FIRST = ['stack.voltage_V', 'stack.current_A'];

function esdfColumns(source: RunSource): SubjectColumn[] {
  const { bench, path, devices } = source;
  if (bench.subject?.kind !== 'stack') {
    const what = bench.subject === undefined ? 'nothing is said to be' : 'a cell is';
    throw new FileError(
      path,
      0,
      `${what} under test, expected a stack: ESDF is for stacks (--to bdf for cells)`,
    );
  }
  const roles = rolesByChannel(source);
  const columns = devices.flatMap(device =>
    source.reader(device).channels.flatMap((name, channel): SubjectColumn[] => {
      const role = roles.get(`${device}.${name}`);
      if (role === undefined) return [];
      const member = /\[(\d+)\]/.exec(name)?.[1];
      const term = esdfTerm(role, role.endsWith('[]') && member !== undefined ? Number(member) : undefined);
      return [{ role, term, device, channel }];
    }),
  );
  const first = FIRST.map(role => {
    const column = columns.find(one => one.role === role);
    if (column === undefined)
      throw new FileError(path, 0, `${role} is not recorded, expected it: ESDF requires it`);
    return column;
  });
  return [...first, ...columns.filter(column => !first.includes(column))];
}
