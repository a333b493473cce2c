import { describe, expect, it } from 'vitest';
import { pointsTables } from '../../profiles/points-table.ts';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { returnsTables } from '../../profiles/returns-table.ts';
import { recordOf } from './record.ts';

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

describe('the points of a cell', () => {
  it('stand in a table with the mean of their window and its u95; those of a stack are its curves', () => {
    const hand = recordOf({
      to_s: 60,
      roles: { 'cell.voltage_V': t => 3.7 + (t < 30 ? 0.1 : 0), 'cell.current_A': () => 2 },
      points: [{ phase: 'run', leg: 'single', setpoint: 2, from_s: 40, to_s: 60 }],
      accuracy: { 'cell.voltage_V': { reading_pct: 0, abs: 0.002, basis: 'default' } },
    });
    const [table] = pointsTables({ ...hand, subject: { kind: 'cell' } } as never);
    expect(table.columns).toEqual([
      ...['point', 'phase', 'from_s', 'to_s'],
      ...['voltage_V', 'voltageU95_V', 'current_A', 'currentU95_A'],
    ]);
    expect(table.rows[0].slice(0, 4)).toEqual([1, 'run', 40, 60]);
    expect(table.rows[0][4]).toBeCloseTo(3.7, 9);
    expect(table.rows[0][5]).toBeCloseTo(0.002, 6);
    expect(pointsTables(hand)).toEqual([]);
  });
});
