import { describe, expect, it } from 'vitest';
import { ledgerOf } from '../../profiles/cell/ledger.ts';
import { pulsesOf } from '../../profiles/cell/pulses.ts';
import { cellKpis, cellTables } from '../../profiles/cell-kpis.ts';
import type { RecordedRun, RecordedSeries } from '../../profiles/recorded-run.ts';
import { CELL, cellRecord, type Flaws, type Piece } from '../validate/figures/cell-record.ts';
import { figureOf } from './figures.ts';

/** What a gap may hide, which rows belong to a pulse, and which discharge belongs to which charge. */

const H = 3600;
const REST: Piece = { for_s: 1200, current_A: 0 };
const discharge = (Ah: number, rate_A = 5): Piece => ({ for_s: (Ah / rate_A) * H, current_A: -rate_A });
const charge = (Ah: number, rate_A = 2.5): Piece => ({ for_s: (Ah / rate_A) * H, current_A: rate_A });
/** A cell that begins full: straight open-circuit line, 20 mOhm. */
const fromFull = (net_Ah: number, current_A: number): number => 4.2 + 0.34 * net_Ah + 0.02 * current_A;
const fromEmpty = (net_Ah: number, current_A: number): number => 2.5 + 0.34 * net_Ah + 0.02 * current_A;

/** A record of which only some rows of every series are kept. */
function kept(run: RecordedRun, isKept: (t_s: number) => boolean): RecordedRun {
  const pick = ({ t_s, value }: RecordedSeries): RecordedSeries => {
    const rows = [...t_s.keys()].filter(i => isKept(t_s[i]));
    return { t_s: Float64Array.from(rows, i => t_s[i]), value: Float64Array.from(rows, i => value[i]) };
  };
  return { ...run, series: role => pick(run.series(role)) };
}

const kpisOf = (pieces: readonly Piece[], flaws: Flaws) => cellKpis(cellRecord(pieces, flaws));

describe('a gap between two rests', () => {
  const pieces = [REST, discharge(4.8), REST, charge(4.8), REST, discharge(4.8), REST];
  const start_s = 1200 + 0.96 * H + 600;
  const gaps: [number, number][] = [[start_s, start_s + 1.92 * H + 1200]];

  it('in which the cell was charged does not make one discharge of two', () => {
    const kpis = kpisOf(pieces, { voltage: fromFull, gaps, silent: true, dt_s: 5 });
    expect(figureOf(kpis, 'capacity-first').value).toBeNull();
    expect(figureOf(kpis, 'capacity-first').definition).toMatch(/gaps may hide up to 6\.000 Ah/);
    expect(figureOf(kpis, 'charge-in').definition).toMatch(/up to 6\.00 Ah may be missing/);
    expect(figureOf(kpis, 'charge-in').u95).toBeGreaterThan(4.8);
  });

  it('hides nothing where the voltage stands', () => {
    const quiet: [number, number][] = [[1200 + 0.96 * H + 200, 1200 + 0.96 * H + 900]];
    const kpis = kpisOf(pieces, { voltage: fromFull, gaps: quiet, silent: true, dt_s: 5 });
    expect(figureOf(kpis, 'capacity-first').value).toBeCloseTo(4.8, 1);
    expect(figureOf(kpis, 'charge-in').u95).toBeLessThan(0.02);
  });
});

it('rows far apart in rests do not join the begin of a discharge that was not recorded', () => {
  const one = [discharge(4.8), { for_s: 6 * H, current_A: 0 }, charge(4.8), { for_s: 6 * H, current_A: 0 }];
  const pieces = [REST, ...one, ...one, ...one, ...one];
  const lost_s = 1200 + (0.96 + 6 + 1.92 + 6) * H;
  const record = cellRecord(pieces, { voltage: fromFull, dt_s: 10 });
  const { t_s, value } = record.series('cell.current_A');
  const ofRest = new Set<number>();
  for (let i = 1; i + 1 < t_s.length; i++)
    if (value[i - 1] === 0 && value[i] === 0 && value[i + 1] === 0 && t_s[i] % 600 !== 0) ofRest.add(t_s[i]);
  const thinned = kept(record, t => !ofRest.has(t));
  const whole = cellKpis(thinned);
  expect(figureOf(whole, 'charge-out').value).toBeCloseTo(19.2, 1);
  const cut = kept(thinned, t => !(t > lost_s && t < lost_s + 290));
  const table = cellTables(cut).find(({ id }) => id === 'cycles');
  const open = table?.rows.filter(row => String(row.at(-1)).startsWith('gaps may hide')) ?? [];
  expect(open.length).toBeGreaterThan(0);
  expect(figureOf(cellKpis(cut), 'coulombic-efficiency').value).toBeCloseTo(100, 0);
});

