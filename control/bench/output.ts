import type { SoftwareLoop } from '../../profiles/language/run/actions/software-loop.ts';
import type { Output, OutputRoles } from '../../profiles/language/run/output.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { Bench } from './bench.ts';
import { subjectOf } from './bench.ts';

/** The electrical output of a bench by the standard names of its set points; undefined where there is none. */
export function outputOf(bench: Bench, roles: RoleTable): Output | undefined {
  const subject = subjectOf(bench);
  const { kind } = subject;
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
  return {
    subject: kind,
    ...(subject.kind === 'cell' ? { currentMax_A: subject.currentMax_A } : {}),
    roles: found,
    range,
    loops: loopsOf(bench, roles),
    ...(modes === undefined ? {} : { modes }),
  };
}

/** Potentials that software may hold, with the readings that it has of them. */
function loopsOf(bench: Bench, { measured }: RoleTable): ReadonlyMap<string, SoftwareLoop> {
  return new Map(
    Object.entries(bench.softwareControl).map(([role, { response_mOhm, settle_s, within_mV }]) => {
      const { device = '', stale_after_s = Number.NaN } = measured.get(role) ?? {};
      const poll_s = bench.devices[device]?.poll_s ?? Number.NaN;
      const [response_Ohm, within_V] = [response_mOhm / 1000, within_mV / 1000];
      return [role, { response_Ohm, settle_s, within_V, poll_s, stale_s: stale_after_s }];
    }),
  );
}

function entry<K extends keyof OutputRoles>(key: K, role: string | undefined): Partial<Pick<OutputRoles, K>> {
  return role === undefined ? {} : ({ [key]: role } as Pick<OutputRoles, K>);
}
