import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { namedQuestions } from './named-questions.ts';
import { type SocketAddress, socketWhere, socketWire } from './socket.ts';

/** A question or an answer: an object that JSON can say. */
export type JsonMessage = Readonly<Record<string, unknown>>;

/** An answer is never longer; what goes on without a line's end is no such protocol, bytes. */
const LONGEST_LINE = 1_000_000;

/**
 * JSON lines over TCP: each message an object on a line of its own, UTF-8. A question carries `id`, its answer the same; an
 * answer with `error` (a text) refuses it.
 */
export function jsonLinesLink(address: SocketAddress): Link<JsonMessage, JsonMessage> {
  const where = socketWhere(address);
  const questions = namedQuestions<JsonMessage, JsonMessage>(where, () => wire);
  const { finish } = questions;
  let received = '';

  /** One line; what answers no question that is open is dropped. */
  function take(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      questions.damaged(new DeviceError('garbled', where, `no JSON: ${line.slice(0, 60)}`));
      return;
    }
    if (typeof message !== 'object' || message === null) return;
    const { id, error, ...reply } = message as JsonMessage;
    const asked = questions.take(id);
    if (asked === undefined) return;
    if (error === undefined) asked.resolve(reply);
    else asked.reject(new DeviceError('refused', where, String(error)));
  }

  function hear(text: string): void {
    received += text;
    for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
      const line = received.slice(0, end).trim();
      received = received.slice(end + 1);
      if (line !== '') take(line);
    }
    if (received.length > LONGEST_LINE) finish(new DeviceError('garbled', where, 'a line without an end'));
  }

  const wire = socketWire(address, {
    connected(socket) {
      socket.setEncoding('utf8');
      socket.on('data', hear);
      questions.begin();
    },
    lost: finish,
  });

  return {
    where,
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'any order',
    findsNext: true,
    open: () => wire.open(),
    send: request => questions.ask(request, id => Buffer.from(`${JSON.stringify({ ...request, id })}\n`)),
    flush: () => Promise.resolve(),
    onLost: listener => questions.onLost(listener),
    close() {
      questions.close();
      return wire.close();
    },
  };
}
