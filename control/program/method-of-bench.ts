import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { dotted, nearest } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { bytesOf, readTextFile } from '../../drivers/contract/text-file.ts';
import { exactSteps } from '../../profiles/language/bench/exact-steps.ts';
import { followedTimes } from '../../profiles/language/bench/followed.ts';
import { type Plan, type PlannedStep, planOf } from '../../profiles/language/bench/plan.ts';
import { recordBounds } from '../../profiles/language/bench/record-bounds.ts';
import { type DataOptions, dataEndsOf, readMethodData } from '../../profiles/language/data/method-data.ts';
import { everyOne, topSteps } from '../../profiles/language/explain/method.ts';
import { neverCured } from '../../profiles/language/explain/never-cured.ts';
import { allSetValues } from '../../profiles/language/explain/recoveries.ts';
import { type LanguageFiles, type ReadCalled, readWithCalls } from '../../profiles/language/file/calls.ts';
import { isRole, stemOf } from '../../profiles/language/file/keys.ts';
import { atItsLine } from '../../profiles/language/layout/at-its-line.ts';
import { unsetCharge } from '../../profiles/language/layout/charge-known.ts';
import type { Program } from '../../profiles/language/layout/instruction.ts';
import { layOut } from '../../profiles/language/layout/lay-out.ts';
import { withGiven } from '../../profiles/language/layout/values.ts';
import { builtInNames, builtInText } from '../../profiles/language/methods/built-in.ts';
import { idleRules, withKeptRows } from '../../profiles/language/methods/kept-rows.ts';
import { procedureOf } from '../../profiles/language/procedure.ts';
import { cannotRun } from '../../profiles/language/run/cannot-run.ts';
import { cannotDrive, MODE_OF, type OutputMode } from '../../profiles/language/run/output.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { benchNames } from '../bench/bench-names.ts';
import { mustBeMeasured, spectraMustFit } from '../bench/impedance.ts';
import { mustBeExact } from '../bench/method/exact-check.ts';
import { unfollowedRows } from '../bench/method/followed-rows-check.ts';
import { checkFollowed } from '../bench/method/followed-values-check.ts';
import { checkSetValues } from '../bench/method/set-values-check.ts';
import type { LoadedMethod } from '../bench/method-check.ts';
import { outputOf } from '../bench/output.ts';
import { mustBeSwept, sweepsMustFit } from '../bench/sweeps.ts';
import { compileRoles } from '../tick/roles.ts';
import { givenLines, readGiven } from './commands/language/given.ts';

/** Without a word from whoever starts the run. */
const PLAIN_DATA: DataOptions = { seed: 1 };

/** Reads a method file for a bench. @throws FileError with file, line and what was expected */
export function loadMethodFor(path: string, bench: LoadedBench, reading: Reading = {}): LoadedMethod {
  return parseMethodFor(path, readTextFile(path), bench, reading);
}

/**
 * How a method is read: what is given for its parameters (`name_unit=value`), how called files are found (beside it, then
 * the built-in ones), and what its data are made of.
 */
export interface Reading {
  readonly given?: readonly string[];
  readonly read?: ReadCalled;
  readonly data?: DataOptions;
  /** How the data files that it names are read. */
  readonly bytes?: (file: string) => Buffer;
}

const bytesOfData = (file: string): Buffer => bytesOf(file, 'a data file');

/** As `loadMethodFor`, from text. */
export function parseMethodFor(
  path: string,
  text: string,
  bench: LoadedBench,
  { given: texts = [], read = calledFile, data: dataOptions = PLAIN_DATA, bytes = bytesOfData }: Reading = {},
): LoadedMethod {
  const files = readWithCalls(path, text, read);
  const { main } = files;
  if (main.kind === 'procedure')
    throw main.errors.error(
      [],
      'a procedure is called by a method, expected a file that begins with method:',
    );
  const names = benchNames(bench);
  const given = readGiven(texts, main, names);
  const lines = givenLines(main, names, given);
  const program = withKeptRows(withGiven(layOut(files, names, read), given, main.path));
  mustBeRunnable(files, program, bench);
  let plan = planOf(files, names, read, given);
  spectraMustFit(plan);
  sweepsMustFit(plan, bench);
  checkSetValues(plan, bench);
  const followed = readMethodData(files, followedTimes(plan), dataOptions, bytes, read);
  plan = planOf(files, names, read, given, dataEndsOf(followed));
  const told = [...checkFollowed(plan, followed, bench), ...unfollowedRows(plan, followed, bench)];
  const data = { ...followed, lines: [...followed.lines, ...told] };
  const times = timesOf(plan);
  const record = recordBounds(plan);
  mustBeExact(exactSteps(plan), bench, compileRoles(bench.bench, bench.descriptions));
  return {
    path,
    called: [...files.procedures.keys()].filter(one => !one.startsWith(BUILT_IN)),
    procedure: {
      ...procedureOf(program, times.planned_s),
      ...times,
      ...(record === undefined ? {} : { record }),
      ...(data.files.size > 0 ? { data } : {}),
      given: [...lines, ...idleRules(program), ...neverCured(plan)],
    },
    sets: allSetValues(plan, everyOne(topSteps(plan))),
  };
}

/** Of a file of which nobody knows how long it takes, s. */
const LEAST_S = 60;

/** How long it will likely take and how long it can take at the most, s. */
function timesOf(plan: Plan): Pick<Procedure, 'planned_s' | 'longest_s' | 'phases'> {
  const { longest_s, expected } = plan;
  const planned_s = Math.max(LEAST_S, expected.likely_s);
  const named = plan.phases.filter(({ name }) => name !== '');
  const phases = named.map(({ name, steps }) => ({ name, planned_s: likelyOf(steps) }));
  return {
    planned_s,
    ...(Number.isFinite(longest_s) ? { longest_s } : {}),
    ...(phases.length === 0 ? {} : { phases }),
  };
}

