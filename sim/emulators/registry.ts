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
  'palmsens/methodscript': async () => (await import('./palmsens.ts')).palmsens,
  'opcua/plc': async () => (await import('./opcua-plc.ts')).opcuaPlc,
};

/** Drivers that an emulator answers. */
export const emulatedDrivers: readonly string[] = Object.keys(EMULATORS);

/** The emulator of a driver. @throws RangeError that lists those there are */
export async function findEmulator(driver: string): Promise<EmulatorEntry> {
  if (Object.hasOwn(EMULATORS, driver)) return EMULATORS[driver]();
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
