import { resolve } from 'node:path';
import { z } from 'zod';
import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import type { DeviceTable, Exchange } from '../device-table.ts';
import type { DriverEntry, DriverEnv } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { BYTE_ORDERS, textOf, toEng } from '../protocol/modbus-registers.ts';
import type { ModbusReply, ModbusRequest } from '../transport/modbus-request.ts';
import { frameTime_ms, modbusRtuLink } from '../transport/modbus-rtu.ts';
import { modbusTcpLink } from '../transport/modbus-tcp.ts';
import { modbusRtuTcpLink } from '../transport/rtu-tcp/link.ts';
import { type BenchMap, benchMap, describeMap, type MapCheck } from './modbus-map-bench.ts';
import { type ModbusMap, modbusFamilyFile, readModbusMap } from './modbus-map-file.ts';
import { pointSchema } from './modbus-map-points.ts';
import { askFor, rawOf, readSpecs, sizeOf } from './modbus-map-reads.ts';
import { mapWrites } from './modbus-map-writes.ts';

const unitNumber = z.number().int().min(0).max(255);
const words = {
  map: z.string().min(1).optional().meta({ description: 'register map, from the folder of the bench file' }),
  family: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'instead of map: a name of docs/reference/modbus.md' }),
  order: z.enum(BYTE_ORDERS).optional().meta({
    description: 'order of the bytes of longer values, where the unit is set otherwise than the map says',
  }),
  about: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .meta({
      description: 'what the family asks to be told of the instrument; what it can say itself is compared',
    }),
  points: z.array(pointSchema).optional().meta({ description: 'terminals of a rack that are used' }),
};

export const mapOptions = z
  .union(
    [
      z.strictObject({
        path: z.string().min(1).meta({
          description: 'serial port, e.g. /dev/serial/by-id/usb-cell-rack; several devices may share it',
        }),
        baud: z.number().int().min(300).max(4_000_000).meta({ description: 'bit rate of the line' }),
        parity: z.enum(['none', 'even', 'odd']).default('none').meta({ description: 'parity of the line' }),
        stopBits: z
          .union([z.literal(1), z.literal(2)])
          .optional()
          .meta({ description: 'stop bits, 1 or 2; 1 without it' }),
        localEcho: z
          .boolean()
          .optional()
          .meta({ description: 'the adapter returns what is sent (two-wire RS-485)' }),
        unit: unitNumber
          .min(1)
          .optional()
          .meta({ description: 'address on the line, where it is not that of the map' }),
        ...words,
      }),
      z.strictObject({
        host: z.string().min(1).meta({ description: 'address of the device or its gateway' }),
        port: z.number().int().min(1).max(65535).default(502).meta({ description: 'port of Modbus TCP' }),
        unit: unitNumber.optional().meta({
          description:
            'unit behind the address, where it is not that of the map; 0 or 255 for the device itself',
        }),
        frames: z.enum(['tcp', 'rtu']).optional().meta({
          description:
            'rtu: frames of the serial line go through the connection as they are (a serial server); Modbus TCP without it',
        }),
        ...words,
      }),
    ],
    { error: 'expected { path, baud, parity?, map } for a serial line or { host, port?, map } for TCP' },
  )
  .refine(o => (o.map === undefined) !== (o.family === undefined), 'expected "map" or "family"');
export type ModbusMapOptions = z.infer<typeof mapOptions>;

/** Slowest usual rate of the line behind a serial server. */
const SERVER_BAUD = 9600;

const whereOf = ({ map, family }: ModbusMapOptions): string => `generic/modbus-map (${family ?? map})`;
const fileOf = ({ map, family }: ModbusMapOptions, baseDir: string): string =>
  family === undefined ? resolve(baseDir, map ?? '') : modbusFamilyFile(family);

/** A map with everything that the bench file says itself. `where`: for messages. */
export function mapWith(written: ModbusMap, options: ModbusMapOptions, where = whereOf(options)): BenchMap {
  const map = benchMap(written, options, where);
  if (map.unit === 0 && ('path' in options || options.frames === 'rtu')) {
    const text = 'unit 0 is everybody on a serial line, and nobody answers; expected 1..255';
    throw new DeviceError('config', where, text);
  }
  return map;
}

const mapOf = (options: ModbusMapOptions, baseDir: string): BenchMap =>
  mapWith(readModbusMap(fileOf(options, baseDir), baseDir), options);

/** Where the device is, as it is locked and named to people. */
export const mapEndpoint = (options: ModbusMapOptions): string =>
  'path' in options ? options.path : `tcp://${options.host}:${options.port}`;

/** What a register that the instrument was asked for says, as the check counts it. */
function saidBy(reply: ModbusReply, { register, text }: MapCheck): number | string {
  return text === undefined ? rawOf(reply, 0, register) : textOf(reply);
}

/** Whether it says what it should; a float of 32 bit as near as one can come to a number. */
function isSame(found: number | string, { expected, register }: MapCheck): boolean {
  if (found === expected) return true;
  return register.type === 'float32' && found === Math.fround(Number(expected));
}

