import type { Clock } from './contract/clock.ts';
import type { Device } from './contract/device.ts';
import type { DriverEntry } from './entry.ts';
import { type SharedAddress, sharedAddress } from './transport/text/shared.ts';

/** What the bench file says of an instrument, as far as opening it goes. */
export interface InstrumentSpec {
  readonly driver: string;
  readonly options: unknown;
  /** Answers may take this long, s; absent: the driver's own figure. */
  readonly reply_s?: number | undefined;
}

/** What instruments are opened with. */
export interface InstrumentsEnv {
  readonly find: (driver: string) => DriverEntry;
  readonly clock: Clock;
  /** Folder of the bench file, for data files. */
  readonly baseDir: string;
  /** Nothing is ever written to them. */
  readonly readOnly?: boolean;
  /** What stands at one address together, where not all of it is opened at one time. Absent: what is opened now. */
  readonly addresses?: ReadonlyMap<string, SharedAddress>;
}

/** The instruments of a bench on the wires that its file names, by device id; closed as yet. */
export function openAll(
  instruments: Readonly<Record<string, InstrumentSpec>>,
  { find, clock, baseDir, readOnly = false, addresses }: InstrumentsEnv,
): Map<string, Device> {
  const endpoints = endpointsOfAll(instruments, find);
  const shared = addresses ?? sharedAddresses(Object.values(endpoints));
  return new Map(
    Object.entries(instruments).map(([id, { driver, options, reply_s }]) => {
      const entry = find(driver);
      const at = shared.get(endpoints[id]);
      const env = {
        clock,
        baseDir,
        readOnly,
        ...(reply_s === undefined ? {} : { reply_s }),
        ...(at === undefined ? {} : { shared: at }),
      };
      return [id, entry.open(id, entry.options.parse(options), env)];
    }),
  );
}

/** Where each instrument is, by its device id: what a bench lock locks. */
export function endpointsOfAll(
  instruments: Readonly<Record<string, InstrumentSpec>>,
  find: (driver: string) => DriverEntry,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(instruments).map(([id, { driver, options }]) => {
      const entry = find(driver);
      return [id, entry.endpoint(entry.options.parse(options))];
    }),
  );
}

/** For each address at which several instruments stand, what they have in common. */
export function sharedAddresses(endpoints: readonly string[]): ReadonlyMap<string, SharedAddress> {
  const count = (endpoint: string): number => endpoints.filter(one => one === endpoint).length;
  const several = [...new Set(endpoints)].filter(endpoint => count(endpoint) > 1);
  return new Map(several.map(endpoint => [endpoint, sharedAddress(count(endpoint))]));
}
