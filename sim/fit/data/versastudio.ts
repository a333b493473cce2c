import { FileError } from '../../../drivers/contract/yaml-file.ts';

/**
 * Text files of VersaStudio (Princeton Applied Research, .par): sections in angle brackets, the data in `<Segment1>` and
 * on, each with its columns behind `Definition=` (VersaStudio manual, "Save new data"; layout as impedance.py's
 * readVersaStudio has it: M. Murbach et al., J. Open Source Softw. 5 (2020) 2349).
 */

const SEGMENT = /^\s*<Segment\d+>/i;
const DEFINITION = /^\s*Definition=/i;
const END = /^\s*<\/Segment/i;

/**
 * The lines of such a file with the columns of its segments as a table, at the same lines: all else is left empty. A
 * frequency that is 0 throughout (no impedance was measured) has no name. Other texts stay as they are.
 * @throws FileError where the data are binary, or the segments have different columns
 */
export function versaStudioLines(path: string, lines: readonly string[]): readonly string[] {
  const head = lines.slice(0, 200).join('\n');
  if (!SEGMENT.test(lines.find(line => SEGMENT.test(line)) ?? '')) {
    if (!/<Application>[\s\S]*<Experiment>/i.test(head)) return lines;
    throw new FileError(
      path,
      1,
      'a file of VersaStudio without segments of text: its data are binary; expected it saved with the data format ASCII, or exported as text (File, Export)',
    );
  }
  const table: string[] = lines.map(() => '');
  let names: string | undefined;
  let header = -1;
  let isData = false;
  for (const [i, line] of lines.entries()) {
    if (SEGMENT.test(line)) isData = false;
    if (END.test(line)) isData = false;
    if (isData) table[i] = line;
    if (!DEFINITION.test(line)) continue;
    const own = line.replace(DEFINITION, '').trim();
    if (names !== undefined && own !== names)
      throw new FileError(
        path,
        i + 1,
        'a segment with other columns than the first, expected the same in all',
      );
    if (names === undefined) [names, header] = [own, i];
    isData = true;
  }
  if (names === undefined)
    throw new FileError(path, 1, 'a file of VersaStudio whose segments say no columns, expected Definition=');
  table[header] = withoutIdle(names, table.slice(header + 1));
  return table;
}

function withoutIdle(names: string, rows: readonly string[]): string {
  const cells = names.split(',').map(cell => cell.trim());
  const at = cells.findIndex(cell => /^Frequency/i.test(cell));
  const isIdle = rows.every(row => row.trim() === '' || Number(row.split(',')[at]) === 0);
  // Beside a measured impedance stand its parts E, I and those of a second channel.
  return cells.map((cell, k) => (isIdle && k === at ? 'not measured' : cell)).join(',');
}
