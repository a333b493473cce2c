import { describe, expect, it } from 'vitest';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { returnsTables } from '../../profiles/returns-table.ts';

/** What called procedures returned, call by call. */

const call = (name: string, end_s: number, figures: Record<string, number>) => ({
  call: name,
  procedure: 'one-cycle.yaml',
  start_s: end_s - 10,
  end_s,
  figures,
});
const tablesOf = (calls: RecordedRun['calls']) => returnsTables({ calls } as RecordedRun);

describe('table of returns', () => {
  it('has a row for each call with its round, and null for what was not known or is not its own', () => {
    const [table] = tablesOf([
      call('cycle', 10, { efficiency_pct: 99.5 }),
      call('check', 20, { capacity_Ah: 4.9 }),
      call('cycle', 30, { efficiency_pct: Number.NaN }),
    ]);
    expect(table).toEqual({
      id: 'returns',
      columns: ['call', 'procedure', 'round', 'start_s', 'end_s', 'efficiency_pct', 'capacity_Ah'],
      rows: [
        ['cycle', 'one-cycle.yaml', 1, 0, 10, 99.5, null],
        ['check', 'one-cycle.yaml', 1, 10, 20, null, 4.9],
        ['cycle', 'one-cycle.yaml', 2, 20, 30, null, null],
      ],
    });
  });

  it('is not there where nothing returns anything', () => {
    expect(tablesOf([])).toEqual([]);
    expect(tablesOf(undefined)).toEqual([]);
  });
});
