import { join, resolve } from 'node:path';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device, DeviceDescription } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { dotted, MisfitError, parseExplained } from '../../drivers/contract/explain.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { findDriver } from '../../drivers/registry.ts';
import { type Fault, faultyRig } from '../../sim/faults.ts';
import { faultText, readFaults } from '../../sim/faults-file.ts';
import { choosePlant, openRig, type PlantChoice } from '../../sim/open-rig.ts';
import { type PlantSubject, VESSEL_SUBJECT } from '../../sim/plant/parts/model.ts';
import { openTwin } from '../../sim/twin.ts';
import {
  type EmulatedDevice,
  type Emulators,
  startEmulators,
  type WireConfig,
} from '../../sim/wire-client.ts';
import { type Bench, subjectOf } from '../bench/bench.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { rolesOfDevice } from '../tick/roles.ts';

/**
 * The three ways to open a bench's devices: on the twin, on emulated wires, on the real instruments.
 * Part of the composition root: the only file of control beside main.ts that knows drivers and sim.
 */

/** What a driver says of a device entry before anything is opened; for `loadBench`. */
export function describeDevice(driver: string, options: unknown, baseDir: string): DeviceDescription {
  const entry = findDriver(driver);
  return entry.describe(parseExplained(entry.options, options), baseDir);
}

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

/** Devices on the wires that the bench file names. */
export function openInstruments(loaded: LoadedBench, clock: Clock): Map<string, Device> {
  const devices = new Map<string, Device>();
  for (const [id, { driver, options, reply_s }] of Object.entries(loaded.bench.devices)) {
    const entry = findDriver(driver);
    devices.set(
      id,
      entry.open(id, entry.options.parse(options), { clock, baseDir: loaded.baseDir, reply_s }),
    );
  }
  return devices;
}

/** Where each instrument of a bench is, by its device id: what a bench lock locks. */
export function endpointsOf({ bench }: LoadedBench): Record<string, string> {
  return Object.fromEntries(
    Object.entries(bench.devices).map(([id, { driver, options }]) => {
      const entry = findDriver(driver);
      return [id, entry.endpoint(entry.options.parse(options))];
    }),
  );
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
  faults: readonly Fault[] = [],
): Promise<{
  readonly emulators: Emulators;
  readonly loaded: LoadedBench;
  readonly idOf: Readonly<Record<EmulatedDevice, string>>;
}> {
  const idOf = emulatedIds(loaded.bench);
  const emulators = await startEmulators({
    ...wireConfig(loaded, seed, timeFactor, idOf),
    faults: [...faults],
  });
  const { supply, rack, gas, plc } = emulators.endpoints;
  const options: Record<EmulatedDevice, object> = { supply, rack, gas, plc };
  const devices = { ...loaded.bench.devices };
  const { impedance } = emulators.endpoints;
  const analyser = analyserOf(loaded.bench);
  if (analyser !== undefined)
    devices[analyser] = { ...devices[analyser], options: { ...devices[analyser].options, ...impedance } };
  for (const name of Object.values(EMULATED)) {
    const id = idOf[name];
    const { host: _host, port: _port, ...own } = devices[id].options as { host?: unknown; port?: unknown };
    devices[id] = { ...devices[id], options: { ...own, ...options[name] } };
  }
  return { emulators, idOf, loaded: { ...loaded, bench: { ...loaded.bench, devices } } };
}

/** The driver of an instrument for impedance: its emulator stands beside the others where the bench has one. */
const ANALYSER = 'generic/impedance-json';

/** The instrument for impedance of a bench, undefined without one. */
function analyserOf({ devices }: Bench): string | undefined {
  const [id, second] = Object.keys(devices).filter(name => devices[name].driver === ANALYSER);
  if (second === undefined) return id;
  throw new DeviceError('config', second, `a wire run emulates one ${ANALYSER}, the bench has a second one`);
}

function emulatedIds(bench: Bench): Record<EmulatedDevice, string> {
  const ids: Partial<Record<EmulatedDevice, string>> = {};
  for (const [id, device] of Object.entries(bench.devices)) {
    if (device.driver === ANALYSER) continue;
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
  const optionsOf = (name: EmulatedDevice): Record<string, unknown> => bench.devices[idOf[name]].options;
  const supply = optionsOf('supply') as {
    voltageNominal_V: number;
    currentNominal_A: number;
    powerNominal_W: number;
  };
  const { voltageNominal_V, currentNominal_A, powerNominal_W } = supply;
  return {
    plant: plantOf(loaded),
    seed,
    timeFactor,
    rackMap: resolve(join(baseDir, String(optionsOf('rack')['map']))),
    plcNodes: resolve(join(baseDir, String(optionsOf('plc')['nodes']))),
    rackRoles: signalsOf(bench, idOf.rack),
    plcRoles: signalsOf(bench, idOf.plc),
    supply: { voltageNominal_V, currentNominal_A, powerNominal_W },
    gas: emulatedGas(optionsOf('gas')['instruments'], signalsOf(bench, idOf.gas)),
    ...emulatedAnalyser(bench),
  };
}

/** What the emulator of an instrument for impedance must know of it. */
function emulatedAnalyser(bench: Bench): Pick<WireConfig, 'impedance'> {
  const id = analyserOf(bench);
  if (id === undefined) return {};
  const { name, accuracy } = bench.devices[id].options as Required<NonNullable<WireConfig['impedance']>>;
  return { impedance: { name, accuracy } };
}

/**
 * The instruments on the gas bus as a bench file declares them (`options.instruments`), for their emulator; `signals`:
 * rig signal behind each channel and settable name.
 */
export function emulatedGas(declared: unknown, signals: Readonly<Record<string, string>>): WireConfig['gas'] {
  const instruments = declared as {
    name: string;
    node: number;
    setName?: string;
    capacity: number;
    fluid?: string;
    unit?: string;
  }[];
  return instruments.map(({ name, node, setName, capacity, fluid, unit }) => ({
    node,
    signal: signals[name] ?? '',
    ...(setName === undefined ? {} : { setSignal: signals[setName] ?? '' }),
    capacity,
    unit: unit ?? (unitOf(name) === 'barg' ? 'bar(g)' : 'ln/min'),
    ...(fluid === undefined ? {} : { fluid }),
  }));
}

/** Channel or settable name of one device -> role, which is the rig's signal name. */
function signalsOf(bench: Bench, device: string): Record<string, string> {
  const entries = Object.entries(bench.roles).filter(([, target]) => target.startsWith(`${device}.`));
  return Object.fromEntries(entries.map(([role, target]) => [target.slice(device.length + 1), role]));
}

export { faultText };
