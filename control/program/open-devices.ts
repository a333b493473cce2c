import { resolve } from 'node:path';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { dotted, MisfitError, parseExplained } from '../../drivers/contract/explain.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { endpointsOfAll, openAll } from '../../drivers/instruments.ts';
import { findDriver } from '../../drivers/registry.ts';
import { emulatedOptions, findEmulator, ownEmulatorOf } from '../../sim/emulators/registry.ts';
import { type Fault, faultyRig } from '../../sim/faults.ts';
import { faultText, readFaults } from '../../sim/faults-file.ts';
import { choosePlant, openRig, type PlantChoice } from '../../sim/open-rig.ts';
import { type PlantSubject, VESSEL_SUBJECT } from '../../sim/plant/parts/model.ts';
import { openTwin } from '../../sim/twin.ts';
import { type Emulators, startEmulators, type WireConfig } from '../../sim/wire-client.ts';
import { type Bench, subjectOf } from '../bench/bench.ts';
import type { Describe, LoadedBench } from '../bench/bench-file.ts';
import { rolesOfDevice } from '../tick/roles.ts';
import { loadOwnDrivers } from './commands/devices/own-drivers.ts';

/**
 * The three ways to open a bench's devices: on the twin, on emulated wires, on the real instruments.
 * Part of the composition root: the only file of control beside main.ts that knows drivers and sim.
 */

/** What a driver says of a device entry before anything is opened; for `loadBench`. */
export const describeDevice: Describe = Object.assign(
  (driver: string, options: unknown, baseDir: string): DeviceDescription => {
    const entry = findDriver(driver);
    return entry.describe(parseExplained(entry.options, options), baseDir);
  },
  {
    load: loadOwnDrivers,
    placeOf(driver: string, options: unknown) {
      const entry = findDriver(driver);
      const endpoint = entry.endpoint(parseExplained(entry.options, options));
      return { endpoint, shares: entry.shares ?? false };
    },
  },
);

/**
 * The plant that stands in for the bench's device under test: the one that the bench file's `twin` names, else the
 * model of the stack's type. @throws FileError for a plant, a set or a figure that does not fit
 */
export function plantOf(loaded: LoadedBench): PlantChoice {
  const { bench, baseDir, path } = loaded;
  const section = bench.twin ?? { plant: bench.stack?.type ?? '', parameters: {} };
  try {
    return choosePlant(section, subjectOf(bench).kind, plantSubjectOf(bench), baseDir);
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    const place = bench.twin === undefined ? ['stack', 'type'] : ['twin', ...error.found.place];
    throw new FileError(path, loaded.lineOf(place), `${dotted(place)}: ${error.found.text}`);
  }
}

/** What a plant must know of the device under test. */
export function plantSubjectOf(bench: Bench): PlantSubject {
  if (bench.stack !== undefined) {
    const { cells, activeArea_cm2, currentNominal_A } = bench.stack;
    return { cells, activeArea_cm2, currentNominal_A };
  }
  if (bench.vessel !== undefined) return VESSEL_SUBJECT;
  return { cells: 1, activeArea_cm2: 0, currentNominal_A: bench.cell?.capacity_Ah ?? Number.NaN };
}

/** What goes wrong in a simulated run, from a fault file; none without one. @throws FileError with file and line */
export function faultsOf(loaded: LoadedBench, path: string | undefined): readonly Fault[] {
  return path === undefined ? [] : readFaults(path, plantOf(loaded));
}

/** Devices straight on the plant, no wire. Same seed, same night. */
export function openTwins(
  loaded: LoadedBench,
  seed: number,
  clock: Clock,
  faults: readonly Fault[] = [],
): Map<string, Device> {
  const rig = faultyRig(openRig(plantOf(loaded), seed), faults);
  const twins = new Map<string, Device>();
  // Chance of its own: an instrument more must not change what the plant does.
  const chance = seededRandom(seed ^ 0x0e15);
  for (const [id, description] of loaded.descriptions) {
    const roles = rolesOfDevice(loaded.bench, id, description);
    twins.set(id, openTwin(id, description, roles, rig, clock, chance));
  }
  return twins;
}

/** What is needed of a bench to open its instruments. */
export type OpenedBench = Pick<LoadedBench, 'bench' | 'baseDir'>;

/** Devices on the wires that the bench file names; `readOnly`: nothing is ever written to them. */
export function openInstruments(
  loaded: OpenedBench,
  clock: Clock,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Map<string, Device> {
  const { bench, baseDir } = loaded;
  return openAll(bench.devices, { find: findDriver, clock, baseDir, readOnly });
}

/** Where each instrument of a bench is, by its device id: what a bench lock locks. */
export function endpointsOf({ bench }: Pick<OpenedBench, 'bench'>): Record<string, string> {
  return endpointsOfAll(bench.devices, findDriver);
}

/**
 * Starts the emulators of the bench's devices in a process of their own, all on one plant that runs `timeFactor`
 * times faster than life, and returns the bench with its devices' options pointed at them.
 * @throws DeviceError `config` that names a device without an emulator, and the drivers that have one
 */
export async function emulate(
  loaded: LoadedBench,
  seed: number,
  timeFactor: number,
  faults: readonly Fault[] = [],
): Promise<{ readonly emulators: Emulators; readonly loaded: LoadedBench }> {
  const config = await wireConfig(loaded, seed, timeFactor);
  const emulators = await startEmulators({ ...config, faults: [...faults] });
  const { bench } = loaded;
  const devices = Object.fromEntries(
    Object.entries(bench.devices).map(([id, device]) => {
      const options = { ...device.options, ...emulators.endpoints[id] };
      return [id, { ...device, options }];
    }),
  );
  return { emulators, loaded: { ...loaded, bench: { ...bench, devices } } };
}

/** What the emulators of a bench must know: its plant, and of each device what its bench entry says. */
export async function wireConfig(loaded: LoadedBench, seed: number, timeFactor: number): Promise<WireConfig> {
  const { bench, baseDir } = loaded;
  const devices: WireConfig['devices'] = {};
  for (const [id, { driver, options }] of Object.entries(bench.devices)) {
    try {
      emulatedOptions(await findEmulator(driver), id, options);
    } catch (error) {
      if (error instanceof RangeError) throw new DeviceError('config', id, error.message, error);
      throw error;
    }
    const emulator = ownEmulatorOf(driver);
    devices[id] = {
      driver,
      options,
      roles: signalsOf(bench, id),
      baseDir: resolve(baseDir),
      ...(emulator === undefined ? {} : { emulator }),
    };
  }
  return { plant: plantOf(loaded), seed, timeFactor, devices };
}

/** Channel or settable name of one device -> role, which is the rig's signal name. */
function signalsOf(bench: Bench, device: string): Record<string, string> {
  const entries = Object.entries(bench.roles).filter(([, target]) => target.startsWith(`${device}.`));
  return Object.fromEntries(entries.map(([role, target]) => [target.slice(device.length + 1), role]));
}

export { faultText };
