import { resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../contract/clock.ts';
import type { DeviceDescription } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import type { DeviceTable, ReadSpec } from '../device-table.ts';
import type { DriverEntry } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { decodeRegisters, toEng, widthOf } from '../protocol/modbus-registers.ts';
import { type ModbusReply, type ModbusRequest, REGISTERS_MAX } from '../transport/modbus-request.ts';
import { frameTime_ms, modbusRtuLink } from '../transport/modbus-rtu.ts';
import { modbusTcpLink } from '../transport/modbus-tcp.ts';
import { channelsOf, type MapChannel, type ModbusMap, readModbusMap } from './modbus-map-file.ts';

const map = z.string().min(1).meta({ description: 'register map, from the folder of the bench file' });
const mapOptions = z.union(
  [
    z.strictObject({
      path: z.string().min(1).meta({ description: 'serial port, e.g. /dev/serial/by-id/usb-cell-rack' }),
      baud: z.number().int().min(300).max(4_000_000).meta({ description: 'bit rate of the line' }),
      parity: z.enum(['none', 'even', 'odd']).default('none').meta({ description: 'parity of the line' }),
      map,
    }),
    z.strictObject({
      host: z.string().min(1).meta({ description: 'address of the device or its gateway' }),
      port: z.number().int().min(1).max(65535).default(502).meta({ description: 'port of Modbus TCP' }),
      map,
    }),
  ],
  { error: 'expected { path, baud, parity?, map } for a serial line or { host, port?, map } for TCP' },
);
export type ModbusMapOptions = z.infer<typeof mapOptions>;

/** Unused registers read along when that saves a request: a few words cost less than a turn of the line. */
const GAP_REGISTERS_MAX = 8;

/** One value of the frame and where it stands. */
interface Place {
  readonly index: number;
  readonly address: number;
  readonly channel: MapChannel;
}

/** One read request and the values it brings. */
export interface MapRead {
  readonly table: 'holding' | 'input';
  readonly address: number;
  readonly count: number;
  readonly places: readonly Place[];
}

/** Merges the registers of a map into as few reads as the protocol and the gaps allow. */
export function readsOf(map: ModbusMap): MapRead[] {
  const places: Place[] = [];
  for (const channel of map.channels) {
    const width = widthOf(channel.type);
    for (let n = 0; n < (channel.count ?? 1); n++) {
      places.push({ index: places.length, address: channel.address + n * width, channel });
    }
  }
  const reads: { table: 'holding' | 'input'; address: number; count: number; places: Place[] }[] = [];
  for (const table of ['holding', 'input'] as const) {
    const ordered = places.filter(p => p.channel.table === table).sort((a, b) => a.address - b.address);
    let read: (typeof reads)[number] | undefined;
    for (const place of ordered) {
      const end = place.address + widthOf(place.channel.type);
      const fits =
        read !== undefined &&
        end - read.address <= REGISTERS_MAX &&
        place.address - (read.address + read.count) <= GAP_REGISTERS_MAX;
      if (read === undefined || !fits) {
        read = { table, address: place.address, count: 0, places: [] };
        reads.push(read);
      }
      read.count = Math.max(read.count, end - read.address);
      read.places.push(place);
    }
  }
  return reads;
}

function describe(map: ModbusMap): DeviceDescription {
  return {
    driver: 'generic/modbus-map',
    channels: channelsOf(map),
    settables: [],
    onLoss: 'unknown',
    safeList: [],
  };
}

const ask = (unit: number, table: 'holding' | 'input', address: number, count: number): ModbusRequest => ({
  fn: table === 'holding' ? 3 : 4,
  unit,
  address,
  count,
});

function readSpec(unit: number, read: MapRead): ReadSpec<ModbusRequest, ModbusReply> {
  return {
    ask: ask(unit, read.table, read.address, read.count),
    channels: read.places.map(p => p.index),
    into(reply, values) {
      for (const { index, address, channel } of read.places) {
        const raw = decodeRegisters(reply, address - read.address, channel.type, channel.words);
        values[index] = raw === channel.fault ? Number.NaN : toEng(raw, channel);
      }
    },
  };
}

function tableOf(
  map: ModbusMap,
  options: ModbusMapOptions,
  clock: Clock,
): DeviceTable<ModbusRequest, ModbusReply> {
  const { unit, identify } = map;
  const identity = ask(unit, identify.table, identify.address, identify.expect.length);
  // The map states the device's own time; on a serial line the frames take theirs.
  const reply_ms = Math.ceil(map.reply_ms + ('path' in options ? frameTime_ms(options.baud) : 0));
  const isIdentity = (reply: ModbusReply): boolean =>
    identify.expect.every((expected, i) => reply[i] === expected);
  return {
    description: describe(map),
    makeLink: (): Link<ModbusRequest, ModbusReply> =>
      'path' in options
        ? modbusRtuLink({ ...options, clock })
        : modbusTcpLink({ host: options.host, port: options.port, clock }),
    reply_ms,
    gap_ms: map.gap_ms,
    async identify(exchange) {
      const reply = await exchange(identity);
      if (!isIdentity(reply)) {
        const message = `registers ${identify.address}.. hold ${reply.join(', ')}; the map expects ${identify.expect.join(', ')}`;
        throw new DeviceError('identity', `generic/modbus-map (${map.device})`, message);
      }
      return { ask: identity, isAnswer: isIdentity };
    },
    reads: readsOf(map).map(read => readSpec(unit, read)),
    writes: {},
  };
}

/** Any device that only measures and speaks Modbus RTU or TCP: its registers are a data file. */
export const genericModbusMap: DriverEntry<ModbusMapOptions> = {
  id: 'generic/modbus-map',
  manual: 'Modbus Application Protocol Specification V1.1b3; registers from the map file',
  triedOn: 'emulator only',
  options: mapOptions,
  endpoint: options => ('path' in options ? options.path : `tcp://${options.host}:${options.port}`),
  describe: (options, baseDir) => ({
    ...describe(readModbusMap(options.map, baseDir)),
    dataFiles: [resolve(baseDir, options.map)],
  }),
  open: (id, options, env) =>
    openDevice(id, tableOf(readModbusMap(options.map, env.baseDir), options, env.clock), env),
};
