import { DeviceError } from '../../contract/errors.ts';

/** So many answers in a row that came twice: the line does that to every one. A single one may be chance. */
const DOUBLED_MAX = 3;

/** What a person can do about it. */
export const CAME_TWICE =
  'an answer came twice: a bridge, a hub or an adapter doubles what the instrument sends, and nothing says which question ' +
  'an answer belongs to; take the doubling out of the line';

/** The line is given up for that. Once it is known of the line before, one more is enough. */
export class DoubledAnswers extends DeviceError {
  constructor(where: string) {
    super('closed', where, CAME_TWICE.replace('an answer came', 'every answer comes'));
  }
}

/**
 * How many answers in a row came a second time; the second may come before the first has been handed on. After bytes that no
 * question explains, an answer is believed only when nothing comes behind it: the second one would be taken for the next answer.
 */
export class Doubling {
  readonly #most: number;
  #inARow = 0;
  #isRepeated = false;
  #mustListen = false;

  constructor(isDoubtful: boolean) {
    this.#most = isDoubtful ? 1 : DOUBLED_MAX;
  }

  /** An exchange has ended with an answer. */
  answered(): void {
    if (!this.#isRepeated) this.#inARow = 0;
    this.#isRepeated = false;
  }

  /** Bytes that nobody asked for, while no answer is owed. True: every answer comes twice, it is no chance any more. */
  came(isRepeat: boolean): boolean {
    this.#mustListen = true;
    if (!isRepeat) return false;
    if (!this.#isRepeated) this.#inARow++;
    this.#isRepeated = true;
    return this.#inARow >= this.#most;
  }

  /** Whether nothing may come behind the answer that just came before the next question is asked. */
  mustListen(): boolean {
    const must = this.#mustListen;
    this.#mustListen = false;
    return must;
  }
}

/** Hears whether the bytes behind an answer are that answer again, in whatever pieces. */
export class RepeatEar {
  #answer: Uint8Array = new Uint8Array(0);
  /** So many of its bytes have come again. */
  #heard = 0;

  /** That has been answered. */
  answered(bytes: Uint8Array): void {
    this.#answer = bytes;
    this.#heard = 0;
  }

  /** Whether that is the answer before, whole. */
  is(bytes: Uint8Array): boolean {
    return bytes.length > 0 && Buffer.compare(this.#answer, bytes) === 0;
  }

  /** More bytes; true when the answer has come again with them. */
  hear(bytes: Uint8Array): boolean {
    const rest = this.#answer.subarray(this.#heard, this.#heard + bytes.length);
    if (rest.length === 0 || Buffer.compare(rest, bytes) !== 0) {
      this.answered(new Uint8Array(0));
      return false;
    }
    this.#heard += bytes.length;
    if (this.#heard < this.#answer.length) return false;
    this.#heard = 0;
    return true;
  }
}
