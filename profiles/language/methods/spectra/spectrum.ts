import type { ImpedanceAccuracy } from '../../../../drivers/contract/measure/impedance.ts';
import type { Figure, KpiValue } from '../../../kpi.ts';
import { kpi } from '../../../kpi.ts';
import { FitError } from '../../../least-squares/fit-error.ts';
import { student95 } from '../../../least-squares/student-t.ts';
import type { RecordedPart, RecordedRun, RecordedSpectrum } from '../../../recorded-run.ts';
import { windowOf } from '../../../series-parts.ts';
import { chooseCircuit } from '../../../spectrum/choose-circuit.ts';
import { parseCircuit } from '../../../spectrum/circuit.ts';
import { fitCircuit } from '../../../spectrum/circuit-fit.ts';
import { unitOf } from '../../../spectrum/elements.ts';
import { highFrequencyResistance, polarisationResistance } from '../../../spectrum/intercepts.ts';
import { type ImpedanceData, instrumentPart, KK_LEAST_POINTS, linKk } from '../../../spectrum/lin-kk.ts';
import { localFit, valueAt } from '../../../spectrum/local-fit.ts';
import { declaredAt, REPEATABILITY_FRAC, wanderOf } from '../../../uncertainty/repeatability.ts';
import { splitName } from '../../units/names.ts';
import { numberName } from '../cell/account.ts';
import type { FigureOf } from '../evaluation.ts';
import { wholeIn, whyNone } from '../measured-whole.ts';
import { relaxationFigures } from './relaxation-figures.ts';

/** Figures of one impedance spectrum, for every method that measures some. */

/** How resistances of the whole device under test are given. */
export interface ResistanceUnit {
  readonly unit: string;
  /** From Ohm of the whole device. */
  readonly factor: number;
}

/** The figures of a spectrum, in the unit that the method gives resistances in. */
export function figuresOfSpectrum(unit: string): readonly FigureOf[] {
  // A resistance by the area is one of a cell of the stack; a voltage is read of the whole.
  const isOfCell = unit.endsWith('cm2');
  const [ofCell, ofAll] = isOfCell
    ? [' of one cell of the stack, by its area', ' of the whole stack']
    : ['', ''];
  return [
    {
      id: 'hfr',
      unit,
      doc: `high-frequency resistance${ofCell}: Re Z where Im Z is 0, interpolated; one figure a level, named after it`,
    },
    {
      id: 'rp',
      unit,
      doc: `polarisation resistance${ofCell}: Re Z at the lowest frequency minus hfr; one figure a level`,
    },
    {
      id: 'kk-residual',
      unit: 'pct',
      doc: 'rms distance of the spectrum from the Kramers-Kronig relations (linear test), part of |Z|; one figure a level',
    },
    {
      id: 'drift',
      unit: 'mV',
      doc: `change of the direct voltage${ofAll} from the begin of the spectrum to its end; one figure a level`,
    },
    {
      id: 'relaxation',
      unit,
      doc: `polarisation resistance of all relaxation processes${ofCell}: area of the distribution of relaxation times; beside it \`relaxation-time-1\` (s) and \`relaxation-resistance-1\` of each process, the fastest first; one figure a level`,
    },
  ];
}

/** Spectra of a part that were measured to their end, each with the name of its level; empty where there is only one. */
export function spectraOf(
  run: RecordedRun,
  part: RecordedPart,
): readonly { readonly spectrum: RecordedSpectrum; readonly suffix: string }[] {
  const all = wholeIn(run.spectra, part);
  const seen = new Map<string, number>();
  return all.map((spectrum, i) => {
    const name = levelOf(spectrum) ?? (all.length === 1 ? '' : `-${i + 1}`);
    const again = seen.get(name) ?? 0;
    seen.set(name, again + 1);
    return { spectrum, suffix: again === 0 ? name : `${name}-${again + 1}` };
  });
}

/** `-at-20pct`: the innermost loop around it in this round. */
function levelOf({ levels }: RecordedSpectrum): string | undefined {
  const level = Object.entries(levels).at(-1);
  if (level === undefined) return undefined;
  const unit = splitName(level[0])?.unit;
  return `-at-${numberName(level[1], typeof unit === 'object' ? unit.text : '')}`;
}

