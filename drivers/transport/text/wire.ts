import { createRequire } from 'node:module';
import type * as serialport from 'serialport';
import type { Clock } from '../../contract/clock.ts';
import { DeviceError, plainReason } from '../../contract/errors.ts';
import { type SocketAddress, socketWhere, socketWire } from '../socket.ts';

/** The library is loaded with the first serial wire. */
const load = createRequire(import.meta.url);
/** A port that will not close within this time is left to the operating system. */
const CLOSE_LIMIT_s = 1;

/** Where an instrument is that speaks lines of text: on the network, or at a serial port. */
export type TextAddress =
  | SocketAddress
  | {
      /** Serial port; on Linux best by its lasting name under `/dev/serial/by-id`. */
      readonly path: string;
      readonly baud: number;
      readonly dataBits: 7 | 8;
      readonly parity: 'none' | 'even' | 'odd';
      readonly stopBits: 1 | 2;
    };

/** Bytes to and from one instrument; one instance for one connection. */
export interface TextWire {
  readonly where: string;
  /** Rejects with `closed` and leaves nothing open. */
  open(): Promise<void>;
  write(text: string): void;
  /** Resolves when the wire is really closed. */
  close(): Promise<void>;
}

/** Who hears of the wire. */
export interface WireEars {
  received(text: string): void;
  /** The wire is gone for good. */
  lost(reason: DeviceError): void;
}

/** A closed wire to the address. Text is ASCII: other bytes come as Latin-1, so that a damaged one is seen. */
export function textWire(address: TextAddress, clock: Clock, ears: WireEars): TextWire {
  return 'path' in address ? serialWire(address, clock, ears) : tcpWire(address, ears);
}

/** The address as it is locked and named to people. */
export function endpointOf(address: TextAddress): string {
  return 'path' in address ? address.path : socketWhere(address);
}

/** A closed wire over TCP. */
export function tcpWire(address: SocketAddress, ears: WireEars): TextWire {
  return socketWire(address, {
    connected(socket) {
      socket.setEncoding('latin1');
      socket.on('data', (text: string) => ears.received(text));
    },
    lost: reason => ears.lost(reason),
  });
}

function serialWire(address: Extract<TextAddress, { path: string }>, clock: Clock, ears: WireEars): TextWire {
  const { path, baud: baudRate, dataBits, parity, stopBits } = address;
  const { SerialPort } = load('serialport') as typeof serialport;
  const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, autoOpen: false });
  const lose = (text: string, cause?: unknown): void =>
    ears.lost(new DeviceError('closed', path, text, cause));
  // Before opening: without a reader serialport neither notices a vanished line nor stops spinning on it.
  port.on('data', (bytes: Buffer) => ears.received(bytes.toString('latin1')));
  port.on('error', error => lose(plainReason(error), error));
  port.on('close', () => lose('the serial line is gone'));
  return {
    where: path,
    open: () =>
      new Promise((resolve, reject) => {
        port.open(error => {
          if (error) reject(new DeviceError('closed', path, plainReason(error), error));
          else resolve();
        });
      }),
    write(text) {
      port.write(text, 'latin1', error => {
        if (error) lose(plainReason(error), error);
      });
    },
    close() {
      if (!port.isOpen) return Promise.resolve();
      // The next open fails on the port's lock until this one is really closed.
      return new Promise(resolve => {
        const cancel = clock.schedule(CLOSE_LIMIT_s, () => {
          port.destroy();
          resolve();
        });
        port.close(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}
