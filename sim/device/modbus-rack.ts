import { z } from 'zod';
import { readDataFile } from '../../drivers/contract/data-file.ts';
import {
  type Emulator,
  type EmulatorEnv,
  freezable,
  NO_SENSOR,
  noFaults,
  readingOf,
  requireSensor,
} from './faults.ts';
import { EXCEPTION, exceptionReply, parseRequest, registersReply } from './modbus-codec.ts';
import { modbusRtuServer } from './modbus-rtu-server.ts';
import { modbusRtuTcpServer } from './modbus-rtu-tcp-server.ts';
import { modbusTcpServer, type PduHandler } from './modbus-tcp-server.ts';

/** The register map file, as far as the instrument's side needs it; accuracies and deadlines are the reader's business. */
const span = z.tuple([z.number(), z.number()]);
const mapSchema = z.object({
  unit: z.number().int().min(1).max(247),
  identify: z
    .object({
      table: z.enum(['input', 'holding']),
      address: z.number().int().min(0),
      expect: z.array(z.number().int().min(0).max(0xffff)),
    })
    .optional(),
  healthy: z
    .array(
      z.object({
        table: z.enum(['input', 'holding']),
        address: z.number().int().min(0),
        is: z.array(z.number().int()).min(1),
      }),
    )
    .default([]),
  channels: z
    .array(
      z.object({
        name: z.string().min(1),
        count: z.number().int().min(1).optional(),
        table: z.enum(['input', 'holding']),
        address: z.number().int().min(0).max(0xffff),
        type: z.enum(['int16', 'uint16', 'int32', 'uint32', 'float32']),
        raw: span,
        eng: span,
        fault: z.number().optional(),
      }),
    )
    .min(1),
});
type RackMap = z.infer<typeof mapSchema>;
type RackChannel = RackMap['channels'][number];

interface Entry {
  readonly sensor: number;
  readonly channel: RackChannel;
  readonly word: number;
}

/** One unit on the line, as its map file describes it. */
export interface RackUnit {
  readonly mapFile: string;
  /**
   * Channel name of the map -> rig signal, array to array (`cell[].voltage_V` -> `cell.voltage_V[]`). A channel without
   * one has no sensor.
   */
  readonly roles: Readonly<Record<string, string>>;
}

/**
 * The cell-voltage and temperature rack, or several: serves the register images that the map files describe, on Modbus
 * RTU or TCP. A sensor without a value shows the map's `fault` word; a value beyond the word's range stands at its end.
 */
export function modbusRack(
  env: EmulatorEnv,
  options: {
    readonly units: readonly RackUnit[];
    /** Serial line; absent: Modbus TCP on this port (0: any). */
    readonly path?: string;
    readonly baud?: number | undefined;
    readonly port?: number;
    /** `rtu`: frames of the serial line on TCP. Default Modbus TCP. */
    readonly frames?: 'tcp' | 'rtu' | undefined;
  },
): Emulator & { readonly port: number } {
  const faults = noFaults();
  const shownEnv = { ...env, rig: freezable(env.rig, faults) };
  const images = new Map<number, PduHandler>();
  for (const { mapFile, roles } of options.units) {
    const map = readDataFile(mapFile, mapSchema);
    if (images.has(map.unit)) throw new Error(`${mapFile}: unit ${map.unit} is on this line already`);
    images.set(map.unit, rackImage(shownEnv, map, mapFile, roles));
  }
  const answer: PduHandler = (unit, pdu) => images.get(unit)?.(unit, pdu);
  if (options.path !== undefined) {
    const { path, baud = 115200 } = options;
    return { ...modbusRtuServer({ path, baud, env, faults, answer }), port: 0 };
  }
  const server = (options.frames === 'rtu' ? modbusRtuTcpServer : modbusTcpServer)({
    port: options.port ?? 0,
    env,
    faults,
    answer,
  });
  return {
    faults,
    get port() {
      return server.port;
    },
    start: () => server.start(),
    stop: () => server.stop(),
    end: () => server.stop(),
  };
}

function rackImage(
  env: EmulatorEnv,
  map: RackMap,
  file: string,
  roles: Readonly<Record<string, string>>,
): PduHandler {
  const { rig } = env;
  // table -> register address -> constant word, or the entry it belongs to.
  const tables = { input: new Map<number, number | Entry>(), holding: new Map<number, number | Entry>() };
  map.identify?.expect.forEach((value, i) => {
    tables[map.identify?.table ?? 'input'].set((map.identify?.address ?? 0) + i, value);
  });
  for (const { table, address, is } of map.healthy) tables[table].set(address, is[0]);
  for (const channel of map.channels) {
    const width = WIDTH[channel.type];
    sensorsOf(rig, channel, roles[channel.name], file).forEach((sensor, i) => {
      for (let word = 0; word < width; word++) {
        tables[channel.table].set(channel.address + i * width + word, { sensor, channel, word });
      }
    });
  }

  return (unit, pdu) => {
    if (unit !== map.unit) return undefined;
    const request = parseRequest(pdu);
    if ('exception' in request) return exceptionReply(pdu[0], request.exception);
    if (request.fn !== 3 && request.fn !== 4) return exceptionReply(pdu[0], EXCEPTION.illegalFunction);
    const table = request.fn === 4 ? tables.input : tables.holding;
    const words = new Uint16Array(request.count);
    for (let i = 0; i < request.count; i++) {
      const cell = table.get(request.address + i);
      if (cell === undefined) return exceptionReply(request.fn, EXCEPTION.illegalAddress);
      words[i] = typeof cell === 'number' ? cell : wordOf(readingOf(rig, cell.sensor), cell);
    }
    return registersReply(request.fn, words);
  };
}

function sensorsOf(
  rig: EmulatorEnv['rig'],
  channel: RackChannel,
  signal: string | undefined,
  file: string,
): number[] {
  if (signal === undefined) return new Array<number>(channel.count ?? 1).fill(NO_SENSOR);
  if (channel.count === undefined) return [requireSensor(rig, 'modbus-rack', signal)];
  const { first, count } = rig.sensorRange(signal);
  if (count !== channel.count) {
    throw new Error(
      `${file}: channel ${channel.name}: count ${channel.count}, but the rig has ${count} of ${signal}`,
    );
  }
  return Array.from({ length: count }, (_, i) => first + i);
}

const WIDTH = { int16: 1, uint16: 1, int32: 2, uint32: 2, float32: 2 } as const;
const LIMITS = {
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
} as const;

function wordOf(value: number, { channel, word }: Entry): number {
  const [rawLow, rawHigh] = channel.raw;
  const [engLow, engHigh] = channel.eng;
  const scaled = rawLow + ((value - engLow) / (engHigh - engLow)) * (rawHigh - rawLow);
  if (channel.type === 'float32') return half(floatBits(scaled), WIDTH.float32, word);
  const [low, high] = LIMITS[channel.type];
  let raw = Number.isNaN(scaled)
    ? (channel.fault ?? high)
    : Math.min(high, Math.max(low, Math.round(scaled)));
  // An over-range value must not look like a missing sensor.
  if (!Number.isNaN(scaled) && raw === channel.fault) raw -= 1;
  return half(raw, WIDTH[channel.type], word);
}

function half(bits: number, width: number, word: number): number {
  return (width === 2 && word === 0 ? bits >>> 16 : bits) & 0xffff;
}

function floatBits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}