/**
 * Figures of those that are not whole, null with how much of them is there: of a level whose spectrum was measured whole as
 * well there is nothing to say.
 */
export function figuresOfCut(run: RecordedRun, part: RecordedPart, unit: string): readonly KpiValue[] {
  const levels = new Set(wholeIn(run.spectra, part).map(levelOf));
  return (run.spectra ?? []).flatMap(spectrum => {
    const level = levelOf(spectrum);
    const missing = whyNone([spectrum], part, '');
    if (missing === '' || levels.has(level)) return [];
    levels.add(level);
    return figuresOfSpectrum(unit).map(({ id, unit, doc }) =>
      kpi({ id: `${id}${level ?? ''}`, unit, value: null, definition: `${doc}.`, basis: 'default', missing }),
    );
  });
}

/** Z as the arithmetic takes it, Ohm of the whole device. */
export function dataOf({ frequency_Hz, re_Ohm, im_Ohm }: RecordedSpectrum): ImpedanceData {
  return { frequency_Hz, re: re_Ohm, im: im_Ohm };
}

/** All figures of a spectrum; of a circuit where the method was called with one. */
export function spectrumFigures(
  run: RecordedRun,
  { spectrum, suffix }: { readonly spectrum: RecordedSpectrum; readonly suffix: string },
  { unit, factor }: ResistanceUnit,
  circuit: string | undefined,
): readonly KpiValue[] {
  const data = dataOf(spectrum);
  const { accuracy } = spectrum;
  const [hfr, rp, kk, drift] = figuresOfSpectrum(unit);
  const { basis } = accuracy;
  const given = (of: FigureOf, found: Partial<Figure>): KpiValue =>
    kpi({ id: `${of.id}${suffix}`, unit: of.unit, definition: `${of.doc}.`, basis, value: null, ...found });
  const resistance = (of: FigureOf, read: ReturnType<typeof highFrequencyResistance>): KpiValue =>
    'missing' in read
      ? given(of, read)
      : given(of, {
          value: factor * read.value,
          u95: factor * read.u95,
          definition: `${of.doc}. Here ${read.how}. Uncertainty: declared accuracy of the instrument (${accuracy.modulus_pct} % of |Z|, ${accuracy.phase_deg} deg) and scatter.`,
        });
  return [
    resistance(hfr, highFrequencyResistance(data, accuracy)),
    resistance(rp, polarisationResistance(data, accuracy)),
    given(kk, residualOf(data, accuracy)),
    given(drift, driftOf(run, spectrum)),
    ...relaxationFigures(spectrum, { unit, factor }, suffix),
    ...(circuit === undefined ? [] : circuitFigures(data, circuit, spectrum, suffix)),
  ];
}

function residualOf(data: ImpedanceData, accuracy: ImpedanceAccuracy): Partial<Figure> {
  const points = data.frequency_Hz.length;
  if (points < KK_LEAST_POINTS) return { missing: `${points} points, the test needs ${KK_LEAST_POINTS}` };
  const { rms_frac, passes, systematic_frac, links } = linKk(data, instrumentPart(accuracy));
  const said = passes
    ? 'the rest is noise: steady and linear as far as the points tell'
    : `${percent(systematic_frac)} of it no noise: the device drifted or was driven out of its linear range`;
  return {
    value: 100 * rms_frac,
    // Of an rms of so many residuals.
    u95: (100 * 2 * rms_frac) / Math.sqrt(4 * points),
    definition: `rms distance of the spectrum from a chain of ${links} links that obeys the Kramers-Kronig relations, part of |Z| (Boukamp, J. Electrochem. Soc. 142 (1995) 1885); ${said}.`,
  };
}

/** Part of a spectrum's time, s at the least, at each end of which a line tells where the direct voltage stands. */
const END_PART = 0.1;
const END_LEAST_S = 10;
const LEAST_READINGS = 3;
/** Less than any voltmeter resolves, mV: what only the arithmetic leaves is no uncertainty. */
const LEAST_MV = 1e-6;

interface Readings {
  readonly t_s: Float64Array;
  readonly value: Float64Array;
}