function likelyOf(steps: readonly PlannedStep[]): number {
  return steps.reduce((sum, { visits }) => sum + (visits[0]?.expected.likely_s ?? 0), 0);
}

/** Before the name of a procedure that is no file. */
const BUILT_IN = 'built-in ';

/**
 * A called file stands beside the one that calls it; a name without an ending is a built-in method. @throws FileError where
 * neither is there, but a file beside it has nearly that name
 */
export const calledFile: ReadCalled = (name, from) => {
  const path = resolve(dirname(from), name);
  if (existsSync(path) && /\.ya?ml$/.test(name)) return { path, text: readFileSync(path, 'utf8') };
  const text = builtInText(name);
  if (text !== undefined) return { path: `${BUILT_IN}${name}`, text };
  const beside = fileLike(name, dirname(path), [resolve(from)]);
  if (beside !== undefined) throw new FileError(name, 0, `no such file or method (did you mean ${beside}?)`);
  return undefined;
};

/** A method file in a folder whose name is nearer than that of any built-in method, as it is called from there. */
function fileLike(name: string, folder: string, not: readonly string[]): string | undefined {
  if (!existsSync(folder)) return undefined;
  const bare = (file: string): string => file.replace(/\.ya?ml$/, '');
  const files = readdirSync(folder).filter(
    file => /\.ya?ml$/.test(file) && !not.includes(resolve(folder, file)),
  );
  const own = bare(basename(name));
  const same = files.find(file => bare(file) === own);
  const near = same ?? nearest(own, [...files.map(bare), ...builtInNames()], Math.ceil(own.length / 3));
  const found = files.find(file => file === near || bare(file) === near);
  return found === undefined ? undefined : join(dirname(name), found);
}

/**
 * A laid-out program must be one that this bench can run. A procedure may be explained on a bench without an instrument for
 * impedance. @throws FileError with the line of the step
 */
export function mustBeRunnable(files: LanguageFiles, program: Program, bench: LoadedBench): void {
  atItsLine(files, program, () => {
    const stranger = cannotRun(program);
    const text = `${stranger?.kind} cannot be run yet, expected another kind of step`;
    if (stranger !== undefined) throw new FileError(stranger.place, 0, text);
    mustBeDriven(program, bench);
    mustBeCharged(program);
    if (files.main.kind !== 'method') return;
    mustBeMeasured(program, bench);
    mustBeSwept(program, bench);
  });
}

/** A state of charge is counted from where it was set. @throws FileError with the step that reads it before */
function mustBeCharged(program: Program): void {
  const unset = unsetCharge(program);
  if (unset === undefined) return;
  const text =
    'reads cell.soc_pct, which is unknown until it was set, expected before it a full charge and the step set: { cell.soc_pct: 100 }';
  throw new FileError(unset.place, 0, text);
}

/** Every electrical step must be one that this bench can drive. @throws FileError with the step */
function mustBeDriven(program: Program, loaded: LoadedBench): void {
  const output = outputOf(loaded.bench, compileRoles(loaded.bench, loaded.descriptions));
  for (const instruction of program.instructions) {
    if (instruction.op !== 'run') continue;
    // Never to be passed over: without it nothing would end the current.
    const potential = MODES.includes(instruction.kind)
      ? Object.keys(instruction.own).find(isRole)
      : undefined;
    if (potential !== undefined) mustBeHeld(instruction, potential);
    const isByCurrent = Object.values(instruction.sets).some(target => target.byCurrent !== undefined);
    const mode =
      isByCurrent || potential !== undefined ? 'cc' : modeOf(instruction.kind, Object.keys(instruction.own));
    const wrong = mode === undefined ? undefined : cannotDrive(output, mode);
    if (wrong !== undefined) throw new FileError(instruction.place, 0, `${wrong} (bench ${loaded.path})`);
    for (const [key, { role, heldBy }] of Object.entries(instruction.sets)) {
      if (heldBy !== undefined || loaded.bench.limits[role] !== undefined) continue;
      const text = `${dotted([key])} sets ${role}, which has no limits, expected them in the bench file`;
      throw new FileError(instruction.place, 0, `${text} (${loaded.path})`);
    }
  }
}

/** A potential of one electrode: by software only, and straight to it. @throws FileError with the step */
function mustBeHeld({ sets, own, place }: Run, potential: string): void {
  const expected =
    'expected softwareControl of it in the bench file, or voltage_V and the potential in exits or limits';
  if (sets[potential]?.heldBy === undefined)
    throw new FileError(
      place,
      0,
      `${potential}: no driver here is told a potential of one electrode, ${expected}`,
    );
  const approach = Object.keys(own).find(key => key.startsWith('per_'));
  if (approach === undefined) return;
  const text = `${approach}: a potential that software holds has no rate of approach, expected none (the current rises from nothing)`;
  throw new FileError(place, 0, text);
}

type Run = Extract<Program['instructions'][number], { op: 'run' }>;

const MODES: readonly string[] = ['cc', 'cv', 'cp', 'cr', 'cccv', 'rest'];

function modeOf(kind: string, keys: readonly string[]): OutputMode | undefined {
  if (MODES.includes(kind)) return kind as OutputMode;
  if (kind === 'voltammetry') return 'cv';
  if (kind !== 'ramp' && kind !== 'follow') return undefined;
  return MODE_OF[keys.map(key => stemOf(key) ?? '').find(stem => stem in MODE_OF) ?? ''];
}
