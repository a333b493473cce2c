import { unitOf } from '../../../drivers/contract/units.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { Bench } from '../bench.ts';
import { instead } from '../role-hints.ts';
import { type Reach, stateSlip } from './facts.ts';

/** Gate limits: every role that can be set has some, within what its instrument takes. @throws FileError */
export function checkLimits(yaml: YamlFile<Bench>, { settable }: Reach): void {
  const known = [...settable.keys()];
  for (const [role, limit] of Object.entries(yaml.value.limits)) {
    const found = settable.get(role);
    if (found === undefined) {
      const why =
        unitOf(role) === undefined
          ? 'has no unit'
          : Object.hasOwn(yaml.value.roles, role)
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
      const slip = stateSlip(role, limit[key]);
      if (slip !== undefined) throw yaml.error(['limits', role, key], slip);
    }
  }
  for (const role of known) {
    const isState = stateSlip(role, 0.5) !== undefined;
    if (isState && yaml.value.limits[role]?.ramp_per_s !== undefined) {
      const text = `${role} has no values between its states, expected no ramp`;
      throw yaml.error(['limits', role, 'ramp_per_s'], text);
    }
    if (!Object.hasOwn(yaml.value.limits, role)) {
      throw yaml.error(['limits'], `nothing for ${role}, expected min and max of every role that can be set`);
    }
  }
}

/**
 * Set points that a hold lowers: each can be set, its point lies within its limits and on the good side of every interlock
 * that would act on it, its ramp is no faster than that of the bench. @throws FileError
 */
export function checkHoldPoints(yaml: YamlFile<Bench>, { settable }: Reach): void {
  const { hold, limits, cell } = yaml.value;
  for (const [role, point] of Object.entries(hold)) {
    const wrong = (key: readonly string[], text: string): Error => yaml.error(['hold', role, ...key], text);
    const limit = limits[role];
    if (!settable.has(role) || limit === undefined)
      throw wrong([], `${role} is no set point of this bench${instead(role, [...settable.keys()])}`);
    if (cell !== undefined)
      throw wrong(
        [],
        'found a point to hold at on a bench with a cell, expected none: a cell rests in a hold',
      );
    const { to, ramp_per_s } = point;
    const unit = unitOf(role) ?? '';
    if (unit === 'on' || unit === 'count')
      throw wrong([], `${role} has no values between its states, expected a set point that can be lowered`);
    if (to < limit.min || to > limit.max)
      throw wrong(['to'], `${to} is outside its limits, expected ${limit.min}..${limit.max} ${unit}`);
    if (ramp_per_s !== undefined && limit.ramp_per_s !== undefined && ramp_per_s > limit.ramp_per_s)
      throw wrong(['ramp_per_s'], `${ramp_per_s} is faster than the bench, expected <= ${limit.ramp_per_s}`);
    const acts = actsAt(yaml.value, role, to);
    if (acts !== undefined)
      throw wrong(['to'], `interlock ${acts} acts at ${to} ${unit}: nothing can be held there`);
  }
}

/** The first threshold interlock on what shows this set point that holds, stops or trips at its point; undefined: none. */
function actsAt({ interlocks }: Bench, role: string, to: number): string | undefined {
  const shown = role.replace(/Set_/, '_');
  const found = interlocks.find(spec => {
    if (spec.kind !== 'threshold' || spec.reaction === 'warn' || spec.role !== shown) return false;
    return spec.trips === '<' ? to < spec.limit : to > spec.limit;
  });
  return found === undefined
    ? undefined
    : `${found.id} (${'trips' in found ? found.trips : ''} ${'limit' in found ? found.limit : ''})`;
}
