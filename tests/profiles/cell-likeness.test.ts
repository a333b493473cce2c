import { describe, expect, it } from 'vitest';
import { cellKpis, cellTables } from '../../profiles/cell-kpis.ts';
import type { KpiValue } from '../../profiles/kpi.ts';
import { cellRecord, type Flaws, type Piece } from '../validate/figures/cell-record.ts';
import { figureOf, figureValue } from './figures.ts';

/** Capacities and fades of like with like: one rate, one temperature. */

const H = 3600;
const REST: Piece = { for_s: 600, current_A: 0 };
const move = (current_A: number, Ah: number): Piece => ({ for_s: (Ah / Math.abs(current_A)) * H, current_A });
/** 4.2 V full, 30 mOhm and so much from full to empty that 1C of the 5 Ah cell ends at 2.5 V where the test says. */
const volts = (net_Ah: number, current_A: number): number =>
  2.65 + 1.55 * (1 + net_Ah / 5) + 0.03 * current_A;
const kpisOf = (pieces: readonly Piece[], flaws: Flaws = {}): KpiValue[] =>
  cellKpis(cellRecord(pieces, { dt_s: 5, voltage: volts, ...flaws }));
const ids = (kpis: readonly KpiValue[]): string[] => kpis.map(({ id }) => id);

describe('a discharge at clearly different rates', () => {
  /** 1C to 2.5 V gives 5 Ah; the drop of 0.15 V less at C/10 leaves 0.4355 Ah more. */
  const residual_Ah = (0.135 / 1.55) * 5;
  const full = (Ah: number): Piece[] => [move(2.5, Ah), REST];
  const withRest = [move(-5, 5), REST, move(-0.5, residual_Ah), REST];

  it.each([
    ['with a rest between', withRest],
    ['without a rest', [move(-5, 5), move(-0.5, residual_Ah), REST]],
  ])('is the capacity at the first, and the residual apart: %s', (_, pieces) => {
    const kpis = kpisOf([REST, ...pieces, ...full(5 + residual_Ah), move(-5, 4.9), REST], {
      voltage: (net, current) => volts(net, current) - (net < -5 - residual_Ah ? 0.5 : 0),
    });
    expect(figureValue(kpis, 'capacity-first')).toBeCloseTo(5, 1);
    expect(figureOf(kpis, 'capacity-first').definition).toMatch(/At (1\.00|0\.99\d)C/);
    expect(figureOf(kpis, 'capacity-first').definition).toMatch(
      /Not with it what followed: 0\.4[34]\d+ Ah at 0\.(10[01]|099\d)C/,
    );
    expect(figureValue(kpis, 'capacity-residual')).toBeCloseTo(residual_Ah, 2);
  });

  it('fades with others of the first rate alone', () => {
    const kpis = kpisOf([
      REST,
      ...withRest,
      ...full(5 + residual_Ah),
      move(-5, 4.95),
      REST,
      move(-0.5, residual_Ah),
      REST,
    ]);
    const fade = figureOf(kpis, 'capacity-fade');
    expect(Math.abs((fade.value ?? 0) - 1)).toBeLessThan(0.2);
    expect(fade.definition).toMatch(/at 0\.99\dC/);
  });

  it('steps down through several: the first is the capacity, all others are said', () => {
    const kpis = kpisOf([REST, move(-10, 4.5), REST, move(-5, 0.5), REST, move(-1, 0.38), REST, ...full(5)]);
    expect(figureValue(kpis, 'capacity-first')).toBeCloseTo(4.5, 1);
    expect(figureOf(kpis, 'capacity-residual').definition).toMatch(
      /0\.50\d+ Ah at 0\.9[89]\dC, 0\.38\d+ Ah at 0\.199C/,
    );
  });

  it('is no capacity where it went on before the lower voltage', () => {
    const kpis = kpisOf([REST, move(-5, 2.5), REST, move(-0.5, 2.9), REST, ...full(5)]);
    expect(figureOf(kpis, 'capacity-first').value).toBeNull();
    expect(figureOf(kpis, 'capacity-first').definition).toMatch(
      /at no one rate: 2\.50\d Ah at 0\.99\dC, 2\.90\d Ah at 0\.100C/,
    );
    expect(figureOf(kpis, 'capacity-fade').value).toBeNull();
  });

  it('has no mean rate in the table', () => {
    const [table] = cellTables(
      cellRecord([REST, ...withRest, ...full(5 + residual_Ah)], { dt_s: 5, voltage: volts }),
    );
    const row = table.rows[0];
    expect(row[table.columns.indexOf('rate_C')]).toBeNull();
    expect(row[table.columns.indexOf('note')]).toMatch(/Ah at 0\.99\dC, 0\.43\d+ Ah at 0\.099\dC/);
  });
});

