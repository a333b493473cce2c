import { type Hold, holdsOf, stopsOf, type Window } from './degradation-holds.ts';
import { type KpiValue, kpi } from './kpi.ts';
import { whyLacking } from './lacking.ts';
import type { Procedure } from './procedure.ts';
import type { RecordedPhase, StackRun } from './recorded-run.ts';
import { told } from './told.ts';
import { declaredAt, REPEATABILITY_FRAC, wanderOfSlope } from './uncertainty/repeatability.ts';
import { fitTrend, scatterText, type Trend } from './uncertainty/trend.ts';

/**
 * Degradation rate of a stack from the holds of a long run: robust, after run-in, with the part that stops give back.
 * Phases that count: those with holds tagged `degradation`; without any, those with holds tagged `load`.
 */

const TAG = 'degradation';
const LOAD_TAG = 'load';
/** Holds must span this, life h, and be so many, before there is a rate at all. */
const LEAST_SPAN_H = 24;
const LEAST_HOLDS = 10;
/** Below this a rate still is one of conditioning and of reversible effects (default). */
const LONG_SPAN_H = 500;
/** Run-in that does not count: this part of the span, at most so many hours (default). */
const RUN_IN_FRAC = 0.1;
const RUN_IN_MOST_H = 100;
/** Holds of the same current within this part count together. */
const SAME_CURRENT_FRAC = 0.02;
/** Holds further from the robust line than so many of its median deviations are left out. */
const OUTLIER_DEVIATIONS = 6;
/** Largest temperature coefficient of a cell at 1-2 A/cm2: -2 to -5 mV/K (recalled), and 2 more where it is cold (default). */
const TEMPERATURE_V_PER_K = 0.007;
/** Holds of one stretch between two stops that can have a rate of their own. */
const LEAST_BETWEEN = 5;

/** Rate (uV/h a cell), its part between stops, and what stops give back; null with the reason where there is none. */
export function degradationKpis(run: StackRun, procedure: Procedure): KpiValue[] {
  const phases = countedPhases(run, procedure);
  const windows = phases.list.map(phase => ({ from_s: phase.start_s, to_s: phase.end_s }));
  return degradationOf(run, windows, phases.text);
}

