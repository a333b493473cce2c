import { describe, expect, it } from 'vitest';
import { cellKpis, cellTables } from '../../profiles/cell-kpis.ts';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { cellRecord, type Piece } from '../validate/figures/cell-record.ts';
import { figureOf, figureValue } from './figures.ts';

/** The account of a cell: what spikes, drive cycles, gaps, resets and rests must not do to its figures. */

const H = 3600;
const cycle: readonly Piece[] = [
  { for_s: H, current_A: -5 },
  { for_s: 600, current_A: 0 },
  { for_s: 2 * H, current_A: 2.5 },
  { for_s: 600, current_A: 0 },
];
const twice = [{ for_s: 600, current_A: 0 }, ...cycle, ...cycle];
const kpisOf = (run: RecordedRun) => cellKpis(run);

describe('a discharge is found by net charge', () => {
  it('a single reading above zero does not cut it', () => {
    const kpis = kpisOf(cellRecord(twice, { spikes: [[2400, 0.03]] }));
    expect(figureValue(kpis, 'discharges')).toBe(2);
    expect(figureValue(kpis, 'capacity-first')).toBeCloseTo(5, 2);
    expect(Math.abs(figureValue(kpis, 'capacity-fade'))).toBeLessThan(0.1);
  });

  it('braking in a drive cycle does not cut it', () => {
    const trip = Array.from({ length: 200 }, (): Piece[] => [
      { for_s: 40, current_A: -4 },
      { for_s: 20, current_A: 3 },
    ]).flat();
    const kpis = kpisOf(
      cellRecord([{ for_s: 2 * H, current_A: 2.5 }, { for_s: 600, current_A: 0 }, ...trip], {}),
    );
    // 200 x (160 - 60) A s = 5.556 Ah net.
    expect(figureValue(kpis, 'discharges')).toBe(1);
    expect(figureValue(kpis, 'charge-out')).toBeCloseTo((200 * 160) / H, 1);
    expect(figureOf(kpis, 'energy-efficiency').value).toBeNull();
    expect(figureOf(kpis, 'energy-efficiency').definition).toContain('does not close');
  });

  it('a charge and a discharge that are too small for a cycle are named', () => {
    const small = [
      { for_s: 100, current_A: 2 },
      { for_s: 600, current_A: 0 },
      { for_s: 100, current_A: -2 },
      { for_s: 600, current_A: 0 },
    ];
    const { value, definition } = figureOf(kpisOf(cellRecord(small, {})), 'coulombic-efficiency');
    expect(value).toBeNull();
    expect(definition).toMatch(
      /, of 5 % of the nominal capacity or more: 55\.\d mAh went in and 55\.\d mAh out/,
    );
    const charge = figureOf(kpisOf(cellRecord(small.slice(0, 2), {})), 'coulombic-efficiency').definition;
    expect(charge).toContain('no charge is followed by a discharge, nor the other way round');
    expect(charge).not.toContain('went in');
  });

  it('C/250 is no rest', () => {
    const slow = cellRecord(
      [
        { for_s: 250 * H, current_A: -0.02 },
        { for_s: 10 * H, current_A: 0.5 },
      ],
      { dt_s: 60 },
    );
    expect(figureValue(kpisOf(slow), 'discharges')).toBe(1);
    expect(figureValue(kpisOf(slow), 'charge-out')).toBeCloseTo(5, 2);
  });
});

