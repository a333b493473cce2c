import type { Clock } from '../contract/clock.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import type { GoOn, Link } from '../contract/transport.ts';
import { countedMessages, STALL_s } from '../transport/counted-messages.ts';
import { makeDeadline } from '../transport/line-parts.ts';
import { namedQuestions } from '../transport/named-questions.ts';
import { socketWhere, socketWire } from '../transport/socket.ts';
import {
  decodeJson,
  encodeJson,
  ID,
  type MacAsk,
  type MacReply,
  noJson,
  objectLength,
  restWords,
  resultOf,
  wordsCodec,
} from './messages.ts';

/** Least time between two settings of the output in direct mode, s (maker's help). */
const DIRECT_GAP_s = 0.1;
const LONGEST = 1_000_000;

/** Where MacNet listens. */
export interface MacAddress {
  readonly host: string;
  readonly port: number;
  /** Port of the words, for rest in direct mode; undefined: not used. */
  readonly binaryPort: number | undefined;
  /** Current range in direct mode. */
  readonly range: number;
}

/** Asks in JSON, answers named by their id; rest in direct mode goes in words, since MacNet's JSON cannot say it. */
export function macLink({ host, port, binaryPort, range }: MacAddress, clock: Clock): Link<MacAsk, MacReply> {
  const where = socketWhere({ host, port });
  const words =
    binaryPort === undefined
      ? undefined
      : countedMessages({ host, port: binaryPort }, wordsCodec, LONGEST, clock);
  const questions = namedQuestions<MacAsk, MacReply>(where, () => wire);
  const { finish } = questions;
  let received = '';
  /** Since a damaged answer no other has come. */
  let isAdrift = false;
  let lastDirect_s = Number.NEGATIVE_INFINITY;

  /** False where it is no JSON. */
  function take(text: string): boolean {
    let message: ReturnType<typeof decodeJson>;
    try {
      message = decodeJson(text);
    } catch {
      return false;
    }
    const asked = questions.take(message.id);
    if (asked === undefined) return true;
    isAdrift = false;
    try {
      if (message.error !== undefined)
        throw new DeviceError('refused', where, `the server answers ${JSON.stringify(message.error)}`);
      const reply = resultOf(asked.ask, message.result);
      asked.ask.done?.();
      asked.resolve(reply);
    } catch (cause) {
      asked.reject(
        cause instanceof DeviceError ? cause : new DeviceError('garbled', where, messageOf(cause)),
      );
    }
    return true;
  }

  /** A damaged answer is one, in however many pieces it comes. */
  function drift(text: string): void {
    if (!isAdrift) questions.damaged(noJson(text));
    isAdrift = true;
  }

  /** Where a brace is lost or too many the next answer begins within what looks like one. */
  function toNext(): void {
    const at = received.slice(1).search(/\{\s*"jsonrpc"/);
    received = at < 0 ? '' : received.slice(1 + at);
  }

  /** Cuts what was received into objects; what stands between them is the rest of a damaged one. */
  function cut(): void {
    for (;;) {
      const rest = received.trimStart();
      const begin = rest.indexOf('{');
      received = begin < 0 ? '' : rest.slice(begin);
      if (rest !== received) drift(rest);
      const end = begin < 0 ? 0 : objectLength(received);
      if (end === 0) break;
      const one = received.slice(0, end);
      const isRead = take(one);
      if (!isRead) drift(one);
      if (isRead) received = received.slice(end);
      else toNext();
    }
    if (received !== '' || isAdrift) stall.start();
    else stall.stop();
  }

  const stall = makeDeadline(clock, STALL_s, () => {
    if (received === '') isAdrift = false;
    else {
      drift(received);
      toNext();
      cut();
    }
  });

  function hear(text: string): void {
    received += text;
    cut();
    if (received.length > LONGEST) finish(new DeviceError('garbled', where, 'an object without an end'));
  }

  const wire = socketWire(
    { host, port },
    {
      connected(socket) {
        socket.setEncoding('utf8');
        socket.on('data', hear);
        questions.begin();
      },
      lost: finish,
    },
  );
  words?.onLost(reason => finish(reason));

  async function leave(asked: MacAsk, goOn?: GoOn): Promise<MacReply> {
    const ask = asked.instead?.() ?? asked;
    if (ask.isDirect === true) {
      await clock.sleep(Math.max(0, lastDirect_s + DIRECT_GAP_s - clock.now_s()));
      if (questions.ended !== undefined) throw questions.ended;
      goOn?.();
      lastDirect_s = clock.now_s();
    }
    const params = ask.params?.() ?? {};
    if (params['ChMode'] === 'R') {
      if (words === undefined || ask.chan === undefined)
        throw new DeviceError('refused', ID, 'rest needs the port of words; nothing was sent');
      await words.send({ bytes: restWords(ask.chan, range) });
      ask.done?.();
      return {};
    }
    // What comes from now on is another answer, as far as can be told.
    isAdrift = false;
    // Its end is that of the object; a line's end behind it is white space.
    return questions.ask(ask, id => Buffer.from(`${encodeJson(ask, params, id)}\r\n`));
  }

  return {
    where,
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'in order',
    findsNext: true,
    async open() {
      await wire.open();
      try {
        await words?.open();
      } catch (error) {
        await wire.close();
        throw error;
      }
    },
    send: (ask, _lane, goOn) =>
      questions.ended === undefined ? leave(ask, goOn) : Promise.reject(questions.ended),
    flush: () => Promise.resolve(),
    onLost: listener => questions.onLost(listener),
    async close() {
      stall.cancel();
      questions.close();
      await Promise.all([wire.close(), words?.close()]);
    },
  };
}
