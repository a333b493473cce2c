import { describe, expect, it } from 'vitest';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun, RecordedSeries } from '../../profiles/recorded-run.ts';
import { cellRecord, type Flaws, type Piece } from '../validate/figures/cell-record.ts';
import { figureOf, figureValue } from './figures.ts';

/** Records as cyclers write them, of the 5 Ah cell: what they must not do to its figures, or what must be said of it. */

const H = 3600;
const REST: Piece = { for_s: 600, current_A: 0 };
/** Open circuit 3 V empty, 4 V full, 30 mOhm: what went in tells the state. */
const voltage = (start_frac: number) => (net_Ah: number, current_A: number) =>
  3 + start_frac + net_Ah / 5 + 0.03 * current_A;
const move = (current_A: number, Ah: number): Piece => ({ for_s: (Ah / Math.abs(current_A)) * H, current_A });
const record = (pieces: readonly Piece[], flaws: Flaws = {}): RecordedRun =>
  cellRecord(pieces, { voltage: voltage(0), ...flaws });
const EFFICIENCIES = ['coulombic-efficiency', 'energy-efficiency'];

/** The same record with other rows: those whose index `keep` takes. */
function rowsOf(run: RecordedRun, keep: (row: number, t_s: number) => boolean): RecordedRun {
  const series = (role: string): RecordedSeries => {
    const { t_s, value } = run.series(role);
    const rows = [...t_s.keys()].filter(i => keep(i, t_s[i]));
    return { t_s: Float64Array.from(rows, i => t_s[i]), value: Float64Array.from(rows, i => value[i]) };
  };
  return { ...run, series };
}

const CYCLE: Piece[] = [REST, move(2.5, 5), REST, move(-5, 5)];
const THREE = [...CYCLE, ...CYCLE, ...CYCLE, REST];

