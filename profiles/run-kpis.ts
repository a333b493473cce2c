import { cellKpis } from './cell-kpis.ts';
import { type KpiValue, kpi } from './kpi.ts';
import { asrOf, curvePhases, type MeasuredPoint, pointsOf } from './methods/curve.ts';
import { energyKpis, startsOf } from './methods/energy.ts';
import { METHODS } from './methods/registry.ts';
import type { Procedure } from './procedure.ts';
import { fetchedOnce, heldAt, largestOf } from './record-math.ts';
import { asStackRun, type RecordedRun, type StackRun } from './recorded-run.ts';

/** What most figures are made of. A record that reads these roles together reads its tables only once. */
export const EVALUATED_ROLES: readonly string[] = [
  'stack.current_A',
  'stack.voltage_V',
  'stack.power_W',
  'stack.temperature_degC',
  'cathode.pressure_barg',
  'h2.flow_NL_per_min',
  'o2.h2_vol_pct',
  'h2.o2_vol_pct',
  'cell.current_A',
  'cell.voltage_V',
  'cell.power_W',
];

/**
 * All figures of a run. A stack: the whole run, then each phase (energy and hydrogen where the stack carried load,
 * and what the phase's method makes of it). A cell: charge, energy and efficiency, whole and by phase.
 * From the record alone; null with the reason where there is no value.
 */
export function evaluateRun(recorded: RecordedRun, procedure: Procedure): KpiValue[] {
  const run = fetchedOnce(recorded);
  const stackRun = asStackRun(run);
  return stackRun === undefined ? cellKpis(run) : stackKpis(stackRun, procedure);
}

function stackKpis(run: StackRun, procedure: Procedure): KpiValue[] {
  const start_s = run.phases[0]?.start_s ?? 0;
  const end_s = run.phases.at(-1)?.end_s ?? 0;
  const kpis: KpiValue[] = [
    ...energyKpis(run, start_s, end_s),
    kpi({
      id: 'starts',
      value: startsOf(run, start_s, end_s),
      unit: '1',
      definition: 'Rises of the current from below 1 % to above 5 % of nominal over the whole run.',
      basis: 'default',
      missing: 'no usable current',
    }),
    largestH2InO2(run),
    ...beginToEnd(run),
  ];
  for (const phase of run.phases) {
    kpis.push(...energyKpis(run, phase.start_s, phase.end_s, phase.name));
    const mark = procedure.instructions.find(i => i.op === 'phase' && i.name === phase.name);
    const parameters = mark?.op === 'phase' ? mark.parameters : undefined;
    kpis.push(...(METHODS[phase.method]?.evaluate(run, phase, parameters) ?? []));
  }
  return kpis;
}

