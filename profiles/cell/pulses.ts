import { joinedTo_s } from '../joins.ts';
import { type FigureTable, type KpiValue, kpi } from '../kpi.ts';
import { longestJoined_s, meanOf } from '../record-math.ts';
import type { CellFacts, RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import { told, toldRange } from '../told.ts';
import { REPEATABILITY_FRAC, wanderOf } from '../uncertainty/repeatability.ts';
import { rowAt } from './flow.ts';
import { CURRENT, type Ledger, VOLTAGE } from './ledger.ts';
import { LEAST_BENT, levelAt, noiseVariance } from './level-at.ts';
import { driftLeft, type RestAlone, restAlone, temperatureTold } from './rest-alone.ts';
import type { Rest } from './standing/rests.ts';
import { setTimes } from './steps-of-set.ts';

/**
 * Resistance of a cell by pulses after rests (HPPC): (U at 10 s - U that the rest alone would have come to) / (I at 10 s - I
 * before), per pulse.
 */

/** Time in the pulse at which the voltage is read, life s. */
const AT_S = 10;
/** A rest of at least this stands before a pulse, life s; its last readings tell the voltage before, so many at most. */
const LEAST_REST_S = 30;
const READINGS = 10;
/** A cell that rests relaxes: over more than this no straight line is taken for granted, life s. */
const STRAIGHT_S = 60;
/** Where the readings alone tell when a pulse began, they tell it to so much, life s. */
const KNOWN_TO_S = 1;
/** Under current a voltage bends: of the readings from so much of the pulse on a curve is made, of few a line from the middle on. */
const BENT_FROM_FRAC = 0.4;
const LINE_FROM_FRAC = 0.5;
/** So many readings of the rest, and no fewer than so many, tell the noise of the voltmeter. */
const NOISE_READINGS = 200;
const LEAST_NOISE = 12;
/** A pulse moves at least this part of the capacity an hour, and its current stands within this part of it. */
const LEAST_PER_H = 0.1;
const STEADY_FRAC = 0.02;
/** A current that is further off is another step's; stamps are written to so much, life s. */
const CHANGED_FRAC = 0.1;
const EDGE_S = 0.1;
/** The table shows so many pulses at most, the last ones. */
const MOST = 2000;

/** One pulse. Current positive into the cell; `netCharge_Ah` since the beginning of the run. */
export interface Pulse {
  readonly start_s: number;
  readonly netCharge_Ah: number;
  readonly current_A: number;
  readonly voltageBefore_V: number;
  readonly resistance_mOhm: number;
  /** k = 2: scatter of the readings, gains of both meters, what the voltmeter wanders meanwhile. */
  readonly u95_mOhm: number;
  /** Of it what all pulses of a run share: the gains of both meters, what sparse or thinned readings leave open, what a rest that still drifts does. */
  readonly gain_mOhm: number;
}

/** All pulses of a run of ten seconds or more after a rest, in order. */
export function pulsesOf(run: RecordedRun, cell: CellFacts, ledger: Ledger): Pulse[] {
  const sets = setTimes(run);
  const current = run.series(CURRENT);
  return ledger.rests.flatMap(rest => {
    const long_s = (rest.to_s - rest.from_s) * run.timeFactor;
    if (long_s < LEAST_REST_S) return [];
    const { start_s, next_s, known_s, isDoubled } =
      sets.length > 0 ? pulseSet(sets, rest) : pulseRow(current, rest, run.timeFactor);
    const at_s = start_s + AT_S / run.timeFactor;
    if (Number.isNaN(start_s) || next_s < at_s - known_s) return [];
    // A reading at the very time of a change may show what was before it or after it: it is left out.
    const until_s = Math.min(at_s, next_s < at_s + 1e-6 ? next_s - 1e-6 : at_s);
    const quiet = isDoubled ? { from_s: rest.from_s + 1e-6, to_s: rest.to_s - 1e-6 } : rest;
    const pulse = pulseAt(run, cell, { rest: quiet, start_s, at_s, until_s });
    if (pulse === undefined) return [];
    const row = rowAt(ledger.charge.t_s, rest.to_s);
    return [{ ...pulse, start_s, netCharge_Ah: ledger.charge.into[row] - ledger.charge.out[row] }];
  });
}

interface PulseTimes {
  /** Run time at which the rest ends and the pulse begins; NaN: not known. */
  readonly start_s: number;
  /** Run time of the next change. */
  readonly next_s: number;
  /** So well both times are known, run time s. */
  readonly known_s: number;
  /** True: the rest's last row and the pulse's first one have the same stamp. */
  readonly isDoubled: boolean;
}

/** The set point that ends a rest, and the next one. */
function pulseSet(sets: Float64Array, rest: Rest): PulseTimes {
  const k = indexAt(sets, rest.to_s - 1e-9);
  const start_s = sets[k] ?? Number.NaN;
  const next_s = sets.slice(k).find(t_s => t_s > start_s + 1e-6) ?? Number.POSITIVE_INFINITY;
  return { start_s, next_s, known_s: 1e-6, isDoubled: false };
}

/**
 * Where no set point is recorded: at the stamp that the last row of the rest and the first one of the pulse share, or else
 * between the two, if they are no more than a second of life apart. It lasts until a row shows another current.
 */
function pulseRow({ t_s, value }: RecordedSeries, rest: Rest, timeFactor: number): PulseTimes {
  const after = indexAt(t_s, rest.to_s + 1e-9);
  const isDoubled = t_s[after - 2] >= rest.to_s - 1e-9;
  const next_s = t_s[after] ?? Number.NaN;
  const isKnown = isDoubled || (next_s - rest.to_s) * timeFactor <= KNOWN_TO_S;
  const half_s = isDoubled ? 0 : (next_s - rest.to_s) / 2;
  const start_s = isKnown ? rest.to_s + half_s : Number.NaN;
  const known_s = half_s + EDGE_S / timeFactor;
  const at_s = start_s + AT_S / timeFactor;
  const inner: number[] = [];
  let i = indexAt(t_s, start_s + AT_S / 4 / timeFactor);
  for (let k = i; k < t_s.length && t_s[k] < at_s - known_s; k++) inner.push(value[k]);
  const steady_A = inner.sort((a, b) => a - b)[inner.length >> 1] ?? Number.NaN;
  while (
    i < t_s.length &&
    t_s[i] <= at_s &&
    !(Math.abs(value[i] - steady_A) > CHANGED_FRAC * Math.abs(steady_A))
  )
    i++;
  return { start_s, next_s: t_s[i] <= at_s ? t_s[i] : Number.POSITIVE_INFINITY, known_s, isDoubled };
}

type Measured = Omit<Pulse, 'start_s' | 'netCharge_Ah'>;

function pulseAt(
  run: RecordedRun,
  cell: CellFacts,
  { rest, start_s, at_s, until_s }: { rest: Rest; start_s: number; at_s: number; until_s: number },
): Measured | undefined {
  const [voltage, current] = [run.series(VOLTAGE), run.series(CURRENT)];
  const found = noiseVariance(voltage, rest, NOISE_READINGS);
  const variance = found.count >= LEAST_NOISE ? found.variance : Number.NaN;
  const before = beforeOf(voltage, rest, start_s, at_s, variance, run.timeFactor);
  const fromFrac = (frac: number): Rest => ({ from_s: start_s + frac * (at_s - start_s), to_s: until_s });
  const bent = fromFrac(BENT_FROM_FRAC);
  const isBent =
    indexAt(voltage.t_s, until_s + 1e-9) - indexAt(voltage.t_s, bent.from_s - 1e-9) >= LEAST_BENT;
  const during = levelOf(
    voltage,
    isBent ? bent : fromFrac(LINE_FROM_FRAC),
    at_s,
    { isBent, most: isBent ? MOST : READINGS, variance },
    run.timeFactor,
  );
  const quiet = meanOf(current, rest.from_s, rest.to_s);
  const flowing = meanOf(current, start_s + (at_s - start_s) / 4, until_s);
  if (before === undefined || during === undefined || flowing.count < 2 || quiet.count < 2) return undefined;
  const step_A = flowing.mean - quiet.mean;
  const isPulse = Math.abs(step_A) >= LEAST_PER_H * cell.capacity_Ah;
  if (!isPulse || flowing.deviation > STEADY_FRAC * Math.abs(step_A)) return undefined;
  const step_V = during.value - before.value;
  const left = driftLeft(before, step_V, AT_S);
  if (left.missing !== undefined) return undefined;
  const resistance_Ohm = step_V / step_A;
  const accuracy = run.accuracy(VOLTAGE);
  const life = run.timeFactor;
  const wander = wanderOf([
    { from_s: start_s * life, to_s: start_s * life, weight: -1 },
    { from_s: at_s * life, to_s: at_s * life, weight: 1 },
  ]);
  // Thinned by rule: each of the two voltages may lie as far from what was kept as the rule says, which `abs` contains.
  const thinned_V = joinedTo_s(voltage, start_s, until_s) === 0 ? 0 : finite(Math.SQRT2 * accuracy.abs);
  const volts = Math.hypot(
    before.random,
    before.stretched,
    left.u95,
    during.u95,
    thinned_V,
    (step_V * accuracy.reading_pct) / 100,
    finite(REPEATABILITY_FRAC * accuracy.abs * wander),
  );
  const amperes = Math.hypot(
    (2 * quiet.deviation) / Math.sqrt(quiet.count),
    (2 * flowing.deviation) / Math.sqrt(flowing.count),
    (step_A * finite(run.accuracy(CURRENT).reading_pct)) / 100,
  );
  const gain_pct = Math.hypot(finite(accuracy.reading_pct), finite(run.accuracy(CURRENT).reading_pct));
  return {
    current_A: flowing.mean,
    gain_mOhm: Math.hypot(
      10 * resistance_Ohm * gain_pct,
      (1000 * Math.hypot(before.stretched, during.stretched, thinned_V, left.u95)) / step_A,
    ),
    voltageBefore_V: before.value - before.drift,
    resistance_mOhm: 1000 * resistance_Ohm,
    u95_mOhm: 1000 * Math.hypot(volts / step_A, (resistance_Ohm * amperes) / step_A),
  };
}

/** What the rest alone would show: by the line of its course, or where its readings are few by the last of them. */
function beforeOf(
  voltage: RecordedSeries,
  rest: Rest,
  start_s: number,
  at_s: number,
  variance: number,
  timeFactor: number,
): (RestAlone & { readonly stretched: number }) | undefined {
  const alone = restAlone(voltage, rest, start_s, at_s, timeFactor);
  if (alone !== undefined) return { ...alone, stretched: 0 };
  const how = { isBent: false, most: READINGS, variance };
  const [start, end] = [start_s, at_s].map(t_s => levelOf(voltage, rest, t_s, how, timeFactor));
  if (start === undefined || end === undefined) return undefined;
  return { value: end.value, drift: end.value - start.value, random: end.u95, stretched: end.stretched };
}

/** A level, with what is not known of it because its readings lie far apart (thinned, written on change): what the last one says. */
function levelOf(
  series: RecordedSeries,
  window: Rest,
  at_s: number,
  how: Parameters<typeof levelAt>[3],
  timeFactor: number,
): { readonly value: number; readonly u95: number; readonly stretched: number } | undefined {
  const level = levelAt(series, window, at_s, how);
  if (level === undefined) return undefined;
  const stretched = level.reach_s * timeFactor > STRAIGHT_S ? Math.abs(level.value - level.last) : 0;
  return { value: level.value, u95: Math.hypot(level.u95, stretched), stretched };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/**
 * Mean resistance of the pulses of each direction, mOhm. A pulse of the run is as far from it as they are among themselves:
 * the resistance goes with the state of charge, the current and the temperature, so that their spread counts (k = 2)
 * beside the gains that they share. One by one they stand in the table.
 */
export function pulseKpis(run: RecordedRun, pulses: readonly Pulse[]): KpiValue[] {
  const voltage = run.series(VOLTAGE);
  const end_s = run.phases.at(-1)?.end_s ?? 0;
  const longest_s = longestJoined_s(voltage, 0, end_s, joinedTo_s(voltage, 0, end_s));
  const left = `, or its rows were left out: they are kept up to ${Number(longest_s.toPrecision(3))} s apart`;
  const thinned = longest_s * run.timeFactor > AT_S ? left : '';
  return (['discharge', 'charge'] as const).map(way => {
    const mine = pulses.filter(({ current_A }) => current_A < 0 === (way === 'discharge'));
    const mean = (of: (pulse: Pulse) => number): number =>
      mine.reduce((sum, p) => sum + of(p), 0) / mine.length;
    const own = mean(p => p.u95_mOhm ** 2 - Math.min(p.gain_mOhm, p.u95_mOhm) ** 2);
    const value = mean(p => p.resistance_mOhm);
    const values = mine.map(p => p.resistance_mOhm);
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    const squares = mine.reduce((sum, p) => sum + (p.resistance_mOhm - value) ** 2, 0);
    // Beyond what the scatter of their readings makes of it.
    const spread = Math.sqrt(Math.max(0, (4 * squares) / Math.max(1, mine.length - 1) - own));
    const charges = mine.map(p => p.netCharge_Ah);
    const windows = mine.map(p => ({ from_s: p.start_s, to_s: p.start_s + AT_S / run.timeFactor }));
    const range =
      mine.length < 2
        ? ''
        : `, from ${toldRange(lowest / 1000, highest / 1000, 'Ohm', 4)} at states ${told(Math.max(...charges) - Math.min(...charges), 'Ah', 3)} apart: their spread is in the uncertainty, each stands in the table "pulses"`;
    return kpi({
      id: `pulse-resistance-${way}`,
      value: mine.length === 0 ? null : value,
      unit: 'mOhm',
      u95: Math.hypot(
        mean(p => p.gain_mOhm),
        Math.sqrt(own / mine.length),
        spread,
      ),
      definition: `Voltage, from what the rest alone would have come to by then, over current ${AT_S} s into a ${way} of at least C/10 after a rest of ${LEAST_REST_S} s or more, mean of ${mine.length} pulses${range}. ${temperatureTold(run, windows)}.`,
      basis: 'default',
      missing: `no ${way} of ${AT_S} s at a steady current after such a rest in which the voltage had come to stand (moved by less than a tenth of the pulse)${thinned}`,
    });
  });
}

/** The table of pulses; none without a pulse. */
export function pulseTables(run: RecordedRun, cell: CellFacts, ledger: Ledger): FigureTable[] {
  const pulses = pulsesOf(run, cell, ledger);
  const shown = pulses.slice(-MOST);
  if (shown.length === 0) return [];
  return [
    {
      id: 'pulses',
      columns: [
        'pulse',
        'start_s',
        'netCharge_Ah',
        'current_A',
        'voltageBefore_V',
        'resistance10s_mOhm',
        'resistance10sU95_mOhm',
      ],
      rows: shown.map((p, i) => [
        pulses.length - shown.length + i + 1,
        p.start_s,
        p.netCharge_Ah,
        p.current_A,
        p.voltageBefore_V,
        p.resistance_mOhm,
        p.u95_mOhm,
      ]),
    },
  ];
}
