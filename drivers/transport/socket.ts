import { createConnection, type Socket } from 'node:net';
import { ClosedByOther, DeviceError, plainReason } from '../contract/errors.ts';

/** Where an instrument listens. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

/** The address as it is locked and named to people. */
export const socketWhere = ({ host, port }: SocketAddress): string => `tcp://${host}:${port}`;

/** Who hears of a connection. */
export interface SocketEars {
  /** It stands: whatever is to hear it must be attached now. `open` resolves after that. */
  connected(socket: Socket): void;
  /** It is gone for good, or never came to be. */
  lost(reason: DeviceError): void;
}

/** One connection: what is written is with the operating system when `write` returns. */
export interface SocketWire {
  readonly where: string;
  /** Rejects with `closed` and leaves nothing open. */
  open(): Promise<void>;
  write(data: string | Uint8Array): void;
  /** Breaks it off at once; `lost` is told. */
  destroy(): void;
  /** Resolves when the system has let go of it. */
  close(): Promise<void>;
}

/** A connection to the address, not open yet. */
export function socketWire(address: SocketAddress, ears: SocketEars): SocketWire {
  const where = socketWhere(address);
  let socket: Socket | undefined;
  return {
    where,
    open: () =>
      new Promise((resolve, reject) => {
        let cause = '';
        const { host, port } = address;
        const opening = createConnection({ host, port, noDelay: true, keepAlive: true });
        socket = opening;
        opening.on('error', error => {
          cause = plainReason(error);
        });
        opening.on('close', () => {
          const reason =
            cause === ''
              ? new ClosedByOther('closed', where, 'connection closed by the other side')
              : new DeviceError('closed', where, cause);
          reject(reason);
          ears.lost(reason);
        });
        opening.on('connect', () => {
          ears.connected(opening);
          resolve();
        });
      }),
    write(data) {
      if (typeof data === 'string') socket?.write(data, 'latin1');
      else socket?.write(data);
    },
    destroy: () => socket?.destroy(),
    close() {
      const open = socket;
      if (open === undefined || open.closed) return Promise.resolve();
      // destroy() instead of end(): an instrument that does not answer would keep the connection half open.
      return new Promise(resolve => {
        open.once('close', () => resolve());
        open.destroy();
      });
    },
  };
}