describe('between two readings the times at which set points were applied count', () => {
  /** 60 pulses of 10 s in steps of discharge, between rests of 33.7 s, read each 5 s: no reading stands at an edge. */
  const pulses = Array.from({ length: 60 }, (): Piece[] => [
    { for_s: 33.7, current_A: 0 },
    { for_s: 10, current_A: -5 },
  ]).flat();
  const train: Piece[] = [{ for_s: 600, current_A: 0 }, ...pulses, { for_s: 600, current_A: 0 }];
  const applied = (pieces: readonly Piece[]) => {
    let t_s = 0;
    return pieces.map(({ for_s, current_A }) => {
      t_s += for_s;
      return [t_s - for_s, current_A] as const;
    });
  };
  const truth_Ah = (60 * 10 * 5) / H;
  const asked = { 'cell.currentSet_A': applied(train), 'cell.modeSet_count': [[0, 1]] as const };

  it.each([0.5, 1, 5, 7])('readings each %d s: the charge of 10 s pulses to 0.01 %%', dt_s => {
    const out = figureOf(kpisOf(cellRecord(train, { dt_s, asked })), 'charge-out');
    expect(Math.abs((out.value ?? 0) / truth_Ah - 1)).toBeLessThan(1e-4);
  });

  it('where no set point is recorded, the edges are as uncertain as they were', () => {
    const seen = figureOf(kpisOf(cellRecord(train, { dt_s: 7, asked })), 'charge-out');
    const blind = figureOf(kpisOf(cellRecord(train, { dt_s: 7 })), 'charge-out');
    expect(blind.u95 ?? 0).toBeGreaterThan(2 * (seen.u95 ?? Infinity));
    expect(Math.abs((blind.value ?? 0) - truth_Ah)).toBeLessThan(blind.u95 ?? 0);
  });
});

describe('what was not seen', () => {
  const gapped = cellRecord(twice, { gaps: [[14_000, 14_600]] });

  it('is no capacity and no fade, and says so', () => {
    const kpis = kpisOf(gapped);
    expect(figureOf(kpis, 'capacity-fade').value).toBeNull();
    expect(figureOf(kpis, 'capacity-fade').definition).toMatch(/gaps may hide up to 0\.8\d+ Ah/);
    const out = figureOf(kpis, 'charge-out');
    expect(out.definition).toContain('Gaps: 602 s');
    expect(Math.abs((out.value ?? 0) - 10)).toBeLessThanOrEqual(out.u95 ?? 0);
  });

  it('is known where a counter went on', () => {
    const kpis = kpisOf(cellRecord(twice, { gaps: [[14_000, 14_600]], counters: {} }));
    expect(figureValue(kpis, 'capacity-last')).toBeCloseTo(5, 2);
    expect(figureOf(kpis, 'charge-out').definition).toContain('in which the counter went on');
  });

  it('is no whole discharge when the record ends in it', () => {
    const cut = kpisOf(cellRecord([...twice, { for_s: H / 2, current_A: -5 }], {}));
    expect(figureValue(cut, 'capacity-last')).toBeCloseTo(5, 2);
    expect(figureOf(cut, 'capacity-last').definition).toContain('the record ended');
  });

  it('is no whole discharge from an unknown state of charge', () => {
    const kpis = kpisOf(cellRecord([{ for_s: H / 2, current_A: -5 }, ...twice.slice(3), ...cycle], {}));
    expect(figureValue(kpis, 'capacity-first')).toBeCloseTo(5, 2);
    expect(figureOf(kpis, 'capacity-first').definition).toContain('unknown state of charge');
  });
});

