import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Accuracy } from '../../../drivers/contract/device.ts';
import { loadBench } from '../../bench/bench-file.ts';
import type { RunSource } from '../../exchange/recorded-run.ts';
import { compileRoles } from '../../tick/roles.ts';
import { describeDevice } from '../open-devices.ts';

/**
 * Declared accuracies of a recorded run's roles: from its own record, or from its bench file where that and all that it
 * names are still what they were. Otherwise nothing is known of them.
 */
export function accuraciesOf({ meta, inputs }: RunSource): (role: string) => Accuracy | undefined {
  const declared = meta.get('accuracies');
  if (declared !== undefined) {
    const known = new Map(Object.entries(JSON.parse(declared) as Record<string, Accuracy>));
    return role => known.get(role);
  }
  const needed = inputs.filter(({ what }) => what === 'bench' || what === 'data');
  const bench = needed.find(({ what }) => what === 'bench');
  if (bench === undefined || !needed.every(({ path, sha256 }) => isStill(path, sha256)))
    return () => undefined;
  try {
    const loaded = loadBench(bench.path, describeDevice);
    const { measured } = compileRoles(loaded.bench, loaded.descriptions);
    return role => measured.get(role)?.accuracy;
  } catch {
    // A bench that this version refuses has been good for the one that recorded: only the accuracies are missing.
    return () => undefined;
  }
}

function isStill(path: string, sha256: string): boolean {
  return existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') === sha256;
}
