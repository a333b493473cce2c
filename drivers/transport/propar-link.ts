import { createRequire } from 'node:module';
import type * as serialport from 'serialport';
import type { Clock } from '../contract/clock.ts';
import { DeviceError, messageOf, plainReason } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import {
  decodeReply,
  encodeRead,
  encodeWrite,
  type ProparParameter,
  statusText,
} from '../protocol/propar.ts';
import { encodeFrame, endsFrame, type ProparFrame, ProparParser } from '../protocol/propar-frame.ts';

/** The library is loaded with the first wire: a rehearsal has none. */
const load = createRequire(import.meta.url);

/** One question to one instrument of the bus. */
export type ProparRequest =
  | {
      readonly kind: 'read';
      /** `last`: the instrument that answered last, to ask whether the line itself is alive. */
      readonly node: number | 'last';
      readonly parameters: readonly ProparParameter[];
    }
  | {
      readonly kind: 'write';
      readonly node: number;
      readonly parameter: ProparParameter;
      readonly value: number;
    };

/** The values in the order asked for; empty after an acknowledged write. */
export type ProparAnswer = readonly (number | string)[];

/** Where and how to open the bus: 8 data bits, no parity, 1 stop bit, as document 9.17.027 has it. */
export interface ProparLinkOptions {
  readonly path: string;
  readonly baud: number;
  readonly clock: Clock;
  /**
   * Next sequence number, 0..255. Counted over all links of one bus, so that what an instrument sent before
   * a reconnect cannot carry the number of the first question after it.
   */
  nextSequence(): number;
}

interface Waiting {
  readonly sequence: number;
  readonly node: number;
  readonly request: ProparRequest;
  readonly resolve: (answer: ProparAnswer) => void;
  readonly reject: (error: DeviceError) => void;
}

/**
 * A ProPar bus on a serial line. A reply counts only with sequence AND node of the question that is out;
 * any other frame is dropped as late. A closed port is not always reported: the line above must watch for silence.
 */
export function proparLink(options: ProparLinkOptions): Link<ProparRequest, ProparAnswer> {
  const { path, clock } = options;
  const parser = new ProparParser();
  const lostListeners: ((reason: DeviceError) => void)[] = [];
  let waiting: Waiting | undefined;
  let gone: DeviceError | undefined;
  /** Until one has answered: the address that any instrument alone on the line takes for its own. */
  let lastAnswered = 0x80;
  const { SerialPort } = load('serialport') as typeof serialport;
  const port = new SerialPort({
    path,
    baudRate: options.baud,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    autoOpen: false,
  });

  function lose(reason: DeviceError): void {
    if (gone !== undefined) return;
    gone = reason;
    waiting?.reject(reason);
    waiting = undefined;
    for (const listener of lostListeners) listener(reason);
  }

  function take(frame: ProparFrame): void {
    const asked = waiting;
    if (asked === undefined || frame.sequence !== asked.sequence) return;
    waiting = undefined;
    try {
      const answer = answerTo(asked, frame, path);
      lastAnswered = asked.node;
      asked.resolve(answer);
    } catch (error) {
      asked.reject(
        error instanceof DeviceError ? error : new DeviceError('garbled', path, messageOf(error), error),
      );
    }
  }

  /** ProPar has no checksum: a frame whose marks or length do not fit is all that can be noticed. */
  function takeDamaged(bytes: Uint8Array): void {
    const asked = waiting;
    waiting = undefined;
    const text = Buffer.from(bytes).toString('hex');
    asked?.reject(new DeviceError('garbled', `${path} node ${asked.node}`, `not a frame: ${text}`));
  }

  // Before opening: without a reader serialport neither notices a vanished line nor stops spinning on it.
  port.on('data', (bytes: Buffer) => {
    for (const item of parser.push(bytes)) {
      if (item.kind === 'frame') take(item.frame);
      else if (endsFrame(item.bytes)) takeDamaged(item.bytes);
    }
  });
  port.on('error', error => lose(new DeviceError('closed', path, plainReason(error), error)));
  port.on('close', () => lose(new DeviceError('closed', path, 'the serial line is gone')));

  return {
    where: path,
    namesReplies: true,
    open() {
      return new Promise((resolve, reject) => {
        port.open(error => {
          if (error) reject(new DeviceError('closed', path, plainReason(error), error));
          else if (gone !== undefined) port.close(() => reject(gone));
          else resolve();
        });
      });
    },
    send(request) {
      return new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        const sequence = options.nextSequence() & 0xff;
        const node = request.node === 'last' ? lastAnswered : request.node;
        const data =
          request.kind === 'read'
            ? encodeRead(request.parameters)
            : encodeWrite(request.parameter, request.value);
        waiting = { sequence, node, request, resolve, reject };
        port.write(encodeFrame({ sequence, node, data }), error => {
          if (error) lose(new DeviceError('closed', path, messageOf(error), error));
        });
      });
    },
    flush() {
      parser.reset();
      return new Promise(resolve => {
        if (!port.isOpen) return resolve();
        port.flush(() => resolve());
      });
    },
    onLost(listener) {
      lostListeners.push(listener);
    },
    async close() {
      lose(new DeviceError('closed', path, 'closed by us'));
      if (!port.isOpen) return;
      const over = new AbortController();
      const closed = new Promise<void>(resolve => port.close(() => resolve()));
      await Promise.race([closed, clock.sleep(1, over.signal)]);
      over.abort();
      port.destroy();
    },
  };
}

/** What the reply means for this question; throws a DeviceError where it is none or the instrument refuses. */
function answerTo({ request, node }: Waiting, frame: ProparFrame, path: string): ProparAnswer {
  const where = `${path} node ${node}`;
  if (frame.node !== node) throw new DeviceError('garbled', where, `the reply comes from node ${frame.node}`);
  const reply = decodeReply(frame.data, request.kind === 'read' ? request.parameters : []);
  if (reply.kind === 'protocolError')
    throw new DeviceError(
      'garbled',
      where,
      `the instrument did not understand the frame (code ${reply.code})`,
    );
  if (reply.kind === 'status') {
    if (request.kind === 'write' && reply.status === 0) return [];
    const text = `${statusText(reply.status)} at data byte ${reply.position}`;
    throw new DeviceError('refused', where, `${request.kind} answered with: ${text}`);
  }
  if (request.kind === 'write') throw new DeviceError('garbled', where, 'values in answer to a write');
  return reply.values;
}
