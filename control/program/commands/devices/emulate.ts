import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { DeviceError, messageOf } from '../../../../drivers/contract/errors.ts';
import { modbusFamilies } from '../../../../drivers/generic/modbus-map-file.ts';
import { scpiFamilies } from '../../../../drivers/generic/scpi-file.ts';
import { thermalFamilies } from '../../../../drivers/generic/thermal-file.ts';
import { driverIds, findDriver } from '../../../../drivers/registry.ts';
import { findEmulator, ownEmulatorOf } from '../../../../sim/emulators/registry.ts';
import { openRig, type PlantChoice } from '../../../../sim/open-rig.ts';
import { findPlant } from '../../../../sim/plants.ts';
import { startWireBench } from '../../../../sim/wire-bench.ts';
import { type WireConfig, wireConfigSchema } from '../../../../sim/wire-protocol.ts';
import { loadBench } from '../../../bench/bench-file.ts';
import { describeDevice, wireConfig } from '../../open-devices.ts';
import { numberOption, readOptions, UsageError } from '../../options.ts';
import { givenOrExample } from '../../package-files.ts';
import { faultGiven, optionsAt, optionsGiven, untilTold } from './given.ts';
import { driverGiven, isDriverFile } from './own-drivers.ts';
import { endWhenStuck } from './stuck.ts';

const schema = z.strictObject({
  id: z.string(),
  tcp: numberOption(1, 65535, 'a whole number').optional(),
  pty: z.string().optional(),
  plant: z.string().optional(),
  set: z.array(z.string()).default([]),
  fault: z.array(z.string()).default([]),
  subject: z.string().optional(),
  factor: numberOption(0.01, 1e6, 'a number').default(1),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').default(1),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
type EmulateOptions = z.output<typeof schema>;

/** `cellbench emulate ID | BENCH`: instruments that are not there. Runs until it is told to end; returns the exit code. */
export async function emulateCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    many: ['set', 'fault'],
    words: ['id'],
    help: 'cellbench emulate --help',
  });
  const faults = options.fault.map(faultGiven);
  checkPlace(options);
  const clock = realClock();
  const told = untilTold();
  const config = await configOf(options);
  const checked = wireConfigSchema.parse(config);
  const bench = await startWireBench(checked, clock).catch((error: unknown) => {
    throw new UsageError(`emulate ${options.id}: ${messageOf(error)}`);
  });
  try {
    for (const { device = onlyDevice(config, options.fault), fault } of faults)
      await bench.carryOut({ do: 'fault', device, fault }).catch((error: unknown) => {
        throw new UsageError(`--fault: ${messageOf(error)}`);
      });
    const devices = Object.fromEntries(
      Object.entries(config.devices).map(([name, { driver, options: own, roles }]) => [
        name,
        { driver, options: { ...own, ...bench.endpoints[name] }, roles },
      ]),
    );
    if (options.json) console.log(JSON.stringify({ devices, startup_s: clock.now_s() }));
    else console.log(`${textOf(devices)}\nUntil Ctrl-C.`);
    await told;
  } finally {
    await bench.end();
  }
  return 0;
}

/** One place, and one that can be. @throws UsageError */
function checkPlace({ tcp, pty }: EmulateOptions): void {
  if (pty === undefined) return;
  if (tcp !== undefined) throw new UsageError('--tcp and --pty exclude each other: it stands at one place');
  const folder = dirname(resolve(pty));
  if (!existsSync(folder)) throw new UsageError(`--pty ${pty}: there is no folder ${folder}`);
}

function textOf(
  devices: Readonly<Record<string, { driver: string; options: object; roles: object }>>,
): string {
  const entries = Object.entries(devices);
  const blocks = Object.fromEntries(
    entries.map(([name, { driver, options }]) => [name, { driver, options }]),
  );
  const roles = entries.flatMap(([name, own]) =>
    Object.entries(own.roles).map(([channel, role]) => [String(role), `${name}.${channel}`]),
  );
  return stringify({ devices: blocks, roles: Object.fromEntries(roles) }).trimEnd();
}

function onlyDevice({ devices }: WireConfig, given: readonly string[]): string {
  const [name, second] = Object.keys(devices);
  if (second === undefined) return name;
  throw new UsageError(
    `--fault ${given[0]}: expected DEVICE: before it, one of ${Object.keys(devices).join(', ')}`,
  );
}

function isOneDevice(id: string): boolean {
  return (
    isDriverFile(id) ||
    driverIds.includes(id) ||
    driverOfFamily(id) !== undefined ||
    !/[./\\]/.test(id) ||
    /^\w+\/[\w-]+$/.test(id)
  );
}

/** What is to be emulated. A file of the lab's own that never ends as it is loaded ends the program. */
async function configOf(options: EmulateOptions): Promise<WireConfig> {
  using _stuck = endWhenStuck('emulate');
  return isOneDevice(options.id) ? await oneDevice(options) : await wholeBench(options);
}

