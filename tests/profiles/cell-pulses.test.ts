import { describe, expect, it } from 'vitest';
import { ledgerOf } from '../../profiles/cell/ledger.ts';
import { pulsesOf } from '../../profiles/cell/pulses.ts';
import { cellKpis, cellTables } from '../../profiles/cell-kpis.ts';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { CELL, cellRecord, type Piece } from '../validate/figures/cell-record.ts';
import { seeded } from '../validate/figures/seeded.ts';
import { figureOf } from './figures.ts';

/** Nine pulses of 10 s at 1C after rests, each 0.5 Ah further down; 20 mOhm at once and 5 mOhm more within 10 s. */

const STEPS: Piece[] = Array.from({ length: 9 }, (): Piece[] => [
  { for_s: 300, current_A: 0 },
  { for_s: 10, current_A: -5 },
  { for_s: 60, current_A: 0 },
  { for_s: 350, current_A: -5 },
]).flat();

function applied(): [number, number][] {
  let t_s = 0;
  return STEPS.map(({ for_s, current_A }) => {
    t_s += for_s;
    return [t_s - for_s, current_A];
  });
}

/** The record with a voltage of its own: what the pulse has moved in its own ten seconds. */
function hppc(noise_V = 0, gain_frac = 0): RecordedRun {
  const starts = applied();
  const run = cellRecord(STEPS, {
    dt_s: 1,
    asked: { 'cell.currentSet_A': starts, 'cell.modeSet_count': [[0, 1]] },
  });
  const chance = seeded(3);
  const { t_s } = run.series('cell.current_A');
  const value = t_s.map(t => {
    // What is set at the very time of a reading comes after it.
    const [start_s, current_A] = starts.findLast(([from_s]) => from_s < t - 1e-9) ?? [0, 0];
    const slow_mOhm = 5 * Math.min(1, (t - start_s) / 10);
    return (3.8 + 1e-3 * (20 + slow_mOhm) * current_A) * (1 + gain_frac) + noise_V * chance.gauss();
  });
  return { ...run, series: role => (role === 'cell.voltage_V' ? { t_s, value } : run.series(role)) };
}

const found = (run: RecordedRun) => pulsesOf(run, CELL, ledgerOf(run, CELL));

