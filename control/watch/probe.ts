import { DeviceError } from '../../drivers/contract/errors.ts';
import type { Json } from '../../profiles/steps/step.ts';
import type { RoleTable } from '../contract/role-table.ts';
import { namesOfTable } from '../kinds/interlocks/condition.ts';
import { type InterlockSpec, kindOf } from '../kinds/interlocks/index.ts';
import type { Probe } from '../kinds/interlocks/probe.ts';
import type { Seen } from '../kinds/interlocks/words.ts';

/** Makes the probe of one bench-file interlock; a role that nothing measures is a `config` error. */
export function makeProbe(
  spec: InterlockSpec,
  bench: {
    readonly roles: RoleTable;
    readonly seenOf: (device: string) => Seen;
    readonly applied: (role: string) => number;
  },
  from?: Json,
): Probe {
  const fail = (text: string): DeviceError => new DeviceError('config', `interlock ${spec.id}`, text);
  const measured = (role: string) => {
    const entry = bench.roles.measured.get(role);
    if (entry === undefined) throw fail(`role "${role}" is not measured by any device`);
    return entry;
  };
  const single = (role: string) => {
    const entry = measured(role);
    if (entry.count !== 1) throw fail(`a ${spec.kind} needs a single role, not an array`);
    return entry;
  };
  const names = namesOfTable(bench.roles);
  return kindOf(spec).probe(
    spec,
    { measured, single, seenOf: bench.seenOf, applied: bench.applied, names },
    from,
  );
}
