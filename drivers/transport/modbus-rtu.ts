import type { SerialPort } from 'serialport';
import type { Clock } from '../contract/clock.ts';
import { DeviceError, plainReason } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { askModbus, makeModbusClient } from './modbus-client.ts';
import type { ModbusReply, ModbusRequest } from './modbus-request.ts';

/** The serial line, 8 data bits and 1 stop bit, and what the instrument's refusals mean. */
export interface ModbusRtuOptions {
  /** Serial port; on Linux best by its lasting name under `/dev/serial/by-id`. */
  readonly path: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly clock: Clock;
  /** Exception codes that mean "not under remote control". */
  readonly localCodes?: readonly number[];
}

/** What we must reach inside the library's buffered port: it never drops a byte by itself. */
interface BufferedPort {
  _buffer: Buffer;
  readonly _client: SerialPort;
}

/** A port that will not close within this time is left to the operating system. */
const CLOSE_LIMIT_s = 1;

/**
 * Longest frame on the line, ms: 256 bytes of 11 bits (start, 8 data, parity or second stop, stop).
 * Added to the instrument's own time it gives the worst time of an answer.
 */
export function frameTime_ms(baud: number): number {
  return (256 * 11 * 1000) / baud;
}

/**
 * Modbus RTU through modbus-serial over serialport. RTU replies are nameless: the line above guards against
 * late ones; this link reports every byte that nobody asked for, and starts each request with an empty buffer.
 */
export function modbusRtuLink(options: ModbusRtuOptions): Link<ModbusRequest, ModbusReply> {
  const where = options.path;
  const localCodes = options.localCodes ?? [];
  const client = makeModbusClient();
  let port: BufferedPort | undefined;
  let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
  let rejectPending: ((reason: DeviceError) => void) | undefined;
  let lost: (reason: DeviceError) => void = () => {};
  let stray: () => void = () => {};

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    rejectPending?.(reason);
    lost(reason);
  }

  return {
    where,
    namesReplies: false,
    async open() {
      try {
        // The library attaches its data listener before it opens the port: without one, an unplugged adapter
        // goes unnoticed and the read spins.
        await client.connectRTUBuffered(options.path, { baudRate: options.baud, parity: options.parity });
      } catch (error) {
        throw new DeviceError('closed', where, plainReason(error), error);
      }
      port = (client as unknown as { readonly _port: BufferedPort })._port;
      ended = undefined;
      port._client.on('close', () => finish(new DeviceError('closed', where, 'port closed or unplugged')));
      port._client.on('error', error => finish(new DeviceError('closed', where, plainReason(error), error)));
      port._client.on('data', () => {
        if (rejectPending === undefined) stray();
      });
    },
    send(request) {
      if (ended !== undefined || port === undefined) return Promise.reject(ended);
      // Rests of an earlier reply must not become the head of this one.
      port._buffer = Buffer.alloc(0);
      return new Promise((resolve, reject) => {
        rejectPending = reject;
        const settled = (): void => {
          // After a newer request the older one has no say any more.
          if (rejectPending === reject) rejectPending = undefined;
        };
        askModbus(client, where, request, localCodes).then(
          reply => {
            settled();
            // More bytes than one reply has: two replies came, and nothing says which one is ours.
            if (port?._buffer.length === 0) resolve(reply);
            else reject(new DeviceError('garbled', where, 'more bytes than the reply has'));
          },
          error => {
            settled();
            reject(error);
          },
        );
      });
    },
    flush() {
      if (port === undefined || ended !== undefined) return Promise.resolve();
      const { _client } = port;
      // Whoever waited has been told; bytes from now on are strays.
      rejectPending = undefined;
      port._buffer = Buffer.alloc(0);
      return new Promise(resolve => _client.flush(() => resolve()));
    },
    onLost(listener) {
      lost = listener;
    },
    onStray(listener) {
      stray = listener;
    },
    close() {
      lost = () => {};
      stray = () => {};
      finish(new DeviceError('closed', where, 'closed by us'));
      const serial = port?._client;
      if (serial === undefined || !serial.isOpen) return Promise.resolve();
      // The next open fails on the port's lock until this one is really closed.
      return new Promise(resolve => {
        const cancel = options.clock.schedule(CLOSE_LIMIT_s, resolve);
        serial.close(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}
