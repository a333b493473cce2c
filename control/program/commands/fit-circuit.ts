import { basename } from 'node:path';
import type { FitSummary } from '../../../dashboards/terminal/fit.ts';
import type { Estimate } from '../../../profiles/least-squares/estimate.ts';
import { chooseCircuit } from '../../../profiles/spectrum/choose-circuit.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import { type CircuitFit, fitCircuit } from '../../../profiles/spectrum/circuit-fit.ts';
import type { Distribution } from '../../../profiles/spectrum/drt.ts';
import { unitOf } from '../../../profiles/spectrum/elements.ts';
import type { CircuitFile } from '../../../sim/fit/spectrum/circuit-file.ts';
import { type PreparedSpectrum, prepareSpectrum } from '../../../sim/fit/spectrum/prepare.ts';
import { UsageError } from '../options.ts';
import { asUsage, choicesOf, dataOf, type FitOptions } from './fit-options.ts';
import type { FitTeller } from './fit-progress.ts';
import { relaxationOf, relaxationText } from './relaxation.ts';

/** A circuit fitted, ready to be printed, drawn and written. */
export interface FittedCircuit {
  readonly fit: CircuitFit;
  readonly spectrum: PreparedSpectrum;
  readonly summary: FitSummary;
  /** Its relaxation times, where it has any that can be told. */
  readonly relaxation: Distribution | undefined;
  readonly file: CircuitFile;
}

/** `fit circuit DATA [--circuit STRING]`: a circuit instead of a plant. @throws UsageError, FileError */
export function circuitOf(options: FitOptions, date: string, teller: FitTeller): FittedCircuit {
  const data = dataOf(options);
  if (data.kind !== 'spectrum')
    throw new UsageError(
      `${data.path}: a circuit is fitted to a spectrum, expected a header with frequency_Hz, re_Ohm, im_Ohm`,
    );
  const asked = options.circuit;
  return asUsage(() => {
    const circuit = asked === undefined ? undefined : parseCircuit(asked);
    const spectrum = inStatedUnit(prepareSpectrum(data, choicesOf(options)), options.unit);
    const fit =
      circuit === undefined
        ? chooseCircuit(spectrum, text => teller.tell(() => `trying ${text}`))
        : fitCircuit(spectrum, circuit);
    return described(fit, spectrum, date, asked === undefined);
  });
}

/** Z in Ohm or Ohm cm2: as the header or `--unit` says; neither is Ohm. */
function inStatedUnit(spectrum: PreparedSpectrum, said: FitOptions['unit']): PreparedSpectrum {
  const unit = said === undefined ? (spectrum.unit ?? 'Ohm') : said.endsWith('_cm2') ? 'Ohm_cm2' : 'Ohm';
  const factor = said?.startsWith('m') === true ? 1e-3 : 1;
  const notes =
    said === undefined && spectrum.unit === undefined
      ? [...spectrum.notes, 'the file names no unit: Z taken as Ohm (--unit)']
      : spectrum.notes;
  const re = spectrum.re.map(v => factor * v);
  return { ...spectrum, unit, re, im: spectrum.im.map(v => factor * v), notes };
}

function described(
  fit: CircuitFit,
  spectrum: PreparedSpectrum,
  date: string,
  isChosen: boolean,
): FittedCircuit {
  const perArea = spectrum.unit === 'Ohm_cm2';
  const roles = fit.circuit.figures.map(f => f.role);
  const rows = fit.estimates.estimates.map((e, k): Estimate => {
    const unit = unitOf(roles[k], perArea);
    return { ...e, name: `${e.name}_${unit}` };
  });
  const relaxation = relaxationOf(spectrum);
  const times = relaxation === undefined ? [] : [relaxationText(relaxation, spectrum.unit ?? 'Ohm')];
  const notes = isChosen
    ? [
        ...spectrum.notes,
        ...times,
        `circuit chosen: ${fit.circuit.text} (BIC ${fit.bic.toFixed(0)}); --circuit takes another`,
      ]
    : [...spectrum.notes, ...times];
  const warnings = [...spectrum.warnings, ...fit.warnings];
  const unit = spectrum.unit ?? 'Ohm';
  const rms = (measured: Float64Array, model: Float64Array): number =>
    Math.sqrt(measured.reduce((sum, m, i) => sum + (m - model[i]) ** 2, 0) / measured.length);
  const points = 2 * spectrum.re.length;
  const summary: FitSummary = {
    plant: 'circuit',
    set: fit.circuit.text,
    kind: 'impedance spectrum',
    file: basename(spectrum.path),
    points,
    rows,
    groups: [
      { label: 'Re Z', unit, rmse: rms(spectrum.re, fit.re) },
      { label: 'Im Z', unit, rmse: rms(spectrum.im, fit.im) },
    ],
    notes,
    warnings,
  };
  return { fit, spectrum, summary, relaxation, file: fileOf(fit, spectrum, rows, summary, date) };
}

function fileOf(
  fit: CircuitFit,
  { kk, tested, unit }: PreparedSpectrum,
  rows: readonly Estimate[],
  summary: FitSummary,
  date: string,
): CircuitFile {
  const known = rows.filter(row => Number.isFinite(row.u));
  const named = (of: (row: Estimate) => number): Record<string, number> =>
    Object.fromEntries(known.map(row => [row.name, of(row)]));
  const states = (state: Estimate['state']): string[] =>
    rows.filter(row => row.state === state).map(row => row.name);
  return {
    circuit: fit.circuit.text,
    parameters: Object.fromEntries(rows.map(row => [row.name, row.value])),
    u: named(row => row.u),
    low95: named(row => row.low95),
    high95: named(row => row.high95),
    atBound: listed(states('atBound')),
    undetermined: listed(states('undetermined')),
    kramersKronig:
      kk === undefined
        ? undefined
        : {
            passes: kk.passes,
            links: kk.links,
            mu: kk.mu,
            rms_frac: kk.rms_frac,
            systematic_frac: kk.systematic_frac,
            leftOut_Hz: kk.outliers.map(i => tested.frequency_Hz[i]),
          },
    data: { kind: 'impedance spectrum', file: summary.file, unit: unit ?? 'Ohm' },
    rms_frac: fit.rms_frac,
    points: summary.points,
    warnings: listed(summary.warnings),
    done: listed(summary.notes),
    date,
    basis: 'fitted',
  };
}

/** An empty list is none. */
function listed(texts: readonly string[]): string[] | undefined {
  return texts.length === 0 ? undefined : [...texts];
}
