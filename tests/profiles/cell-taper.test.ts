import { describe, expect, it } from 'vitest';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun, RecordedSeries } from '../../profiles/recorded-run.ts';
import { cellRecord } from '../validate/figures/cell-record.ts';
import { seeded } from '../validate/figures/seeded.ts';
import { figureOf } from './figures.ts';

/** Charges that end in a taper, and what rows far apart must not add to them. */

const H = 3600;
const CC_S = 1.8 * H;
const CV_S = 1.2 * H;
const OUT_S = H;
const REST_S = 1800;
const ROUND_S = REST_S + CC_S + CV_S + REST_S + OUT_S;

/** A current of 2.5 A that falls to a floor from the corner on: 2.5 A, its time constant and floor. */
interface Taper {
  readonly tau_s: number;
  readonly floor_A: number;
}

function current_A(t_s: number, { tau_s, floor_A }: Taper): number {
  const at = t_s % ROUND_S;
  if (t_s >= 3 * ROUND_S || at < REST_S) return 0;
  const in_s = at - REST_S;
  if (in_s < CC_S) return 2.5;
  if (in_s < CC_S + CV_S) return floor_A + (2.5 - floor_A) * Math.exp((CC_S - in_s) / tau_s);
  return in_s < CC_S + CV_S + REST_S ? 0 : -4;
}

const inOfRound_Ah = ({ tau_s, floor_A }: Taper): number =>
  (2.5 * CC_S + floor_A * CV_S + (2.5 - floor_A) * tau_s * (1 - Math.exp(-CV_S / tau_s))) / H;

/** Three rounds in rows so far apart, the first one so late: 4 V in, 3.6 V out. */
function record(taper: Taper, dt_s: number, late_s: number): RecordedRun {
  const base = cellRecord([{ for_s: 3 * ROUND_S + REST_S, current_A: 0 }], {});
  const rows = Math.floor((3 * ROUND_S + REST_S - late_s) / dt_s);
  const t_s = Float64Array.from({ length: rows }, (_, i) => late_s + i * dt_s);
  const value = t_s.map(t => current_A(t, taper));
  const series: Readonly<Record<string, RecordedSeries>> = {
    'cell.current_A': { t_s, value },
    'cell.power_W': { t_s, value: value.map(v => v * (v > 0 ? 4 : 3.6)) },
  };
  return {
    ...base,
    series: role => series[role] ?? { t_s: new Float64Array(0), value: new Float64Array(0) },
  };
}

const TAPERS: readonly Taper[] = [
  { tau_s: 600, floor_A: 0.15 },
  { tau_s: 900, floor_A: 0.1 },
  { tau_s: 1500, floor_A: 0.15 },
];
const CASES = TAPERS.flatMap(taper => [60, 300, 450].map(dt_s => ({ ...taper, dt_s })));

describe.each(CASES)('a taper of $tau_s s to $floor_A A in rows $dt_s s apart', ({ dt_s, ...taper }) => {
  // A corner or a step may lie anywhere between two rows: the mean over all beginnings has none of that.
  const late = Array.from({ length: 12 }, (_, k) => ((k + 0.5) * dt_s) / 12);
  const found = late.map(late_s => cellKpis(record(taper, dt_s, late_s)));
  const truth_Ah = 3 * inOfRound_Ah(taper);
  const mean = (id: string): number =>
    found.reduce((sum, kpis) => sum + (figureOf(kpis, id).value ?? Number.NaN), 0) / found.length;

  it('adds no charge and no energy', () => {
    // Straight lines would add h2/12 of what the slope changes by, each time.
    const straight_Ah = (3 * dt_s ** 2 * (2.5 - taper.floor_A)) / (12 * taper.tau_s * H);
    // A quarter of that is left, or 1 in 10,000.
    const most_Ah = Math.max(0.35 * straight_Ah, 1e-4 * truth_Ah);
    expect(Math.abs(mean('charge-in') - truth_Ah)).toBeLessThan(most_Ah);
    expect(Math.abs(mean('energy-in') - 4 * truth_Ah)).toBeLessThan(4 * most_Ah);
  });

  it('holds the truth within its uncertainty, wherever the rows stand', () => {
    for (const kpis of found) {
      const { value, u95 } = figureOf(kpis, 'charge-in');
      expect(Math.abs((value ?? Number.NaN) - truth_Ah)).toBeLessThanOrEqual(u95 ?? 0);
    }
  });
});

