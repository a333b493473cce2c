import type { Socket } from 'node:net';
import { deliver, type Emulator, type EmulatorEnv, noFaults } from '../faults.ts';
import { tcpListener } from '../tcp-listener.ts';
import { type MacParts, type MacTrick, maccorTester, type Shown } from './tester.ts';

/**
 * A Maccor tester with its MacNet server, one channel of which stands on a cell of the plant; the others are free. Written
 * from the maker's help on MacNet (BatteryDataAlliance/pymacnet 5eef042, `docs/macnet_from_maccor_help.pdf`) and the messages
 * shown there, slips included: JSON does not take rest in direct mode.
 */

/** A running server, with what a test may do to it. */
export interface MacServer extends Emulator {
  readonly port: number;
  readonly binaryPort: number;
  /** Functions that came (`4,7`), oldest first, the last 1000. */
  readonly heard: readonly string[];
  readonly tricks: Map<string, MacTrick>;
  readonly channel: ReturnType<typeof maccorTester>['channel'];
  show: Shown | undefined;
  /** Procedures that were started, by name. */
  readonly procedures: readonly string[];
  stopByHand(): void;
  startByHand(procedure: string): void;
}

const SERVICE_S = 0.01;
const LONGEST = 1_000_000;

/** The server, not on its ports yet. Listens on 127.0.0.1. */
export function maccorServer(env: EmulatorEnv, parts: MacParts): MacServer {
  const { channels } = parts;
  const faults = noFaults();
  const tester = maccorTester(env, faults, parts);
  const { channel, tricks, startTest, order, end, service, status } = tester;
  const heard: string[] = [];

  function resultOf(params: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
    const [fClass, fNum] = [Number(params['FClass']), Number(params['FNum'])];
    heard.push(`${fClass},${fNum}`);
    if (heard.length > 1000) heard.shift();
    if (fClass === 1 && fNum === 2)
      return {
        FClass: 1,
        FNum: 2,
        SystemID: parts.systemId,
        SystemType: 0,
        TestChannels: channels,
        AuxBoards: 0,
      };
    const Chan = Number(params['Chan']);
    if (!(Number.isInteger(Chan) && Chan >= 0 && Chan < channels)) return undefined;
    const at = { FClass: fClass, FNum: fNum, Chan };
    if (fClass === 4 && fNum === 7) return { ...at, ...status(Chan) };
    if (fClass === 6 && [2, 3, 5, 7, 8].includes(fNum)) return { ...at, Result: order(fNum, params, true) };
    return undefined;
  }

  function hearJson(socket: Socket, text: string): void {
    if (faults.silence) return;
    env.beforeReply?.();
    service();
    let message: { id?: unknown; params?: unknown; method?: unknown };
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      return;
    }
    const params = (message?.params ?? {}) as Readonly<Record<string, unknown>>;
    if (message?.method !== 'MacNet') return;
    const result = resultOf(params);
    service();
    if (tricks.get(`${String(params['FClass'])},${String(params['FNum'])}`) === 'unanswered') return;
    const reply =
      result === undefined
        ? { jsonrpc: '2.0', error: { code: -32602, message: 'Invalid params' }, id: message.id }
        : { jsonrpc: '2.0', result, id: message.id };
    deliver(Buffer.from(`${JSON.stringify(reply, undefined, 4)}\r\n`), {
      env,
      faults,
      corrupt: bytes => Buffer.from(Buffer.from(bytes).toString().replaceAll('"FClass"', '"FClasx"')),
      send: bytes => {
        if (!socket.destroyed) socket.write(bytes);
      },
    });
  }

  /** Class, number, channel and length in words, then the data. */
  function hearWords(socket: Socket, frame: Buffer): void {
    if (faults.silence) return;
    env.beforeReply?.();
    service();
    const [fClass, fNum, Chan] = [0, 2, 4].map(at => frame.readUInt16LE(at));
    const data = frame.subarray(8);
    heard.push(`${fClass},${fNum} in words`);
    let back: Buffer = Buffer.alloc(0);
    if (fClass === 0) back = Buffer.from(data);
    else if (fClass === 6 && fNum === 8 && data.length === 18) {
      const [Current, Voltage] = [data.readFloatLE(0), data.readFloatLE(4)];
      const said = order(8, { Chan, Current, Voltage, ChMode: String.fromCharCode(data[17]) }, false);
      back = Buffer.from([said === 'OK' ? 0 : Number(said)]);
    } else if (fClass === 4 && fNum === 7) back = statusInWords(status(Chan));
    const header = Buffer.alloc(8);
    for (const [i, word] of [fClass, fNum, Chan, back.length].entries()) header.writeUInt16LE(word, 2 * i);
    service();
    deliver(Buffer.concat([header, back]), {
      env,
      faults,
      corrupt: bytes => Buffer.from([bytes[0] ^ 0x20, ...bytes.subarray(1)]),
      send: bytes => {
        if (!socket.destroyed) socket.write(bytes);
      },
    });
  }

  const json = tcpListener(parts.port ?? 0, socket => {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      for (let length = objectIn(received); length > 0; length = objectIn(received)) {
        const one = received.slice(0, length);
        received = received.slice(length).trimStart();
        hearJson(socket, one);
      }
      if (received.length > LONGEST) socket.destroy();
    });
  });
  const binary = tcpListener(parts.binaryPort ?? 0, socket => {
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      for (let taken = wordsIn(received); taken !== undefined; taken = wordsIn(received)) {
        received = received.subarray(taken.length);
        hearWords(socket, taken);
      }
      if (received.length > LONGEST) socket.destroy();
    });
  });
  const cancel = env.clock.every(SERVICE_S, service);

  return {
    faults,
    heard,
    procedures: tester.procedures,
    tricks,
    channel,
    get port() {
      return json.port;
    },
    get binaryPort() {
      return binary.port;
    },
    get show() {
      return tester.show;
    },
    set show(shown) {
      tester.show = shown;
    },
    stopByHand() {
      service();
      end('idle');
    },
    startByHand(procedure) {
      service();
      const said = startTest({ TestName: 'Random', ProcName: procedure });
      if (said !== 'OK') throw new Error(`${procedure}: ${said}`);
    },
    async start() {
      await json.start();
      await binary.start();
    },
    async stop() {
      await Promise.all([json.stop(), binary.stop()]);
    },
    async end() {
      cancel();
      channel.end('stopped');
      await Promise.all([json.stop(), binary.stop()]);
    },
  };
}

