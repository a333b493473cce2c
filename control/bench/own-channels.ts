import type { YamlFile } from '../../drivers/contract/yaml-file.ts';
import { type Bench, subjectOf } from './bench.ts';

/** Several subjects on one bench: each has a channel of its own. */

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