it('rows too coarse for a taper are said, of charge and energy in', () => {
  const kpis = cellKpis(record(TAPERS[0], 300, 0));
  expect(figureOf(kpis, 'charge-in').definition).toMatch(
    /coarse for its taper: .* [\d.]+ mAh more; taken off/,
  );
  expect(figureOf(kpis, 'energy-in').definition).toContain('coarse for its taper');
  expect(figureOf(kpis, 'charge-out').definition).not.toContain('taper');
  expect(figureOf(cellKpis(record(TAPERS[0], 10, 0)), 'charge-in').definition).not.toContain('taper');
});

/** Times at which a round goes over into its next step. */
const STEPS_S = [0, REST_S, REST_S + CC_S, REST_S + CC_S + CV_S, REST_S + CC_S + CV_S + REST_S];

/** The same in rows as a rule of a method writes them: first and last reading of each step, and one each `every_s` between. */
function thinned(taper: Taper, every_s: number, withCounters: boolean): RecordedRun {
  const times = [0, 1, 2].flatMap(round =>
    [...STEPS_S.slice(1), ROUND_S].flatMap((end_s, step) => {
      const from_s = STEPS_S[step] + (round + step === 0 ? 0 : 1);
      // The charge up to the taper and the taper are one step.
      if (step === 2) return [];
      const to_s = step === 1 ? STEPS_S[3] : end_s;
      const inside = Array.from(
        { length: Math.ceil((to_s - from_s) / every_s) },
        (_, k) => from_s + k * every_s,
      );
      return [...new Set([...inside, to_s])].map(t => round * ROUND_S + t);
    }),
  );
  const t_s = Float64Array.from(times);
  // A meter whose zero wanders by what it says.
  const chance = seeded(every_s);
  const value = t_s.map(t => current_A(t === 0 ? 0 : t - 0.5, taper) + 0.001 * chance.gauss());
  const counted = { in: t_s.map(() => 0), out: t_s.map(() => 0) };
  let [at_s, into_Ah, out_Ah] = [0, 0, 0];
  for (const [i, t] of t_s.entries()) {
    for (; at_s < t; at_s++) {
      const now_A = current_A(at_s + 0.5, taper);
      into_Ah += Math.max(0, now_A) / H;
      out_Ah -= Math.min(0, now_A) / H;
    }
    [counted.in[i], counted.out[i]] = [into_Ah, out_Ah].map(Ah => Number(Ah.toFixed(3)));
  }
  const join_s = 1.1 * every_s;
  const series: Readonly<Record<string, RecordedSeries>> = {
    'cell.current_A': { t_s, value, join_s },
    'cell.power_W': { t_s, value: value.map(v => v * (v > 0 ? 4 : 3.6)), join_s },
    ...(withCounters
      ? {
          'cell.charged_Ah': { t_s, value: counted.in, join_s },
          'cell.discharged_Ah': { t_s, value: counted.out, join_s },
        }
      : {}),
  };
  return {
    ...cellRecord([{ for_s: 3 * ROUND_S, current_A: 0 }], {}),
    series: role => series[role] ?? { t_s: new Float64Array(0), value: new Float64Array(0) },
  };
}

const THINNED = TAPERS.flatMap(taper => [300, 900, 1200, 1800, 2700].map(every_s => ({ ...taper, every_s })));

describe.each(THINNED)('a taper of $tau_s s in rows by a rule of $every_s s', ({ every_s, ...taper }) => {
  const truth_Ah = 3 * inOfRound_Ah(taper);

  it('takes the charge from the counters and the rate from where it flowed', () => {
    const kpis = cellKpis(thinned(taper, every_s, true));
    expect(Math.abs((figureOf(kpis, 'charge-in').value ?? 0) - truth_Ah)).toBeLessThan(0.003);
    expect(figureOf(kpis, 'charge-in').definition).not.toContain('not believed');
    expect(figureOf(kpis, 'capacity-last').definition).toContain('At 0.800C');
  });

  it.each(['charge-in', 'energy-in'])(
    'holds the truth of %s without counters: corners err all the same way',
    id => {
      const { value, u95 } = figureOf(cellKpis(thinned(taper, every_s, false)), id);
      const truth = (id === 'charge-in' ? 1 : 4) * truth_Ah;
      expect(Math.abs((value ?? Number.NaN) - truth)).toBeLessThanOrEqual(u95 ?? 0);
    },
  );
});
