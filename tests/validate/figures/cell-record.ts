import type { CellFacts, RecordedRun, RecordedSeries } from '../../../profiles/recorded-run.ts';
import { seeded } from './seeded.ts';

/** Records of a cell with a known truth: what flowed is exact, what the meters show of it is not. */

/** The cell of all these records. */
export const CELL: CellFacts = {
  kind: 'cell',
  name: 'made-up cell',
  chemistry: 'any',
  capacity_Ah: 5,
  currentMax_A: 10,
  voltageMin_V: 2.5,
  voltageMax_V: 4.2,
};

/** A stretch of constant current; positive charges. */
export interface Piece {
  readonly for_s: number;
  readonly current_A: number;
}

/** What instruments and recorder do to the truth. */
export interface Flaws {
  readonly dt_s?: number;
  /** Time between rows varies evenly by this part of it, either way. */
  readonly jitter_frac?: number;
  readonly zero_A?: number;
  readonly gain_frac?: number;
  readonly noise_A?: number;
  /** Single readings that are replaced: nearest row to the time. */
  readonly spikes?: readonly (readonly [t_s: number, current_A: number])[];
  /** Times without usable readings. */
  readonly gaps?: readonly (readonly [from_s: number, to_s: number])[];
  /** True: rows in gaps are not there at all; false: they are there and not usable. */
  readonly silent?: boolean;
  readonly seed?: number;
  readonly counters?: {
    readonly resetAt_s?: readonly number[];
    readonly rollover_Ah?: number;
    readonly glitchAt_s?: readonly number[];
    readonly stuck?: boolean;
    readonly digits?: number;
  };
  readonly asked?: Readonly<Record<string, readonly (readonly [t_s: number, value: number])[]>>;
  /** Voltage at a state: net charge since the start, and the current. */
  readonly voltage?: (net_Ah: number, current_A: number) => number;
  /** Terminal voltage for the power on charge and on discharge, V. */
  readonly power_V?: readonly [charge: number, discharge: number];
  readonly timeFactor?: number;
  /** Temperature of the cell over time, degC; absent: not recorded. */
  readonly temperature_degC?: (t_s: number) => number;
}

const NONE: RecordedSeries = { t_s: new Float64Array(0), value: new Float64Array(0) };

/** A record of pieces one after the other, with the flaws of its instruments. */
export function cellRecord(pieces: readonly Piece[], flaws: Flaws): RecordedRun {
  const { dt_s = 1, jitter_frac = 0, zero_A = 0, gain_frac = 0, noise_A = 0, timeFactor = 1 } = flaws;
  const chance = seeded(flaws.seed ?? 1);
  const end_s = pieces.reduce((sum, piece) => sum + piece.for_s, 0);
  const t: number[] = [];
  for (let at = 0; at <= end_s; at += dt_s * (1 + jitter_frac * (2 * chance.uniform() - 1))) t.push(at);
  const rows = t.filter(at => !(flaws.silent === true && isIn(flaws.gaps, at)));
  const truth = follower(pieces);
  const columns = {
    current: new Float64Array(rows.length),
    power: new Float64Array(rows.length),
    voltage: new Float64Array(rows.length),
    charged: new Float64Array(rows.length),
    discharged: new Float64Array(rows.length),
  };
  const [charge_V, discharge_V] = flaws.power_V ?? [4, 3.6];
  rows.forEach((at, i) => {
    const { current_A, in_Ah, out_Ah } = truth(at);
    const isGap = isIn(flaws.gaps, at);
    const usable = (value: number): number => (isGap ? Number.NaN : value);
    columns.current[i] = usable(current_A * (1 + gain_frac) + zero_A + noise_A * chance.gauss());
    columns.power[i] = usable(current_A * (current_A > 0 ? charge_V : discharge_V));
    columns.voltage[i] = usable(flaws.voltage?.(in_Ah - out_Ah, current_A) ?? Number.NaN);
    columns.charged[i] = usable(shown(in_Ah, at, i, flaws, truth, 'in_Ah', timeFactor));
    columns.discharged[i] = usable(shown(out_Ah, at, i, flaws, truth, 'out_Ah', timeFactor));
  });
  const t_s = Float64Array.from(rows);
  for (const [at, current_A] of flaws.spikes ?? []) {
    const place = rows.findIndex(row => row >= at);
    columns.current[place] = current_A;
  }
  const series: Readonly<Record<string, RecordedSeries>> = {
    'cell.current_A': { t_s, value: columns.current },
    'cell.power_W': { t_s, value: columns.power },
    ...(flaws.voltage === undefined ? {} : { 'cell.voltage_V': { t_s, value: columns.voltage } }),
    ...(flaws.temperature_degC === undefined
      ? {}
      : { 'cell.temperature_degC': { t_s, value: t_s.map(flaws.temperature_degC) } }),
    ...(flaws.counters === undefined
      ? {}
      : {
          'cell.charged_Ah': { t_s, value: columns.charged },
          'cell.discharged_Ah': { t_s, value: columns.discharged },
        }),
  };
  const accuracy: Readonly<Record<string, readonly [number, number]>> = {
    'cell.current_A': [0.05, 0.002],
    'cell.power_W': [0.07, 0.01],
    'cell.charged_Ah': [0.05, 0.001],
    'cell.discharged_Ah': [0.05, 0.001],
  };
  return {
    subject: CELL,
    phases: [{ name: 'all', method: 'steps', start_s: 0, end_s, ended_by: 'time' }],
    points: [],
    events: [],
    timeFactor,
    series: role => series[role] ?? NONE,
    accuracy: role => {
      const [reading_pct, abs] = accuracy[role] ?? [0, 0];
      return { reading_pct, abs, basis: 'default' };
    },
    asked: role => {
      const given = flaws.asked?.[role] ?? [];
      return { t_s: Float64Array.from(given, g => g[0]), value: Float64Array.from(given, g => g[1]) };
    },
  };
}

