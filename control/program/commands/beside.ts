import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { openBeside } from '../../../sim/beside.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { type BesideDevice, openBesideDevice, withBeside } from '../../watch/residuals.ts';
import { plantOf } from '../open-devices.ts';

/**
 * Opens the twin that the bench file wants beside its devices; undefined where it wants none. `prepareRun` attaches it
 * to the run. @throws FileError for a plant, a figure or a role that does not fit
 */
export function besideOf(loaded: LoadedBench, clock: Clock, timeFactor: number): BesideDevice | undefined {
  const beside = loaded.bench.twin?.beside;
  if (beside === undefined) return undefined;
  return openBesideDevice(beside.roles, openBeside(plantOf(loaded), beside.roles, timeFactor), clock);
}

/** The opened bench with the twin beside it, if there is one. */
export function joinBeside<Opened extends { loaded: LoadedBench; devices: ReadonlyMap<string, Device> }>(
  opened: Opened,
  beside: BesideDevice | undefined,
): Opened {
  if (beside === undefined) return opened;
  const devices = new Map([...opened.devices, [beside.id, beside] as const]);
  return { ...opened, loaded: withBeside(opened.loaded), devices };
}