/** Proves that this is the instrument of the bench file; throws `identity`. */
async function identify(map: BenchMap, where: string, exchange: Exchange<ModbusRequest, ModbusReply>) {
  const { unit, identify: known, checks, plausible } = map;
  const refuse = (text: string): never => {
    throw new DeviceError('identity', where, text);
  };
  /** A register that is not there is no register of this instrument. */
  const told = async (request: ModbusRequest, what: string): Promise<ModbusReply> => {
    try {
      return await exchange(request);
    } catch (error) {
      if (!(error instanceof DeviceError) || error.code !== 'refused') throw error;
      return refuse(`${what} is not told: ${error.message}`);
    }
  };
  let probe: { ask: ModbusRequest; isAnswer: (reply: ModbusReply) => boolean } | undefined;
  if (known !== undefined) {
    const isKnown = (reply: ModbusReply): boolean =>
      known.expect.every((expected, i) => reply[i] === expected);
    const ask = askFor(unit, known, known.expect.length);
    const reply = await told(ask, `registers ${known.address}..`);
    if (!isKnown(reply)) {
      refuse(
        `registers ${known.address}.. hold ${reply.join(', ')}; the map expects ${known.expect.join(', ')}`,
      );
    }
    probe = { ask, isAnswer: isKnown };
  }
  for (const check of checks) {
    const ask = askFor(unit, check.register, check.text ?? sizeOf(check.register));
    const isAnswer = (reply: ModbusReply): boolean => isSame(saidBy(reply, check), check);
    const reply = await told(ask, check.what);
    if (!isAnswer(reply)) {
      refuse(
        `${check.what}: the instrument says ${saidBy(reply, check)}, the bench file ${check.said}${check.said === String(check.expected) ? '' : ` (${check.expected})`}`,
      );
    }
    probe ??= { ask, isAnswer };
  }
  if (plausible !== undefined) {
    const ask = askFor(unit, plausible, sizeOf(plausible));
    const [low, high] = plausible.range;
    const isAnswer = (reply: ModbusReply): boolean => {
      const raw = rawOf(reply, 0, plausible);
      const value = toEng(raw, plausible);
      // A float with its words the wrong way round is most often next to nothing.
      return value >= low && value <= high && !(raw !== 0 && Math.abs(raw) < 1e-30);
    };
    const reply = await told(ask, plausible.name);
    if (!isAnswer(reply))
      refuse(
        `${plausible.name}: ${toEng(rawOf(reply, 0, plausible), plausible)} is nothing that it could show (${low}..${high})`,
      );
    probe ??= { ask, isAnswer };
  }
  return probe ?? refuse('nothing proves it');
}

/** The table of a device with that map, on its wire. `where`: for messages. */
export function mapTable(
  map: BenchMap,
  options: ModbusMapOptions,
  { clock, shared }: Pick<DriverEnv, 'clock' | 'shared'>,
  where = whereOf(options),
): DeviceTable<ModbusRequest, ModbusReply> {
  const { writes, beat, watchdog, connected } = mapWrites(map, where);
  const { unit, gap_ms } = map;
  const isRtuTcp = !('path' in options) && options.frames === 'rtu';
  const makeLink = (): Link<ModbusRequest, ModbusReply> => {
    if ('path' in options) return modbusRtuLink({ ...options, unit, clock });
    const { host, port } = options;
    return isRtuTcp ? modbusRtuTcpLink({ host, port }) : modbusTcpLink({ host, port, clock });
  };
  // The map states the device's own time; on a serial line, here or behind a server of unknown rate, the frames take theirs.
  const baud = 'path' in options ? options.baud : isRtuTcp ? SERVER_BAUD : undefined;
  const reply_ms = Math.ceil(map.reply_ms + (baud === undefined ? 0 : frameTime_ms(baud)));
  return {
    description: describeMap(map),
    // Frames without a number on one connection for all units: one exchange at a time.
    makeLink: () =>
      isRtuTcp ? (shared?.link(makeLink, { clock, reply_ms, areUnits: true }) ?? makeLink()) : makeLink(),
    reply_ms: reply_ms * (isRtuTcp ? (shared?.devices ?? 1) : 1),
    gap_ms,
    async identify(exchange) {
      connected();
      return identify(map, where, exchange);
    },
    reads: [...beat, ...readSpecs(map)],
    writes,
    ...watchdog,
  };
}

/** Any device that speaks Modbus RTU or TCP: its registers are a data file, the bench's own or one of the program's. */
export const genericModbusMap: DriverEntry<ModbusMapOptions> = {
  id: 'generic/modbus-map',
  manual:
    'Modbus Application Protocol Specification V1.1b3; registers from the map file, with the basis of each in a family',
  triedOn: 'emulator only',
  options: mapOptions,
  endpoint: mapEndpoint,
  shares: true,
  describe(options, baseDir) {
    const description = describeMap(mapOf(options, baseDir));
    return options.family === undefined
      ? { ...description, dataFiles: [fileOf(options, baseDir)] }
      : description;
  },
  open: (id, options, env) => openDevice(id, mapTable(mapOf(options, env.baseDir), options, env), env),
};