describe('a cycle closes', () => {
  it('not between discharges at different rates, though they end at like voltages', () => {
    // All charges end full; discharges at C/10, 1C and 2C end where their own drop lets them: 4.9, 4.5, 4.05 Ah.
    const pieces = [4.9, 4.5, 4.05].flatMap((Ah, i) => {
      const charged = [5, 4.9, 4.5][i];
      return [move(2.5, charged), REST, move([-0.5, -5, -10][i], Ah), REST];
    });
    const kpis = cellKpis(record([REST, ...pieces, move(2.5, 4.05), REST]));
    expect(figureValue(kpis, 'coulombic-efficiency')).toBeCloseTo(100, 1);
  });

  it('not where more comes out than went in', () => {
    const kpis = cellKpis(
      record([REST, move(2.5, 4.8), REST, move(-5, 4.92), REST], { voltage: voltage(0.02) }),
    );
    for (const id of EFFICIENCIES) {
      expect(figureOf(kpis, id).value).toBeNull();
      expect(figureOf(kpis, id).definition).toMatch(/does not close: 4\.80. Ah in, 4\.92. Ah out/);
    }
  });

  it('not where more energy comes out than went in: discharge is counted as positive', () => {
    const run = record(THREE, { power_V: [3.6, 4] });
    expect(figureOf(cellKpis(run), 'energy-efficiency').value).toBeNull();
    expect(figureOf(cellKpis(run), 'energy-efficiency').definition).toContain(
      'discharge counted as positive',
    );
  });

  it('not over a rest in which the voltage moves as by a current', () => {
    const stuck = (t_s: number): boolean => t_s > 9000 && t_s < 12_000;
    const run = record(THREE);
    const current = run.series('cell.current_A');
    const value = current.value.map((v, i) => (stuck(current.t_s[i]) ? 0 : v));
    const kpis = cellKpis({
      ...run,
      series: role => (role === 'cell.current_A' ? { ...current, value } : run.series(role)),
    });
    const { definition } = figureOf(kpis, 'coulombic-efficiency');
    expect(definition).toMatch(/left out: [12] \(/);
    expect(figureValue(kpis, 'coulombic-efficiency')).toBeCloseTo(100, 1);
  });

  it('within its uncertainty where nothing came before it: what is missing may be that of the state', () => {
    const kpis = cellKpis(record([REST, move(2.5, 5), REST, move(-5, 4.9), REST]));
    const { value, u95 } = figureOf(kpis, 'coulombic-efficiency');
    expect(Math.abs((value ?? 0) - 100)).toBeLessThanOrEqual(u95 ?? 0);
  });
});

describe('rows as a recorder writes them', () => {
  it('where the current changes only: nothing is lost, and it is said', () => {
    const run = record(THREE);
    const { value } = run.series('cell.current_A');
    const last = value.length - 1;
    const onChange = rowsOf(
      run,
      i => i === 0 || i === last || value[i] !== value[i - 1] || value[i] !== value[i + 1],
    );
    expect(onChange.series('cell.current_A').t_s.length).toBeLessThan(40);
    for (const id of ['charge-in', 'charge-out']) {
      const figure = figureOf(cellKpis(onChange), id);
      expect(Math.abs((figure.value ?? 0) - 15)).toBeLessThanOrEqual(0.01);
      expect(figure.definition).toContain('writes no steady rows: up to 7200 s apart they are joined');
      expect(figure.definition).toContain('Gaps: 0 s');
    }
  });

  it('1..20 s apart, any of them: within what the edges leave open', () => {
    let next = 0;
    const irregular = rowsOf(record(THREE), i => {
      if (i < next) return false;
      next = i + [1, 1, 1, 2, 3, 7, 20][(i * 2654435761) % 7];
      return true;
    });
    const { value, u95 } = figureOf(cellKpis(irregular), 'charge-out');
    expect(Math.abs((value ?? 0) - 15)).toBeLessThanOrEqual(u95 ?? 0);
    expect(u95).toBeLessThan(0.15);
  });

  it('pulses each second, rests each ten: a rest is no gap, a pulse begins where its row stands', () => {
    const step: Piece[] = [
      move(-5, 0.5),
      REST,
      REST,
      { for_s: 10, current_A: -10 },
      { for_s: 40, current_A: 0 },
    ];
    const pieces = [REST, move(2.5, 5), ...Array.from({ length: 8 }, () => step).flat(), REST];
    const run = record(pieces);
    const { value } = run.series('cell.current_A');
    const mixed = rowsOf(run, (i, t_s) => value[i] !== 0 || value[i - 1] !== 0 || t_s % 10 === 0);
    const { value: out, definition } = figureOf(cellKpis(mixed), 'charge-out');
    expect(Math.abs((out ?? 0) - 8 * (0.5 + 100 / H))).toBeLessThan(0.01);
    expect(definition).toContain('Gaps: 0 s');
  });

  it('of a steady recorder with a silence: a gap, as ever', () => {
    const silent = record(THREE, { gaps: [[9000, 9900]], silent: true });
    expect(figureOf(cellKpis(silent), 'charge-out').definition).toContain('Gaps: 9');
  });
});

describe('rows that do not see an edge', () => {
  it('of pulses of 12 s, read each 5 s: how much may be wrong is said, and covers it', () => {
    const pulse = (current_A: number): Piece[] => [{ for_s: 12, current_A }, REST];
    const pieces = [{ for_s: 602.5, current_A: 0 }, ...pulse(-5), ...pulse(5), ...pulse(-5), ...pulse(5)];
    for (const late_s of [0, 1, 2, 3, 4]) {
      const first = [{ for_s: 602.5 - late_s, current_A: 0 }, ...pieces.slice(1)];
      const kpis = cellKpis(record(first, { dt_s: 5 }));
      for (const id of ['charge-in', 'charge-out']) {
        const { value, u95, definition } = figureOf(kpis, id);
        expect(definition).toMatch(/Where between two rows its steps lie is not known: \+- [\d.]+ mAh/);
        expect(Math.abs((value ?? 0) - (2 * 12 * 5) / H)).toBeLessThanOrEqual(u95 ?? 0);
      }
    }
  });
});

describe('rests that tell no zero', () => {
  it.each([
    ['are read too seldom', (_: number, t_s: number) => t_s % 300 === 0],
    ['are written by their ends', (row: number) => isEdge(row)],
  ])('since they %s: it says so, and not that there was none', (_, keep) => {
    const zero = figureOf(cellKpis(rowsOf(record(THREE), keep)), 'meter-zero');
    expect(zero.value).toBeNull();
    expect(zero.definition).toMatch(/in rests \([01]\.[1-9]\d* h in all\)/);
    expect(zero.definition).toContain('no rest of a minute or more with at least nine readings below C/300');
  });

  const { value } = record(THREE).series('cell.current_A');
  function isEdge(row: number): boolean {
    return (
      value[row] !== value[row - 1] || value[row] !== value[row + 1] || (value[row] !== 0 && row % 10 === 0)
    );
  }
});

describe('a rest beside a current of C/250', () => {
  it.each([0, 0.0005, -0.004])('is told from it; the meter is %d A off', zero_A => {
    const slow = cellRecord([REST, move(0.02, 5), REST, move(-0.02, 5), REST], { dt_s: 60, zero_A });
    const kpis = cellKpis(slow);
    expect(figureValue(kpis, 'charge-in')).toBeCloseTo(5, 2);
    expect(figureValue(kpis, 'charge-out')).toBeCloseTo(5, 2);
    expect(figureValue(kpis, 'meter-zero')).toBeCloseTo(1000 * zero_A, 3);
  });
});

describe('counters', () => {
  it('that are swapped are not believed, though their totals agree', () => {
    const run = record(THREE, { counters: {} });
    const other: Readonly<Record<string, string>> = {
      'cell.charged_Ah': 'cell.discharged_Ah',
      'cell.discharged_Ah': 'cell.charged_Ah',
    };
    const kpis = cellKpis({ ...run, series: role => run.series(other[role] ?? role) });
    expect(figureOf(kpis, 'charge-in').definition).toContain('not believed');
    expect(figureValue(kpis, 'charge-in')).toBeCloseTo(15, 2);
  });
});

it('an accuracy that nobody declared is said where the uncertainty would stand', () => {
  const run = record(THREE);
  const none = { reading_pct: Number.NaN, abs: Number.NaN, basis: 'default' } as const;
  const figure = figureOf(cellKpis({ ...run, accuracy: () => none }), 'charge-in');
  expect(figure.u95).toBeUndefined();
  expect(figure.definition).toContain('the accuracy of its readings is not');
});
