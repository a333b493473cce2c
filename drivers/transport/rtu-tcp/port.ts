import type { Socket } from 'node:net';
import { ModbusSocketPort } from '../modbus-socket-port.ts';
import { CAME_TWICE, RepeatEar } from '../text/doubled.ts';
import { type Owed, OwedAnswers } from '../text/owed.ts';
import { mayAnswer, replyAt } from './reply-frame.ts';

/** What came: a whole frame with its checksum, or a line of text without its end. */
export type Arrived = Buffer | string;

/** A question that is out. */
interface Question extends Owed<Arrived> {
  /** Number under which the library keeps it; of a line: none. */
  readonly transaction?: number;
  /** Takes the answer to a line of text. */
  readonly answered?: (text: string) => void;
}

/** Who hears of what comes beside answers. */
export interface PortEars {
  /** What came last cannot be the answer that is waited for, and why. */
  garbled(why: string): void;
  /** Bytes that nobody asked for. `isRepeat`: the answer before once more. */
  stray(isRepeat: boolean): void;
  /** So many questions are open that nothing can be told apart any more. */
  overdue(): void;
}

/** So many open questions: the other side does not answer, or answers something else. Far fewer than transactions. */
const MOST_OWED = 32;
/** No answer of a line is longer, characters. */
const LONGEST_LINE = 512;
/** A frame begins with a unit below that where lines of text come too; text does not. */
const FIRST_PRINTABLE = 0x20;

/**
 * Frames of Modbus RTU on a TCP stream as a port of modbus-serial: no header, no number, no silence between frames. The
 * answer belongs to the oldest question that it fits (`OwedAnswers`), so that a late one is never taken for a newer
 * question's. `write` has handed the frame to the operating system when it returns, whole: some instruments take a frame
 * in two packets for a damaged one.
 */
export class RtuTcpPort extends ModbusSocketPort {
  readonly #ears: PortEars;
  readonly #trailing: number;
  readonly #hasLines: boolean;
  readonly #owed = new OwedAnswers<Question, Arrived>(MOST_OWED);
  #bytes: Buffer = Buffer.alloc(0);
  /** Bytes without a meaning that may yet come behind the last answer. */
  #padding = 0;
  readonly #repeats = new RepeatEar();

  /** On a socket that is connected. `trailing`: so many bytes behind each frame mean nothing. */
  constructor(
    socket: Socket,
    options: { readonly trailing: number; readonly hasLines: boolean; readonly ears: PortEars },
  ) {
    super(socket);
    this.#trailing = options.trailing;
    this.#hasLines = options.hasLines;
    this.#ears = options.ears;
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
  }

  /** Sends one RTU frame, in this very call. */
  write(frame: Buffer): void {
    const transaction = this.takeTransaction();
    const fits = (came: Arrived): boolean => typeof came !== 'string' && mayAnswer(frame, came);
    if (this.#owed.ask({ transaction, fits })) this.socket.write(frame);
    else this.#ears.overdue();
  }

  /** Sends one line of text; with `fits` it is answered by one line, which `answered` gets. */
  say(line: string, fits?: (text: string) => boolean, answered?: (text: string) => void): void {
    const question = { fits: (came: Arrived) => typeof came === 'string' && fits?.(came) === true, answered };
    if (fits === undefined || this.#owed.ask(question)) this.socket.write(`${line}\n`, 'latin1');
    else this.#ears.overdue();
  }

  /** Forgets bytes of an answer that has not come whole. What is owed stays owed: it may yet come. */
  drop(): void {
    this.#bytes = Buffer.alloc(0);
  }

  #hear(chunk: Buffer): void {
    if (this.#owed.count === 0) {
      this.#padding -= chunk.length;
      if (this.#padding < 0) this.#ears.stray(this.#repeats.hear(chunk));
      return;
    }
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length > 0 && this.#takeNext()) {
      // What is left has been told of, or is padding.
      if (this.#owed.count === 0) this.drop();
    }
  }

  /** Whether more has come than was asked for; tells it. Two answers for one: nothing says which of them is ours. */
  #hasSurplus(): boolean {
    const more = this.#bytes.length;
    if (this.#owed.count > 0 || more <= this.#padding) return false;
    const isTwice = this.#repeats.hear(this.#bytes);
    if (isTwice) this.#ears.stray(true);
    this.#ears.garbled(
      isTwice ? CAME_TWICE : `${more} bytes more than the answer has (${shown(this.#bytes)})`,
    );
    return true;
  }

  /** One answer off the head; false if it has not come whole. */
  #takeNext(): boolean {
    if (this.#hasLines && this.#bytes[0] >= FIRST_PRINTABLE) return this.#takeLine();
    // The shift of the smallest whole frame: padding of the one before may stand in front of it.
    let isIncomplete = false;
    for (let skip = 0; skip <= this.#trailing && skip < this.#bytes.length; skip++) {
      const found = replyAt(this.#bytes.subarray(skip));
      if (found === 'incomplete') isIncomplete = true;
      else if (found !== 'garbage') return this.#taken(skip, found.length);
    }
    if (isIncomplete) return false;
    this.#damaged(`no reply of Modbus RTU, or a wrong checksum: ${shown(this.#bytes)}`);
    return false;
  }

  #taken(skip: number, length: number): true {
    const frame = this.#bytes.subarray(skip, skip + length);
    this.#bytes = this.#bytes.subarray(skip + length);
    const { question, damaged } = this.#owed.take(frame);
    if (damaged) {
      if (this.#repeats.is(frame)) this.#ears.stray(true);
      this.#ears.garbled(`an answer to another question: ${shown(frame)}`);
      return true;
    }
    this.#padding = this.#trailing;
    this.#repeats.answered(frame);
    if (this.#hasSurplus()) return true;
    this.#padding -= this.#bytes.length;
    if (question?.transaction !== undefined) {
      this._transactionIdRead = question.transaction;
      this.emit('data', frame);
    }
    return true;
  }

  #takeLine(): boolean {
    const end = this.#bytes.indexOf(0x0a);
    if (end < 0 && this.#bytes.length <= LONGEST_LINE) return false;
    if (end < 0) {
      this.#damaged('a line of text without an end');
      return false;
    }
    const whole = this.#bytes.subarray(0, end + 1);
    const text = whole.toString('latin1').trim();
    this.#bytes = this.#bytes.subarray(end + 1);
    const { question, damaged } = this.#owed.take(text);
    this.#padding = 0;
    this.#repeats.answered(whole);
    if (!damaged && this.#hasSurplus()) return true;
    if (damaged) this.#ears.garbled(`not an answer: "${text.slice(0, 60).replace(/[^\x20-\x7e]/g, '?')}"`);
    else question?.answered?.(text);
    return true;
  }

  /** The oldest answer has come damaged; with it all that is in hand is given up. */
  #damaged(why: string): void {
    this.#owed.takeDamaged();
    this.drop();
    this.#ears.garbled(why);
  }
}

/** The first bytes, so that a message stays one line. */
function shown(bytes: Buffer): string {
  const hex = bytes.toString('hex', 0, 12).replace(/..(?=.)/g, '$& ');
  return bytes.length > 12 ? `${hex} ...` : hex;
}
