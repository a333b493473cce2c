import type { Socket } from 'node:net';
import { crc16 } from './modbus-crc.ts';
import { ModbusSocketPort } from './modbus-socket-port.ts';

/** Transaction, protocol and length, 2 bytes each; the unit counts as the first byte of what follows. */
const HEADER = 6;
const CRC = 2;
/** Least and most of what the length counts: unit and function, or a whole PDU of 253 bytes behind the unit. */
const LEAST = 2;
const MOST = 254;

/**
 * Modbus TCP as a port of modbus-serial, in place of the library's own, which puts off every write until whatever runs
 * now has ended: after a trip that is the whole rest of the reaction. Here the frame is with the operating system when
 * `write` returns. The client speaks RTU frames to its ports: the checksum goes off on the way out and comes on on the way
 * in.
 */
export class ModbusTcpPort extends ModbusSocketPort {
  #rest: Buffer = Buffer.alloc(0);

  /** On a socket that is connected. */
  constructor(socket: Socket) {
    super(socket);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Sends one RTU frame (unit, PDU, checksum) as a frame of Modbus TCP, in this very call. */
  write(frame: Buffer): void {
    const length = frame.length - CRC;
    const adu = Buffer.allocUnsafe(HEADER + length);
    adu.writeUInt16BE(this.takeTransaction(), 0);
    adu.writeUInt16BE(0, 2);
    adu.writeUInt16BE(length, 4);
    frame.copy(adu, HEADER, 0, length);
    this.socket.write(adu);
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length > HEADER) {
      const length = this.#rest.readUInt16BE(4);
      if (length < LEAST || length > MOST) {
        // Nothing says where the next frame begins: connected afresh.
        this.socket.destroy(new Error(`a frame of ${length} bytes, expected ${LEAST} to ${MOST}`));
        return;
      }
      if (this.#rest.length < HEADER + length) return;
      const adu = this.#rest;
      this.#rest = adu.subarray(HEADER + length);
      // Another protocol than Modbus (0): no answer to anything of ours.
      if (adu.readUInt16BE(2) !== 0) continue;
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
