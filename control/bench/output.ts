import type { Output, OutputRoles } from '../../profiles/language/run/output.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { Bench } from './bench.ts';
import { subjectOf } from './bench.ts';

/** The electrical output of a bench by the standard names of its set points; undefined where there is none. */
export function outputOf(bench: Bench, roles: RoleTable): Output | undefined {
  const { kind } = subjectOf(bench);
  if (kind === 'vessel') return undefined;
  const named = (name: string): string | undefined => {
    const role = `${kind}.${name}`;
    return roles.settable.has(role) ? role : undefined;
  };
  const output = named('outputSet_on');
  if (output === undefined) return undefined;
  const found: OutputRoles = {
    output,
    ...entry('current', named('currentSet_A')),
    ...entry('voltage', named('voltageSet_V')),
    ...entry('power', named('powerSet_W')),
    ...entry('resistance', named('resistanceSet_Ohm')),
    ...entry('mode', named('modeSet_count')),
    ...entry('voltageMax', named('voltageMaxSet_V')),
    ...entry('voltageMin', named('voltageMinSet_V')),
  };
  const range = (role: string): { min: number; max: number } => {
    const { min, max } = roles.settable.get(role) ?? { min: Number.NaN, max: Number.NaN };
    return { min, max };
  };
  const modes = bench.output?.modes;
  return { subject: kind, roles: found, range, ...(modes === undefined ? {} : { modes }) };
}

function entry<K extends keyof OutputRoles>(key: K, role: string | undefined): Partial<Pick<OutputRoles, K>> {
  return role === undefined ? {} : ({ [key]: role } as Pick<OutputRoles, K>);
}
