import { describe, expect, it } from 'vitest';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import type { RecordedRun, RecordedSeries } from '../../profiles/recorded-run.ts';
import { CELL, cellRecord } from '../validate/figures/cell-record.ts';
import { figureOf } from './figures.ts';

/** Charges and discharges of a cell whose voltage has a knee, in rows that a rule of the method leaves. */

const H = 3600;
const REST_S = 1800;
const RATE_A = CELL.capacity_Ah;
const [EMPTY_V, FULL_V] = [CELL.voltageMin_V, CELL.voltageMax_V];

/** Of a state of charge: flat in the middle, a knee at the empty end. */
const open_V = (soc: number): number => 3.2 + 0.85 * soc - 0.5 * Math.exp(-soc / 0.05);

interface Row {
  readonly t_s: number;
  readonly current_A: number;
  readonly voltage_V: number;
  readonly charged_Ah: number;
  readonly discharged_Ah: number;
  /** First or last of its step. */
  readonly isEdge: boolean;
}

/** Three rounds of a discharge to the lower voltage and a CCCV back, second by second, with their true energies. */
function rounds() {
  const rows: Row[] = [];
  const truth = { into: [] as number[], out: [] as number[] };
  let [t_s, soc, charged_Ah, discharged_Ah] = [0, 1, 0, 0];
  const step = (
    current_A: (soc: number) => number,
    until: (volts: number, amperes: number) => boolean,
    most_s: number,
  ): void => {
    let moved_Wh = 0;
    for (let k = 0; k < most_s; k++) {
      const amperes = current_A(soc);
      const volts = open_V(soc) + 0.03 * amperes;
      if (amperes > 0) charged_Ah += amperes / H;
      else discharged_Ah -= amperes / H;
      moved_Wh += (Math.abs(amperes) * volts) / H;
      soc += amperes / H / CELL.capacity_Ah;
      t_s++;
      const isLast = k === most_s - 1 || until(volts, amperes);
      rows.push({
        t_s: t_s - 0.5,
        current_A: amperes,
        voltage_V: volts,
        charged_Ah,
        discharged_Ah,
        isEdge: k === 0 || isLast,
      });
      if (isLast) {
        if (amperes !== 0) truth[amperes > 0 ? 'into' : 'out'].push(moved_Wh);
        return;
      }
    }
  };
  const rest = (): void =>
    step(
      () => 0,
      () => false,
      REST_S,
    );
  const held_A = (at: number): number => Math.min(RATE_A, (FULL_V - open_V(at)) / 0.03);
  for (let round = 0; round < 3; round++) {
    rest();
    step(
      () => -RATE_A,
      volts => volts <= EMPTY_V,
      2 * H,
    );
    rest();
    step(held_A, (_, amperes) => amperes < RATE_A / 20, 3 * H);
  }
  rest();
  return { rows, truth };
}

const { rows: ALL, truth } = rounds();
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** First and last reading of each step, and one each `every_s` between. */
function thinned(every_s: number, hasCounters: boolean): RecordedRun {
  let last_s = Number.NEGATIVE_INFINITY;
  const kept = ALL.filter(({ t_s, isEdge }) => {
    if (!isEdge && t_s - last_s < every_s) return false;
    last_s = t_s;
    return true;
  });
  const t_s = Float64Array.from(kept, row => row.t_s);
  const column = (of: (row: Row) => number): RecordedSeries => ({
    t_s,
    value: Float64Array.from(kept, of),
    join_s: 2 * every_s,
  });
  const series: Readonly<Record<string, RecordedSeries>> = {
    'cell.current_A': column(row => row.current_A),
    'cell.voltage_V': column(row => row.voltage_V),
    'cell.power_W': column(row => row.current_A * row.voltage_V),
    ...(hasCounters
      ? {
          'cell.charged_Ah': column(row => Number(row.charged_Ah.toFixed(4))),
          'cell.discharged_Ah': column(row => Number(row.discharged_Ah.toFixed(4))),
        }
      : {}),
  };
  return {
    ...cellRecord([{ for_s: ALL.length, current_A: 0 }], {}),
    series: role => series[role] ?? { t_s: new Float64Array(0), value: new Float64Array(0) },
  };
}

describe.each([60, 300, 1200, 3600])('rows %d s apart by a rule', every_s => {
  it.each([true, false])('energies and their ratio lie within their u95, counters: %s', hasCounters => {
    const kpis = cellKpis(thinned(every_s, hasCounters));
    const within = (id: string, true_: number): void => {
      const { value, u95 } = figureOf(kpis, id);
      if (value === null) return;
      expect(Math.abs(value - true_), `${id} ${value} +- ${u95}, true ${true_}`).toBeLessThanOrEqual(
        u95 ?? 0,
      );
    };
    const [into, out] = [sum(truth.into), sum(truth.out)];
    within('energy-in', into);
    within('energy-out', out);
    // A charge with the discharge behind it.
    const ratios = truth.out.slice(1).map((one, k) => one / truth.into[k]);
    within('energy-efficiency', (100 * sum(ratios)) / ratios.length);
    expect(figureOf(kpis, 'energy-out').value).not.toBeNull();
    // No wider than a knee and a corner in each of them can be.
    expect(figureOf(kpis, 'energy-out').u95 ?? 0).toBeLessThan(out * (0.002 + every_s / 12_000));
  });
});
