import type { Place } from '../../drivers/contract/explain.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import type { YamlFile } from '../../drivers/contract/yaml-file.ts';
import { kindOf } from '../watch/kinds/index.ts';
import type { Shown } from '../watch/kinds/kind.ts';
import { BESIDE_DEVICE, predictedRole, residualRole } from '../watch/residual-roles.ts';
import type { Bench } from './bench.ts';
import { instead, namedRoles, unknownRole } from './role-hints.ts';

/**
 * Do limits, interlocks and the safe state of a bench file fit its instruments? A limit that the instrument cannot
 * show or set would protect nothing.
 */

type Range = readonly [low: number, high: number];

/** What the devices behind the roles can set and show. */
export interface Reach {
  readonly settable: ReadonlyMap<string, Shown>;
  readonly measured: ReadonlyMap<string, Shown>;
}

/** Gate limits: every role that can be set has some, within what its instrument takes. @throws FileError */
export function checkLimits(yaml: YamlFile<Bench>, { settable }: Reach): void {
  const known = [...settable.keys()];
  for (const [role, limit] of Object.entries(yaml.value.limits)) {
    const found = settable.get(role);
    if (found === undefined) {
      const why =
        unitOf(role) === undefined
          ? 'has no unit'
          : role in yaml.value.roles
            ? 'is only measured'
            : 'is not in `roles`';
      throw yaml.error(['limits', role], `${role} ${why}${instead(role, known)}`);
    }
    const [low, high] = found.range;
    for (const key of ['min', 'max'] as const) {
      if (limit[key] < low || limit[key] > high) {
        const text = `${limit[key]} is out of the range of ${found.device}, expected ${low}..${high} ${unitOf(role)}`;
        throw yaml.error(['limits', role, key], text);
      }
    }
  }
  for (const role of known) {
    if (yaml.value.limits[role] === undefined) {
      throw yaml.error(['limits'], `nothing for ${role}, expected min and max of every role that can be set`);
    }
  }
}

/** Interlocks: each id once, each as its kind asks it of the instruments. @throws FileError */
export function checkInterlocks(yaml: YamlFile<Bench>, reach: Reach): void {
  const { interlocks, twin } = yaml.value;
  for (const [i, interlock] of interlocks.entries()) {
    const place = ['interlocks', i];
    if (interlocks.findIndex(other => other.id === interlock.id) !== i) {
      throw yaml.error([...place, 'id'], `"${interlock.id}" stands twice, expected each id once`);
    }
    kindOf(interlock).check(interlock, {
      shown: (key, role, isSingle) => shownBy(yaml, reach, [...place, key], role, isSingle),
      settable: (key, role) => settableBy(yaml, reach, [...place, key], role),
      within: (key, figure, shown, role) => within(yaml, [...place, key], figure, shown, role),
      predicted: twin?.beside?.roles ?? [],
      error: (key, text) => yaml.error([...place, key], text),
    });
  }
}

/**
 * The twin beside the bench: predicts single roles that are measured, no oftener than anything is polled.
 * @throws FileError
 */
export function checkBeside(yaml: YamlFile<Bench>, reach: Reach): void {
  const { twin, devices, roles } = yaml.value;
  if (twin?.beside === undefined) return;
  const place = ['twin', 'beside'];
  twin.beside.roles.forEach((role, i) => {
    shownBy(yaml, reach, [...place, 'roles', i], role, true);
  });
  const fastest_s = Math.min(...Object.values(devices).map(d => d.poll_s));
  if (twin.beside.every_s < fastest_s) {
    const text = `${twin.beside.every_s} s, expected at least ${fastest_s} s: no device is polled oftener`;
    throw yaml.error([...place, 'every_s'], text);
  }
  const taken = [
    BESIDE_DEVICE,
    ...twin.beside.roles.flatMap(role => [predictedRole(role), residualRole(role)]),
  ];
  const clash = taken.find(name => devices[name] !== undefined || roles[name] !== undefined);
  if (clash !== undefined)
    throw yaml.error(
      place,
      `"${clash}" is the name of a device or role already, expected it free for the twin`,
    );
}

/** The ordered safe state and its proof: devices and roles that exist, values within reach. @throws FileError */
export function checkSafeState(yaml: YamlFile<Bench>, reach: Reach): void {
  const { safeState, devices } = yaml.value;
  const settable = (place: Place, role: string): Range => settableBy(yaml, reach, place, role).range;
  for (const [i, step] of safeState.steps.entries()) {
    const place = ['safeState', 'steps', i];
    if ('device' in step) {
      if (devices[step.device] === undefined) {
        const text = `the bench has no device "${step.device}", expected one of ${Object.keys(devices).join(', ')}`;
        throw yaml.error([...place, 'device'], text);
      }
    } else if ('set' in step) {
      const [low, high] = settable([...place, 'set'], step.set);
      if (step.to < low || step.to > high) {
        throw yaml.error(
          [...place, 'to'],
          `${step.to} is out of the instrument's range, expected ${low}..${high} ${unitOf(step.set)}`,
        );
      }
    } else {
      settable([...place, 'vent'], step.vent);
      const shown = shownBy(yaml, reach, [...place, 'role'], step.role, true);
      within(yaml, [...place, 'below'], step.below, shown, step.role);
    }
  }
  for (const [i, proof] of safeState.proof.entries()) {
    const place = ['safeState', 'proof', i];
    const shown = shownBy(yaml, reach, [...place, 'role'], proof.role, false);
    within(yaml, [...place, 'limit'], proof.limit, shown, proof.role);
  }
}

function settableBy(yaml: YamlFile<Bench>, { settable }: Reach, place: Place, role: string): Shown {
  const found = settable.get(role);
  if (found !== undefined) return found;
  throw yaml.error(place, `no device can set ${role}${instead(role, [...settable.keys()])}`);
}

/** What shows a role, measured or derived. @throws FileError where nothing does */
export function shownBy(
  yaml: YamlFile<Bench>,
  { measured }: Reach,
  place: Place,
  role: string,
  isSingle: boolean,
): Shown {
  const roles = namedRoles(yaml.value);
  if (roles[role] === undefined) throw yaml.error(place, unknownRole(role, roles));
  const found = measured.get(role);
  if (found === undefined) {
    throw yaml.error(place, `${role} is only set, nothing measures it${instead(role, [...measured.keys()])}`);
  }
  if (isSingle && role.endsWith('[]')) {
    throw yaml.error(place, `${role} is many values, expected a role of one value`);
  }
  return found;
}

function within(yaml: YamlFile<Bench>, place: Place, value: number, shown: Shown, role: string): void {
  const [low, high] = shown.range.map(end => Number(end.toPrecision(6)));
  if (value >= low && value <= high) return;
  throw yaml.error(
    place,
    `${value} is out of the range that ${shown.device} can show, expected ${low}..${high} ${unitOf(role)}`,
  );
}
