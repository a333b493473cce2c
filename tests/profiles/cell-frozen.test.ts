import { describe, expect, it } from 'vitest';
import { frozenIn } from '../../profiles/cell/standing/frozen.ts';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { CELL, cellRecord, type Flaws, type Piece } from '../validate/figures/cell-record.ts';
import { figureOf } from './figures.ts';

/** Readings that stand still to the last digit while current flows. */

const H = 3600;
const REST: Piece = { for_s: 600, current_A: 0 };
const CYCLE: Piece[] = [{ for_s: H, current_A: -5 }, REST, { for_s: 2 * H, current_A: 2.5 }, REST];
const PIECES = [REST, ...CYCLE, ...CYCLE, ...CYCLE];
/** Open circuit 4.1 V full, 2.9 V empty, read to 0.1 mV. */
const volts = (net_Ah: number, current_A: number): number =>
  Math.round(1e4 * (4.1 + 0.24 * net_Ah + 0.02 * current_A)) / 1e4;

/** The record with all its readings held from one time to another. */
function held(run: RecordedRun, from_s: number, to_s: number, roles: readonly string[]): RecordedRun {
  return {
    ...run,
    series: role => {
      const series = run.series(role);
      if (!roles.includes(role)) return series;
      const at = series.t_s.findIndex(t => t >= from_s);
      const value = series.value.map((v, i) =>
        series.t_s[i] >= from_s && series.t_s[i] <= to_s ? series.value[at] : v,
      );
      return { t_s: series.t_s, value };
    },
  };
}

const ALL = ['cell.current_A', 'cell.voltage_V', 'cell.power_W'];
const record = (pieces: readonly Piece[] = PIECES, flaws: Flaws = {}): RecordedRun =>
  cellRecord(pieces, { dt_s: 5, voltage: volts, power_V: [4, 3.6], ...flaws });
const stretches = (run: RecordedRun) =>
  frozenIn(run.series('cell.current_A'), run.series('cell.voltage_V'), CELL, run.timeFactor);

describe('a recorder that froze', () => {
  it.each([
    ['past the end of a discharge', 12_600 + 1800, 12_600 + 1800 + H],
    ['in the middle of a charge', 18_000, 19_500],
    ['for six minutes', 13_500, 13_860],
  ])('%s is named, and what it hid stands in the uncertainty', (_, from_s, to_s) => {
    const run = held(record(), from_s, to_s, ALL);
    expect(stretches(run)).toHaveLength(1);
    const kpis = cellKpis(run);
    for (const [id, truth] of [
      ['charge-in', 15],
      ['charge-out', 15],
      ['energy-in', 60],
      ['energy-out', 54],
    ] as const) {
      const { value, u95, definition } = figureOf(kpis, id);
      expect(definition).toMatch(/stand still to the last digit for \d+ s under current/);
      expect(Math.abs((value ?? Number.NaN) - truth)).toBeLessThanOrEqual(u95 ?? 0);
    }
    // The half-cycle that it fell into is no cycle and no capacity.
    expect(figureOf(kpis, 'coulombic-efficiency').definition).toContain('gaps may hide');
  });

  it('is not counted on where a counter went on', () => {
    const run = held(record(PIECES, { counters: {} }), 14_400, 15_600, ALL);
    const { value, definition } = figureOf(cellKpis(run), 'charge-out');
    expect(value).toBeCloseTo(15, 2);
    expect(definition).toContain('in which the counter went on');
  });
});

describe('nothing is frozen', () => {
  it.each<[string, RecordedRun]>([
    [
      'in a constant current, its voltage read to a millivolt',
      record(PIECES, { voltage: (n, c) => Math.round(1000 * volts(n, c)) / 1000 }),
    ],
    [
      'on the flat part of an iron phosphate, C/20',
      record([REST, { for_s: 20 * H, current_A: -0.25 }, REST], {
        dt_s: 60,
        voltage: (net_Ah, current_A) =>
          Math.round(
            1000 * (3.3 + 0.003 * net_Ah + (net_Ah < -4.5 ? 0.8 * (net_Ah + 4.5) : 0) + 0.02 * current_A),
          ) / 1000,
      }),
    ],
    [
      'on a plateau that is flat to the last digit, one or several cycles of it',
      record([REST, ...CYCLE, REST], {
        voltage: (net_Ah, current_A) =>
          2.1 + 0.02 * current_A + 0.1 * Math.max(0, net_Ah + 1) + 0.1 * Math.min(0, net_Ah + 4),
      }),
    ],
    ['in a rest', record([{ for_s: 50 * H, current_A: 0 }, ...CYCLE], { dt_s: 60 })],
    [
      'in a taper at a held voltage',
      record(
        [
          REST,
          ...Array.from(
            { length: 200 },
            (_, k): Piece => ({ for_s: 30, current_A: 2.5 * Math.exp(-k / 40) }),
          ),
        ],
        { voltage: () => 4.2 },
      ),
    ],
    [
      'where only the voltage stands',
      held(record(PIECES, { noise_A: 1e-3 }), 14_000, 16_000, ['cell.voltage_V']),
    ],
    ['where only the current stands', held(record(), 14_000, 16_000, ['cell.current_A'])],
  ])('%s', (_, run) => {
    expect(stretches(run)).toEqual([]);
    expect(figureOf(cellKpis(run), 'charge-out').definition).not.toContain('stand still');
  });
});
