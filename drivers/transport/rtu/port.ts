import { EventEmitter } from 'node:events';
import { crc16 } from '../modbus-crc.ts';
import { isTurnRound } from './wire.ts';

/** Unit, function with its highest bit set, code, checksum. */
const EXCEPTION_LENGTH = 5;
/** Longest frame (Modbus over Serial Line V1.02, 2.5.1). */
const FRAME_MAX = 256;

/**
 * One unit of a serial line as a port of modbus-serial, in place of the library's own, which opens a port for each client
 * and knows neither echo nor what is left behind a frame. Cuts the reply to the last request out of what arrives, by unit,
 * function and checksum; emits `data` with it. What is damaged is emitted too, so that the client refuses it at once.
 */
export class ModbusRtuPort extends EventEmitter {
  /** Names of the library: replies on a serial line have no number. */
  readonly _transactionIdRead = 1;
  readonly _transactionIdWrite = 1;
  readonly #send: (frame: Buffer) => void;
  readonly #hasEcho: boolean;
  #isOpen = false;
  #rest: Buffer = Buffer.alloc(0);
  #echo: Buffer = Buffer.alloc(0);
  #unit = -1;
  #fn = 0;
  /** The last answer, damaged or not. */
  #answer: Buffer = Buffer.alloc(0);

  constructor(send: (frame: Buffer) => void, hasEcho: boolean) {
    super();
    this.#send = send;
    this.#hasEcho = hasEcho;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The line is open already. */
  open(done: () => void): void {
    this.#isOpen = true;
    done();
  }

  /** Whoever opened the line closes it. */
  close(done: () => void): void {
    this.#isOpen = false;
    done();
  }

  /** Sends one frame; what was received before it is no answer to it. */
  write(frame: Buffer): void {
    this.clear();
    this.#unit = frame[0];
    this.#fn = frame[1];
    if (this.#hasEcho) this.#echo = frame;
    this.#send(frame);
  }

  /** Drops what has been received. */
  clear(): void {
    this.#rest = Buffer.alloc(0);
    this.#echo = Buffer.alloc(0);
    this.#unit = -1;
  }

  /** The answer that came last. */
  get answer(): Buffer {
    return this.#answer;
  }

  /** What came behind it. */
  get rest(): Buffer {
    return this.#rest;
  }

  /** True where more has come than the reply and what the line shows as it turns round. */
  get hasMore(): boolean {
    return !isTurnRound(this.#rest);
  }

  /** Bytes from the line. */
  take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#echo.length > 0) {
      const arrived = this.#rest.subarray(0, this.#echo.length);
      if (!arrived.equals(this.#echo.subarray(0, arrived.length))) {
        // Somebody else was on the line, or there is no echo: what follows belongs to no question of ours.
        this.#found(0, this.#rest.length);
        return;
      }
      if (arrived.length < this.#echo.length) return;
      this.#rest = this.#rest.subarray(this.#echo.length);
      this.#echo = Buffer.alloc(0);
    }
    if (this.#rest.length > FRAME_MAX) this.#rest = this.#rest.subarray(-FRAME_MAX);
    this.#look();
  }

  /** The first whole frame with the right checksum; else, if no more can come, the damaged one. */
  #look(): void {
    let damaged: readonly [start: number, length: number] | undefined;
    for (let start = 0; start + EXCEPTION_LENGTH <= this.#rest.length; start++) {
      if (this.#rest[start] !== this.#unit) continue;
      const length = this.#lengthAt(start);
      if (length === undefined) continue;
      if (start + length > this.#rest.length) return;
      if (isWhole(this.#rest.subarray(start, start + length))) {
        this.#found(start, length);
        return;
      }
      damaged ??= [start, length];
    }
    if (damaged !== undefined) this.#found(...damaged);
  }

  /** Length of a reply to our question that begins here; undefined where none can. */
  #lengthAt(start: number): number | undefined {
    const fn = this.#rest[start + 1];
    if (fn === (this.#fn | 0x80)) return EXCEPTION_LENGTH;
    if (fn !== this.#fn) return undefined;
    // By its own count: one of another length is the answer to another question, which the client must see.
    return fn <= 4 ? EXCEPTION_LENGTH + this.#rest[start + 2] : 8;
  }

  #found(start: number, length: number): void {
    const frame = Buffer.from(this.#rest.subarray(start, start + length));
    this.#rest = this.#rest.subarray(start + length);
    this.#unit = -1;
    this.#echo = Buffer.alloc(0);
    this.#answer = frame;
    this.emit('data', frame);
  }
}

function isWhole(frame: Buffer): boolean {
  return frame.readUInt16LE(frame.length - 2) === crc16(frame.subarray(0, -2));
}