describe("the meter's zero", () => {
  it('of long rests does not add up to charge', () => {
    const long = [...twice, { for_s: 120 * H, current_A: 0 }, ...cycle];
    const kpis = kpisOf(cellRecord(long, { zero_A: 0.01, noise_A: 0.002, dt_s: 5 }));
    const into = figureOf(kpis, 'charge-in');
    expect(Math.abs((into.value ?? 0) - 15)).toBeLessThan(0.01);
    expect(figureValue(kpis, 'meter-zero')).toBeCloseTo(10, 1);
    expect(figureOf(kpis, 'meter-zero').definition).toContain('more than the declared 2.0 mA');
    expect(figureValue(kpis, 'coulombic-efficiency')).toBeCloseTo(100, 1);
  });

  it('says that it could not be measured without a rest', () => {
    const kpis = kpisOf(cellRecord([{ for_s: H, current_A: -5 }], {}));
    expect(figureOf(kpis, 'meter-zero').value).toBeNull();
    expect(figureOf(kpis, 'charge-out').definition).toContain('could not be measured');
    // One hour at the declared 2 mA, 0.05 % of 5 Ah, and where the record's ends lie.
    expect(figureOf(kpis, 'charge-out').u95).toBeGreaterThan(0.002);
  });

  it('a set point says what a rest is: C/1000 on purpose is charge', () => {
    const slow = cellRecord(
      [
        { for_s: 100 * H, current_A: 0 },
        { for_s: 100 * H, current_A: -0.005 },
      ],
      {
        dt_s: 60,
        asked: {
          'cell.modeSet_count': [[0, 1]],
          'cell.currentSet_A': [
            [0, 0],
            [100 * H, -0.005],
          ],
        },
      },
    );
    expect(figureValue(kpisOf(slow), 'charge-out')).toBeCloseTo(0.5, 3);
  });
});

describe('the counters of the instrument', () => {
  it.each([
    ['that begin anew in each step', { resetAt_s: [4200, 11_400, 12_000, 15_600] }],
    ['that roll over', { rollover_Ah: 3.3 }],
    ['that show one false reading', { glitchAt_s: [5000, 13_000] }],
  ])('%s give the same charge', (_, counters) => {
    const kpis = kpisOf(cellRecord(twice, { counters, zero_A: 0.008 }));
    expect(figureValue(kpis, 'charge-in')).toBeCloseTo(10, 2);
    expect(figureValue(kpis, 'charge-out')).toBeCloseTo(10, 2);
    expect(figureOf(kpis, 'charge-in').definition).toContain("instrument's own counter");
  });

  it('that stand still are not believed, and it says why', () => {
    const kpis = kpisOf(cellRecord(twice, { counters: { stuck: true } }));
    expect(figureValue(kpis, 'charge-in')).toBeCloseTo(10, 2);
    expect(figureOf(kpis, 'charge-in').definition).toContain('not believed');
  });
});

describe('like is compared with like', () => {
  const at = (current_A: number, Ah: number): Piece[] => [
    { for_s: (Ah / current_A) * H, current_A: -current_A },
    { for_s: 600, current_A: 0 },
    { for_s: (Ah / 2.5) * H, current_A: 2.5 },
    { for_s: 600, current_A: 0 },
  ];

  it('never C/10 with 1C', () => {
    const kpis = kpisOf(cellRecord([{ for_s: 600, current_A: 0 }, ...at(0.5, 5), ...at(5, 4.8)], {}));
    expect(figureOf(kpis, 'capacity-fade').value).toBeNull();
    expect(figureOf(kpis, 'capacity-fade').definition).toContain('0.100C against 1.00C');
  });

  it('check-up with check-up, cycle with cycle', () => {
    const run = cellRecord(
      [
        { for_s: 600, current_A: 0 },
        ...at(0.5, 5),
        ...at(5, 4.9),
        ...at(5, 4.8),
        ...at(5, 4.7),
        ...at(0.5, 4.9),
      ],
      { dt_s: 5 },
    );
    const kpis = kpisOf(run);
    expect(figureValue(kpis, 'capacity-fade')).toBeCloseTo(2, 1);
    expect(figureValue(kpis, 'capacity-first')).toBeCloseTo(5, 2);
    const other = kpis.find(k => k.id.startsWith('capacity-fade-at-1'));
    expect(other?.value).toBeCloseTo(100 * (1 - 4.7 / 4.9), 1);
  });
});

it('the table has a line a cycle: a charge and the discharge after it', () => {
  const [table] = cellTables(cellRecord([...twice, ...twice], {}));
  expect(table?.rows).toHaveLength(3);
  expect(table?.columns).toContain('coulombicEfficiency_pct');
});
