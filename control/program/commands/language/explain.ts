import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { FileError } from '../../../../drivers/contract/file-error.ts';
import { sha256OfFile } from '../../../../drivers/contract/sha256.ts';
import { bytesOf, readTextFile } from '../../../../drivers/contract/text-file.ts';
import { exactSteps } from '../../../../profiles/language/bench/exact-steps.ts';
import { followedTimes } from '../../../../profiles/language/bench/followed.ts';
import { type Plan, planOf } from '../../../../profiles/language/bench/plan.ts';
import { fasterRules } from '../../../../profiles/language/bench/record-bounds.ts';
import {
  dataEndsOf,
  type MethodData,
  readMethodData,
} from '../../../../profiles/language/data/method-data.ts';
import { type LoadBeyond, loadsBeyond } from '../../../../profiles/language/explain/loads.ts';
import {
  everyOne,
  explainMethod,
  type LookAtData,
  topSteps,
} from '../../../../profiles/language/explain/method.ts';
import { neverCured } from '../../../../profiles/language/explain/never-cured.ts';
import { allSetValues } from '../../../../profiles/language/explain/recoveries.ts';
import { explanationLines } from '../../../../profiles/language/explain/text.ts';
import { quantityText, unitWords } from '../../../../profiles/language/explain/words.ts';
import { type LanguageFiles, readWithCalls } from '../../../../profiles/language/file/calls.ts';
import { unitWord } from '../../../../profiles/language/file/keys.ts';
import { layOut } from '../../../../profiles/language/layout/lay-out.ts';
import { type OwnLimit, ownLimits } from '../../../../profiles/language/layout/own-limits.ts';
import { builtInText } from '../../../../profiles/language/methods/built-in.ts';
import { needsRows } from '../../../../profiles/language/methods/kept-rows.ts';
import type { Recovery } from '../../../../profiles/steps/recovery.ts';
import { loadBench } from '../../../bench/bench-file.ts';
import { benchNames } from '../../../bench/bench-names.ts';
import { spectraMustFit } from '../../../bench/impedance.ts';
import {
  type GateOfRole,
  type InterlockOfMethod,
  isBeyondGate,
  type LimitsOfMethod,
  limitsOfMethod,
} from '../../../bench/limits-of-method.ts';
import { matrixLines } from '../../../bench/matrix/matrix-text.ts';
import { mustBeExact } from '../../../bench/method/exact-check.ts';
import { unfollowedRows } from '../../../bench/method/followed-rows-check.ts';
import { subjectLine } from '../../../bench/one-subject.ts';
import { benchOfMethods, type ProgramChannel } from '../../../bench/program-channel.ts';
import { sweepsMustFit } from '../../../bench/sweeps.ts';
import { compileRoles } from '../../../tick/roles.ts';
import { calledFile, mustBeRunnable } from '../../method-of-bench.ts';
import { describeDevice } from '../../open-devices.ts';
import { readOptions } from '../../options.ts';
import { givenOrExample } from '../../package-files.ts';
import { readGiven } from './given.ts';

