import type { Clock } from '../contract/clock.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import type { GoOn, Link } from '../contract/transport.ts';
import { countedMessages } from '../transport/counted-messages.ts';
import { namedQuestions } from '../transport/named-questions.ts';
import { socketWhere, socketWire } from '../transport/socket.ts';
import {
  decodeJson,
  encodeJson,
  ID,
  type MacAsk,
  type MacReply,
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
    binaryPort === undefined ? undefined : countedMessages({ host, port: binaryPort }, wordsCodec, LONGEST);
  const questions = namedQuestions<MacAsk, MacReply>(where, () => wire);
  const { finish } = questions;
  let received = '';
  let lastDirect_s = Number.NEGATIVE_INFINITY;

  function take(text: string): void {
    const { id, result, error } = decodeJson(text);
    const asked = questions.take(id);
    if (asked === undefined) return;
    try {
      if (error !== undefined)
        throw new DeviceError('refused', where, `the server answers ${JSON.stringify(error)}`);
      const reply = resultOf(asked.ask, result);
      asked.ask.done?.();
      asked.resolve(reply);
    } catch (cause) {
      asked.reject(
        cause instanceof DeviceError ? cause : new DeviceError('garbled', where, messageOf(cause)),
      );
    }
  }

  function hear(text: string): void {
    received += text;
    try {
      for (let end = objectLength(received); end > 0; end = objectLength(received)) {
        const one = received.slice(0, end);
        received = received.slice(end);
        take(one);
      }
    } catch (error) {
      finish(new DeviceError('garbled', where, messageOf(error), error));
    }
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
    // Its end is that of the object; a line's end behind it is white space.
    return questions.ask(ask, id => Buffer.from(`${encodeJson(ask, params, id)}\r\n`));
  }

  return {
    where,
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'in order',
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
      questions.close();
      await Promise.all([wire.close(), words?.close()]);
    },
  };
}
