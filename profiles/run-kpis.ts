import { beginToEnd } from './begin-to-end.ts';
import { cellKpis, cellTables } from './cell-kpis.ts';
import { degradationKpis } from './degradation.ts';
import { PEAK_S } from './electrolysis.ts';
import { type FigureTable, figureUnit, type KpiValue, kpi } from './kpi.ts';
import { whyLacking } from './lacking.ts';
import { partKpis } from './language/methods/index.ts';
import { splitName, unitText } from './language/units/names.ts';
import { pointsTables } from './points-table.ts';
import type { Procedure } from './procedure.ts';
import { fetchedOnce, largestMeanOf, longestJoined_s, thinnedTo_s } from './record-math.ts';
import { asStackRun, type RecordedRun, type StackRun } from './recorded-run.ts';
import { returnsTables, roundsTables } from './returns-table.ts';
import { heldAt } from './series-parts.ts';
import { type MeasuredCurve, measuredCurves } from './stack/curve.ts';
import { energyKpis, startsOf } from './stack/energy.ts';
import { figuresOfReadings, readingsOnly } from './standing-figures.ts';
import { notSeenNote, unusableInRun, whyNotWhole } from './uncertainty/unusable-time.ts';

/** Under which name the figures stand that a method itself returns. */
export const RETURNED = 'returns of the method';

/**
 * All figures of a run. A stack: the whole run, then each phase (energy and hydrogen where the stack carried load). A cell: charge, energy and efficiency, whole and by phase.
 * A vessel: none. And what the built-in methods make of their parts.
 * From the record alone; null with the reason where there is no value, or where it hangs on readings of an instrument that
 * stood still.
 */
export function evaluateRun(recorded: RecordedRun, procedure: Procedure): KpiValue[] {
  return [
    ...figuresOfReadings(fetchedOnce(recorded), run => {
      const parts = partKpis(run);
      // What a vessel's method makes of its gas is that method's own.
      if (run.subject.kind === 'vessel') return parts;
      const stackRun = asStackRun(run);
      const whole = stackRun === undefined ? cellKpis(run) : stackKpis(stackRun, procedure);
      return [...whole, ...parts];
    }).map(figure => withSource(figure, recorded)),
    ...returnedKpis(recorded, procedure),
  ];
}

/** The same figure, saying where its readings are from where they were not polled. */
function withSource(figure: KpiValue, { readFrom }: RecordedRun): KpiValue {
  return readFrom === undefined ? figure : { ...figure, definition: `${figure.definition} ${readFrom}` };
}

/** What the method itself returns, each a figure of its own, under its name without the unit; with it where two share that. */
function returnedKpis({ returned = {} }: RecordedRun, { program }: Procedure): KpiValue[] {
  const stems = Object.keys(returned).map(name => splitName(name)?.stem ?? name);
  return Object.entries(returned).map(([name, value]) => {
    const made = program?.returns[name];
    const text = typeof made === 'object' ? `: ${made.text}` : '';
    const split = splitName(name);
    const unit = split === undefined ? undefined : unitText(split.unit);
    return kpi({
      id: split === undefined || stems.filter(stem => stem === split.stem).length > 1 ? name : split.stem,
      phase: RETURNED,
      value: Number.isFinite(value) ? value : null,
      unit: figureUnit(unit),
      definition: `As \`returns\` of the method says${text}. No uncertainty: made of what was read and counted as the run went on, not of figures of the record, which have theirs; in a difference of two readings of one meter what it is off cancels, what it wanders and its noise do not.`,
      basis: 'default',
      missing:
        'not known when the run ended: no step that gives it had come to its end, or a reading was missing',
    });
  });
}

/** The tables behind the figures: a cell's cycles and pulses, and what called procedures returned. */
export function evaluateTables(recorded: RecordedRun): FigureTable[] {
  const found = readingsOnly(fetchedOnce(recorded), run => [
    ...(run.subject.kind === 'cell' ? cellTables(run) : []),
    ...pointsTables(run),
  ]);
  return [...found, ...returnsTables(recorded), ...roundsTables(recorded)];
}

/** Every polarisation curve of the run, point by point in the order measured; none for a cell. */
export function evaluateCurves(recorded: RecordedRun): MeasuredCurve[] {
  return readingsOnly(fetchedOnce(recorded), run => {
    const stackRun = asStackRun(run);
    return stackRun === undefined ? [] : measuredCurves(stackRun);
  });
}

