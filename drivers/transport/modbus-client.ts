import { createRequire } from 'node:module';
import type modbusSerial from 'modbus-serial';
import { DeviceError } from '../contract/errors.ts';
import { type ModbusReply, type ModbusRequest, nameOfRequest } from './modbus-request.ts';
import type { ModbusTcpPort } from './modbus-tcp-port.ts';
import type { ModbusRtuPort } from './rtu/port.ts';
import type { RtuTcpPort } from './rtu-tcp/port.ts';

/** The library is loaded with the first wire: a rehearsal has none. */
const load = createRequire(import.meta.url);

/** The library's client; as a CommonJS module it hides behind `default`. */
export type ModbusClient = InstanceType<typeof modbusSerial.default>;

/** What a modbus-serial client calls back with: an Error or a plain object. */
interface LibraryError {
  readonly message?: string;
  readonly name?: string;
  readonly errno?: string | number;
  readonly modbusCode?: number;
}

/** Reply objects of the library, all fields that we read. */
interface LibraryReply {
  readonly data?: readonly (number | boolean)[];
  /** The bytes that the reply says it has; the library goes by their number, and not by that of the values asked. */
  readonly buffer?: Uint8Array;
  readonly address?: number;
  readonly value?: number;
  readonly state?: boolean;
  readonly length?: number;
}

/** Exception codes by which an instrument says that it is not under our remote control, with what each one means. */
export type LocalCodes = Readonly<Record<number, string>>;

/**
 * Exceptions that ask to be asked again (V1.1b3, 7): 5 acknowledged, takes long; 6 busy; 0x0B the gateway got no answer.
 */
const BUSY_CODES: readonly number[] = [5, 6, 0x0b];
const ILLEGAL_ADDRESS = 2;

/**
 * A client on a port, and without its own time-out: the line's deadline covers every exchange, so an
 * answer the library waits for in vain is simply forgotten with the connection.
 */
export function makeModbusClient(port: ModbusTcpPort | RtuTcpPort | ModbusRtuPort): ModbusClient {
  const { default: Client } = load('modbus-serial') as typeof modbusSerial;
  const client = new Client(port);
  // An 'error' event without a listener would end the process.
  client.on('error', () => {});
  return client;
}

/**
 * Sends one request through modbus-serial and checks what the library does not: the number of values, and the
 * echo of a write. The unit id goes with the call (`writeFCn`), because `setID` is shared by all callers.
 */
export function askModbus(
  client: ModbusClient,
  where: string,
  request: ModbusRequest,
  localCodes: LocalCodes,
): Promise<ModbusReply> {
  return new Promise((resolve, reject) => {
    const done = (error: LibraryError | null, reply: LibraryReply): void => {
      if (error !== null && error !== undefined) reject(asDeviceError(error, where, request, localCodes));
      else {
        const answer = answerTo(request, reply);
        if (answer === undefined) {
          reject(
            new DeviceError('garbled', where, `${nameOfRequest(request)}: the reply is to another request`),
          );
        } else resolve(answer);
      }
    };
    const { fn, unit, address } = request;
    switch (fn) {
      case 1:
        client.writeFC1(unit, address, request.count, done);
        break;
      case 2:
        client.writeFC2(unit, address, request.count, done);
        break;
      case 3:
        client.writeFC3(unit, address, request.count, done);
        break;
      case 4:
        client.writeFC4(unit, address, request.count, done);
        break;
      case 5:
        client.writeFC5(unit, address, request.on, done);
        break;
      case 6:
        client.writeFC6(unit, address, request.value, done);
        break;
      case 16:
        client.writeFC16(unit, address, [...request.values], done);
        break;
    }
  });
}

/** The answer, or undefined where the reply cannot belong to the request. */
function answerTo(request: ModbusRequest, reply: LibraryReply): ModbusReply | undefined {
  switch (request.fn) {
    case 1:
    case 2:
      // Coils come in whole bytes: the padding is not data.
      return reply.buffer?.length === Math.ceil(request.count / 8)
        ? reply.data?.slice(0, request.count).map(Number)
        : undefined;
    case 3:
    case 4:
      return reply.buffer?.length === 2 * request.count ? (reply.data as readonly number[]) : undefined;
    case 5:
      return reply.address === request.address && reply.state === request.on ? [] : undefined;
    case 6:
      return reply.address === request.address && reply.value === request.value ? [] : undefined;
    case 16:
      return reply.address === request.address && reply.length === request.values.length ? [] : undefined;
  }
}

/** Not all that the library rejects with is an `instanceof Error`: errors are told apart by their fields. */
function asDeviceError(
  error: LibraryError,
  where: string,
  request: ModbusRequest,
  localCodes: LocalCodes,
): DeviceError {
  const what = nameOfRequest(request);
  if (error.modbusCode !== undefined) {
    const local = localCodes[error.modbusCode];
    const code = local !== undefined ? 'local' : BUSY_CODES.includes(error.modbusCode) ? 'busy' : 'refused';
    const text = local ?? error.message ?? `exception ${error.modbusCode}`;
    const hint =
      error.modbusCode === ILLEGAL_ADDRESS && 'refusedHint' in request ? request.refusedHint : undefined;
    const more = hint === undefined ? '' : `: ${hint}`;
    return new DeviceError(code, where, `${what}: ${text} (exception ${error.modbusCode})${more}`, error);
  }
  if (error.errno === 'ECONNREFUSED') return new DeviceError('closed', where, 'the line is not open', error);
  return new DeviceError('garbled', where, `${what}: ${error.message ?? String(error)}`, error);
}