function driftOf(run: RecordedRun, { start_s, end_s, t_s, voltage_V }: RecordedSpectrum): Partial<Figure> {
  const role = `${run.subject.kind}.voltage_V`;
  const time_s = end_s - start_s;
  const window_s = Math.min(time_s / 2, Math.max(END_PART * time_s, END_LEAST_S));
  const kept = run.series(role);
  // Where readings were thinned out, those that stand beside the points tell it.
  const points = [...t_s.keys()];
  const at = (which: readonly number[]): Readings => ({
    t_s: Float64Array.from(which, i => t_s[i]),
    value: Float64Array.from(which, i => voltage_V[i]),
  });
  const begin =
    levelAt(windowOf(kept, start_s, start_s + window_s), start_s) ??
    levelAt(at(points.filter((i, k) => k < LEAST_READINGS || t_s[i] < start_s + window_s)), start_s);
  const end =
    levelAt(windowOf(kept, end_s - window_s, end_s), end_s) ??
    levelAt(
      at(points.filter((i, k) => k >= points.length - LEAST_READINGS || t_s[i] > end_s - window_s)),
      end_s,
    );
  if (begin === undefined || end === undefined)
    return { missing: 'fewer than three readings of the direct voltage at an end of the spectrum' };
  const drift_V = end.value - begin.value;
  const accuracy = run.accuracy(role);
  const gain = accuracy.reading_pct / 100;
  // One voltmeter: what is fixed cancels, what it wanders meanwhile does not, nor its last digit where readings stand still.
  const life = run.timeFactor;
  const wander = wanderOf([
    { from_s: start_s * life, to_s: (start_s + window_s) * life, weight: -1 },
    { from_s: (end_s - window_s) * life, to_s: end_s * life, weight: 1 },
  ]);
  const wander_V = REPEATABILITY_FRAC * declaredAt(accuracy, end.value) * wander;
  const u95 = 1000 * Math.hypot(begin.u95, end.u95, gain * drift_V, Number.isFinite(wander_V) ? wander_V : 0);
  if (!(u95 >= LEAST_MV))
    return {
      missing:
        'the readings of the direct voltage stand still to the last digit, and how well the voltmeter repeats itself is not declared',
    };
  return { value: 1000 * drift_V, u95 };
}

/** Where a line through the readings of a window stands at a time, u95 from their scatter. */
function levelAt(
  { t_s, value }: Readings,
  at_s: number,
): { readonly value: number; readonly u95: number } | undefined {
  const usable = [...value.keys()].filter(i => !Number.isNaN(value[i]));
  if (usable.length < LEAST_READINGS) return undefined;
  const line = localFit(
    usable.map(i => t_s[i]),
    usable.map(i => value[i]),
    1,
  );
  return {
    value: valueAt(line, at_s),
    u95: student95(line.freedom) * line.deviation * Math.sqrt(line.leverage(at_s)),
  };
}

/** Figures of the circuit, each by its name in it. */
function circuitFigures(
  data: ImpedanceData,
  text: string,
  { accuracy }: RecordedSpectrum,
  suffix: string,
): readonly KpiValue[] {
  const { basis } = accuracy;
  try {
    const fit = text === 'best' ? chooseCircuit(data) : fitCircuit(data, parseCircuit(text));
    return fit.circuit.figures.map(({ name, role }, i) => {
      const { value, low95, high95, state } = fit.estimates.estimates[i];
      // A figure of a resistance or a capacity is off as the modulus is.
      const gain = role === 'exponent' || role === 'time' ? 0 : accuracy.modulus_pct / 100;
      return kpi({
        id: `circuit-${name}${suffix}`,
        unit: unitOf(role, false),
        value: state === 'fitted' ? value : null,
        u95: Math.hypot((high95 - low95) / 2, gain * value),
        definition: `${name} of ${fit.circuit.text} fitted to the spectrum (residual ${percent(fit.rms_frac)} of |Z|), of the whole device under test.`,
        basis,
        missing: state === 'atBound' ? 'it ends at its bound' : 'the spectrum does not determine it',
      });
    });
  } catch (error) {
    if (!(error instanceof FitError)) throw error;
    return [
      kpi({
        id: `circuit${suffix}`,
        unit: '1',
        value: null,
        definition: 'Figures of the circuit.',
        basis,
        missing: error.message,
      }),
    ];
  }
}

const percent = (frac: number): string => `${Number((100 * frac).toPrecision(2))} %`;
