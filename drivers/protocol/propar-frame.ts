import { DeviceError } from '../contract/errors.ts';

/**
 * Frames of ProPar, the bus language of Bronkhorst flow and pressure instruments, binary ("enhanced") form:
 * stream of bytes <-> frames, no meaning, no line and no time.
 * Source: Bronkhorst document 9.17.027 (RS-232 interface) and Bronkhorst's open `bronkhorst-propar` 1.3.0.
 *
 * A frame is `10 02`, sequence, node, length, data, `10 03`; every 0x10 between the two marks is doubled.
 * The reply repeats sequence and node of its request.
 */

const DLE = 0x10;
const STX = 0x02;
const ETX = 0x03;
/** Length is one byte: no frame carries more data. */
const DATA_MAX = 255;

/** One frame as it travels, unstuffed. */
export interface ProparFrame {
  readonly sequence: number;
  readonly node: number;
  readonly data: Uint8Array;
}

/** What the parser found: a frame, or bytes it had to throw away and why. */
export type ProparItem =
  | { readonly kind: 'frame'; readonly frame: ProparFrame }
  | { readonly kind: 'discarded'; readonly bytes: Uint8Array };

/** Bytes of one frame. Sequence and node are 0..255; data is 1..255 bytes. */
export function encodeFrame(frame: ProparFrame): Uint8Array {
  if (frame.data.length < 1 || frame.data.length > DATA_MAX)
    throw new DeviceError('range', 'propar', `${frame.data.length} data bytes, expected 1..${DATA_MAX}`);
  const out = [DLE, STX];
  for (const byte of [frame.sequence & 0xff, frame.node & 0xff, frame.data.length, ...frame.data]) {
    if (byte === DLE) out.push(DLE);
    out.push(byte);
  }
  out.push(DLE, ETX);
  return Uint8Array.from(out);
}

/**
 * Finds frames in a stream of bytes that comes in any pieces. What is not a frame comes out as `discarded`,
 * never silently and never as a frame; the items do not depend on how the stream was cut.
 */
export class ProparParser {
  #buffer: number[] = [];
  #rubbish: number[] = [];

  /** Takes the next bytes; returns what they completed, in order. */
  push(bytes: Uint8Array): ProparItem[] {
    const items: ProparItem[] = [];
    for (const byte of bytes) this.#buffer.push(byte);
    while (this.#buffer.length > 0) {
      const scanned = scanFrame(this.#buffer);
      if (scanned === 'incomplete') break;
      if (scanned === 'rubbish') {
        this.#rubbish.push(this.#buffer.shift()!);
        // At an end mark the damage is complete. And noise must not fill the memory while it waits for one.
        if (endsFrame(this.#rubbish) || this.#rubbish.length === 64) this.#flushRubbish(items);
      } else {
        this.#flushRubbish(items);
        items.push({ kind: 'frame', frame: scanned.frame });
        this.#buffer.splice(0, scanned.length);
      }
    }
    return items;
  }

  /** Forgets everything unfinished (after a timeout); returns it as discarded, if there was any. */
  reset(): ProparItem[] {
    const items: ProparItem[] = [];
    this.#rubbish.push(...this.#buffer);
    this.#buffer = [];
    this.#flushRubbish(items);
    return items;
  }

  #flushRubbish(items: ProparItem[]): void {
    if (this.#rubbish.length === 0) return;
    items.push({ kind: 'discarded', bytes: Uint8Array.from(this.#rubbish) });
    this.#rubbish = [];
  }
}

/** True if the bytes end in the end mark: what was meant as a frame is over. */
export function endsFrame(bytes: ArrayLike<number>): boolean {
  return bytes.length >= 2 && bytes[bytes.length - 2] === DLE && bytes[bytes.length - 1] === ETX;
}

/** A frame at the very start of the buffer, or that its first byte begins none, or that more bytes are needed. */
function scanFrame(
  buffer: readonly number[],
): { frame: ProparFrame; length: number } | 'incomplete' | 'rubbish' {
  if (buffer[0] !== DLE) return 'rubbish';
  if (buffer.length < 2) return 'incomplete';
  if (buffer[1] !== STX) return 'rubbish';
  const content: number[] = [];
  for (let i = 2; i < buffer.length; i++) {
    if (buffer[i] === DLE) {
      if (i + 1 === buffer.length) return 'incomplete';
      i++;
      if (buffer[i] === ETX) return endOfFrame(content, i + 1);
      if (buffer[i] !== DLE) return 'rubbish';
    }
    content.push(buffer[i]);
    // Longer than it says: not a frame, and no reason to swallow the next one.
    if (content.length > 3 && content.length > 3 + content[2]) return 'rubbish';
  }
  return 'incomplete';
}

function endOfFrame(content: readonly number[], length: number) {
  const isWhole = content.length >= 4 && content.length === 3 + content[2];
  if (!isWhole) return 'rubbish';
  const [sequence, node] = content;
  return { frame: { sequence, node, data: Uint8Array.from(content.slice(3)) }, length };
}
