import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type FitSummary, fitText } from '../../../dashboards/terminal/fit.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { MisfitError } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { type FitRequest, fitPlant, type PlantFit } from '../../../sim/fit/fit-plant.ts';
import { type FittedFile, fittedText } from '../../../sim/fit/fitted-file.ts';
import { circuitText } from '../../../sim/fit/spectrum/circuit-file.ts';
import { choosePlant, type PlantChoice } from '../../../sim/open-rig.ts';
import { type PlantModel, type PlantSubject, VESSEL_SUBJECT } from '../../../sim/plant/parts/model.ts';
import { findPlant, plantFor } from '../../../sim/plants.ts';
import { subjectOf } from '../../bench/bench.ts';
import { loadBench } from '../../bench/bench-file.ts';
import { FIT_HELP } from '../help.ts';
import { describeDevice, plantSubjectOf } from '../open-devices.ts';
import { UsageError } from '../options.ts';
import { givenOrExample } from '../package-files.ts';
import { circuitOf } from './fit-circuit.ts';
import { asUsage, choicesOf, dataOf, type FitOptions, readFitOptions } from './fit-options.ts';
import { fitTeller } from './fit-progress.ts';
import { circuitReport, fitReport } from './fit-report.ts';

/** `cellbench fit PLANT DATA`; returns the exit code. Bad input throws before anything is written. */
export async function fitCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(FIT_HELP);
    return 0;
  }
  const options = readFitOptions(args);
  const isCircuit = options.plant === 'circuit';
  if (!isCircuit && options.circuit !== undefined)
    throw new UsageError(`--circuit belongs to fit circuit DATA, found it with ${options.plant}`);
  const out = options.out ?? `fitted-${options.plant}.yaml`;
  if (existsSync(out))
    throw new UsageError(`${out} exists, expected the name of a new file; nothing is overwritten`);
  const date = new Date(realClock().utc_ms()).toISOString();
  const made = isCircuit ? circuitMade(options, date) : plantMade(options, date);
  write(out, made.text);
  if (options.report !== undefined) write(options.report, made.report());
  const written = options.report === undefined ? out : `${out}, ${options.report}`;
  console.log(`${fitText(made.summary)}\n\nWritten: ${written}`);
  return made.summary.warnings.length > 0 ? 1 : 0;
}

/** What a fit leaves: the file's text, what is printed, and a report if it is asked for. */
interface Made {
  readonly text: string;
  readonly summary: FitSummary;
  report(): string;
}

function circuitMade(options: FitOptions, date: string): Made {
  using teller = fitTeller();
  const made = circuitOf(options, date, teller);
  return {
    text: circuitText(made.file),
    summary: made.summary,
    report: () => circuitReport(made, date),
  };
}

function plantMade(options: FitOptions, date: string): Made {
  using teller = fitTeller();
  const request: FitRequest = {
    ...requestOf(options),
    goesOn: ({ runs, part, rms }) =>
      teller.tell(
        () =>
          `run ${runs + 1} of the model (${Math.round(100 * part)} %), residuals ${Number.isNaN(rms) ? 'not known yet' : rms.toPrecision(3)} of their weights`,
      ),
  };
  const fit = asUsage(() => fitPlant(request));
  const summary = summaryOf(request, fit);
  return {
    text: fittedText(fileOf(request, fit, date)),
    summary,
    report: () => fitReport(fit, summary, date),
  };
}