describe('a pulse whose first row has the stamp of the last row of the rest', () => {
  /** Rest rows each 10 s, pulse rows each second, rows at both ends of each step; 20 mOhm and 0.5 mOhm/s. */
  const steps = [
    { for_s: 600, current_A: 0, row_s: 10 },
    { for_s: 10, current_A: -5, row_s: 1 },
    { for_s: 600, current_A: 0, row_s: 10 },
    { for_s: 10, current_A: 5, row_s: 1 },
    { for_s: 600, current_A: 0, row_s: 10 },
  ];
  const rows: [number, number, number][] = [];
  let at = 0;
  for (const { for_s, current_A, row_s } of steps) {
    for (let t = 0; t <= for_s; t += row_s)
      rows.push([at + t, current_A, 3.7 + current_A * (0.02 + 0.0005 * (current_A === 0 ? 0 : t))]);
    at += for_s;
  }
  const t_s = Float64Array.from(rows, r => r[0]);
  const plain = cellRecord([{ for_s: at, current_A: 0 }], { dt_s: 10 });
  const run: RecordedRun = {
    ...plain,
    series: role =>
      role === 'cell.current_A'
        ? { t_s, value: Float64Array.from(rows, r => r[1]) }
        : role === 'cell.voltage_V'
          ? { t_s, value: Float64Array.from(rows, r => r[2]) }
          : { t_s: new Float64Array(0), value: new Float64Array(0) },
  };

  it('is found both ways, with the resistance at ten seconds', () => {
    const pulses = pulsesOf(run, CELL, ledgerOf(run, CELL));
    expect(pulses.map(p => Math.sign(p.current_A))).toEqual([-1, 1]);
    for (const { resistance_mOhm } of pulses) expect(resistance_mOhm).toBeCloseTo(25, 1);
    for (const { voltageBefore_V } of pulses) expect(voltageBefore_V).toBeCloseTo(3.7, 3);
  });
});

describe('a cycle', () => {
  it('is a discharge with the charge before it, though with the charge after it more would close', () => {
    // Each charge loses 0.4 % of what goes in; the charges after give back exactly what was taken.
    const one = [charge(4.5), REST, discharge(4.482), REST];
    const kpis = kpisOf([discharge(4.5), REST, ...one, ...one, ...one, ...one, ...one], {
      voltage: fromFull,
      dt_s: 5,
    });
    const figure = figureOf(kpis, 'coulombic-efficiency');
    expect(figure.definition).toContain('each discharge with the charge before it');
    expect(figure.value).toBeCloseTo(99.6, 1);
  });

  it('that begins empty at rest and ends at another voltage is none', () => {
    const kpis = kpisOf([REST, charge(4.8), REST, discharge(4.65), REST], { voltage: fromEmpty, dt_s: 5 });
    const figure = figureOf(kpis, 'coulombic-efficiency');
    expect(figure.value).toBeNull();
    expect(figure.definition).toMatch(/begins at rest at 2\.500 V and ends at rest at 2\.551 V/);
  });

  it('is none where the record ends in a hold whose current still falls', () => {
    const taper = [2, 1.6, 1.3, 1, 0.8, 0.7, 0.6, 0.5].map(current_A => ({ for_s: 300, current_A }));
    const pieces = [REST, discharge(4.8), REST, charge(4.2), ...taper];
    const voltage = (net_Ah: number, current_A: number): number =>
      Math.min(4.2, fromFull(net_Ah, current_A) + (current_A > 0 ? 0.2 : 0));
    const cut = kpisOf(pieces, { voltage, dt_s: 5 });
    expect(figureOf(cut, 'coulombic-efficiency').value).toBeNull();
    expect(figureOf(cut, 'coulombic-efficiency').definition).toContain(
      'record ends while the charge still runs',
    );
    const ended = kpisOf([...pieces, REST], { voltage, dt_s: 5 });
    expect(figureOf(ended, 'coulombic-efficiency').value).not.toBeNull();
  });
});

it('a zero that moves from rest to rest is said', () => {
  const pieces = [REST, discharge(4.8), REST, charge(4.8), REST];
  const record = cellRecord(pieces, { voltage: fromFull, dt_s: 5 });
  const { t_s, value } = record.series('cell.current_A');
  const moved = value.map((v, i) => v + 1e-6 * t_s[i]);
  const run: RecordedRun = {
    ...record,
    series: role => (role === 'cell.current_A' ? { t_s, value: moved } : record.series(role)),
  };
  expect(figureOf(cellKpis(run), 'charge-out').definition).toMatch(
    /not the same in all rests: 0\.(59|60)\d to 13\./,
  );
  expect(figureOf(cellKpis(record), 'charge-out').definition).not.toContain('not the same');
});