describe('a discharge stays one', () => {
  const taper = (tau_s: number): Piece[] =>
    Array.from({ length: 400 }, (_, k) => ({ for_s: 10, current_A: -5 * Math.exp((-10 * k) / tau_s) }));
  const gitt = Array.from({ length: 20 }, (): Piece[] => [
    move(-0.5, 0.25),
    { for_s: 1800, current_A: 0 },
  ]).flat();
  const hppc = Array.from({ length: 10 }, (): Piece[] => [
    move(-2.5, 0.47),
    { for_s: 3600, current_A: 0 },
    { for_s: 30, current_A: -10 },
    { for_s: 40, current_A: 0 },
    { for_s: 10, current_A: 7.5 },
    { for_s: 40, current_A: 0 },
  ]).flat();
  const drive = Array.from({ length: 180 }, (_, k): Piece[] => [
    { for_s: 20 + (k % 5) * 15, current_A: -3 - (k % 4) },
    { for_s: 15, current_A: 2 },
    { for_s: 10, current_A: 0 },
  ]).flat();
  const power = Array.from({ length: 360 }, (_, k): Piece => ({ for_s: 10, current_A: -4 * (1 + k / 900) }));
  it.each([
    ['with a taper at the lower voltage', [move(-5, 4.5), ...taper(400)], 10],
    ['with a taper in coarse rows', [move(-5, 4.5), ...taper(400)], 60],
    ['with pauses: GITT', gitt, 5],
    ['with pulses: HPPC', hppc, 1],
    ['as a drive cycle', drive, 1],
    ['at constant power', power, 10],
  ])('%s', (_, pieces, dt_s) => {
    const kpis = kpisOf([REST, ...pieces, REST], { dt_s, power_V: [4, 3.6] });
    const out = figureValue(kpis, 'charge-out') - figureValue(kpis, 'charge-in');
    expect(ids(kpis)).not.toContain('capacity-residual');
    const { value, definition } = figureOf(kpis, 'capacity-first');
    expect(definition).not.toContain('no one rate');
    if (value !== null) expect(Math.abs(value - out)).toBeLessThan(0.03);
    else expect(definition).toContain('unknown state of charge');
  });
});

