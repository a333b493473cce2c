import { join, resolve } from 'node:path';
import type { Clock } from '../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../drivers/contract/device.ts';
import { DeviceError } from '../drivers/contract/errors.ts';
import { parseExplained } from '../drivers/contract/explain.ts';
import { seededRandom } from '../drivers/contract/random.ts';
import { unitOf } from '../drivers/contract/units.ts';
import { findDriver } from '../drivers/registry.ts';
import { createPemRig } from '../sim/plant/pem-rig.ts';
import { openTwin } from '../sim/twin.ts';
import { type EmulatedDevice, type Emulators, startEmulators, type WireConfig } from '../sim/wire-client.ts';
import type { Bench } from './bench.ts';
import type { LoadedBench } from './bench-file.ts';
import { rolesOfDevice } from './roles.ts';

/**
 * The three ways to open a bench's devices: on the twin, on emulated wires, on the real instruments.
 * Part of the composition root: the only file of control beside main.ts that knows drivers and sim.
 */

/** What a driver says of a device entry before anything is opened; for `loadBench`. */
export function describeDevice(driver: string, options: unknown, baseDir: string): DeviceDescription {
  const entry = findDriver(driver);
  return entry.describe(parseExplained(entry.options, options), baseDir);
}

/** Devices straight on the plant, no wire. Same seed, same night. */
export function openTwins(loaded: LoadedBench, seed: number, clock: Clock): Map<string, Device> {
  const { cells, activeArea_cm2 } = pemStackOf(loaded.bench);
  const rig = createPemRig({ cells, activeArea_cm2, random: seededRandom(seed) });
  const twins = new Map<string, Device>();
  for (const [id, description] of loaded.descriptions) {
    twins.set(id, openTwin(id, description, rolesOfDevice(loaded.bench, id, description), rig, clock));
  }
  return twins;
}

/** Devices on the wires that the bench file names. */
export function openInstruments(loaded: LoadedBench, clock: Clock): Map<string, Device> {
  const devices = new Map<string, Device>();
  for (const [id, { driver, options }] of Object.entries(loaded.bench.devices)) {
    const entry = findDriver(driver);
    devices.set(id, entry.open(id, entry.options.parse(options), { clock, baseDir: loaded.baseDir }));
  }
  return devices;
}

function pemStackOf(bench: Bench): NonNullable<Bench['stack']> {
  if (bench.stack?.type === 'pem') return bench.stack;
  throw new DeviceError('config', bench.bench, 'there is no plant for this device under test yet');
}

/** Which emulator speaks for which driver. */
const EMULATED: Readonly<Record<string, EmulatedDevice>> = {
  'ea/psb-10000': 'supply',
  'generic/modbus-map': 'rack',
  'bronkhorst/propar': 'gas',
  'opcua/plc': 'plc',
};

/**
 * Starts the emulators of the bench's devices in a process of their own, all on one plant that runs `timeFactor`
 * times faster than life, and returns the bench with its devices' options pointed at them.
 */
export async function emulate(
  loaded: LoadedBench,
  seed: number,
  timeFactor: number,
): Promise<{
  readonly emulators: Emulators;
  readonly loaded: LoadedBench;
  readonly idOf: Readonly<Record<EmulatedDevice, string>>;
}> {
  const idOf = emulatedIds(loaded.bench);
  const emulators = await startEmulators(wireConfig(loaded, seed, timeFactor, idOf));
  const { supply, rack, gas, plc } = emulators.endpoints;
  const options: Record<EmulatedDevice, object> = { supply, rack, gas, plc };
  const devices = { ...loaded.bench.devices };
  for (const name of Object.values(EMULATED)) {
    const id = idOf[name];
    const { host: _host, port: _port, ...own } = devices[id].options as { host?: unknown; port?: unknown };
    devices[id] = { ...devices[id], options: { ...own, ...options[name] } };
  }
  return { emulators, idOf, loaded: { ...loaded, bench: { ...loaded.bench, devices } } };
}

function emulatedIds(bench: Bench): Record<EmulatedDevice, string> {
  const ids: Partial<Record<EmulatedDevice, string>> = {};
  for (const [id, device] of Object.entries(bench.devices)) {
    const name = EMULATED[device.driver];
    if (name === undefined)
      throw new DeviceError('config', id, `there is no emulator for driver ${device.driver}`);
    if (ids[name] !== undefined) {
      throw new DeviceError(
        'config',
        id,
        `a wire run emulates one ${device.driver}, the bench has a second one`,
      );
    }
    ids[name] = id;
  }
  const { supply, rack, gas, plc } = ids;
  if (supply === undefined || rack === undefined || gas === undefined || plc === undefined) {
    throw new DeviceError(
      'config',
      bench.bench,
      `a wire run needs one device each of ${Object.keys(EMULATED).join(', ')}`,
    );
  }
  return { supply, rack, gas, plc };
}

function wireConfig(
  loaded: LoadedBench,
  seed: number,
  timeFactor: number,
  idOf: Record<EmulatedDevice, string>,
): WireConfig {
  const { bench, baseDir } = loaded;
  const stack = pemStackOf(bench);
  const optionsOf = (name: EmulatedDevice): Record<string, unknown> => bench.devices[idOf[name]].options;
  const supply = optionsOf('supply') as {
    voltageNominal_V: number;
    currentNominal_A: number;
    powerNominal_W: number;
  };
  const { voltageNominal_V, currentNominal_A, powerNominal_W } = supply;
  const gasRoles = signalsOf(bench, idOf.gas);
  const instruments = optionsOf('gas')['instruments'] as {
    name: string;
    node: number;
    setName?: string;
    capacity: number;
  }[];
  return {
    rig: { cells: stack.cells, activeArea_cm2: stack.activeArea_cm2, seed },
    timeFactor,
    rackMap: resolve(join(baseDir, String(optionsOf('rack')['map']))),
    plcNodes: resolve(join(baseDir, String(optionsOf('plc')['nodes']))),
    rackRoles: signalsOf(bench, idOf.rack),
    plcRoles: signalsOf(bench, idOf.plc),
    supply: { voltageNominal_V, currentNominal_A, powerNominal_W },
    gas: instruments.map(({ name, node, setName, capacity }) => ({
      node,
      signal: gasRoles[name] ?? '',
      ...(setName === undefined ? {} : { setSignal: gasRoles[setName] ?? '' }),
      capacity,
      unit: unitOf(name) === 'barg' ? 'bar(g)' : 'ln/min',
    })),
  };
}

/** Channel or settable name of one device -> role, which is the rig's signal name. */
function signalsOf(bench: Bench, device: string): Record<string, string> {
  const entries = Object.entries(bench.roles).filter(([, target]) => target.startsWith(`${device}.`));
  return Object.fromEntries(entries.map(([role, target]) => [target.slice(device.length + 1), role]));
}
