import { type GivenAddress, optionsAt } from '../../../control/program/commands/devices/given.ts';
import { driverIds, findDriver } from '../../../drivers/registry.ts';
import { emulatedDrivers, findEmulator } from '../../../sim/emulators/registry.ts';

/** One driver as it is tried on a wire: what its bench file would say, and on which kind of line. */
export interface Subject {
  /** `generic/scpi keysight-n5700 pty`. */
  readonly name: string;
  readonly driver: string;
  readonly line: 'tcp' | 'pty';
  /** Options of the bench file, without the address. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly baseDir: string;
  /** What it hangs on. */
  readonly plant: 'stack' | 'cell';
}

/** What a driver must be told beside what its emulator says of a usual instrument; each a subject of its own. */
const TOLD: Readonly<Record<string, readonly (readonly [name: string, own: Told])[]>> = {
  'ea/psb-10000': [
    ['', { options: {} }],
    ['module', { options: { modbusTcpPort: 502 } }],
  ],
  'arbin/cti': [['', { options: {}, plant: 'cell' }]],
  'maccor/macnet': [['', { options: {}, plant: 'cell' }]],
  'neware/bts-8': [['', { options: {}, plant: 'cell' }]],
  'opcua/plc': [['', { options: { nodes: 'plc-nodes.yaml' }, baseDir: 'examples/pem-500kw' }]],
};
interface Told {
  readonly options: Readonly<Record<string, unknown>>;
  readonly baseDir?: string;
  readonly plant?: Subject['plant'];
}

const ADDRESS = {
  tcp: { host: '127.0.0.1', port: 1 },
  pty: { path: '/dev/null', baud: 115200, dataBits: 8, parity: 'none', stopBits: 1 },
} as const satisfies Record<string, GivenAddress>;

/**
 * Every driver of the registry, every family that its emulator speaks as, on every kind of line that it takes. One that is
 * new in the registry is here by itself; one without an emulator throws.
 */
export async function subjects(): Promise<readonly Subject[]> {
  const found: Subject[] = [];
  for (const driver of driverIds) {
    if (!emulatedDrivers.includes(driver)) throw new Error(`${driver}: no emulator in sim/emulators`);
    const emulator = await findEmulator(driver);
    const families = emulator.families ?? [undefined];
    for (const family of families)
      for (const [variant, { options: own, baseDir = '.', plant = 'stack' }] of TOLD[driver] ?? [
        ['', { options: {} }],
      ]) {
        const given = { ...(family === undefined ? {} : { family }), ...own };
        const options = { ...emulator.sample(given), ...given };
        for (const line of ['tcp', 'pty'] as const) {
          if (line === 'tcp' && emulator.isSerial) continue;
          if (!takes(driver, options, line)) continue;
          const name = [driver, family ?? '', variant, line].filter(part => part !== '').join(' ');
          found.push({ name, driver, line, options, baseDir, plant });
        }
      }
    if (!found.some(one => one.driver === driver)) throw new Error(`${driver}: fits no line`);
  }
  return found;
}

/** Of each driver and family one: the first of its lines. */
export function onOneLine(all: readonly Subject[]): readonly Subject[] {
  const first = new Map<string, Subject>();
  for (const one of all) {
    const key = one.name.slice(0, one.name.lastIndexOf(' '));
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

/** Of each driver one. */
export function oneEach(all: readonly Subject[]): readonly Subject[] {
  return all.filter((one, i) => all.findIndex(other => other.driver === one.driver) === i);
}

function takes(driver: string, options: Subject['options'], line: Subject['line']): boolean {
  try {
    optionsAt(findDriver(driver), options, ADDRESS[line]);
    return true;
  } catch {
    return false;
  }
}
