import type { Socket } from 'node:net';
import { crc16 } from './modbus-crc.ts';
import { ModbusSocketPort } from './modbus-socket-port.ts';
import { mayAnswer } from './rtu-tcp/reply-frame.ts';

/** Transaction, protocol and length, 2 bytes each; the unit counts as the first byte of what follows. */
const HEADER = 6;
const CRC = 2;
/** Unit, function and one byte of an exception; unit and the longest PDU (Messaging on TCP/IP V1.0b, 3.1.3; V1.1b3, 4.1). */
const LENGTH_LEAST = 2;
const LENGTH_MOST = 254;
/** Functions that read: their answers carry values. */
const LAST_READ = 4;

/** A question whose answer has not been told. */
interface Owed {
  /** Unit, PDU, checksum. */
  readonly request: Buffer;
  /** It has come; a younger question's has not. */
  answer?: Buffer;
}

/**
 * Modbus TCP as a port of modbus-serial, in place of the library's own, which puts off every write until whatever runs
 * now has ended: after a trip that is the whole rest of the reaction. Here the frame is with the operating system when
 * `write` returns. The client speaks RTU frames to its ports: the checksum goes off on the way out and comes on on the way
 * in.
 *
 * There is no checksum on the wire, and gateways lose bytes. An answer that has lost some is made whole by bytes of the answers to
 * questions that were sent after it, whose own answers then do not come whole. So what was read is told only once every
 * younger question has been answered, and a header that is none means that the stream is out of step, for good.
 */
export class ModbusTcpPort extends ModbusSocketPort {
  #rest: Buffer = Buffer.alloc(0);
  #isOutOfStep = false;
  /** By transaction, oldest first. */
  readonly #owed = new Map<number, Owed>();
  readonly #outOfStep: (why: string) => void;

  /** On a socket that is connected. `outOfStep`: nothing that comes on it can be believed any more; told once. */
  constructor(socket: Socket, outOfStep: (why: string) => void = () => {}) {
    super(socket);
    this.#outOfStep = outOfStep;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Whether an answer has come in part only. */
  get hasPart(): boolean {
    return this.#rest.length > 0;
  }

  /** Sends one RTU frame (unit, PDU, checksum) as a frame of Modbus TCP, in this very call. */
  write(frame: Buffer): void {
    const length = frame.length - CRC;
    const adu = Buffer.allocUnsafe(HEADER + length);
    const transaction = this.takeTransaction();
    adu.writeUInt16BE(transaction, 0);
    adu.writeUInt16BE(0, 2);
    adu.writeUInt16BE(length, 4);
    frame.copy(adu, HEADER, 0, length);
    // Anew at its end: a number that returns is the youngest.
    this.#owed.delete(transaction);
    this.#owed.set(transaction, { request: frame });
    this.socket.write(adu);
  }

  #take(chunk: Buffer): void {
    if (this.#isOutOfStep) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= HEADER) {
      const length = this.#rest.readUInt16BE(4);
      if (this.#rest.readUInt16BE(2) !== 0 || length < LENGTH_LEAST || length > LENGTH_MOST) {
        this.#isOutOfStep = true;
        const head = this.#rest.toString('hex', 0, HEADER);
        this.#outOfStep(`no header of Modbus TCP (${head}): bytes were lost, connecting afresh`);
        return;
      }
      if (this.#rest.length < HEADER + length) return;
      const adu = this.#rest;
      this.#rest = adu.subarray(HEADER + length);
      this.#answered(adu.readUInt16BE(0), adu.subarray(HEADER, HEADER + length));
    }
  }

  /** An answer has come whole: tells it, and those before it that it proves. */
  #answered(transaction: number, body: Buffer): void {
    const owed = this.#owed.get(transaction);
    // Once more, or to nothing that was asked.
    if (owed === undefined) return;
    owed.answer = withChecksum(body);
    const isValue = body[1] <= LAST_READ && mayAnswer(owed.request, body);
    if (!isValue) this.#tell(transaction, owed.answer);
    let proven: (readonly [number, Buffer])[] = [];
    for (const [number, { answer }] of this.#owed) {
      if (answer === undefined) proven = [];
      else proven.push([number, answer]);
    }
    for (const [number, answer] of proven) this.#tell(number, answer);
  }

  #tell(transaction: number, answer: Buffer): void {
    this.#owed.delete(transaction);
    this._transactionIdRead = transaction;
    this.emit('data', answer);
  }
}

function withChecksum(body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(body.length + CRC);
  body.copy(frame);
  frame.writeUInt16LE(crc16(body), body.length);
  return frame;
}