/** Largest H2 in O2 of the run, and in the definition when, at which load and pressure, and why there. */
function largestH2InO2(run: StackRun): KpiValue {
  // The whole record, not only the phases: after a trip the hydrogen goes on permeating while the bench vents.
  const largest = largestOf(run.series('o2.h2_vol_pct'), 0, Number.POSITIVE_INFINITY);
  const definition = 'Largest analyser reading of H2 in O2 (dry) over the whole record, safe state included.';
  const common = { id: 'h2-in-o2-max', unit: 'vol_pct', basis: 'default' } as const;
  if (largest === undefined)
    return kpi({ ...common, value: null, definition, missing: 'no usable analyser value' });
  const { t_s, value } = largest;
  const load_A = heldAt(run.series('stack.current_A'), t_s);
  const pressure_barg = heldAt(run.series('cathode.pressure_barg'), t_s);
  const phase = run.phases.find(p => t_s >= p.start_s && t_s <= p.end_s)?.name ?? 'safe end';
  const reading = (v: number, unit: string) =>
    Number.isFinite(v) ? `${v.toFixed(1)} ${unit}` : `unknown ${unit}`;
  const text = `At ${t_s.toFixed(0)} s, phase ${phase}, ${reading(load_A, 'A')}, cathode ${reading(pressure_barg, 'barg')}: ${cause(load_A / run.stack.currentNominal_A, pressure_barg)}`;
  return kpi({
    ...common,
    value,
    u95: run.accuracy('o2.h2_vol_pct').abs,
    definition: `${definition} ${text}`,
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

/** A pair of points of both curves at the same set current and leg. */
interface Pair {
  readonly begin: MeasuredPoint;
  readonly end: MeasuredPoint;
}

/** ASR and cell voltage of the first against the last polarisation curve. */
function beginToEnd(run: StackRun): KpiValue[] {
  const phases = curvePhases(run);
  const curves = phases.map(phase => pointsOf(run, phase));
  const [begin, end] = [curves[0] ?? [], phases.length > 1 ? (curves.at(-1) ?? []) : []];
  const asr = (name: 'begin' | 'end', points: readonly MeasuredPoint[]): KpiValue => {
    const found = asrOf(points, run.stack);
    return kpi({
      id: `asr-${name}`,
      value: found?.value_mOhm_cm2 ?? null,
      unit: 'mOhm.cm2',
      ...(found === undefined ? {} : { u95: found.u95_mOhm_cm2 }),
      definition: `Slope dU/dj over 0.5 to 1.5 A/cm2 of the ${name === 'begin' ? 'first' : 'last'} polarisation curve; uncertainty from the scatter about the line.`,
      basis: 'recalled',
      missing: 'no such curve, or fewer than three points between 0.5 and 1.5 A/cm2',
    });
  };
  const pairs = begin.flatMap(a => {
    const b = end.find(q => q.leg === a.leg && Math.abs(q.current_A - a.current_A) < 0.01 * a.current_A);
    return b === undefined ? [] : [{ begin: a, end: b }];
  });
  return [asr('begin', begin), asr('end', end), ...differences(run, pairs, begin)];
}

/** Current density at which begin and end are compared, A/cm2. */
const REFERENCE_A_PER_CM2 = 1;
/** Largest temperature coefficient of a PEM cell at 1-2 A/cm2: -2 to -5 mV/K (recalled). */
const TEMPERATURE_V_PER_K = 0.005;
/**
 * How well an instrument repeats itself within a night, as a part of its declared accuracy: makers seldom state it,
 * a tenth is our choice. Without it a short, quiet record would claim microvolts.
 */
const REPEATABILITY_FRAC = 0.1;

/** Repeatability of a difference of two readings near `value`, k = 2, unit of the role. */
function repeatability(run: StackRun, role: string, value: number): number {
  const { reading_pct, abs } = run.accuracy(role);
  return Math.SQRT2 * REPEATABILITY_FRAC * ((Math.abs(value) * reading_pct) / 100 + abs);
}

function differences(run: StackRun, pairs: readonly Pair[], begin: readonly MeasuredPoint[]): KpiValue[] {
  const missing = 'the run has no two polarisation curves with a common current';
  const at_A = REFERENCE_A_PER_CM2 * run.stack.activeArea_cm2;
  const distance = (pair: Pair) => Math.abs(pair.begin.current_A - at_A);
  const least = Math.min(...pairs.map(distance));
  // Both legs of the reference current count alike, so that hysteresis does not enter.
  const chosen = pairs.filter(pair => distance(pair) < least + 0.01 * at_A);
  const mean = (of: (pair: Pair) => number) =>
    chosen.reduce((sum, pair) => sum + of(pair), 0) / chosen.length;
  const slope_V_per_A = (asrOf(begin, run.stack)?.value_mOhm_cm2 ?? 0) / 1000 / run.stack.activeArea_cm2;
  const raw_V = mean(({ begin: a, end: b }) => b.cellVoltage_V - a.cellVoltage_V);
  const current_A = mean(({ begin: a }) => a.current_A);
  const shift_A = mean(({ begin: a, end: b }) => b.current_A - a.current_A);
  const difference_V = raw_V - shift_A * slope_V_per_A;
  const warmer_K = mean(({ begin: a, end: b }) => b.temperature_degC - a.temperature_degC);
  const accuracy = run.accuracy('stack.voltage_V');
  const gain_V = (Math.abs(difference_V) * accuracy.reading_pct) / 100;
  const scatter_V =
    Math.sqrt(mean(({ begin: a, end: b }) => a.random_V ** 2 + b.random_V ** 2)) / Math.sqrt(chosen.length);
  const { cells } = run.stack;
  const stack_V = mean(({ begin: a }) => a.cellVoltage_V) * cells;
  const voltageRepeat_V = repeatability(run, 'stack.voltage_V', stack_V) / cells;
  const currentRepeat_V = slope_V_per_A * repeatability(run, 'stack.current_A', current_A);
  const apart_K = Math.hypot(
    Number.isFinite(warmer_K) ? warmer_K : 0,
    repeatability(run, 'stack.temperature_degC', 0),
  );
  const u95_V = Math.hypot(
    gain_V,
    scatter_V,
    voltageRepeat_V,
    currentRepeat_V,
    TEMPERATURE_V_PER_K * apart_K,
  );
  const uncancelled_V = Math.SQRT2 * mean(({ begin: a }) => a.u95_V);
  const hours = (mean(({ begin: a, end: b }) => b.middle_s - a.middle_s) * run.timeFactor) / 3600;
  const temperature = Number.isFinite(warmer_K)
    ? `Not temperature-corrected: the stack was ${Math.abs(warmer_K).toFixed(2)} K ${warmer_K < 0 ? 'colder' : 'warmer'} at the end, which counts with 5 mV/K in the uncertainty, as does the thermometer's repeatability`
    : 'Not temperature-corrected, and no usable temperature to judge it';
  const definition =
    `Mean cell voltage of the last minus the first polarisation curve at ${current_A.toFixed(0)} A, both legs, brought to equal current with the ASR. ` +
    `${temperature}. Offset and gain of the same instruments cancel but for a tenth of their declared accuracy (repeatability, our choice) and the gain on the difference itself; ` +
    `two independent voltmeters would give +-${(uncancelled_V * 1000).toFixed(1)} mV.`;
  const usable = chosen.length > 0;
  const bare = 'Mean cell voltage of the last minus the first polarisation curve at equal current.';
  return [
    kpi({
      id: 'voltage-difference',
      value: usable ? difference_V * 1000 : null,
      unit: 'mV',
      u95: u95_V * 1000,
      definition: usable ? definition : bare,
      basis: 'default',
      missing,
    }),
    kpi({
      id: 'voltage-drift',
      value: usable && hours > 0 ? (difference_V * 1e6) / hours : null,
      unit: 'uV/h',
      u95: (u95_V * 1e6) / hours,
      definition: `voltage-difference over the ${usable ? hours.toFixed(2) : '?'} h between the curves${run.timeFactor === 1 ? '' : ` (time-compressed x${run.timeFactor})`}; reversible and irreversible parts together, too short to be a degradation rate.`,
      basis: 'default',
      missing,
    }),
  ];
}
