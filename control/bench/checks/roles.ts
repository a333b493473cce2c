import type { DeviceDescription } from '../../../drivers/contract/device.ts';
import { nearest } from '../../../drivers/contract/explain.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { Bench } from '../bench.ts';
import type { Reach, Reached } from './facts.ts';

/** Name without the number of its member: `cell[17].voltage_V` -> `cell[].voltage_V`. */
export function withoutIndex(name: string): string {
  return name.replace(/\[\d+\]/, '[]');
}

/**
 * Every role must lead to a channel of the same unit, and none to what another role has already: two would fight over
 * one output, or take one reading from each other. Returns what can be set and measured behind them. @throws FileError
 */
export function checkRoles(
  yaml: YamlFile<Bench>,
  descriptions: ReadonlyMap<string, DeviceDescription>,
): Reach {
  const settable = new Map<string, Reached>();
  const measured = new Map<string, Reached>();
  const roleOf = new Map<string, string>();
  for (const [role, target] of Object.entries(yaml.value.roles)) {
    const place = ['roles', role];
    const unit = unitOf(role);
    if (unit === undefined || !role.includes('.')) {
      throw yaml.error(place, `"${role}" has no unit, expected a role with its unit, e.g. "stack.current_A"`);
    }
    if (role.endsWith('[]') && Object.hasOwn(yaml.value.roles, role.slice(0, -2))) {
      throw yaml.error(
        place,
        `${role.slice(0, -2)} is a role too, expected another name: in methods both are one`,
      );
    }
    const dot = target.indexOf('.');
    const device = dot < 0 ? target : target.slice(0, dot);
    const name = target.slice(dot + 1);
    const description = descriptions.get(device);
    if (dot < 0 || description === undefined) {
      const known = [...descriptions.keys()].join(', ');
      throw yaml.error(
        place,
        `"${target}" names no device, expected <device>.<channel> with one of ${known}`,
      );
    }
    const set = description.settables.find(s => s.name === name);
    const shown = description.channels.filter(c => c.name === name || withoutIndex(c.name) === name);
    if (set === undefined && shown.length === 0) {
      const names = [...description.channels, ...description.settables].map(c => withoutIndex(c.name));
      const offers = [...new Set(names)];
      const near = nearest(name, offers);
      const hint = near === undefined ? '' : ` (did you mean "${device}.${near}"?)`;
      const text = `no device provides "${target}"${hint}, expected a channel of ${device}: ${offers.join(', ')}`;
      throw yaml.error(place, text);
    }
    if (unitOf(name) !== unit) {
      throw yaml.error(place, `is in ${unit}, but "${target}" is in ${unitOf(name)}, expected the same unit`);
    }
    if (name.includes('[]') !== role.endsWith('[]')) {
      throw yaml.error(place, `"${target}": expected [] on both sides or on none`);
    }
    for (const key of [set, ...shown].flatMap(found =>
      found === undefined ? [] : [`${device}.${found.name}`],
    )) {
      const other = roleOf.get(key);
      if (other !== undefined) {
        throw yaml.error(place, `"${target}" is ${other} already, expected one role for each channel`);
      }
      roleOf.set(key, role);
    }
    if (set !== undefined) settable.set(role, { device, name, range: set.range });
    if (shown.length > 0) measured.set(role, { device, name, range: shown[0].range });
  }
  return { settable, measured };
}
