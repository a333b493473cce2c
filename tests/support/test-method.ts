import type { Bench } from '../../control/bench/bench.ts';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import { benchNames } from '../../control/bench/bench-names.ts';
import type { DeviceDescription } from '../../drivers/contract/device.ts';
import { readWithCalls } from '../../profiles/language/file/calls.ts';
import { layOut } from '../../profiles/language/layout/lay-out.ts';
import { procedureOf } from '../../profiles/language/procedure.ts';
import type { Procedure } from '../../profiles/procedure.ts';

/** What a test may say beside the steps. */
export interface TestMethod {
  /** Keys of the file above its steps, with their line ends. */
  readonly head?: string;
  readonly planned_s?: number;
  /** Name of the method; default: m. */
  readonly name?: string;
}

/** Steps as YAML (`- { ... }`, an entry of its list each; or `phases:` with their lists) as a method for a bench. */
export function testMethod(
  bench: Bench,
  devices: ReadonlyMap<string, DeviceDescription>,
  steps: string | readonly string[],
  { head = '', planned_s = 60, name = 'm' }: TestMethod = {},
): Procedure {
  const list = typeof steps === 'string' ? steps : steps.join('\n');
  const names = benchNames({ bench, descriptions: devices } as unknown as LoadedBench);
  const body = list.startsWith('phases:') ? list : `steps:\n${list}`;
  const text = `method: ${name}\nversion: 2\n${head}${body}\n`;
  const files = readWithCalls(`${name}.yaml`, text, () => undefined);
  return procedureOf(
    layOut(files, names, () => undefined),
    planned_s,
  );
}
