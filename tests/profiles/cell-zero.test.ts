import { describe, expect, it } from 'vitest';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { cellRecord, type Piece } from '../validate/figures/cell-record.ts';
import { figureOf } from './figures.ts';

/** A meter whose zero does not stand still over a test: every figure that it moves says so, and is as uncertain. */

const H = 3600;
const REST: Piece = { for_s: 600, current_A: 0 };
const CYCLE: Piece[] = [{ for_s: H, current_A: -5 }, REST, { for_s: 2 * H, current_A: 2.5 }, REST];
const PIECES: Piece[] = [REST, ...CYCLE, ...CYCLE, ...CYCLE];

/** Three equal cycles of 5 Ah, 4 V in and 3.6 V out, by a meter whose zero is a function of time, A. */
function seen(zero_A: (t_s: number) => number, counters = false): RecordedRun {
  const run = cellRecord(PIECES, { dt_s: 5, noise_A: 1e-4, ...(counters ? { counters: {} } : {}) });
  const current = run.series('cell.current_A');
  const power = run.series('cell.power_W');
  const shown = {
    'cell.current_A': current.value.map((v, i) => v + zero_A(current.t_s[i])),
    'cell.power_W': power.value.map((v, i) => v + 3.8 * zero_A(power.t_s[i])),
  } as Readonly<Record<string, Float64Array>>;
  return {
    ...run,
    series: role => (role in shown ? { t_s: current.t_s, value: shown[role] } : run.series(role)),
  };
}

const TRUTH = {
  'charge-in': 15,
  'charge-out': 15,
  'energy-in': 60,
  'energy-out': 54,
  'coulombic-efficiency': 100,
  'energy-efficiency': 90,
  'capacity-first': 5,
  'capacity-last': 5,
  'capacity-fade': 0,
} as const;

describe.each([
  ['runs away evenly', (t_s: number) => 0.02 * (t_s / (11 * H))],
  ['jumps in the middle', (t_s: number) => (t_s > 5.2 * H ? 0.02 : 0)],
  ['jumps back and forth', (t_s: number) => (Math.floor(t_s / (3.4 * H)) === 1 ? -0.012 : 0.002)],
])('a zero that %s', (_, zero_A) => {
  const kpis = cellKpis(seen(zero_A));
  it.each(Object.entries(TRUTH))('stands beside %s and in its uncertainty', (id, truth) => {
    const { value, u95, definition } = figureOf(kpis, id);
    expect(definition).toContain('The zero was not the same in all rests');
    expect(Math.abs((value ?? Number.NaN) - truth)).toBeLessThanOrEqual(u95 ?? 0);
  });

  it('says by how much', () => {
    expect(figureOf(kpis, 'capacity-fade').definition).toMatch(/may be up to 0\.[234]\d* pct here/);
    expect(figureOf(kpis, 'energy-out').definition).toMatch(
      /mW; one mean was taken off, which may be up to 0\.[12]\d* Wh/,
    );
  });
});

it('a zero that stands still is not said to move, and a counter knows of none', () => {
  for (const id of Object.keys(TRUTH)) {
    expect(figureOf(cellKpis(seen(() => 0.02)), id).definition).not.toContain('not the same');
  }
  const counted = cellKpis(seen(t_s => 0.02 * (t_s / (11 * H)), true));
  for (const id of ['charge-out', 'coulombic-efficiency', 'capacity-fade'])
    expect(figureOf(counted, id).definition).not.toContain('not the same');
});

it('what did not flow is known no better than the zero of the meter', () => {
  const kpis = cellKpis(cellRecord([REST, { for_s: H, current_A: -5 }, REST], { dt_s: 5 }));
  // Both rests are all the time in which nothing flowed out: 0 Wh in, not for certain.
  const into = figureOf(kpis, 'energy-in');
  expect(into.value).toBe(0);
  expect(into.u95).toBeGreaterThan(0);
  expect(into.u95).toBeLessThan(0.1);
  expect(figureOf(kpis, 'charge-in').u95).toBeGreaterThan(0);
});