function requestOf(options: FitOptions): FitRequest {
  const known = plantNamed(options.plant);
  const { subject, set, parameters, cell } = startOf(options, known);
  const model = plantFor({ plant: known.name, cell });
  const data = dataOf(options);
  const names = (options.parameters ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  return {
    model,
    set,
    subject,
    parameters,
    data,
    names,
    at: heldOf(options.at),
    settle_s: options.settle,
    choices: choicesOf(options),
  };
}

function plantNamed(name: string): PlantModel {
  try {
    return findPlant(name);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Subject, set and figures to start from: of the bench file, or of the options. */
function startOf(
  options: FitOptions,
  model: PlantModel,
): Pick<FitRequest, 'subject' | 'set' | 'parameters'> & Pick<PlantChoice, 'cell'> {
  const named = options.set;
  if (named !== undefined && !model.sets.includes(named))
    throw new UsageError(`--set ${named}: no set of ${model.name}, expected one of ${model.sets.join(', ')}`);
  if (options.bench === undefined)
    return { subject: subjectFrom(options, model), set: named ?? model.sets[0], parameters: {} };
  const { bench, baseDir, path } = loadBench(givenOrExample(options.bench), describeDevice, options.subject);
  const { kind } = subjectOf(bench);
  if (kind !== model.kind)
    throw new UsageError(`${path} has a ${kind} under test, ${model.name} is a plant of a ${model.kind}`);
  const subject = plantSubjectOf(bench);
  const isTwin = bench.twin?.plant === model.name && (named === undefined || named === bench.twin.set);
  const section =
    isTwin && bench.twin !== undefined ? bench.twin : { plant: model.name, set: named, parameters: {} };
  try {
    const { set, parameters, cell } = choosePlant(section, kind, subject, baseDir);
    return { subject, set, parameters, cell };
  } catch (error) {
    if (error instanceof MisfitError) throw new FileError(path, 0, `twin: ${error.message}`);
    throw error;
  }
}

function subjectFrom({ cells, area, nominal }: FitOptions, model: PlantModel): PlantSubject {
  if (model.kind === 'cell') {
    if (nominal === undefined)
      throw new UsageError(`${model.name}: expected --bench FILE, or --nominal with the cell's 1C in A`);
    return { cells: 1, activeArea_cm2: area ?? 0, currentNominal_A: nominal };
  }
  if (model.kind === 'vessel') return VESSEL_SUBJECT;
  if (cells === undefined || area === undefined)
    throw new UsageError(`${model.name}: expected --bench FILE, or --cells and --area in cm2`);
  // Of a steady curve the nominal current is no part: 2 A/cm2 is that of usual stacks.
  return { cells, activeArea_cm2: area, currentNominal_A: nominal ?? 2 * area };
}

function heldOf(text: string | undefined): Record<string, number> {
  const held: Record<string, number> = {};
  for (const part of (text ?? '').split(',').filter(p => p.trim() !== '')) {
    const [name, value, ...rest] = part.split('=').map(p => p.trim());
    if (value === undefined || value === '' || rest.length > 0 || !Number.isFinite(Number(value)))
      throw new UsageError(`--at ${part}: expected NAME=NUMBER, e.g. temperature_degC=60`);
    held[name] = Number(value);
  }
  return held;
}

function summaryOf(request: FitRequest, fit: PlantFit): FitSummary {
  return {
    plant: request.model.name,
    set: request.set,
    kind: fit.kind,
    file: basename(request.data.path),
    points: fit.points,
    rows: fit.estimates.estimates,
    groups: fit.groups,
    notes: fit.notes,
    warnings: fit.warnings,
  };
}

/** The parameter file: what was fitted, on top of the figures that the fit started from. */
function fileOf(request: FitRequest, fit: PlantFit, date: string): FittedFile {
  const all = fit.estimates.estimates.filter(e => e.state !== 'undetermined');
  const told = all.filter(e => !fit.beside.includes(e.name));
  const beside = all.filter(e => fit.beside.includes(e.name));
  const atBound = all.filter(e => e.state === 'atBound').map(e => e.name);
  return {
    plant: request.model.name,
    set: request.set,
    parameters: { ...request.parameters, ...Object.fromEntries(told.map(e => [e.name, e.value])) },
    u: Object.fromEntries(told.filter(e => Number.isFinite(e.u)).map(e => [e.name, e.u])),
    ...(atBound.length === 0 ? {} : { atBound }),
    ...(beside.length === 0 ? {} : { beside: Object.fromEntries(beside.map(e => [e.name, e.value])) }),
    ...(fit.warnings.length === 0 ? {} : { warnings: [...fit.warnings] }),
    ...(fit.notes.length === 0 ? {} : { done: [...fit.notes] }),
    data: { kind: fit.kind, file: basename(request.data.path), unit: fit.unit },
    rmse: fit.rmse,
    points: fit.points,
    date,
    basis: 'fitted',
  };
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(
      `${path}: cannot be written: ${plainReason(error)}, expected the name of a new file in a folder that exists`,
    );
  }
}