/** The same of the windows that count; `text`: which these are. */
export function degradationOf(run: StackRun, windows: readonly Window[], text: string): KpiValue[] {
  const { holds, current_A } = oneLevel(holdsOf(run, windows));
  const hours = (hold: Hold): number => ((hold.from_s + hold.to_s) * run.timeFactor) / 7200;
  const span_h = holds.length === 0 ? 0 : hours(holds[holds.length - 1]) - hours(holds[0]);
  const runIn_h = Math.min(RUN_IN_FRAC * span_h, RUN_IN_MOST_H);
  const after = holds.filter(hold => hours(hold) >= hours(holds[0]) + runIn_h);
  const common = { unit: 'uV/h', basis: 'default' } as const;
  const bare = 'Slope of the mean cell voltage over the holds of one current, after run-in.';
  if (span_h < LEAST_SPAN_H || after.length < LEAST_HOLDS) {
    const missing =
      holds.length === 0
        ? whyLacking(run, ['stack.voltage_V', 'stack.current_A'], 'no steady current of ten minutes or more')
        : `${holds.length} holds at ${told(current_A, 'A', 4)} span ${span_h.toFixed(1)} h, expected at least ${LEAST_HOLDS} after run-in and ${LEAST_SPAN_H} h`;
    return [kpi({ ...common, id: 'degradation-rate', value: null, definition: bare, missing })];
  }
  const { kept, left } = withoutOutliers(after, hours);
  const trend = notQuieter(run, trendOf(kept, hours), kept);
  const system_V_per_h = systematic(kept, hours);
  const stops = stopsOf(run, kept[0].from_s, kept[kept.length - 1].to_s);
  const between = betweenStops(run, kept, stops, hours);
  const done =
    `${kept.length} holds at ${told(current_A, 'A', 4)} over ${(hours(kept[kept.length - 1]) - hours(kept[0])).toFixed(1)} h` +
    `${run.timeFactor === 1 ? '' : ` of life (time-compressed x${run.timeFactor})`}, ${text}. ` +
    `Left out: ${runIn_h.toFixed(1)} h of run-in, the first half of each hold (at most half an hour), ` +
    `${left.length === 0 ? 'no hold as an outlier' : `${left.length} ${left.length === 1 ? 'hold' : 'holds'} as outliers (the first at ${hours(left[0]).toFixed(1)} h)`}.`;
  const rate = (trend?.slope ?? Number.NaN) * 1e6;
  const u95 = Math.hypot(trend?.u95 ?? Number.NaN, system_V_per_h) * 1e6;
  const shortText =
    span_h < LONG_SPAN_H ? ` Less than ${LONG_SPAN_H} h: conditioning and reversible parts may prevail.` : '';
  const stopText =
    stops.length === 0
      ? 'No stop lies within: the reversible part is in it.'
      : `${stops.length} stops lie within: what they give back is not in it.`;
  const noStop =
    stops.length === 0
      ? 'no stop of a minute or more, so that nothing could recover'
      : 'too few holds between the stops';
  return [
    kpi({
      ...common,
      id: 'degradation-rate',
      value: rate,
      u95,
      definition: `${bare} ${done} ${stopText} Uncertainty: scatter of the holds, at least what the voltmeter wanders, and a drift of the temperature that stands out of its scatter, at 7 mV/K.${scatterText(trend, 1, 'h')}${shortText}`,
      missing: 'no spread in time',
    }),
    kpi({
      ...common,
      id: 'degradation-between-stops',
      value: between === undefined || stops.length === 0 ? null : between.slope * 1e6,
      ...(between === undefined ? {} : { u95: Math.hypot(between.u95, system_V_per_h) * 1e6 }),
      definition: `Mean slope within the stretches between stops: reversible and irreversible parts together. ${done}`,
      missing: noStop,
    }),
    kpi({
      ...common,
      id: 'degradation-reversible',
      value: between === undefined || stops.length === 0 ? null : between.slope * 1e6 - rate,
      ...(between === undefined ? {} : { u95: Math.hypot(between.u95, trend?.u95 ?? 0) * 1e6 }),
      definition: 'What the stops give back: degradation-between-stops less degradation-rate.',
      missing: noStop,
    }),
  ];
}

function countedPhases(
  run: StackRun,
  procedure: Procedure,
): { readonly list: readonly RecordedPhase[]; readonly text: string } {
  const tagged = (tag: string): Set<string> => {
    const names = new Set<string>();
    let phase = '';
    for (const instruction of procedure.instructions) {
      if (instruction.op === 'phase') phase = instruction.name;
      else if (instruction.op === 'step' && instruction.tags.includes(tag)) names.add(phase);
    }
    return names;
  };
  for (const tag of [TAG, LOAD_TAG]) {
    const names = tagged(tag);
    const list = run.phases.filter(p => names.has(p.name) && p.method === 'steps');
    if (list.length > 0)
      return { list, text: `phases with steps tagged ${tag}: ${list.map(p => p.name).join(', ')}` };
  }
  const list = run.phases.filter(p => p.method === 'steps');
  return { list, text: `all phases of plain steps` };
}

/** The holds of the highest current that has at least half as many as the most frequent one. */
function oneLevel(holds: readonly Hold[]): { readonly holds: Hold[]; readonly current_A: number } {
  const levels: Hold[][] = [];
  for (const hold of holds) {
    const level = levels.find(
      ([first]) => Math.abs(first.current_A - hold.current_A) <= SAME_CURRENT_FRAC * first.current_A,
    );
    if (level === undefined) levels.push([hold]);
    else level.push(hold);
  }
  const most = Math.max(0, ...levels.map(level => level.length));
  const chosen = levels
    .filter(level => level.length >= most / 2)
    .reduce<Hold[]>((best, level) => ((best[0]?.current_A ?? 0) < level[0].current_A ? level : best), []);
  return { holds: chosen, current_A: chosen[0]?.current_A ?? Number.NaN };
}

