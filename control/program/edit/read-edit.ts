import { FileError } from '../../../drivers/contract/file-error.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { planOf } from '../../../profiles/language/bench/plan.ts';
import { type ExplainedMethod, explainMethod } from '../../../profiles/language/explain/method.ts';
import { readWithCalls } from '../../../profiles/language/file/calls.ts';
import { checkMethod, type LoadedBench, loadBench } from '../../bench/bench-file.ts';
import { benchNames } from '../../bench/bench-names.ts';
import type { Accepted } from '../../bench/checks/objection.ts';
import type { LoadedMethod } from '../../bench/method-check.ts';
import { benchOfMethods } from '../../bench/program-channel.ts';
import type { Input } from '../../review/result.ts';
import { readGiven } from '../commands/language/given.ts';
import { calledFile, parseMethodFor } from '../method-of-bench.ts';
import { describeDevice } from '../open-devices.ts';
import { inputsOf } from '../result/inputs.ts';
import type { Given } from '../resume/given.ts';
import { changedLines } from './changed-lines.ts';

/** What an edit is read from. */
export interface EditOrder {
  /** The words that made the run; the method in force stands beside. */
  readonly given: Given;
  readonly inForce: { readonly path: string; readonly text: string };
  /** Bench and data files of the run as they were. */
  readonly inputs: readonly Input[];
  /** The method as it is to be. */
  readonly method: string;
}

/** An edited method, read and checked for the bench of its run. */
export interface ReadEdit {
  readonly loaded: LoadedBench;
  readonly method: LoadedMethod;
  readonly text: string;
  /** Of the text, without a byte order mark. */
  readonly sha256: string;
  /** The method file and the data that it follows. */
  readonly inputs: readonly Input[];
  readonly changes: readonly string[];
  /** How long the whole takes, before and after, in words. */
  readonly totals: readonly [string, string];
  /** All that the lab accepts of the bench with this method. */
  readonly accepted: readonly Accepted[];
}

/**
 * Reads it as a method is before a run: the same bench and parameters, the same checks. @throws FileError, UsageError of
 * whatever a start would refuse, and of a bench that is not as it was
 */
export function readEdit({ given, inForce, inputs, method: path }: EditOrder): ReadEdit {
  const { own, channel, loaded } = benchOfMethods(loadBench(given.bench, describeDevice, given.subject));
  if (channel !== undefined)
    throw new FileError(path, 0, 'the instrument runs the method as its own program, which is not edited');
  const bench = inputsOf({ bench: [own.path] });
  const before = inputs.find(({ what }) => what === 'bench');
  if (before !== undefined && before.sha256 !== bench[0]?.sha256)
    throw new FileError(own.path, 0, 'has changed since the run began, expected it as it was: bring it back');
  const text = readTextFile(path, 'a method file');
  const reading = {
    given: given.set,
    data: { seed: given.seed, ...(given.wind === undefined ? {} : { wind: given.wind }) },
  };
  const method = parseMethodFor(path, text, loaded, reading);
  const accepted = checkMethod(method, loaded);
  const load = [...(method.procedure.data?.files.values() ?? [])].flatMap(one => one.path ?? []);
  const [then, now] = [inForce, { path, text }].map(one => explained(one.path, one.text, loaded, given));
  return {
    loaded,
    method,
    text,
    sha256: sha256Of(text),
    inputs: inputsOf({ method: [path], procedure: method.called, load }),
    changes: changedLines(then, now),
    totals: [then.total, now.total],
    accepted,
  };
}

function explained(path: string, text: string, bench: LoadedBench, { set }: Given): ExplainedMethod {
  const files = readWithCalls(path, text, calledFile);
  const names = benchNames(bench);
  const given = readGiven(set, files.main, names);
  return explainMethod(planOf(files, names, calledFile, given), names, given, () => undefined);
}
