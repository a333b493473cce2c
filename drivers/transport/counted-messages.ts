import type { Clock } from '../contract/clock.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { makeDeadline } from './line-parts.ts';
import type { SocketAddress } from './socket.ts';
import { RepeatEar } from './text/doubled.ts';
import { OwedAnswers } from './text/owed.ts';
import { type TextWire, tcpWire, type WireEars } from './text/wire.ts';

/** How messages of a protocol look whose answers come in order and do not say which question they answer. */
export interface MessageCodec<Req, Rep> {
  /** @throws DeviceError for what must not reach the wire; nothing is sent then */
  encode(request: Req): Uint8Array;
  /**
   * Length of the first whole message in the bytes; 0: more must come. @throws DeviceError where no message begins: without
   * `noiseIn` the stream cannot be cut into messages any more
   */
  lengthOf(received: Uint8Array): number;
  /**
   * How many bytes at the beginning belong to no message: what stands before the mark that messages begin with. Needed on a
   * line that can lose bytes; what is left of a message after a quiet time is then dropped. Over TCP the next message is found
   * by it after a damaged one. Absent: messages have no such mark.
   */
  noiseIn?(received: Uint8Array): number;
  /** @throws DeviceError `garbled` */
  decode(message: Uint8Array): Rep;
  /** Whether nobody waits for it: our own question that a two-wire line returns, an event. */
  isAside?(reply: Rep): boolean;
  /** Whether that may be the answer, by its shape. */
  fits(request: Req, reply: Rep): boolean;
  /** Whether nothing else is answered like that: others may be asked while its answer is out. Absent: never. */
  tellsApart?(request: Req): boolean;
  /** What the instrument says against it; undefined where it does not. */
  refusal?(request: Req, reply: Rep): string | undefined;
}

/** So many open questions: the other side does not answer, or answers something else. */
const MOST_OWED = 32;
/** Over TCP a message that has begun and is not at its end has so long for its next bytes, s (default): its length is wrong. */
export const STALL_s = 0.5;

interface Question<Req, Rep> {
  readonly request: Req;
  fits(reply: Rep): boolean;
  readonly resolve: (reply: Rep) => void;
  readonly reject: (error: DeviceError) => void;
}

/**
 * Whole messages of bytes over TCP or a serial line, answers counted: each belongs to the oldest question that it fits (`OwedAnswers`), so that a late
 * one is never taken for the newer question of the same kind.
 */
