import { describe, expect, it } from 'vitest';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun, RecordedStep } from '../../profiles/recorded-run.ts';
import { cellRecord, type Flaws, type Piece } from '../validate/figures/cell-record.ts';
import { seeded } from '../validate/figures/seeded.ts';
import { figureOf } from './figures.ts';

/** Between which states a cycle is counted, and what its u95 holds of their being the same. */

const H = 3600;
const REST: Piece = { for_s: 1800, current_A: 0 };
const move = (current_A: number, Ah: number): Piece => ({ for_s: Math.abs(Ah / current_A) * H, current_A });
/** A cell that begins half full: straight open-circuit line, 20 mOhm, held between its limits. */
const volts = (net_Ah: number, current_A: number): number =>
  Math.min(4.2, Math.max(2.5, 3.35 + 0.34 * net_Ah + 0.02 * current_A));

/** A record whose charges and discharges were ended by a condition. */
function ended(pieces: readonly Piece[], flaws: Flaws): RecordedRun {
  let end_s = 0;
  const steps = pieces.map(({ for_s, current_A }): RecordedStep => {
    const start_s = end_s;
    end_s += for_s;
    const how = current_A === 0 ? 'time' : 'condition';
    return { op: current_A === 0 ? 'rest' : 'cc', start_s, end_s, ended: how, reason: how };
  });
  return { ...cellRecord(pieces, { voltage: volts, ...flaws }), steps };
}

const efficiency = (pieces: readonly Piece[], flaws: Flaws = {}) =>
  figureOf(cellKpis(ended(pieces, flaws)), 'coulombic-efficiency');

describe('coulombic efficiency', () => {
  const half = [REST, move(5, 2.4), REST];

  it('is that of the discharge and the charge before it, though two the other way round close', () => {
    // As a cell that loses capacity does it: from full to full more comes out than goes in.
    const cycle = [move(-5, 4.8), REST, move(5, 4.795), REST, move(-5, 4.79), REST, move(5, 4.787), REST];
    const { value, definition } = efficiency([...half, ...cycle]);
    expect(definition).toContain('each discharge with the charge before it, mean over the 1 closed cycle;');
    expect(Math.abs((value ?? 0) - (100 * 4.79) / 4.795)).toBeLessThan(0.03);
  });

  it('is that of the charge after it where no other closes, which is said and is in its u95', () => {
    const { value, u95, definition } = efficiency([...half, move(-5, 4.8), REST, move(5, 4.795), REST]);
    expect(definition).toContain('each discharge with the charge after it (with the charge before it no');
    expect(Math.abs((value ?? 0) - (100 * 4.8) / 4.795)).toBeLessThan(0.03);
    // What the cell lost stands on the other side of 100 %.
    expect((value ?? 0) - 100).toBeLessThanOrEqual((u95 ?? 0) / 2);
  });

  it('says so where more came out than went in beyond its u95', () => {
    const more = [...half, move(-5, 4.8), REST, move(5, 4.78), REST, move(-5, 4.81), REST];
    const { value, u95, definition } = efficiency(more);
    expect((value ?? 0) - (u95 ?? 0)).toBeGreaterThan(100);
    expect(definition).toContain('More came out than went in, beyond its uncertainty');
    const less = [...half, move(-5, 4.8), REST, move(5, 4.8), REST, move(-5, 4.79), REST];
    expect(efficiency(less).definition).not.toContain('More came out');
  });

  it('holds the truth in its u95 of records whose ends were seen up to a reading late', () => {
    const [DRAWS, DT_S] = [300, 4];
    /** What a reading is worth, Ah. */
    const one_Ah = (5 * DT_S) / H;
    let held = 0;
    for (let seed = 0; seed < DRAWS; seed++) {
      const chance = seeded(seed + 1);
      // Each discharge ends with the first reading beyond the same empty state.
      let beyond_Ah = one_Ah * chance.uniform();
      const pieces: Piece[] = [REST, move(-5, 400 * one_Ah), REST];
      let truth = 0;
      for (let n = 0; n < 2; n++) {
        const lost_Ah = one_Ah * (1 + chance.uniform());
        const in_Ah = one_Ah * (860 + Math.floor(4 * chance.uniform()));
        const left_Ah = in_Ah - beyond_Ah - lost_Ah;
        const out_Ah = one_Ah * Math.ceil(left_Ah / one_Ah);
        beyond_Ah = out_Ah - left_Ah;
        truth += 50 * (1 - lost_Ah / in_Ah);
        pieces.push(move(2.5, in_Ah), REST, move(-5, out_Ah), REST);
      }
      const { value, u95 } = efficiency(pieces, { dt_s: DT_S, seed });
      if (Math.abs((value ?? 0) - truth) <= (u95 ?? 0)) held++;
    }
    expect(held / DRAWS).toBeGreaterThanOrEqual(0.93);
  });

  it('holds what the ends of the discharges are apart by their voltages, where no step tells', () => {
    // The second one ends 40 mV lower, which is 0.118 Ah: of 4.5 Ah 2.6 %.
    const pieces = [...half, move(-5, 4.2), REST, move(5, 4.2), REST, move(-5, 4.318), REST];
    const { value, u95 } = figureOf(cellKpis(cellRecord(pieces, { voltage: volts })), 'coulombic-efficiency');
    if (value !== null) expect(Math.abs(value - 100)).toBeLessThanOrEqual(1.1 * (u95 ?? 0));
    const near = [...half, move(-5, 4.2), REST, move(5, 4.2), REST, move(-5, 4.23), REST];
    const found = figureOf(cellKpis(cellRecord(near, { voltage: volts })), 'coulombic-efficiency');
    expect(found.value).toBeCloseTo((100 * 4.23) / 4.2, 1);
    expect(Math.abs((found.value ?? 0) - 100)).toBeLessThanOrEqual(1.1 * (found.u95 ?? 0));
  });
});

it('a half begins where its current does, however long the counter has stood before: no energy is lost', () => {
  const pieces = [REST, move(-3, 2), { for_s: 4 * H, current_A: 0 }, move(3, 2), REST, move(-3, 2), REST];
  const of = (digits: number): number =>
    figureOf(cellKpis(cellRecord(pieces, { voltage: volts, counters: { digits } })), 'energy-efficiency')
      .value ?? Number.NaN;
  // A row is 0.8 mAh, the last digit 10 mAh.
  expect(of(2)).toBeCloseTo(of(6), 3);
});
