import { nearest } from '../../drivers/contract/explain.ts';
import type { Candidate, FitEstimates } from '../../profiles/least-squares/estimate.ts';
import { EXACT_FRAC, estimate, isNotRandom } from '../../profiles/least-squares/estimate.ts';
import { FitError } from '../../profiles/least-squares/fit-error.ts';
import { CURVE_CONDITIONS, curveProblem } from './curve-problem.ts';
import { shapeWarnings } from './curve-shape.ts';
import { type CurrentSign, withOurCurrent } from './data/current-sign.ts';
import { checkedCurve } from './data/curve-checks.ts';
import { conditionWarnings } from './data/curve-conditions.ts';
import { checkSeriesUnits, smallCurrentHint } from './data/series-units.ts';
import { checkStart } from './data/start-of-cell.ts';
import { checkTimeStamps } from './data/time-stamps.ts';
import type { FitData } from './fit-data.ts';
import { type FitPlant, type FitProblem, parametersAt } from './problem.ts';
import { seriesProblem } from './series-problem.ts';
import type { UnitChoices } from './spectrum/impedance-unit.ts';
import { type PreparedSpectrum, prepareSpectrum, type SpectrumChoices } from './spectrum/prepare.ts';
import { spectrumProblem } from './spectrum-problem.ts';

/** What a person says of the data beside the file; whatever is absent is found out, or asked for. */
export interface FitChoices extends SpectrumChoices, UnitChoices {
  /** The unit of the time stamps was given: they are not doubted. */
  readonly isTimeSaid?: boolean | undefined;
  readonly current?: CurrentSign | undefined;
}

/** How far a fit is: finished runs of the model, part of the present one, root mean square of the weighted residuals. */
export interface FitProgress {
  readonly runs: number;
  readonly part: number;
  readonly rms: number;
}

/** A plant, what is held, which of its parameters may move, and the data. */
export interface FitRequest extends FitPlant {
  readonly data: FitData;
  /** Figures that differ from the set's; those that are fitted start there. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Names of the parameters to fit; empty: every declared one that is uncertain and that the data can tell. */
  readonly names: readonly string[];
  /** Time at the operating point before a spectrum or before the first row of a series, s. */
  readonly settle_s?: number | undefined;
  readonly choices?: FitChoices | undefined;
  /** Hears how far the fit is, many times a second. */
  readonly goesOn?: ((progress: FitProgress) => void) | undefined;
}

/** One quantity: measured and as the fitted plant has it. */
export interface FittedGroup {
  readonly label: string;
  readonly unit: string;
  readonly x: Float64Array;
  readonly measured: Float64Array;
  readonly model: Float64Array;
  /** To which curve each point belongs; absent: all are of one. */
  readonly curve?: readonly string[];
  /** Root mean square of measured minus model, in `unit`. */
  readonly rmse: number;
}

