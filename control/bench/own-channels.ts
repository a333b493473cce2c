import type { YamlFile } from '../../drivers/contract/yaml-file.ts';
import { type Bench, subjectOf } from './bench.ts';

/** What nobody else of a bench may have: a channel of each subject, the instrument that a device is. */

/** Where a device is, as it is named to people. */
export interface DevicePlace {
  readonly endpoint: string;
  /** Others may stand there: outputs of a supply, units of a line, clients of a server. */
  readonly shares: boolean;
}

/** @throws FileError where two devices are one instrument: each would take it from the other, or answer for it */
export function mustHaveOwnPlaces(
  yaml: YamlFile<Bench>,
  placeOf: (driver: string, options: unknown) => DevicePlace,
): void {
  const taken = new Map<string, { readonly id: string; readonly shares: boolean; readonly same: string }[]>();
  for (const [id, { driver, options }] of Object.entries(yaml.value.devices)) {
    const { endpoint, shares } = placeOf(driver, options);
    const there = taken.get(endpoint) ?? [];
    const same = JSON.stringify([driver, options]);
    const other = there.find(one => !shares || !one.shares || one.same === same);
    if (other !== undefined) {
      const text = `${endpoint} is ${other.id} already, and both cannot be there, expected an address of its own`;
      throw yaml.error(['devices', id, 'options'], text);
    }
    taken.set(endpoint, [...there, { id, shares, same }]);
  }
}

/** A bench with one of them. */
interface BenchOfOne {
  readonly bench: Bench;
  readonly subject?: string;
}

/** @throws FileError where two subjects hang on one channel: what is said of one would be the other */
export function mustHaveOwnChannels(benches: readonly BenchOfOne[], yaml: YamlFile<unknown>): void {
  const taken = new Map<string, string>();
  for (const { bench, subject } of benches) {
    if (subject === undefined) continue;
    for (const [role, target, channel] of channelsOf(bench)) {
      const other = taken.get(channel);
      if (other === undefined) taken.set(channel, subject);
      else if (other !== subject) {
        const text = `${role} is ${target}, which is a channel of ${other} too, expected one of its own (devices or roles below it)`;
        throw yaml.error(['subjects', subject], text);
      }
    }
  }
}

/** What the subject shows and what is set on it: role, channel as written, and the channel of the instrument behind it. */
function channelsOf(bench: Bench): [role: string, target: string, channel: string][] {
  const { kind } = subjectOf(bench);
  return Object.entries(bench.roles)
    .filter(([role]) => role.startsWith(`${kind}.`))
    .map(([role, target]) => {
      const dot = target.indexOf('.');
      const { driver, options } = bench.devices[target.slice(0, dot)];
      return [role, target, JSON.stringify([driver, options, target.slice(dot + 1)])];
    });
}
