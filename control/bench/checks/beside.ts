import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import { BESIDE_DEVICE, predictedRole, residualRole } from '../../contract/residual-roles.ts';
import type { Bench } from '../bench.ts';
import { type Reach, shownBy } from './facts.ts';

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
  const clash = taken.find(name => Object.hasOwn(devices, name) || Object.hasOwn(roles, name));
  if (clash !== undefined)
    throw yaml.error(
      place,
      `"${clash}" is the name of a device or role already, expected it free for the twin`,
    );
}