/** A finished fit. */
export interface PlantFit {
  readonly kind: FitProblem['kind'];
  readonly xLabel: string;
  readonly estimates: FitEstimates;
  readonly groups: readonly FittedGroup[];
  readonly points: number;
  /** Over all groups; in `unit`, which is `1` where groups of several units are weighed together. */
  readonly rmse: number;
  readonly unit: string;
  /** Figures fitted beside the plant's own. */
  readonly beside: readonly string[];
  /** A spectrum with its Kramers-Kronig test. */
  readonly spectrum?: PreparedSpectrum | undefined;
  /** What was done to the data, and what was found about them. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** A spectrum is taken when the stack has reached its temperature; a cell rests as long. */
const SPECTRUM_SETTLE_S = 3600;
/** Quantities of several units: weighed by their spread first, then by what the fit leaves of them. */
const WEIGHINGS = 3;

/**
 * Fits declared parameters of a plant to measured data. Takes the data's errors as independent; says where the
 * residuals contradict that.
 * @throws FitError for the request, FileError for the data
 */
export function fitPlant(request: FitRequest): PlantFit {
  const fixed = {
    ...request.parameters,
    ...parametersAt(
      request,
      request.data.kind === 'curve' ? ['temperature_degC', ...Object.keys(CURVE_CONDITIONS)] : [],
    ),
  };
  const { problem, notes, warnings, spectrum } = problemOf(request, fixed);
  const extra = problem.extra ?? [];
  let candidates = [...candidatesOf(request, fixed), ...extra];
  let runs = 0;
  let rms_1 = Number.NaN;
  const predict: FitProblem['predict'] = (parameters, out) => {
    problem.predict(parameters, out, part => request.goesOn?.({ runs, part, rms: rms_1 }));
    request.goesOn?.({ runs: ++runs, part: 1, rms: rms_1 });
  };
  const told = (sum: number): void => {
    rms_1 = Math.sqrt(sum / points);
  };
  const points = problem.groups.reduce((sum, g) => sum + g.measured.length, 0);
  const isOneUnit = problem.groups.every(g => g.unit === problem.groups[0].unit);
  const scale = problem.groups.map(() => 1);
  const predicted = new Float64Array(points);
  let estimates: FitEstimates;
  let groups: FittedGroup[];
  for (let round = 1; ; round++) {
    estimates = fitOnce({ ...problem, predict }, candidates, fixed, scale, told);
    const values = Object.fromEntries(estimates.estimates.map(e => [e.name, e.value]));
    predict({ ...fixed, ...values }, predicted);
    groups = fittedGroups(problem, predicted);
    if (isOneUnit || round === WEIGHINGS) break;
    candidates = candidates.map(c => ({ ...c, start: values[c.name] }));
    groups.forEach((g, k) => {
      // A quantity that fits exactly must not outweigh all others.
      scale[k] = 1 / Math.max(g.rmse * problem.groups[k].weight[0], 1e-6);
    });
  }
  const moves = estimates.estimates.filter(
    e => e.state !== 'undetermined' && !extra.some(c => c.name === e.name),
  );
  if (moves.length === 0)
    throw new FitError(
      `${request.data.path}: these data determine none of ${candidates.map(c => c.name).join(', ')}${smallCurrentHint(request.data, request.subject)}`,
    );
  const unlike = groups.filter(
    g => g.rmse > EXACT_FRAC * largest(g.measured) && isNotRandom(g.measured.map((m, i) => m - g.model[i])),
  );
  return {
    kind: problem.kind,
    xLabel: problem.xLabel,
    estimates,
    groups,
    points,
    rmse: isOneUnit
      ? rms(groups.flatMap(g => [...g.measured.map((m, i) => m - g.model[i])]))
      : rms([...estimates.residuals]),
    unit: isOneUnit ? groups[0].unit : '1',
    beside: extra.map(c => c.name),
    spectrum,
    notes,
    warnings: [
      ...warnings,
      // Whoever asks for all that the data can tell knows that they cannot tell all.
      ...estimates.estimates
        .filter(e => e.state === 'undetermined' && request.names.length > 0)
        .map(e => `${e.name} is not determined by these data, left at ${Number(e.value.toPrecision(6))}`),
      ...estimates.warnings,
      ...farFromKnown(request, estimates),
      ...(problem.kind === 'polarisation curve'
        ? shapeWarnings(problem, estimates, fixed, request.subject.cells)
        : []),
      ...unlike.map(
        g =>
          `residuals of ${g.label} are not random: the model does not follow the data, the intervals are too narrow${spectrum === undefined ? '' : ' (fit circuit has depressed arcs and diffusion)'}`,
      ),
    ],
  };
}

/** So many standard uncertainties and such a factor away from what was known, a figure says that its unit may be wrong. */
const FAR_SIGMA = 6;
const FAR_FACTOR = 1.4;

/** Figures of a stack's spectrum that no stack of the set has: a unit or an area is wrong, unless somebody stated it. */
function farFromKnown({ data, model, set, choices }: FitRequest, { estimates }: FitEstimates): string[] {
  if (data.kind !== 'spectrum' || model.kind !== 'stack' || choices?.unit !== undefined) return [];
  const declared = model.parameters(set);
  return estimates.flatMap(({ name, value, state }) => {
    const known = declared.find(p => p.name === name);
    if (known === undefined || state === 'undetermined' || !(known.value > 0)) return [];
    const isFar =
      Math.abs(value - known.value) > FAR_SIGMA * known.u &&
      Math.abs(Math.log(value / known.value)) > Math.log(FAR_FACTOR);
    if (!isFar) return [];
    const before = `${Number(known.value.toPrecision(3))} +- ${Number(known.u.toPrecision(2))}`;
    return [
      `${name} ${Number(value.toPrecision(3))} is far from what was known of it (${before}): --unit, --of, area, cells and operating point right?`,
    ];
  });
}

interface ReadyProblem {
  readonly problem: FitProblem;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly spectrum?: PreparedSpectrum;
}

function problemOf(request: FitRequest, fixed: Readonly<Record<string, number>>): ReadyProblem {
  const { data, settle_s, choices = {}, model, subject, names } = request;
  if (data.kind === 'spectrum') {
    const spectrum = prepareSpectrum(data, choices);
    const plant = { ...request, parameters: fixed };
    const problem = spectrumProblem(plant, spectrum, settle_s ?? SPECTRUM_SETTLE_S, choices);
    return {
      problem,
      notes: [...spectrum.notes, ...problem.notes],
      warnings: [...spectrum.warnings, ...problem.warnings],
      spectrum,
    };
  }
  if (data.kind === 'curve') {
    const ours = checkedCurve(data, subject, choices.current);
    const conditions = conditionWarnings(request, ours);
    return { problem: curveProblem(request, ours), notes: ours.notes, warnings: conditions };
  }
  checkSeriesUnits(data, subject, model.kind);
  checkTimeStamps(data, subject, model.kind, choices.isTimeSaid === true);
  const ours = withOurCurrent(data, choices.current);
  const problem = seriesProblem(request, ours, settle_s ?? 0);
  if (!names.includes('startSoc_frac') && fixed['startSoc_frac'] === undefined)
    checkStart(request, ours, fixed);
  return { problem, notes: ours.notes, warnings: [] };
}

function candidatesOf(request: FitRequest, fixed: Readonly<Record<string, number>>): Candidate[] {
  const { model, set, names, at } = request;
  const declared = model.parameters(set);
  for (const name of names) {
    if (declared.some(p => p.name === name)) continue;
    const known = declared.map(p => p.name);
    const near = nearest(name, known);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    throw new FitError(
      `"${name}" is no parameter of ${model.name}${hint}, expected one of ${known.join(', ')}`,
    );
  }
  const asked = declared.filter(p =>
    names.length > 0 ? names.includes(p.name) : p.u > 0 && at[p.name] === undefined,
  );
  return asked
    .filter(p => p.low < p.high)
    .map(({ name, value, low, high, u }) => {
      const start = Math.min(high, Math.max(low, fixed[name] ?? value));
      return { name, start, low, high, u };
    });
}

function fitOnce(
  problem: FitProblem,
  candidates: readonly Candidate[],
  fixed: Readonly<Record<string, number>>,
  scale: readonly number[],
  told: (sumSquares: number) => void,
): FitEstimates {
  const points = problem.groups.reduce((sum, g) => sum + g.measured.length, 0);
  let best = Number.POSITIVE_INFINITY;
  try {
    return estimate(
      candidates,
      (values, out) => {
        problem.predict({ ...fixed, ...values }, out);
        let i = 0;
        problem.groups.forEach(({ measured, weight }, k) => {
          for (let j = 0; j < measured.length; j++, i++)
            out[i] = (out[i] - measured[j]) * weight[j] * scale[k];
        });
        const sum = out.reduce((a, r) => a + r * r, 0);
        if (sum < best) {
          best = sum;
          told(sum);
        }
      },
      points,
      { difference_frac: problem.difference_frac, fall_frac: problem.fall_frac },
    );
  } catch (error) {
    if (error instanceof RangeError) throw new FitError(error.message);
    throw error;
  }
}

function fittedGroups(problem: FitProblem, predicted: Float64Array): FittedGroup[] {
  let first = 0;
  return problem.groups.map(({ label, unit, x, measured, curve }) => {
    const model = predicted.slice(first, first + measured.length);
    first += measured.length;
    const rmse = rms([...measured.map((m, i) => m - model[i])]);
    return { label, unit, x, measured, model, rmse, ...(curve === undefined ? {} : { curve }) };
  });
}

function largest(values: Float64Array): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}
