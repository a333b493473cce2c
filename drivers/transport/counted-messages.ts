import { DeviceError, messageOf } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { socketWire } from './socket.ts';
import { OwedAnswers } from './text/owed.ts';

/** How messages of a protocol look whose answers come in order and do not say which question they answer. */
export interface MessageCodec<Req, Rep> {
  /** @throws DeviceError for what must not reach the wire; nothing is sent then */
  encode(request: Req): Uint8Array;
  /**
   * Length of the first whole message in the bytes; 0: more must come. @throws DeviceError where no message begins: the stream
   * cannot be cut into messages any more
   */
  lengthOf(received: Uint8Array): number;
  /** @throws DeviceError `garbled` */
  decode(message: Uint8Array): Rep;
  /** Whether that may be the answer, by its shape. */
  fits(request: Req, reply: Rep): boolean;
  /** What the instrument says against it; undefined where it does not. */
  refusal?(request: Req, reply: Rep): string | undefined;
}

/** So many open questions: the other side does not answer, or answers something else. */
const MOST_OWED = 32;

interface Question<Req, Rep> {
  readonly request: Req;
  fits(reply: Rep): boolean;
  readonly resolve: (reply: Rep) => void;
  readonly reject: (error: DeviceError) => void;
}

/**
 * Whole messages over TCP, answers counted: each belongs to the oldest question that it fits (`OwedAnswers`), so that a late
 * one is never taken for the newer question of the same kind.
 */
export function countedMessages<Req, Rep>(
  address: { readonly host: string; readonly port: number },
  codec: MessageCodec<Req, Rep>,
  longest: number,
): Link<Req, Rep> {
  const wire = socketWire(address, {
    connected(socket) {
      socket.on('data', (bytes: Buffer) => hear(bytes));
      ended = undefined;
    },
    lost: reason => finish(reason),
  });
  const { where } = wire;
  const owed = new OwedAnswers<Question<Req, Rep>, Rep>(MOST_OWED);
  let received: Buffer = Buffer.alloc(0);
  let current: Question<Req, Rep> | undefined;
  let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
  let lost: (reason: DeviceError) => void = () => {};
  let stray: () => void = () => {};

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    wire.destroy();
    settle(question => question.reject(reason));
    lost(reason);
  }

  function settle(tell: (question: Question<Req, Rep>) => void): void {
    const mine = current;
    current = undefined;
    if (mine !== undefined) tell(mine);
  }

  const garbled = (text: string): DeviceError => new DeviceError('garbled', where, text);

  function take(message: Uint8Array): void {
    let reply: Rep;
    try {
      reply = codec.decode(message);
    } catch (error) {
      if (owed.takeDamaged() === undefined) stray();
      else settle(question => question.reject(garbled(messageOf(error))));
      return;
    }
    const { question, lost: skipped, damaged } = owed.take(reply);
    if (question === undefined) {
      stray();
      return;
    }
    if (current === undefined) return;
    if (damaged || skipped.includes(current)) {
      settle(mine => mine.reject(garbled('an answer to another question')));
    } else if (question === current) {
      const refusal = codec.refusal?.(question.request, reply);
      settle(mine =>
        refusal === undefined ? mine.resolve(reply) : mine.reject(new DeviceError('refused', where, refusal)),
      );
    }
  }

  function hear(bytes: Buffer): void {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    try {
      for (let length = codec.lengthOf(received); length > 0; length = codec.lengthOf(received)) {
        const message = received.subarray(0, length);
        received = received.subarray(length);
        take(message);
      }
    } catch (error) {
      finish(new DeviceError('closed', where, messageOf(error), error));
    }
    if (received.length > longest) finish(new DeviceError('closed', where, 'a message without an end'));
  }

  return {
    where,
    namesReplies: false,
    open: () => wire.open(),
    send(request) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        const bytes = codec.encode(request);
        current = { request, fits: reply => codec.fits(request, reply), resolve, reject };
        if (owed.ask(current)) wire.write(bytes);
        else finish(new DeviceError('closed', where, `${MOST_OWED} answers are owed: connecting afresh`));
      });
    },
    flush() {
      // Whoever waited has been told. What is still owed stays owed: it may yet come.
      current = undefined;
      return Promise.resolve();
    },
    onLost(listener) {
      lost = listener;
    },
    onStray(listener) {
      stray = listener;
    },
    close() {
      lost = () => {};
      stray = () => {};
      finish(new DeviceError('closed', where, 'closed by us'));
      return wire.close();
    },
  };
}
