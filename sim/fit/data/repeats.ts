import { FileError } from '../../../drivers/contract/yaml-file.ts';
import type { FitData } from '../fit-data.ts';

/**
 * Rows of the same time or frequency. `first` keeps the last moment before a step (the new current then flows from this
 * stamp on), `last` the first moment after it, `mean` is for a value read twice.
 */
export type RepeatRule = 'refuse' | 'first' | 'last' | 'mean';

/**
 * Applies the rule to neighbouring rows of a series, or to all rows of one frequency of a spectrum. Without a rule a
 * series with repeated stamps is refused, a spectrum keeps all its points. @throws FileError with the line
 */
export function applyRepeats(data: FitData, rule: RepeatRule | undefined): FitData {
  if (data.kind === 'curve') return data;
  const name = data.kind === 'series' ? 'time_s' : 'frequency_Hz';
  const key = data.columns.get(name) ?? new Float64Array(0);
  const groups = new Map<number, number[]>();
  key.forEach((value, i) => {
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [i]);
    else group.push(i);
  });
  const repeated = [...groups.values()].filter(rows => rows.length > 1);
  if (repeated.length === 0) return data;
  if (rule === undefined && data.kind === 'spectrum')
    return {
      ...data,
      notes: [...data.notes, `${repeated.length} frequencies measured more than once, all kept`],
    };
  if (rule === undefined || rule === 'refuse')
    throw new FileError(
      data.path,
      data.lines[repeated[0][1]],
      `${name} ${key[repeated[0][0]]} again, as in line ${data.lines[repeated[0][0]]}: expected each once, or ` +
        '--repeats first (the one before a step), last (the one after it) or mean',
    );
  const kept = [...groups.values()];
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(kept, rows => {
      if (rule === 'first') return values[rows[0]];
      if (rule === 'last') return values[rows[rows.length - 1]];
      return rows.reduce((sum, i) => sum + values[i], 0) / rows.length;
    });
  return {
    ...data,
    rows: kept.length,
    lines: kept.map(rows => data.lines[rule === 'last' ? rows[rows.length - 1] : rows[0]]),
    columns: new Map([...data.columns].map(([column, values]) => [column, pick(values)] as const)),
    notes: [
      ...data.notes,
      `${repeated.length} repeated values of ${name}: ${rule} of each kept (${key.length - kept.length} rows fewer)`,
    ],
  };
}
