import { existsSync } from 'node:fs';
import { loadOwn } from '../../drivers/contract/code/own-code.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { dotted, nearest } from '../../drivers/contract/explain.ts';
import type { EmulatorEntry } from './entry.ts';

/** The only list of emulators, by the driver that each answers: one line each, loaded when it is needed. */
const EMULATORS: Readonly<Record<string, () => Promise<EmulatorEntry>>> = {
  'ea/psb-10000': async () => (await import('./ea-psb-10000.ts')).eaPsb10000,
  'generic/modbus-map': async () => (await import('./modbus-map.ts')).modbusMap,
  'generic/scpi': async () => (await import('./scpi.ts')).scpi,
  'generic/thermal': async () => (await import('./thermal.ts')).thermal,
  'generic/impedance-json': async () => (await import('./impedance-json.ts')).impedanceJson,
  'bronkhorst/propar': async () => (await import('./propar.ts')).propar,
  'brooks/s-protocol': async () => (await import('./brooks/s-protocol.ts')).sProtocol,
  'iorodeo/rodeostat': async () => (await import('./rodeostat.ts')).rodeostat,
  'keithley/source-meter': async () => (await import('./keithley.ts')).sourceMeter,
  'keysight/data-logger': async () => (await import('./keysight-data-logger.ts')).dataLoggers,
  'kolibrik/cvm': async () => (await import('./kolibrik/cvm.ts')).cvm,
  'mks/g-series': async () => (await import('./mks/g-series.ts')).gSeries,
  'palmsens/methodscript': async () => (await import('./palmsens.ts')).palmsens,
  'arbin/cti': async () => (await import('./arbin.ts')).arbin,
  'maccor/macnet': async () => (await import('./maccor.ts')).maccor,
  'neware/bts-8': async () => (await import('./neware.ts')).neware,
  'opcua/lads': async () => (await import('./opcua/lads.ts')).opcuaLads,
  'opcua/plc': async () => (await import('./opcua/plc.ts')).opcuaPlc,
};

/** Drivers that an emulator answers. */
export const emulatedDrivers: readonly string[] = Object.keys(EMULATORS);

/** Files with the emulators of a lab's own drivers. */
const own = new Map<string, string>();

/** Where the emulator of the driver in `path` stands, if it has one: beside it, `my-supply.emulator.ts` of `my-supply.ts`. */
export function ownEmulatorFile(path: string): string | undefined {
  const file = path.replace(/(\.[cm]?[jt]s)$/, '.emulator$1');
  return existsSync(file) ? file : undefined;
}

/** Takes the emulator of a lab's own driver in; in place of one of the same driver. */
export function addOwnEmulator(driver: string, path: string): void {
  own.set(driver, path);
}

/** The file of a lab's own emulator of that driver, for the process that runs it. */
export const ownEmulatorOf = (driver: string): string | undefined => own.get(driver);

/** The emulator of a driver. @throws RangeError that lists those there are; DeviceError `config` for a lab's own that is none */
export async function findEmulator(driver: string): Promise<EmulatorEntry> {
  if (Object.hasOwn(EMULATORS, driver)) return EMULATORS[driver]();
  const file = own.get(driver);
  if (file !== undefined) {
    const entry = loadOwn(file) as Partial<EmulatorEntry> | null;
    if (typeof entry?.open === 'function' && typeof entry.sample === 'function')
      return entry as EmulatorEntry;
    const text = 'its default export is no emulator, expected export default defineEmulator({ ... })';
    throw new DeviceError('config', file, text);
  }
  const near = nearest(driver, emulatedDrivers);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  throw new RangeError(
    `there is no emulator for driver ${driver}${hint}; expected one of ${emulatedDrivers.join(', ')}`,
  );
}

/** What an emulator must know of a device's options. @throws RangeError that names the device and what was expected */
export function emulatedOptions<Options>(
  entry: EmulatorEntry<Options>,
  id: string,
  options: unknown,
): Options {
  const checked = entry.options.safeParse(options);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0];
  throw new RangeError(`${id}: options.${dotted(path.map(String))}: ${message}`);
}
