import { FileError } from '../../drivers/contract/file-error.ts';

/**
 * A table of numbers under a header, comma-separated: the columns asked for, each as many numbers as rows.
 * @throws FileError: file, line, what was expected
 */
export function numberTable<Name extends string>(
  path: string,
  text: string,
  names: readonly Name[],
  optional: readonly string[] = [],
): ReadonlyMap<string, Float64Array> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  // Empty lines are none, wherever they stand.
  const numbers = [...lines.keys()].filter(i => !/^[\s,]*$/.test(lines[i]));
  const rows = numbers.map(i => lines[i]);
  if (rows.length === 0) throw new FileError(path, 1, `the file is empty, expected ${names.join(',')}`);
  const header = rows[0].split(',').map(cell => cell.trim());
  const missing = names.find(name => !header.includes(name));
  if (missing !== undefined)
    throw new FileError(
      path,
      numbers[0] + 1,
      `no column ${missing} in ${JSON.stringify(header.join(',').slice(0, 80))}, expected ${names.join(',')}`,
    );
  if (rows.length < 3) throw new FileError(path, lines.length, 'expected at least two rows under the header');
  const wanted = [...names, ...optional].filter(name => header.includes(name));
  const columns = new Map(wanted.map(name => [name, new Float64Array(rows.length - 1)] as const));
  rows.slice(1).forEach((row, i) => {
    const cells = row.split(',');
    if (cells.length !== header.length)
      throw new FileError(
        path,
        numbers[i + 1] + 1,
        `${cells.length} values, expected ${header.length} as in the header`,
      );
    for (const [name, column] of columns) {
      const cell = cells[header.indexOf(name)].trim();
      const value = cell === '' ? Number.NaN : Number(cell);
      if (!Number.isFinite(value))
        throw new FileError(path, numbers[i + 1] + 1, `${name} ${JSON.stringify(cell)}, expected a number`);
      column[i] = value;
    }
  });
  return columns;
}
