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
