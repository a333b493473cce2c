import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** The library counts transactions in one byte. */
const TRANSACTIONS = 256;

/**
 * What every port of modbus-serial on a socket of ours has. Emits `data` with one RTU frame each, its transaction in
 * `_transactionIdRead`.
 */
export abstract class ModbusSocketPort extends EventEmitter {
  /** Transaction of the frame that `data` tells, and of the next one that is written; names of the library. */
  _transactionIdRead = 1;
  _transactionIdWrite = 1;
  protected readonly socket: Socket;

  /** On a socket that is connected. */
  constructor(socket: Socket) {
    super();
    this.socket = socket;
  }

  /** Whether a frame can be written. */
  get isOpen(): boolean {
    return this.socket.readyState === 'open';
  }

  /** The socket is open already. */
  open(done: () => void): void {
    done();
  }

  /** Whoever gave the socket closes it. */
  close(done: () => void): void {
    done();
  }

  /** Sends one RTU frame (unit, PDU, checksum), in this very call. */
  abstract write(frame: Buffer): void;

  /** Number of the frame that is written now; the next one gets the next. */
  protected takeTransaction(): number {
    const transaction = this._transactionIdWrite;
    this._transactionIdWrite = (transaction + 1) % TRANSACTIONS;
    return transaction;
  }
}