interface Moment {
  readonly current_A: number;
  readonly in_Ah: number;
  readonly out_Ah: number;
}

/** Current and exact charges at any time, by the pieces. */
function follower(pieces: readonly Piece[]): (t_s: number) => Moment {
  const starts: (Moment & { readonly t_s: number })[] = [];
  let [t_s, in_Ah, out_Ah] = [0, 0, 0];
  for (const { for_s, current_A } of pieces) {
    starts.push({ t_s, current_A, in_Ah, out_Ah });
    t_s += for_s;
    in_Ah += (Math.max(0, current_A) * for_s) / 3600;
    out_Ah -= (Math.min(0, current_A) * for_s) / 3600;
  }
  const end = { t_s, current_A: 0, in_Ah, out_Ah };
  let k = 0;
  return at => {
    if (at >= end.t_s) return end;
    while (k > 0 && starts[k].t_s > at) k--;
    while (k + 1 < starts.length && starts[k + 1].t_s <= at) k++;
    const { current_A, in_Ah: into, out_Ah: out, t_s: from_s } = starts[k];
    const moved = (current_A * (at - from_s)) / 3600;
    return { current_A, in_Ah: into + Math.max(0, moved), out_Ah: out - Math.min(0, moved) };
  };
}

function shown(
  true_Ah: number,
  at: number,
  row: number,
  flaws: Flaws,
  truth: (t_s: number) => Moment,
  way: 'in_Ah' | 'out_Ah',
  timeFactor: number,
): number {
  const { counters } = flaws;
  if (counters === undefined || counters.stuck === true) return 0;
  if (counters.glitchAt_s?.some(t => Math.abs(at - t) < (flaws.dt_s ?? 1) / 2) && row > 0) return 0;
  const reset_s = Math.max(0, ...(counters.resetAt_s ?? []).filter(t => t <= at));
  let Ah = (true_Ah - (reset_s > 0 ? truth(reset_s)[way] : 0)) * timeFactor;
  if (counters.rollover_Ah !== undefined) Ah %= counters.rollover_Ah;
  return Number(Ah.toFixed(counters.digits ?? 6));
}

function isIn(gaps: Flaws['gaps'], at: number): boolean {
  return gaps?.some(([from_s, to_s]) => at >= from_s && at <= to_s) ?? false;
}
