import { dotted } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import type { LoadedMethod } from '../../profiles/method-file.ts';
import { isTimed, opOf } from '../../profiles/steps/index.ts';
import type { LoadedBench } from './bench-file.ts';
import { tagsThatNoStepHas } from './checks/armed-tags.ts';
import { stateSlip } from './checks/facts.ts';
import { type Accepted, reasonFor } from './checks/objection.ts';
import { namedRoles, unknownRole } from './role-hints.ts';

/**
 * Every role of the method must be on the bench, every set value within its limits, every tag of an interlock in the
 * method. Returns all that the lab accepts of bench and method together. @throws FileError
 */
export function checkMethod(method: LoadedMethod, loaded: LoadedBench): readonly Accepted[] {
  const { bench } = loaded;
  const roles = namedRoles(bench);
  const fail = (i: number, text: string): never => {
    const label = method.procedure.instructions[i].label;
    throw new FileError(method.path, method.lineOf(i), `step "${label}": ${text}`);
  };
  const mustRead = (i: number, role: string): void => {
    if (!Object.hasOwn(roles, role)) fail(i, unknownRole(role, roles));
  };
  const mustSet = (i: number, role: string, values: readonly number[]): void => {
    mustRead(i, role);
    const limit = Object.hasOwn(bench.limits, role) ? bench.limits[role] : undefined;
    const [min, max] = limit === undefined ? [0, 0] : [limit.min, limit.max];
    if (limit === undefined) fail(i, `${role} is only measured, expected a role with limits`);
    const wrong = values.find(value => value < min || value > max);
    if (wrong !== undefined) {
      fail(i, `sets ${role} to ${wrong}, expected ${min}..${max} ${unitOf(role)} (limits of ${loaded.path})`);
    }
    const slip = values.map(value => stateSlip(role, value)).find(text => text !== undefined);
    if (slip !== undefined) fail(i, slip);
  };
  for (const [i, instruction] of method.procedure.instructions.entries()) {
    if (!isTimed(instruction)) continue;
    const op = opOf(instruction);
    for (const { role, values } of op?.sets(instruction) ?? []) mustSet(i, role, values);
    for (const role of op?.reads(instruction) ?? []) mustRead(i, role);
    if (instruction.op === 'ramp' && unitOf(instruction.role) === 'on') {
      fail(i, `${instruction.role} is on or off, expected a set step`);
    }
  }
  return [...loaded.accepted, ...acceptedTags(method, loaded)];
}

/** @throws FileError in the bench file for an interlock that this method would never arm */
function acceptedTags(method: LoadedMethod, { bench, path, lineOf }: LoadedBench): Accepted[] {
  const tags = new Set(method.procedure.instructions.flatMap(i => i.tags));
  return [...tagsThatNoStepHas(bench, tags)].map(objection => {
    const { entry, place, check, text, isSlip } = objection;
    const reason = isSlip ? { missing: '' } : reasonFor(bench, objection, [objection]);
    if ('missing' in reason) {
      throw new FileError(path, lineOf(place), `${dotted(place)}: ${text} (${method.path})${reason.missing}`);
    }
    return { place: dotted(entry), line: lineOf(entry), check, reason: reason.given };
  });
}
