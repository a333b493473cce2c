import { OF_SUBJECT } from '../../../sim/several-rigs.ts';
import { type Emulators, startEmulators, type WireConfig } from '../../../sim/wire-client.ts';
import type { BenchOfAll } from '../../bench/bench-file.ts';
import { plantOf, wireConfig } from '../open-devices.ts';

/** What a device of one subject is called beside those of others. */
export function emulatedId(subject: string, device: string): string {
  return `${subject}${OF_SUBJECT}${device}`;
}

/**
 * Starts the emulators of a bench with all its subjects in a process of their own, each subject with a plant of its own that
 * runs `timeFactor` times faster than life. Rejects as `emulate`.
 */
export async function emulateSubjects(
  { benches, shared }: BenchOfAll,
  seed: number,
  timeFactor: number,
): Promise<Emulators> {
  const devices: Record<string, WireConfig['devices'][string]> = {};
  const several: Record<string, ReturnType<typeof plantOf>> = {};
  for (const one of benches) {
    const { subject = '' } = one;
    several[subject] = plantOf(one);
    const config = await wireConfig(one, seed, timeFactor);
    for (const [id, device] of Object.entries(config.devices)) {
      if (shared.includes(id)) devices[id] ??= device;
      else {
        const roles = Object.entries(device.roles).map(([channel, role]) => [
          channel,
          emulatedId(subject, role),
        ]);
        devices[emulatedId(subject, id)] = { ...device, roles: Object.fromEntries(roles) };
      }
    }
  }
  return startEmulators({ plant: { several }, seed, timeFactor, devices });
}
