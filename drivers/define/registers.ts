import { z } from 'zod';
import type { DeviceDescription } from '../contract/device.ts';
import { parseExplained } from '../contract/explain.ts';
import type { DriverEntry } from '../entry.ts';
import { type ModbusMapOptions, mapEndpoint, mapOptions, mapTable, mapWith } from '../generic/modbus-map.ts';
import { describeMap } from '../generic/modbus-map-bench.ts';
import { mapSchema } from '../generic/modbus-map-file.ts';
import { openDevice } from '../open-device.ts';

/** A driver of an instrument that speaks Modbus: its registers, with the keys of a map. */
export type RegistersTable = z.input<typeof mapSchema> & {
  readonly id: string;
  readonly manual: string;
  readonly triedOn: string;
};

/** All ways to wire a map, without what names the map: that is the driver. */
const without = { map: true, family: true } as const;
const ways: readonly z.ZodObject[] = mapOptions.options;
const options = z.union(
  ways.map(way => way.omit(without)),
  {
    error: 'expected { path, baud, parity?, ... } for a serial line or { host, port?, ... } for TCP',
  },
);

/** The driver that the table declares. @throws MisfitError with the place in the table */
export function registersDriver({ id, ...declared }: RegistersTable): DriverEntry<ModbusMapOptions> {
  const map = parseExplained(mapSchema, declared);
  const withBench = (given: ModbusMapOptions) => mapWith(map, given, id);
  return {
    id,
    manual: declared.manual,
    triedOn: declared.triedOn,
    options: options as z.ZodType as z.ZodType<ModbusMapOptions>,
    endpoint: mapEndpoint,
    shares: true,
    describe: (given): DeviceDescription => ({ ...describeMap(withBench(given)), driver: id }),
    open(name, given, env) {
      const benchMap = withBench(given);
      const table = mapTable(benchMap, given, env, id);
      const description = { ...table.description, driver: id };
      return openDevice(name, { ...table, description }, env);
    },
  };
}
