import { subjectOf } from '../../control/bench/bench.ts';
import { type Run, startRun } from '../../control/run/run.ts';
import type { LineBench } from './line-bench.ts';
import { testMethod } from './test-method.ts';

/** Begins a method of the language on the bench behind real lines. `steps`: YAML of its list. */
export function startMethod({ session }: LineBench, steps: string | readonly string[], head = ''): Run {
  const { bench, devices } = session.parts;
  return startRun(session, {
    procedure: testMethod(bench, devices, steps, { head }),
    subject: subjectOf(bench),
    source: () => undefined,
    timeFactor: 1,
    trendRoles: [],
  });
}
