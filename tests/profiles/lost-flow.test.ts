import { describe, expect, it } from 'vitest';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun, RecordedSeries } from '../../profiles/recorded-run.ts';
import { evaluateRun } from '../../profiles/run-kpis.ts';
import { CELL, cellRecord } from '../validate/figures/cell-record.ts';
import { figureOf, NOTHING } from './figures.ts';
import { recordOf } from './record.ts';

/** A supply that nobody hears any more when a run trips: what flows until it is seen off is told at the figure. */

const phases = (end_s: number) => [
  { name: 'run', method: 'steps', start_s: 0, end_s, ended_by: 'supply-lost' },
];
/** 30 A, lost at `lost_s`, tripped 2 s behind, seen off at `seen_s`. */
function lostRun(lost_s: number, seen_s: number, current_A = 30) {
  const shown = (level: number) => (t: number) => (t <= lost_s ? level : t < seen_s ? Number.NaN : 0);
  return recordOf({
    to_s: seen_s + 20,
    phases: phases(lost_s + 2),
    roles: { 'stack.current_A': shown(current_A), 'stack.power_W': shown(1000 * current_A) },
    accuracy: { 'stack.current_A': { reading_pct: 0, abs: 0.01, basis: 'default' } },
  });
}

describe.each([undefined, 'run'])('h2-faraday and energy of a run that lost its supply, phase %s', phase => {
  it('have no value where more than a twentieth may be missing, and say how much', () => {
    const kpis = evaluateRun(lostRun(14, 20), NOTHING);
    for (const id of ['h2-faraday', 'energy', 'specific-energy-faraday']) {
      const { value, definition } = figureOf(kpis, id, phase);
      expect(value, id).toBeNull();
      expect(definition).toContain('No value: more than 5 % of it may be missing');
    }
    const { definition } = figureOf(kpis, 'h2-faraday', phase);
    expect(definition).toContain('Gaps: 6 s.');
    expect(definition).toContain(
      'From 14.0 s on nobody saw what flowed: at 30.0 A until 20.0 s, when it was read again, it is up to 0.05 Ah',
    );
  });

  it('have it in their uncertainty where it is less', () => {
    const {
      value,
      u95 = 0,
      definition,
    } = figureOf(evaluateRun(lostRun(1000, 1010), NOTHING), 'h2-faraday', phase);
    expect(value).not.toBeNull();
    expect(u95 / (value ?? 0)).toBeGreaterThan(0.0099);
    expect(definition).toMatch(/Gaps: 10 s\. From 1000\.0 s on nobody saw/);
  });
});

it.each([
  ['readings went on', lostRun(14, 15)],
  ['nothing flowed by the last reading', lostRun(14, 40, 0.005)],
])('nothing is said where %s', (_, run) => {
  const found = figureOf(evaluateRun(run, NOTHING), 'h2-faraday');
  expect(found.value).not.toBeNull();
  expect(found.definition).not.toContain('nobody saw');
});

it('a set point behind the last reading counts as what may have flowed', () => {
  const run = lostRun(14, 20);
  const asked = (): RecordedSeries => ({ t_s: Float64Array.of(14.5), value: Float64Array.of(60) });
  const { definition } = figureOf(evaluateRun({ ...run, asked }, NOTHING), 'h2-faraday');
  expect(definition).toContain('at 60.0 A until 20.0 s');
});

it('a supply that is never heard again: until the end of the record', () => {
  const run = recordOf({
    to_s: 60,
    phases: phases(16),
    roles: { 'stack.current_A': t => (t <= 14 ? 30 : Number.NaN) },
  });
  expect(figureOf(evaluateRun(run, NOTHING), 'h2-faraday').definition).toContain(
    'until 60.0 s, the end of the record',
  );
});

it('a cell: only the way that flowed has no value', () => {
  const made = cellRecord([{ for_s: 600, current_A: -2 }], { dt_s: 1 });
  const series = (role: string): RecordedSeries => {
    const { t_s, value } = made.series(role);
    return { t_s, value: value.map((one, i) => (t_s[i] > 400 ? Number.NaN : one)) };
  };
  const run: RecordedRun = { ...made, subject: CELL, phases: phases(402), series };
  const kpis = cellKpis(run);
  for (const [id, unit] of [
    ['charge-out', 'Ah'],
    ['energy-out', 'Wh'],
  ] as const) {
    const { value, definition } = figureOf(kpis, id);
    expect(value, id).toBeNull();
    expect(definition).toMatch(new RegExp(`Gaps: 200 s, not bridged; up to .* ${unit} may be missing`));
  }
  expect(figureOf(kpis, 'charge-in').value).toBe(0);
  expect(figureOf(kpis, 'charge-in').definition).toContain('Gaps: 0 s.');
});