/** Leaves out what lies far from a median line (Siegel 1982 in short: slopes between the two halves). */
function withoutOutliers(
  holds: readonly Hold[],
  hours: (hold: Hold) => number,
): { readonly kept: Hold[]; readonly left: Hold[] } {
  const half = Math.floor(holds.length / 2);
  const slopes = holds
    .slice(0, half)
    .map((a, k) => (holds[k + half].cellVoltage_V - a.cellVoltage_V) / (hours(holds[k + half]) - hours(a)));
  const slope = median(slopes);
  const rests = holds.map(hold => hold.cellVoltage_V - slope * hours(hold));
  const middle = median(rests);
  const width = median(rests.map(rest => Math.abs(rest - middle)));
  const isOut = (k: number): boolean => Math.abs(rests[k] - middle) > OUTLIER_DEVIATIONS * width + 1e-9;
  return { kept: holds.filter((_, k) => !isOut(k)), left: holds.filter((_, k) => isOut(k)) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function trendOf(holds: readonly Hold[], hours: (hold: Hold) => number): Trend | undefined {
  return fitTrend(
    holds.map(hours),
    holds.map(hold => hold.cellVoltage_V),
  );
}

/**
 * A trend of holds whose uncertainty is not below what the voltmeter wanders over them: a record may be quieter than its
 * meter repeats itself. Where the wander shows in the scatter it is in it already.
 */
function notQuieter(run: StackRun, trend: Trend | undefined, holds: readonly Hold[]): Trend | undefined {
  if (trend === undefined) return undefined;
  const stack_V = holds[0].cellVoltage_V * run.stack.cells;
  const amplitude_V =
    (REPEATABILITY_FRAC * declaredAt(run.accuracy('stack.voltage_V'), stack_V)) / run.stack.cells;
  const [from_s, to_s] = [holds[0].from_s, holds[holds.length - 1].to_s].map(t_s => t_s * run.timeFactor);
  const wander = 3600 * amplitude_V * wanderOfSlope(from_s, to_s);
  return { ...trend, u95: Number.isFinite(wander) ? Math.max(trend.u95, wander) : trend.u95 };
}

/** What a drift of the temperature that stands out of its scatter may add to a rate, V/h. */
function systematic(holds: readonly Hold[], hours: (hold: Hold) => number): number {
  const warm = fitTrend(
    holds.map(hours),
    holds.map(hold => hold.temperature_degC),
  );
  const isWarming = warm !== undefined && Math.abs(warm.slope) > warm.u95;
  return isWarming ? TEMPERATURE_V_PER_K * Math.abs(warm.slope) : 0;
}

/** Mean of the slopes within the stretches between stops, each by its own certainty. */
function betweenStops(
  run: StackRun,
  holds: readonly Hold[],
  stops: readonly number[],
  hours: (hold: Hold) => number,
): { readonly slope: number; readonly u95: number } | undefined {
  const edges = [Number.NEGATIVE_INFINITY, ...stops, Number.POSITIVE_INFINITY];
  let weights = 0;
  let sum = 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    const within = holds.filter(hold => hold.from_s >= edges[k] && hold.to_s <= edges[k + 1]);
    if (within.length < LEAST_BETWEEN) continue;
    const trend = notQuieter(run, trendOf(within, hours), within);
    if (trend === undefined) continue;
    const weight = 1 / Math.max(trend.u95, 1e-12) ** 2;
    weights += weight;
    sum += weight * trend.slope;
  }
  return weights === 0 ? undefined : { slope: sum / weights, u95: 1 / Math.sqrt(weights) };
}