describe('pulses after a rest', () => {
  it('give the resistance at ten seconds, each at its state', () => {
    const pulses = found(hppc());
    // The long discharge after a short rest is a pulse of at least ten seconds, too.
    expect(pulses).toHaveLength(18);
    for (const { resistance_mOhm } of pulses) expect(resistance_mOhm).toBeCloseTo(25, 2);
    expect(pulses[0].netCharge_Ah).toBeCloseTo(0, 6);
    expect(pulses[2].netCharge_Ah).toBeCloseTo(-0.5, 3);
    expect(pulses[0].voltageBefore_V).toBeCloseTo(3.8, 6);
  });

  it('are as uncertain as their readings scatter', () => {
    const pulses = found(hppc(0.0005));
    // 0.5 mV of noise on both sides and 5 A: about 0.1..0.2 mOhm.
    for (const { u95_mOhm } of pulses) expect(u95_mOhm).toBeGreaterThan(0.03);
    const inside = pulses.filter(p => Math.abs(p.resistance_mOhm - 25) <= p.u95_mOhm);
    expect(inside.length).toBeGreaterThanOrEqual(14);
  });

  it('stand in a table of the result', () => {
    const table = cellTables(hppc()).find(({ id }) => id === 'pulses');
    expect(table?.columns).toContain('resistance10sU95_mOhm');
    expect(table?.rows).toHaveLength(18);
  });

  it('of less than ten seconds, and charges without a rest before, are none', () => {
    const short = cellRecord(
      [
        { for_s: 300, current_A: 0 },
        { for_s: 5, current_A: -5 },
        { for_s: 300, current_A: 0 },
      ],
      {
        asked: {
          'cell.currentSet_A': [
            [0, 0],
            [300, -5],
            [305, 0],
          ],
          'cell.modeSet_count': [[0, 1]],
        },
        voltage: () => 3.8,
      },
    );
    expect(found(short)).toEqual([]);
  });

  it('that the rows left out cannot show are not put down to the rest', () => {
    const whole = hppc();
    const few = (_: number, i: number): boolean => i % 60 === 0;
    const run: RecordedRun = {
      ...whole,
      series: role => {
        const { t_s, value } = whole.series(role);
        return { t_s: t_s.filter(few), value: value.filter(few), join_s: 60 };
      },
    };
    const { value, definition } = figureOf(cellKpis(run), 'pulse-resistance-charge');
    expect(value).toBeNull();
    expect(definition).toContain('or its rows were left out: they are kept up to 60 s apart');
    const { definition: seen } = figureOf(cellKpis(whole), 'pulse-resistance-charge');
    expect(seen).not.toContain('left out');
  });

  it('are a figure with its uncertainty, per direction', () => {
    // Both meters' gains: 0.05 % of the ammeter, none declared of the voltmeter; the scatter of 18 pulses.
    const kpis = cellKpis(hppc(0.0005));
    const discharge = figureOf(kpis, 'pulse-resistance-discharge');
    expect(Math.abs((discharge.value ?? 0) - 25)).toBeLessThanOrEqual(discharge.u95 ?? 0);
    expect(discharge.u95).toBeGreaterThan(0.0125);
    expect(discharge.u95).toBeLessThan(0.1);
    expect(discharge.definition).toContain('mean of 18 pulses');
    const charge = figureOf(kpis, 'pulse-resistance-charge');
    expect(charge.value).toBeNull();
    expect(charge.definition).toContain('no charge of 10 s');
  });

  it('of several states: the mean is as uncertain as they lie apart', () => {
    // 20 mOhm at the first pulse, 2 mOhm more at each.
    const run = hppc();
    const starts = applied();
    const { t_s } = run.series('cell.current_A');
    const value = t_s.map(t => {
      const k = starts.findLastIndex(([from_s]) => from_s < t - 1e-9);
      return 3.8 + 1e-3 * (20 + 2 * Math.floor(Math.max(0, k) / 4)) * (starts[k]?.[1] ?? 0);
    });
    const grown: RecordedRun = {
      ...run,
      series: role => (role === 'cell.voltage_V' ? { t_s, value } : run.series(role)),
    };
    const { value: mean, u95, definition } = figureOf(cellKpis(grown), 'pulse-resistance-discharge');
    expect(mean).toBeCloseTo(28, 1);
    expect(u95).toBeGreaterThan(8);
    expect(definition).toMatch(/from 20.00 to 36.00 mOhm at states \d\.\d\d Ah apart/);
  });

  it('need no set point where the readings tell when they began', () => {
    const { asked, ...run } = hppc();
    const none = { t_s: new Float64Array(0), value: new Float64Array(0) };
    const blind: RecordedRun = { ...run, asked: () => none };
    // Known to half a second of ten, the slow part is up to 0.25 mOhm off.
    for (const { resistance_mOhm } of found(blind)) expect(Math.abs(resistance_mOhm - 25)).toBeLessThan(0.3);
    expect(found(blind)).toHaveLength(18);
    expect(found(hppc())).toHaveLength(18);
    expect(asked('cell.currentSet_A').t_s.length).toBeGreaterThan(0);
  });
});

describe('the uncertainty of a pulse whose voltage bends', () => {
  /** 20 mOhm at once, 8 mOhm more by and by: at ten seconds what the time constant leaves of it. */
  const bent = (tau_s: number, seed: number, noise_V: number): RecordedRun => {
    const starts = applied();
    const run = hppc();
    const chance = seeded(seed);
    const { t_s } = run.series('cell.current_A');
    const value = t_s.map(t => {
      const [start_s, current_A] = starts.findLast(([from_s]) => from_s < t - 1e-9) ?? [0, 0];
      const slow_mOhm = 8 * (1 - Math.exp((start_s - t) / tau_s));
      return 3.8 + 1e-3 * (20 + slow_mOhm) * current_A + noise_V * chance.gauss();
    });
    return { ...run, series: role => (role === 'cell.voltage_V' ? { t_s, value } : run.series(role)) };
  };

  it.each([6, 20, 120])('holds the truth as often as it says, %d s', tau_s => {
    const truth_mOhm = 20 + 8 * (1 - Math.exp(-10 / tau_s));
    const pulses = Array.from({ length: 60 }, (_, k) => found(bent(tau_s, 100 + k, 0.0002))).flat();
    const inside = pulses.filter(p => Math.abs(p.resistance_mOhm - truth_mOhm) <= p.u95_mOhm).length;
    expect(pulses).toHaveLength(60 * 18);
    expect(inside / pulses.length).toBeGreaterThan(0.93);
    expect(inside / pulses.length).toBeLessThan(0.97);
  });

  it.each([6, 20, 120])('has no bend in it that is read as noise, %d s', tau_s => {
    const truth_mOhm = 20 + 8 * (1 - Math.exp(-10 / tau_s));
    for (const { resistance_mOhm, u95_mOhm } of found(bent(tau_s, 1, 2e-6))) {
      expect(Math.abs(resistance_mOhm - truth_mOhm)).toBeLessThan(0.06);
      expect(u95_mOhm).toBeLessThan(0.06);
    }
  });
});
