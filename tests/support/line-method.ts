import { subjectOf } from '../../control/bench/bench.ts';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import { benchNames } from '../../control/bench/bench-names.ts';
import { type Run, startRun } from '../../control/run/run.ts';
import { readWithCalls } from '../../profiles/language/file/calls.ts';
import { layOut } from '../../profiles/language/layout/lay-out.ts';
import { procedureOf } from '../../profiles/language/procedure.ts';
import type { LineBench } from './line-bench.ts';

/** Begins a method of the language on the bench behind real lines. `steps`: YAML of its list. */
export function startMethod({ session }: LineBench, steps: string, head = ''): Run {
  const { bench, devices } = session.parts;
  const names = benchNames({ bench, descriptions: devices } as unknown as LoadedBench);
  const files = readWithCalls('m.yaml', `method: m\nversion: 2\n${head}steps:\n${steps}\n`, () => undefined);
  return startRun(session, {
    procedure: procedureOf(
      layOut(files, names, () => undefined),
      60,
    ),
    subject: subjectOf(bench),
    source: () => undefined,
    timeFactor: 1,
    trendRoles: [],
  });
}