describe('temperatures', () => {
  /** Steep, and all but held at the limits: a cell that gives less ends at the same voltage. */
  const voltage = (net_Ah: number, current_A: number): number => {
    const open_V = 4.2 + 0.37 * net_Ah + 0.03 * current_A;
    const held_V = Math.min(4.2, Math.max(2.5, open_V));
    return held_V + 0.01 * (open_V - held_V);
  };
  const record = (made: readonly Piece[], temperature_degC?: (t_s: number) => number): KpiValue[] =>
    kpisOf(made, temperature_degC === undefined ? { voltage } : { voltage, temperature_degC });
  const cycle = (Ah: number): Piece[] => [move(-5, Ah), REST, move(2.5, Ah), REST];
  const pieces = [REST, ...cycle(5), ...cycle(4.9), ...cycle(4.7), ...cycle(4.6)];
  /** The first two cycles are over before 6.7 h. */
  const cold = (t_s: number): number => (t_s < 6.75 * H ? 25 : 0);

  it('that differ are not compared: two warm ones are, two cold ones are', () => {
    const kpis = record(pieces, cold);
    const fade = figureOf(kpis, 'capacity-fade');
    expect(Math.abs((fade.value ?? 0) - 2)).toBeLessThan(0.1);
    expect(fade.definition).toContain('at 25.0 and 25.0 degC');
    const other = kpis.find(({ id }) => id.startsWith('capacity-fade-at-') && id.endsWith('-0degC'));
    expect(Math.abs((other?.value ?? 0) - 100 * (1 - 4.6 / 4.7))).toBeLessThan(0.1);
    expect(figureOf(kpis, 'capacity-first').definition).toContain('and 25.0 degC');
  });

  it('of two discharges that differ leave no fade, and it says which', () => {
    const kpis = record([REST, ...cycle(5), ...cycle(4.7)], t => (t < 3.3 * H ? 25 : 0));
    expect(figureOf(kpis, 'capacity-fade').value).toBeNull();
    expect(figureOf(kpis, 'capacity-fade').definition).toContain('at 25.0 degC against 0.0 degC');
  });

  it('that a cell gives itself, or that nobody recorded, are no other ones; it is said', () => {
    const warm = record(pieces, t => 25 + 3 * Math.sin(t / 2000));
    expect(Math.abs(figureValue(warm, 'capacity-fade') - 8)).toBeLessThan(0.1);
    const none = record(pieces);
    expect(Math.abs(figureValue(none, 'capacity-fade') - 8)).toBeLessThan(0.1);
    expect(figureOf(none, 'capacity-fade').definition).toContain('no temperature was recorded');
  });

  it('tell that a cycle does not end where it began', () => {
    // Warm: 5 Ah out and in. Cold: 4.8 Ah come out of the full cell, and go in again.
    const kpis = record(
      [REST, ...cycle(5), move(-5, 4.8), REST, move(2.5, 4.8), REST, move(-5, 4.8), REST],
      t => (t < 3.4 * H ? 25 : 0),
    );
    const { value, definition } = figureOf(kpis, 'coulombic-efficiency');
    expect(value).toBeCloseTo(100, 1);
    expect(definition).toContain('25.0 degC against 0.0 degC, which at the same voltage is another state');
  });
});

describe('discharges after charges that ended at different currents', () => {
  /** At 4.2 V a charge at 2.5 A lacks 0.2419 Ah, one at 5 A twice as much. */
  const lack_Ah = (0.075 / 1.55) * 5;
  const cycle = (current_A: number): Piece[] => {
    const Ah = 5 - (current_A / 2.5) * lack_Ah;
    return [move(current_A, Ah), REST, move(-5 / 3, Ah), REST];
  };
  const begin: readonly Piece[] = [REST, move(-5 / 3, 2.5), REST];
  /** Half full at first. */
  const half: Flaws = { voltage: (net, current) => volts(net - 2.5, current) };

  it('have no fade: they hold less because less was put in', () => {
    const kpis = kpisOf([...begin, ...cycle(2.5), ...cycle(5), ...cycle(7.5)], half);
    const fade = figureOf(kpis, 'capacity-fade');
    expect(fade.value).toBeNull();
    expect(fade.definition).toMatch(/after a charge that ended at 0\.50C against 1\.5C/);
    expect(figureValue(kpis, 'capacity-first')).toBeCloseTo(5 - lack_Ah, 1);
  });

  it('fade where holds at the upper voltage ended higher and higher', () => {
    const held = (end_A: number): Piece[] => [
      move(2.5, 4.75),
      move(end_A, 0.1),
      REST,
      move(-5 / 3, 4.85),
      REST,
    ];
    const kpis = kpisOf([...begin, ...held(0.1), ...held(0.4)], half);
    expect(figureValue(kpis, 'capacity-fade')).not.toBeNull();
  });

  it('fade with those after the same charge', () => {
    const kpis = kpisOf([...begin, ...cycle(2.5), ...cycle(5), ...cycle(2.5)], half);
    expect(Math.abs(figureValue(kpis, 'capacity-fade') ?? Number.NaN)).toBeLessThan(0.2);
  });
});