function stackKpis(run: StackRun, procedure: Procedure): KpiValue[] {
  const start_s = run.phases[0]?.start_s ?? 0;
  const end_s = run.phases.at(-1)?.end_s ?? 0;
  const startsApart_s = keptApart_s(run, 'stack.current_A', start_s, end_s);
  const kpis: KpiValue[] = [
    ...energyKpis(run, start_s, end_s),
    kpi({
      id: 'starts',
      value: startsApart_s > 0 ? null : startsOf(run, start_s, end_s),
      unit: '1',
      definition: 'Rises of the current from below 1 % to above 5 % of nominal over the whole run.',
      basis: 'default',
      missing:
        startsApart_s > 0
          ? `rows were kept up to ${startsApart_s.toFixed(0)} s apart, a start between two of them is not seen`
          : whyLacking(run, ['stack.current_A'], 'no usable current'),
    }),
    largestH2InO2(run),
    ...beginToEnd(run),
    ...degradationKpis(run, procedure),
  ];
  for (const phase of run.phases) {
    kpis.push(...energyKpis(run, phase.start_s, phase.end_s, phase.name));
  }
  return kpis;
}

/** How far rows of a role lie apart in a window at most, where some were left out by rule, s; 0: none were, or none whose value had moved. */
function keptApart_s(run: StackRun, role: string, from_s: number, to_s: number): number {
  const series = run.series(role);
  const most_s = thinnedTo_s(series, from_s, to_s);
  return most_s > 0 ? longestJoined_s(series, from_s, to_s, most_s) : 0;
}

/** Largest H2 in O2 of the run, and in the definition when, at which load and pressure, and why there. */
function largestH2InO2(run: StackRun): KpiValue {
  // The whole record, not only the phases: after a trip the hydrogen goes on permeating while the bench vents.
  const largest = largestMeanOf(
    run.series('o2.h2_vol_pct'),
    0,
    Number.POSITIVE_INFINITY,
    PEAK_S / run.timeFactor,
  );
  const definition = `Largest mean of ${PEAK_S} s of the analyser's H2 in O2 (dry) over the whole record, safe state included.`;
  const common = { id: 'h2-in-o2-max', unit: 'vol_pct', basis: 'default' } as const;
  if (largest === undefined)
    return kpi({
      ...common,
      value: null,
      definition,
      missing: whyLacking(run, ['o2.h2_vol_pct'], 'no usable analyser value'),
    });
  const unseen = unusableInRun(run, 'o2.h2_vol_pct');
  const why = whyNotWhole(unseen, 'o2.h2_vol_pct', 'of the record');
  if (why !== '') return kpi({ ...common, value: null, definition, missing: why });
  const { t_s, value } = largest;
  const load_A = heldAt(run.series('stack.current_A'), t_s);
  const pressure_barg = heldAt(run.series('cathode.pressure_barg'), t_s);
  const phase = run.phases.find(p => t_s >= p.start_s && t_s <= p.end_s)?.name ?? 'safe end';
  const reading = (v: number, unit: string) =>
    Number.isFinite(v) ? `${v.toFixed(1)} ${unit}` : `unknown ${unit}`;
  const apart_s = keptApart_s(run, 'o2.h2_vol_pct', 0, Number.POSITIVE_INFINITY);
  const kept =
    apart_s > 0
      ? `Of rows kept up to ${apart_s.toFixed(0)} s apart: between them it may have been more; limits saw every reading. `
      : '';
  const notSeen = notSeenNote(unseen, 'of the record');
  const text = `${kept}At ${t_s.toFixed(0)} s, phase ${phase}, ${reading(load_A, 'A')}, cathode ${reading(pressure_barg, 'barg')}: ${cause(load_A / run.stack.currentNominal_A, pressure_barg)}`;
  return kpi({
    ...common,
    value,
    ...(apart_s > 0 ? {} : { u95: run.accuracy('o2.h2_vol_pct').abs }),
    definition: `${definition}${notSeen} ${text}`,
  });
}

function cause(load_frac: number, pressure_barg: number): string {
  if (!Number.isFinite(load_frac) || !Number.isFinite(pressure_barg))
    return 'load or pressure unknown, no cause given.';
  if (load_frac < 0.01) return 'at 0 A no oxygen is made to dilute the hydrogen that goes on permeating.';
  if (pressure_barg > 5) return 'hydrogen permeates in proportion to the cathode pressure.';
  if (load_frac < 0.2) return 'at low load little oxygen is made to dilute the permeated hydrogen.';
  return 'neither low load nor pressure explains it at this moment; the analyser lags, look at the minutes before.';
}
