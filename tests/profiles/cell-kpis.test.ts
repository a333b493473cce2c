import { describe, expect, it } from 'vitest';
import { closedEfficiency } from '../../profiles/cell/closed-duty.ts';
import { ledgerOf } from '../../profiles/cell/ledger.ts';
import { cellKpis, cellTables, dischargesOf } from '../../profiles/cell-kpis.ts';
import type { CellFacts, RecordedRun } from '../../profiles/recorded-run.ts';
import { recordOf } from './record.ts';

const cell: CellFacts = {
  kind: 'cell',
  name: 'test cell',
  chemistry: 'any',
  capacity_Ah: 2,
  currentMax_A: 4,
  voltageMin_V: 2.5,
  voltageMax_V: 4.2,
};

const H = 3600;
/** Two cycles: 1 h discharge, 1 h rest, 1 h charge, 1 h rest; the second one gives 5 % less; 4 V in, 3.6 V out. */
function current_A(t_s: number): number {
  const cycle = Math.floor(t_s / (4 * H));
  const hour = Math.floor(t_s / H) % 4;
  const size = cycle === 0 ? 2 : 1.9;
  return cycle > 1 ? 0 : hour === 0 ? -size : hour === 2 ? 2 : 0;
}

function runWith(roles: Readonly<Record<string, (t_s: number) => number>>, timeFactor = 1): RecordedRun {
  const accuracy = { 'cell.current_A': { reading_pct: 0.1, abs: 0, basis: 'default' } } as const;
  return { ...recordOf({ to_s: 8 * H, dt_s: 10, roles, accuracy, timeFactor }), subject: cell };
}

const run = runWith({
  'cell.current_A': current_A,
  'cell.power_W': t_s => current_A(t_s) * (current_A(t_s) > 0 ? 4 : 3.6),
});
const figureOf = (kpis: ReturnType<typeof cellKpis>, id: string) =>
  kpis.find(k => k.id === id && k.phase === undefined)?.value ?? Number.NaN;

describe('figures of a cell', () => {
  const kpis = cellKpis(run);
  it.each([
    ['charge-in', 4],
    ['charge-out', 3.9],
    ['energy-in', 16],
    ['energy-out', 14.04],
    ['energy-efficiency', 85.5],
    ['discharges', 2],
    ['capacity-first', 2],
    ['capacity-last', 1.9],
  ])('%s = %d', (id, expected) => {
    // The trapezoid over a step of the current is off by half a sample.
    expect(Math.abs(figureOf(kpis, id) / expected - 1)).toBeLessThan(0.004);
  });

  it('fade is first to last', () => {
    expect(Math.abs(figureOf(kpis, 'capacity-fade') - 5)).toBeLessThan(0.4);
  });

  it('come for each phase too', () => {
    expect(kpis.filter(k => k.phase === 'all').map(k => k.id)).toContain('charge-out');
  });

  it('alike electrodes store no energy: no efficiency of 0 +- 0, nor in the table or of a duty', () => {
    const roles = {
      'cell.current_A': (t: number) => (t < 2 * H ? -2 : t < 4 * H ? 2 : 0),
      'cell.power_W': (t: number) => (t < 4 * H ? 0.1 : 0),
    };
    const alike = runWith(roles);
    const none = { value: null, definition: expect.stringContaining('alike electrodes') };
    expect(cellKpis(alike).find(k => k.id === 'energy-efficiency')).toMatchObject(none);
    const table = cellTables(alike)[0];
    expect(table.rows[0][table.columns.indexOf('coulombicEfficiency_pct')]).toBeCloseTo(100, 0);
    for (const column of ['energyEfficiency_pct', 'energyEfficiencyU95_pct'])
      expect(table.rows[0][table.columns.indexOf(column)]).toBeNull();
    expect(closedEfficiency(alike, ledgerOf(alike, cell), { from_s: 0, to_s: 4 * H })).toMatchObject(none);
  });

  it('say why where the cell was never read', () => {
    const silent = cellKpis(runWith({}));
    expect(silent.find(k => k.id === 'charge-in')).toMatchObject({ value: null });
    expect(silent.find(k => k.id === 'charge-in')?.definition).toContain('no reading of cell.current_A');
    expect(silent.find(k => k.id === 'capacity-fade')?.value).toBeNull();
  });

  it('count life time on a run that was faster', () => {
    expect(figureOf(cellKpis(runWith({ 'cell.current_A': current_A }, 10)), 'charge-in')).toBeCloseTo(40, 0);
  });

  it('a pulse is no cycle, a rest does not cut a discharge', () => {
    const pulsed = runWith({ 'cell.current_A': t => (t < 600 ? -2 : 0) });
    expect(dischargesOf(pulsed, cell)).toEqual([]);
    const rested = runWith({ 'cell.current_A': t => (t < H / 2 || (t > H && t <= 1.5 * H) ? -2 : 0) });
    expect(dischargesOf(rested, cell)).toHaveLength(1);
    expect(dischargesOf(rested, cell)[0]).toBeCloseTo(2, 1);
  });

  it('a gap in the reading is not charge', () => {
    const gappy = runWith({ 'cell.current_A': t => (t > 600 && t < 1200 ? Number.NaN : -2) });
    expect(Math.abs(dischargesOf(gappy, cell)[0] - 2 * (8 - 1 / 6))).toBeLessThan(0.05);
  });
});