const schema = z.strictObject({
  method: z.string(),
  bench: z.string({ error: 'expected --bench FILE: the bench that the method is to run on' }),
  subject: z.string().optional(),
  set: z.array(z.string()).default([]),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/**
 * `cellbench explain METHOD --bench BENCH`: a method in plain words, with its times and the limits around it.
 * Returns the exit code: 1 where the gate would refuse a set value.
 */
export async function explainCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    many: ['set'],
    words: ['method'],
    help: 'cellbench explain --help',
  });
  const { path, text } = readMethod(options.method);
  const files = readWithCalls(path, text, calledFile);
  const read = loadBench(givenOrExample(options.bench), describeDevice, options.subject);
  const { loaded, channel } = benchOfMethods(read);
  const bench = benchNames(loaded);
  const given = readGiven(options.set, files.main, bench);
  // What a run would refuse is refused here, too.
  const program = layOut(files, bench, calledFile);
  mustBeRunnable(files, program, loaded);
  const first = planOf(files, bench, calledFile, given);
  const data = dataOf(files, first);
  // How long data last that a step follows to their end.
  const plan = data === undefined ? first : planOf(files, bench, calledFile, given, dataEndsOf(data));
  spectraMustFit(plan);
  sweepsMustFit(plan, loaded);
  mustBeExact(exactSteps(plan), loaded, compileRoles(loaded.bench, loaded.descriptions));
  const all = everyOne(topSteps(plan));
  const loads = data === undefined ? [] : [...data.lines, ...unfollowedRows(plan, data, loaded)];
  const explained = explainMethod(plan, bench, given, dataBeside(path), needsRows);
  const own = ownLimits(program);
  const tags = all.flatMap(({ step }) => (step.keys['tags'] as readonly string[] | undefined) ?? []);
  const sets = allSetValues(plan, all);
  const limits = limitsOfMethod(loaded, { sets, reads: explained.reads, tags });
  const poll_s = Math.min(...Object.values(loaded.bench.devices).map(device => device.poll_s));
  const faster = fasterRules(plan, poll_s);
  const beyond = loadsBeyond(all, bench);
  const never = neverCured(plan);
  const subject = loaded.subject === undefined ? {} : { subject: loaded.subject };
  if (options.json)
    console.log(
      JSON.stringify({
        ...explained,
        runsOn: channel?.device,
        loads,
        faster,
        loadsBeyond: beyond,
        neverCured: never,
        bench: loaded.bench.bench,
        ...subject,
        ...limits,
        own,
      }),
    );
  else
    console.log(
      [
        ...subjectLine(loaded),
        ...(channel === undefined ? [] : [runsOn(channel)]),
        ...explanationLines(explained),
        ...(loads.length === 0 ? [] : ['', 'What was read of the data', ...loads.map(line => `  ${line}`)]),
        ...fasterLines(faster, poll_s),
        ...beyondLines(beyond),
        ...neverLines(never),
        ...limitLines(limits, own, loaded.bench.bench),
        ...(loaded.matrix === undefined ? [] : ['', ...matrixLines(loaded.matrix)]),
      ].join('\n'),
    );
  return limits.gates.some(gate => gate.isBeyond) ? 1 : 0;
}

/** Said above a method that is not driven from here. */
const runsOn = ({ device, ability }: ProgramChannel): string =>
  `It runs on ${device} as a program of its own (${ability.format}); what that says otherwise, a rehearsal lists.`;

/** A file, or a built-in method by its name. */
function readMethod(given: string): { readonly path: string; readonly text: string } {
  const path = givenOrExample(given);
  const text = existsSync(path) ? undefined : builtInText(given);
  return text === undefined ? { path, text: readTextFile(path) } : { path: `built-in ${given}`, text };
}

/**
 * The data files of a method, read as before a run. Not of a procedure, whose caller names them, and not where
 * the wind is named at the start. @throws FileError of one that cannot be followed
 */
function dataOf(files: LanguageFiles, plan: Plan): MethodData | undefined {
  const { main, procedures } = files;
  const entries = [main, ...procedures.values()].flatMap(({ head }) =>
    Object.values({ ...(head['data'] as Readonly<Record<string, object>> | undefined) }),
  );
  if (main.kind === 'procedure' || entries.some(entry => !('file' in entry || 'generated' in entry)))
    return undefined;
  return readMethodData(
    files,
    followedTimes(plan),
    { seed: 1 },
    file => bytesOf(file, 'a data file'),
    calledFile,
  );
}

/** Data files are named from the folder of the method; a file that is not there is said, not refused. */
function dataBeside(method: string): LookAtData {
  return file => {
    const path = resolve(dirname(method), file);
    if (!existsSync(path)) return undefined;
    try {
      return { sha256: sha256OfFile(path), bytes: statSync(path).size };
    } catch (error) {
      throw new FileError(path, 0, `cannot be read: ${String(error)}`);
    }
  };
}

