import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { crc16 } from './modbus-crc.ts';

/** Transaction, protocol and length, 2 bytes each; the unit counts as the first byte of what follows. */
const HEADER = 6;
const CRC = 2;
/** The library counts transactions in one byte. */
const TRANSACTIONS = 256;

/**
 * Modbus TCP as a port of modbus-serial, in place of the library's own, which puts off every write until whatever runs
 * now has ended: after a trip that is the whole rest of the reaction. Here the frame is with the operating system when
 * `write` returns. The client speaks RTU frames to its ports: the checksum goes off on the way out and comes on on the way
 * in. Emits `data` with one frame each, its transaction in `_transactionIdRead`.
 */
export class ModbusTcpPort extends EventEmitter {
  /** Transaction of the frame that `data` tells, and of the next one that is written; names of the library. */
  _transactionIdRead = 1;
  _transactionIdWrite = 1;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  /** On a socket that is connected. */
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Whether a frame can be written. */
  get isOpen(): boolean {
    return this.#socket.readyState === 'open';
  }

  /** The socket is open already. */
  open(done: () => void): void {
    done();
  }

  /** Whoever gave the socket closes it. */
  close(done: () => void): void {
    done();
  }

  /** Sends one RTU frame (unit, PDU, checksum) as a frame of Modbus TCP, in this very call. */
  write(frame: Buffer): void {
    const length = frame.length - CRC;
    const adu = Buffer.allocUnsafe(HEADER + length);
    adu.writeUInt16BE(this._transactionIdWrite, 0);
    adu.writeUInt16BE(0, 2);
    adu.writeUInt16BE(length, 4);
    frame.copy(adu, HEADER, 0, length);
    this._transactionIdWrite = (this._transactionIdWrite + 1) % TRANSACTIONS;
    this.#socket.write(adu);
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length > HEADER) {
      const length = this.#rest.readUInt16BE(4);
      if (this.#rest.length < HEADER + length) return;
      const adu = this.#rest;
      this.#rest = adu.subarray(HEADER + length);
      this._transactionIdRead = adu.readUInt16BE(0);
      this.emit('data', withChecksum(adu.subarray(HEADER, HEADER + length)));
    }
  }
}

function withChecksum(body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(body.length + CRC);
  body.copy(frame);
  frame.writeUInt16LE(crc16(body), body.length);
  return frame;
}
