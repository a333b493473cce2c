import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { dotted } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { bytesOf, readTextFile } from '../../drivers/contract/text-file.ts';
import { exactSteps } from '../../profiles/language/bench/exact-steps.ts';
import { type Plan, planOf } from '../../profiles/language/bench/plan.ts';
import { recordBounds } from '../../profiles/language/bench/record-bounds.ts';
import { readMethodData } from '../../profiles/language/data/method-data.ts';
import { type ReadCalled, readWithCalls } from '../../profiles/language/file/calls.ts';
import { isRole } from '../../profiles/language/file/keys.ts';
import type { Program } from '../../profiles/language/layout/instruction.ts';
import { layOut } from '../../profiles/language/layout/lay-out.ts';
import { builtInText } from '../../profiles/language/methods/built-in.ts';
import { procedureOf } from '../../profiles/language/procedure.ts';
import { cannotRun } from '../../profiles/language/run/cannot-run.ts';
import { cannotDrive, type OutputMode } from '../../profiles/language/run/output.ts';
import { type LoadedMethod, parseMethod } from '../../profiles/method-file.ts';
import { subjectOf } from '../bench/bench.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { benchNames } from '../bench/bench-names.ts';
import { mustBeExact } from '../bench/exact-check.ts';
import { outputOf } from '../bench/output.ts';
import { compileRoles } from '../tick/roles.ts';

/** Reads a method file of either version for a bench. @throws FileError with file, line and what was expected */
export function loadMethodFor(path: string, bench: LoadedBench): LoadedMethod {
  return parseMethodFor(path, readTextFile(path), bench);
}

/** As `loadMethodFor`, from text. `read`: how called files are found; default: beside the file, then the built-in ones. */
export function parseMethodFor(
  path: string,
  text: string,
  bench: LoadedBench,
  read: ReadCalled = calledFile,
): LoadedMethod {
  if (!isVersion2(text)) return parseMethod(path, text, subjectOf(bench.bench));
  const files = readWithCalls(path, text, read);
  const { main } = files;
  if (main.kind === 'procedure')
    throw main.errors.error(
      [],
      'a procedure is called by a method, expected a file that begins with method:',
    );
  const names = benchNames(bench);
  const program = layOut(files, names, read);
  const stranger = cannotRun(program);
  if (stranger !== undefined)
    throw new FileError(
      stranger.place,
      0,
      `${stranger.kind} cannot be run yet, expected another kind of step`,
    );
  mustBeDriven(program, bench);
  const data = readMethodData(files, file => bytesOf(file, 'a data file'));
  const plan = planOf(files, names, read);
  const record = recordBounds(plan);
  mustBeExact(exactSteps(plan), bench, compileRoles(bench.bench, bench.descriptions));
  return {
    path,
    data: {},
    procedure: {
      ...procedureOf(program, plannedOf(plan)),
      ...(record === undefined ? {} : { record }),
      ...(data.files.size > 0 ? { data } : {}),
    },
    lineOf: () => 0,
    error: (place, what) => main.errors.error(place, what),
  };
}

/** A run that takes ten times its plan is taken for one that never ends: so much of its longest time is planned at least. */
const LEAST_PART = 0.1;
/** Of a file that does not bound its time, s. */
const LEAST_S = 3600;

/** How long it will take as far as the file tells, s. */
function plannedOf({ longest_s, expected }: Plan): number {
  return Math.max(
    expected.known_s,
    longest_s === Number.POSITIVE_INFINITY ? LEAST_S : LEAST_PART * longest_s,
  );
}

/** What the second line of a file says, wherever it stands. */
export function isVersion2(text: string): boolean {
  return /^version:\s*2\s*(#.*)?$/m.test(text);
}

/** A called file stands beside the one that calls it; a name without an ending is a built-in method. */
export const calledFile: ReadCalled = (name, from) => {
  const path = resolve(dirname(from), name);
  if (existsSync(path) && /\.ya?ml$/.test(name)) return { path, text: readFileSync(path, 'utf8') };
  const text = builtInText(name);
  return text === undefined ? undefined : { path: `built-in ${name}`, text };
};

/** Every electrical step must be one that this bench can drive. @throws FileError with the step */
export function mustBeDriven(program: Program, loaded: LoadedBench): void {
  const output = outputOf(loaded.bench, compileRoles(loaded.bench, loaded.descriptions));
  for (const instruction of program.instructions) {
    if (instruction.op !== 'run') continue;
    // Never to be passed over: without it nothing would end the current.
    const potential = MODES.includes(instruction.kind)
      ? Object.keys(instruction.own).find(isRole)
      : undefined;
    if (potential !== undefined) {
      const text = `${potential}: a potential of one electrode cannot be controlled yet, expected voltage_V, and the potential in exits or limits`;
      throw new FileError(instruction.place, 0, text);
    }
    const mode = modeOf(instruction.kind, Object.keys(instruction.own));
    const wrong = mode === undefined ? undefined : cannotDrive(output, mode);
    if (wrong !== undefined)
      throw new FileError(loaded.path, 0, `${wrong} (${instruction.place}: ${instruction.kind})`);
    for (const [key, { role }] of Object.entries(instruction.sets)) {
      if (loaded.bench.limits[role] !== undefined) continue;
      const text = `${dotted([key])} sets ${role}, which has no limits, expected them in the bench file`;
      throw new FileError(loaded.path, 0, `${text} (${instruction.place})`);
    }
  }
}

const MODES: readonly string[] = ['cc', 'cv', 'cp', 'cr', 'cccv', 'rest'];

function modeOf(kind: string, keys: readonly string[]): OutputMode | undefined {
  if (MODES.includes(kind)) return kind as OutputMode;
  if (kind !== 'ramp' && kind !== 'follow') return undefined;
  if (keys.some(key => key.startsWith('current_'))) return 'cc';
  if (keys.some(key => key.startsWith('voltage_'))) return 'cv';
  return keys.some(key => key.startsWith('power_')) ? 'cp' : undefined;
}