function fasterLines(faster: ReturnType<typeof fasterRules>, poll_s: number): readonly string[] {
  if (faster.length === 0) return [];
  const lines = faster.map(
    ({ place, every_s }) => `  ${place}: a row each ${quantityText(every_s, 's')} is asked for`,
  );
  return [
    '',
    `No instrument is read oftener than each ${quantityText(poll_s, 's')} (poll_s in the bench file): rows come no oftener`,
    ...lines,
  ];
}

function beyondLines(beyond: readonly LoadBeyond[]): readonly string[] {
  if (beyond.length === 0) return [];
  return [
    '',
    'More current than the bench allows, where the voltage comes to its end: the channel is told the limit, and more than it in two readings stops the run',
    ...beyond.map(({ place, text }) => `  ${place}: ${text}`),
  ];
}

function neverLines(never: readonly string[]): readonly string[] {
  return never.length === 0
    ? []
    : ['', 'Suspensions that no recovery cures', ...never.map(line => `  ${line}`)];
}

function limitLines(
  { gates, interlocks, others }: LimitsOfMethod,
  own: readonly OwnLimit[],
  bench: string,
): readonly string[] {
  const lines: string[] = [];
  if (gates.length > 0) lines.push('', `What the bench lets it set (${bench})`, ...gates.map(gateLine));
  if (interlocks.length > 0)
    lines.push('', 'Interlocks over what it moves and reads', ...interlocks.map(interlockLine));
  if (others > 0) lines.push(`  and ${others} over other parts of the bench`);
  if (own.length > 0) lines.push('', 'What the method sets beside them', ...own.map(ownLine));
  return lines;
}

function ownLine({ kind, by, where, condition, reaction }: OwnLimit): string {
  const what =
    kind === 'deadline'
      ? `${condition}, otherwise ${reaction === 'next' ? 'goes on elsewhere' : reaction}`
      : `${reaction} where ${condition}`;
  return `  ${what}; set by ${by} (${where})`;
}

function gateLine({ role, min, max, ramp_per_s, sets, isWhole, isBeyond }: GateOfRole): string {
  const unit = unitWord(role);
  const text = (value: number): string => quantityText(value, unit);
  const ramp = ramp_per_s === null ? '' : `, at most ${text(ramp_per_s)} per s`;
  const own =
    sets === null
      ? 'set to what the run tells'
      : `set to ${sets[0] === sets[1] ? text(sets[0]) : `${text(sets[0])} to ${text(sets[1])}`}${isWhole ? '' : ' and what the run tells'}`;
  const [wrong, bound] =
    sets !== null && isBeyondGate(sets[0], { min, max: Math.max(min, sets[0]) })
      ? [sets[0], `min ${text(min)}`]
      : [sets?.[1] ?? Number.NaN, `max ${text(max)}`];
  const beyond = isBeyond ? `  <- the gate refuses ${text(wrong)}: beyond ${bound} (limits of ${role})` : '';
  return `  ${role}: ${text(min)} to ${text(max)}${ramp}; ${own}${beyond}`;
}

function interlockLine(found: InterlockOfMethod): string {
  const { id, reaction, of, isCondition, clear, trips, limit, unit, delay_s, armed, recovery } = found;
  const delay = delay_s === 0 ? '' : ` for ${delay_s} s`;
  const when = armed === 'always' ? '' : ` (armed: ${armed})`;
  const what = isCondition ? of : `${of} ${trips} ${limit} ${unitWords(unit)}`;
  const back = clear === null ? '' : `, gone where ${clear}`;
  return `  ${id}: ${reaction} where ${what}${delay}${back}${when}${recovery === null ? '' : recoveryText(recovery)}`;
}

function recoveryText({ sets, for_s, within_s, at_most }: Recovery): string {
  const rate = (per_s: number | undefined): string => (per_s === undefined ? '' : ` at ${per_s} per s`);
  const what = sets.map(
    ({ role, to, per_s }) => `${role} to ${quantityText(to, unitWord(role))}${rate(per_s)}`,
  );
  const meanwhile = what.length === 0 ? 'set points stay, a cell rests' : what.join(', ');
  return `: ${meanwhile}; goes on by itself once back for ${for_s} s, trips after ${within_s} s without; at most ${at_most} times`;
}