export function countedMessages<Req, Rep>(
  address: SocketAddress | ((ears: WireEars) => TextWire),
  codec: MessageCodec<Req, Rep>,
  longest: number,
  clock: Clock,
): Link<Req, Rep> {
  const ears: WireEars = {
    received: text => hear(Buffer.from(text, 'latin1')),
    lost: reason => finish(reason),
  };
  const wire = typeof address === 'function' ? address(ears) : tcpWire(address, ears);
  const { where } = wire;
  /** A whole stream, which the other side reads in order: no bytes get lost, damaged they may be. */
  const isWhole = typeof address !== 'function';
  /** After a damaged message the next one is found by its mark. */
  const findsNext = isWhole && codec.noiseIn !== undefined;
  const owed = new OwedAnswers<Question<Req, Rep>, Rep>(MOST_OWED);
  let received: Buffer = Buffer.alloc(0);
  /** Those that somebody waits for: the newest one, and orders whose answers can be told apart. */
  const open = new Set<Question<Req, Rep>>();
  let ended: DeviceError | undefined;
  let isOpen = false;
  let closing: Promise<void> | undefined;
  let lost: (reason: DeviceError) => void = () => {};
  let stray: (isRepeat?: boolean) => void = () => {};
  const repeats = new RepeatEar();
  /** Told once all that came with them has been looked at: where more came than was asked, nothing says which is the answer. */
  let answered: { readonly question: Question<Req, Rep>; readonly tell: () => void }[] = [];
  let isGlued = false;
  /** Since a damaged message no other has begun: what comes is the rest of that one. */
  let isAdrift = false;
  const stall = makeDeadline(clock, STALL_s, () => {
    const text = 'a message without its end';
    if (received.length === 0) isAdrift = false;
    else if (!findsNext) finish(new DeviceError('closed', where, text));
    else {
      passOver(text);
      cut();
    }
  });
  /** Another question left before the rest of a message had come, which may be made whole with bytes of that one's answer. */
  let isTorn = false;

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    stall.cancel();
    if (isOpen) closing ??= wire.close();
    settle(question => question.reject(reason));
    if (isOpen) lost(reason);
  }

  function settle(tell: (question: Question<Req, Rep>) => void, which: Iterable<Question<Req, Rep>> = open) {
    for (const mine of [...which]) if (open.delete(mine)) tell(mine);
  }

  const garbled = (text: string): DeviceError => new DeviceError('garbled', where, text);

  /** An answer came, and cannot be read. */
  function damaged(text: string): void {
    const whose = owed.takeDamaged(findsNext ? question => open.has(question) : undefined);
    if (whose !== undefined) settle(question => question.reject(garbled(text)));
    else if (!findsNext) stray();
  }

  /** False where it cannot be read. */
  function take(message: Uint8Array): boolean {
    let reply: Rep;
    try {
      reply = codec.decode(message);
    } catch (error) {
      damaged(messageOf(error));
      return false;
    }
    if (codec.isAside?.(reply) === true) return true;
    const isRepeat = repeats.is(message);
    const { question, lost: skipped, damaged: fitsNone } = owed.take(reply, findsNext);
    repeats.answered(fitsNone && (question !== undefined || owed.count > 0) ? new Uint8Array(0) : message);
    if ((question === undefined && open.size === 0) || (fitsNone && isRepeat)) stray(isRepeat);
    if (question === undefined) isGlued ||= !isRepeat;
    settle(mine => mine.reject(garbled('an answer to another question')), fitsNone ? open : skipped);
    if (question === undefined || !open.has(question)) return true;
    const refusal = codec.refusal?.(question.request, reply);
    const tell = (): void =>
      refusal === undefined
        ? question.resolve(reply)
        : question.reject(new DeviceError('refused', where, refusal));
    settle(() => answered.push({ question, tell }), [question]);
    return true;
  }

  /** A message that nobody can believe: whoever is waited for longest gets no answer. */
  function drop(): void {
    const question = owed.takeDamaged();
    if (question !== undefined)
      settle(mine => mine.reject(garbled('another question fell into its answer')), [question]);
  }

  function handOn(): void {
    const all = answered;
    const isDoubtful = isGlued;
    answered = [];
    isGlued = false;
    for (const { question, tell } of all) {
      if (isDoubtful) question.reject(garbled('more messages than the answer'));
      else tell();
    }
  }

  function hear(bytes: Buffer): void {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    cut();
    if (received.length > longest) finish(new DeviceError('closed', where, 'a message without an end'));
  }

  /** Cuts what was received into messages, and takes them. */
  function cut(): void {
    let hasNoise = false;
    try {
      for (;;) {
        const noise = codec.noiseIn?.(received) ?? 0;
        received = received.subarray(noise);
        hasNoise ||= noise > 0;
        const length = lengthOfFirst();
        if (length === 0) break;
        hasNoise = false;
        const message = received.subarray(0, length);
        if (isTorn) drop();
        isAdrift = !isTorn && !take(message) && findsNext;
        isTorn = false;
        // Where its length is damaged the next one begins within it.
        received = received.subarray(isAdrift ? 1 : length);
      }
      // Before a message that has come, or is coming, it is of no account.
      if (hasNoise && findsNext && received.length === 0) drift('bytes that are no message');
      handOn();
    } catch (error) {
      handOn();
      finish(new DeviceError('closed', where, messageOf(error), error));
    }
    if (ended === undefined && isWhole && (received.length > 0 || isAdrift)) stall.start();
    else stall.stop();
  }

  function lengthOfFirst(): number {
    for (;;) {
      try {
        return codec.lengthOf(received);
      } catch (error) {
        if (!findsNext) throw error;
        passOver(messageOf(error));
      }
    }
  }

  /** A damaged message is one, in however many pieces its bytes come. */
  function drift(text: string): void {
    if (!isAdrift) damaged(text);
    isAdrift = true;
  }

  /** What begins here is no message: on to where the next one may begin. */
  function passOver(text: string): void {
    drift(text);
    received = received.subarray(1);
    received = received.subarray(codec.noiseIn?.(received) ?? 0);
  }

  return {
    where,
    namesReplies: false,
    ...(isWhole ? { takesUrgent: 'in order', findsNext } : {}),
    tellsApart: request => codec.tellsApart?.(request) ?? false,
    async open() {
      await wire.open();
      if (ended !== undefined) throw ended;
      isOpen = true;
    },
    send(request) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        const bytes = codec.encode(request);
        // What comes from now on is another answer, as far as can be told.
        isAdrift = false;
        const question = { request, fits: (reply: Rep) => codec.fits(request, reply), resolve, reject };
        open.add(question);
        isTorn = received.length > 0;
        if (owed.ask(question)) wire.write(Buffer.from(bytes).toString('latin1'));
        else finish(new DeviceError('closed', where, `${MOST_OWED} answers are owed: connecting afresh`));
      });
    },
    flush() {
      // Whoever waited has been told. What is still owed stays owed: it may yet come.
      open.clear();
      if (codec.noiseIn === undefined && received.length > 0)
        finish(new DeviceError('closed', where, 'an answer came in part only: connecting afresh'));
      if (!isWhole) received = Buffer.alloc(0);
      return Promise.resolve();
    },
    onLost(listener) {
      lost = listener;
      if (isOpen && ended !== undefined) listener(ended);
    },
    onStray(listener) {
      stray = listener;
    },
    close() {
      lost = () => {};
      stray = () => {};
      finish(new DeviceError('closed', where, 'closed by us'));
      closing ??= wire.close();
      return closing;
    },
  };
}