/** The driver whose family that is; undefined: nobody's. */
function driverOfFamily(id: string): string | undefined {
  if (scpiFamilies().includes(id)) return 'generic/scpi';
  if (thermalFamilies().includes(id)) return 'generic/thermal';
  return modbusFamilies().includes(id) ? 'generic/modbus-map' : undefined;
}

async function wholeBench(options: EmulateOptions): Promise<WireConfig> {
  for (const name of ['tcp', 'pty', 'plant'] as const)
    if (options[name] !== undefined)
      throw new UsageError(`--${name} is for one device, ${options.id} is a bench`);
  if (options.set.length > 0) throw new UsageError(`--set is for one device, ${options.id} is a bench`);
  const loaded = loadBench(givenOrExample(options.id), describeDevice, options.subject);
  return wireConfig(loaded, options.seed, options.factor);
}

/** Sizes of the plant that a device without a bench stands on. */
const SUBJECTS = {
  stack: { cells: 5, activeArea_cm2: 100, currentNominal_A: 100 },
  cell: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
  vessel: { cells: 1, activeArea_cm2: 0, currentNominal_A: 1 },
} as const;

async function oneDevice(options: EmulateOptions): Promise<WireConfig> {
  const familyOf = driverOfFamily(options.id);
  const driver = familyOf ?? driverGiven(options.id);
  const given = {
    ...(familyOf === undefined ? {} : { family: options.id }),
    ...optionsGiven(options.set),
  };
  try {
    const emulator = await findEmulator(driver);
    const model = findPlant(options.plant ?? (emulator.standsOn === 'cell' ? 'ecm' : 'pem'));
    if (emulator.standsOn !== undefined && model.kind !== emulator.standsOn)
      throw new UsageError(
        `--plant ${model.name}: is a ${model.kind}, ${driver} stands on a ${emulator.standsOn}, expected ecm or another plant of one`,
      );
    const plant: PlantChoice = {
      plant: model.name,
      set: model.sets[0],
      parameters: {},
      subject: SUBJECTS[model.kind],
    };
    const own = { ...emulator.sample(given), ...given };
    const isSerial = options.pty !== undefined || emulator.isSerial === true;
    const address = isSerial
      ? ({ path: '/dev/null', baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const)
      : ({ host: '127.0.0.1', port: 1 } as const);
    const entry = findDriver(driver);
    // What the driver itself would refuse is refused here.
    const { channels, settables } = entry.describe(optionsAt(entry, own, address), '.');
    const roles = rolesOf(
      [...channels, ...settables].map(({ name }) => name),
      model.kind,
      plant,
      options.seed,
    );
    const at =
      options.pty !== undefined
        ? { at: { path: resolve(options.pty) } }
        : options.tcp === undefined
          ? {}
          : { at: { port: options.tcp } };
    const line = isSerial ? { path: '/dev/null', baud: 9600 } : {};
    const file = ownEmulatorOf(driver);
    const emulated = file === undefined ? {} : { emulator: file };
    const device = { driver, options: { ...line, ...own }, roles, baseDir: resolve('.'), ...at, ...emulated };
    return { plant, seed: options.seed, timeFactor: options.factor, devices: { device } };
  } catch (error) {
    if (error instanceof RangeError) throw new DeviceError('config', options.id, error.message, error);
    throw error;
  }
}

/** `cathode.pressure_barg` -> `cathodePressure_barg` */
const inOneWord = (signal: string): string =>
  signal.replace(/\.(\w)/, (_, letter: string) => letter.toUpperCase());

/**
 * The signal of the plant behind each channel: that of the stack or cell with its name, else the only one of its name, else
 * the one that is called so in one word.
 */
export function rolesOf(
  names: readonly string[],
  subject: string,
  plant: PlantChoice,
  seed: number,
): Record<string, string> {
  const rig = openRig(plant, seed);
  const signals = [...rig.sensors, ...rig.actuators];
  const roles: Record<string, string> = {};
  for (const name of names) {
    const array = /^(\w+)\[\d+\]\.(\w+)$/.exec(name);
    if (array !== null) {
      const signal = `${array[1]}.${array[2]}[]`;
      const count = names.filter(
        one => one.startsWith(`${array[1]}[`) && one.endsWith(`.${array[2]}`),
      ).length;
      if (rig.sensorRange(signal).count === count) roles[`${array[1]}[].${array[2]}`] = signal;
      continue;
    }
    const alike = signals.filter(signal => signal.endsWith(`.${name}`));
    const found =
      alike.find(signal => signal === `${subject}.${name}`) ??
      (alike.length === 1 ? alike[0] : signals.find(signal => inOneWord(signal) === name));
    if (found !== undefined) roles[name] = found;
  }
  return roles;
}