/** RF1, RF2, Stat, rows and figures; the order of the maker's table, widths default. */
function statusInWords(said: Readonly<Record<string, unknown>>): Buffer {
  const bytes = Buffer.alloc(40);
  for (const [i, name] of ['RF1', 'RF2', 'Stat'].entries()) bytes[i] = Number(said[name]);
  bytes.writeUInt32LE(Number(said['LastRecNum']), 4);
  for (const [i, name] of ['TestTime', 'StepTime', 'Capacity', 'Energy', 'Current', 'Voltage'].entries())
    bytes.writeFloatLE(Number(said[name]), 8 + 4 * i);
  return bytes;
}

/** One whole frame of words at the beginning of the bytes. Asking for a state, Len counts channels, and no data follow. */
export function wordsIn(received: Buffer): Buffer | undefined {
  if (received.length < 8) return undefined;
  const isOrder = [0, 6].includes(received.readUInt16LE(0));
  const length = 8 + (isOrder ? received.readUInt16LE(6) : 0);
  return received.length < length ? undefined : received.subarray(0, length);
}

/** Length of the JSON object at the beginning; 0: not whole. What comes before its brace is passed over. */
export function objectIn(text: string): number {
  let open = 0;
  for (let i = 0, quoted = false; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '{') open++;
    else if (!quoted && c === '}' && --open <= 0) return i + 1;
  }
  return 0;
}
