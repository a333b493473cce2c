import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { type FitSummary, fitText } from '../../../dashboards/terminal/fit.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { MisfitError } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { readTextFile } from '../../../profiles/method-file.ts';
import { FitError, readFitData } from '../../../sim/fit/fit-data.ts';
import { type FitRequest, fitPlant, type PlantFit } from '../../../sim/fit/fit-plant.ts';
import { type FittedFile, fittedText } from '../../../sim/fit/fitted-file.ts';
import { choosePlant } from '../../../sim/open-rig.ts';
import type { PlantModel, PlantSubject } from '../../../sim/plant/parts/model.ts';
import { findPlant } from '../../../sim/plants.ts';
import { loadBench } from '../../bench/bench-file.ts';
import { FIT_HELP } from '../help.ts';
import { describeDevice, plantSubjectOf } from '../open-devices.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { givenOrExample } from '../package-files.ts';
import { fitReport } from './fit-report.ts';

const schema = z.strictObject({
  plant: z.string(),
  data: z.string(),
  bench: z.string().optional(),
  cells: numberOption(1, 1000, 'a whole number').optional(),
  area: numberOption(1e-3, 1e6, 'a number').optional(),
  nominal: numberOption(1e-6, 1e6, 'a number').optional(),
  set: z.string().optional(),
  parameters: z.string().optional(),
  at: z.string().optional(),
  settle: numberOption(0, 1e7, 'a number').optional(),
  out: z.string().optional(),
  report: z.string().optional(),
  help: z.boolean().default(false),
});
type FitOptions = z.output<typeof schema>;

/** `cellbench fit PLANT DATA`; returns the exit code. Bad input throws before anything is written. */
export async function fitCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(FIT_HELP);
    return 0;
  }
  const options = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['plant', 'data'],
    help: 'npm start -- fit --help',
  });
  const out = options.out ?? `fitted-${options.plant}.yaml`;
  if (existsSync(out))
    throw new UsageError(`${out} exists, expected the name of a new file; nothing is overwritten`);
  const request = requestOf(options);
  const fit = fitted(request);
  const date = new Date(realClock().utc_ms()).toISOString();
  const summary = summaryOf(request, fit);
  write(out, fittedText(fileOf(request, fit, date)));
  if (options.report !== undefined) write(options.report, fitReport(fit, summary, date));
  const written = options.report === undefined ? out : `${out}, ${options.report}`;
  console.log(`${fitText(summary)}\n\nWritten: ${written}`);
  return fit.warnings.length > 0 ? 1 : 0;
}

function requestOf(options: FitOptions): FitRequest {
  const model = plantNamed(options.plant);
  const { subject, set, parameters } = startOf(options, model);
  const data = readFitData(options.data, readTextFile(options.data));
  const names = (options.parameters ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  return { model, set, subject, parameters, data, names, at: heldOf(options.at), settle_s: options.settle };
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
function startOf(options: FitOptions, model: PlantModel): Pick<FitRequest, 'subject' | 'set' | 'parameters'> {
  const named = options.set;
  if (named !== undefined && !model.sets.includes(named))
    throw new UsageError(`--set ${named}: no set of ${model.name}, expected one of ${model.sets.join(', ')}`);
  if (options.bench === undefined)
    return { subject: subjectFrom(options, model), set: named ?? model.sets[0], parameters: {} };
  const { bench, baseDir, path } = loadBench(givenOrExample(options.bench), describeDevice);
  const kind = bench.stack === undefined ? 'cell' : 'stack';
  if (kind !== model.kind)
    throw new UsageError(`${path} has a ${kind} under test, ${model.name} is a plant of a ${model.kind}`);
  const subject = plantSubjectOf(bench);
  const isTwin = bench.twin?.plant === model.name && (named === undefined || named === bench.twin.set);
  const section =
    isTwin && bench.twin !== undefined ? bench.twin : { plant: model.name, set: named, parameters: {} };
  try {
    const { set, parameters } = choosePlant(section, kind, subject, baseDir);
    return { subject, set, parameters };
  } catch (error) {
    if (error instanceof MisfitError) throw new FileError(path, 0, `twin: ${error.message}`);
    throw error;
  }
}

function subjectFrom({ cells, area, nominal }: FitOptions, model: PlantModel): PlantSubject {
  if (model.kind === 'cell') {
    if (nominal === undefined)
      throw new UsageError(`${model.name}: expected --bench FILE, or --nominal with the cell's 1C in A`);
    return { cells: 1, activeArea_cm2: 0, currentNominal_A: nominal };
  }
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

function fitted(request: FitRequest): PlantFit {
  try {
    return fitPlant(request);
  } catch (error) {
    if (error instanceof FitError) throw new UsageError(error.message);
    throw error;
  }
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
    warnings: fit.warnings,
  };
}

/** The parameter file: what was fitted, on top of the figures that the fit started from. */
function fileOf(request: FitRequest, fit: PlantFit, date: string): FittedFile {
  const told = fit.estimates.estimates.filter(e => e.state !== 'undetermined');
  return {
    plant: request.model.name,
    set: request.set,
    parameters: { ...request.parameters, ...Object.fromEntries(told.map(e => [e.name, e.value])) },
    u: Object.fromEntries(told.filter(e => Number.isFinite(e.u)).map(e => [e.name, e.u])),
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
