import type { Socket } from 'node:net';
import { CyclerChannel } from '../cycler/channel.ts';
import type { CyclerProgram } from '../cycler/program.ts';
import { deliver, type Emulator, type EmulatorEnv, freezable, noFaults } from '../faults.ts';
import { tcpListener } from '../tcp-listener.ts';
import { testCounters } from './counters.ts';
import { type CtiRequest, ctiAnswer, takeRequest, wideText } from './frames.ts';

/** An Arbin server with its Console TCP/IP Interface, one channel of which stands on a cell of the plant. */

/** What it is made of. */
export interface ArbinParts {
  readonly subject: string;
  readonly serial: string;
  readonly user: string;
  readonly password: string;
  /** From 0: the channel on the cell. */
  readonly channel: number;
  readonly channels: number;
  /** Schedules that lie in it, by name; `follows`: its current is that of a meta variable (52: MV_UD1). */
  readonly schedules: ReadonlyMap<string, CyclerProgram | { readonly follows: number }>;
  readonly port?: number;
  readonly timeFactor?: number;
  readonly onOutputOff?: (() => void) | undefined;
}

/** What may go wrong with one command: carried out without an answer, or answered and not carried out. */
export type ArbinTrick = 'unanswered' | 'not done';

/** A running server, with what a test may do to it. */
export interface ArbinServer extends Emulator {
  readonly port: number;
  /** Commands that came, in hex, oldest first, the last 1000. */
  readonly heard: readonly string[];
  readonly tricks: Map<string, ArbinTrick>;
  readonly channel: CyclerChannel;
  /** Status and failure of communication in place of the channel's own. */
  show: { readonly status: number; readonly deaf: number } | undefined;
  stopByHand(): void;
}

const SERVICE_S = 0.01;
const LOGIN = 0xeeab0001;
const INFO = 0xeeab0003;
const ASSIGN = 0xbb210001;
const START = 0xbb320004;
const STOP = 0xbb310001;
const SET = 0xbb150001;
const MOST_ANSWER = 128;
const STATUS = { idle: 0, running: 22, paused: 18, finished: 15, stopped: 0, protected: 8 } as const;
const LEAST_GAP_S = 0.2;

/** The server, not on its port yet. Listens on 127.0.0.1. */
export function arbinServer(env: EmulatorEnv, parts: ArbinParts): ArbinServer {
  const faults = noFaults();
  const channel = new CyclerChannel({
    env: { ...env, rig: freezable(env.rig, faults) },
    subject: parts.subject,
    ...(parts.timeFactor === undefined ? {} : { timeFactor: parts.timeFactor }),
    onOutputOff: parts.onOutputOff,
  });
  const heard: string[] = [];
  const tricks = new Map<string, ArbinTrick>();
  const loggedIn = new WeakSet<Socket>();
  const meta = new Map<number, number>();
  let schedule = '';
  let testName = '';
  let show: ArbinServer['show'];
  let set_s = Number.NEGATIVE_INFINITY;
  const counters = testCounters(channel);
  const { sums } = counters;

  function service(): void {
    channel.catchUp();
    counters.look();
  }

  function follow(): void {
    const found = parts.schedules.get(schedule);
    if (found === undefined || !('follows' in found) || channel.state !== 'running') return;
    const current_A = meta.get(found.follows) ?? 0;
    channel.drive(current_A === 0 ? { is: 'rest' } : { is: 'current', current_A });
  }

  function assign(args: Buffer): number {
    const name = wideText(args, 5, 200);
    if (name === '') return 0x12;
    if (!parts.schedules.has(name)) return 0x13;
    if (channel.state === 'running' || channel.state === 'paused') return 0x14;
    schedule = name;
    for (let i = 0; i < 16; i++) meta.set(i < 4 ? 52 + i : 101 + i, args.readFloatLE(553 + 4 * i));
    return 0;
  }

  function start(args: Buffer): number {
    const name = wideText(args, 0, 72);
    const found = parts.schedules.get(schedule);
    if (channel.state === 'running' || channel.state === 'paused' || show?.status === 8) return 0x12;
    if (found === undefined) return 0x15;
    if (name === '') return 0x23;
    testName = name;
    const rest = { is: 'step', number: 1, kind: 'meta', drive: { is: 'rest' }, ends: [] } as const;
    channel.start(
      'follows' in found ? { steps: [rest], record: { time_s: 10 }, protection: { delay_s: 0 } } : found,
    );
    follow();
    return 0;
  }

  function set(args: Buffer): number {
    if (channel.state !== 'running') return 0x12;
    const now_s = env.clock.now_s();
    if (now_s - set_s < LEAST_GAP_S - 1e-6) return 0x14;
    set_s = now_s;
    meta.set(args.readInt32LE(8), args.readFloatLE(32));
    follow();
    return 0;
  }

  function loginAnswer(args: Buffer, socket: Socket): Buffer {
    const text = (at: number): string => args.toString('latin1', at, at + 32).split('\0')[0];
    const isOk = text(0) === parts.user && text(32) === parts.password;
    const result = loggedIn.has(socket) ? 3 : isOk ? 1 : 2;
    if (isOk) loggedIn.add(socket);
    return ctiAnswer(0xeeba0001, 8678, bytes => {
      bytes.writeUInt32LE(result, 20);
      bytes.write(parts.serial, 28, 16, 'latin1');
      bytes.writeUInt32LE(1, 8660);
      bytes.writeUInt32LE(parts.channels, 8664);
    });
  }

  function infoAnswer(asked: number): Buffer {
    const isOurs = asked === parts.channel;
    return ctiAnswer(0xeeba0003, 1779, bytes => {
      bytes.writeUInt32LE(1, 20);
      bytes.writeUInt32LE(asked, 24);
      bytes.writeUInt16LE(asked, 1683);
      bytes.write('N/A', 575, 'latin1');
      if (!isOurs) return;
      bytes.writeInt16LE(show?.status ?? statusNow(), 28);
      bytes[30] = show?.deaf ?? 0;
      bytes.write(schedule, 31, 'utf16le');
      bytes.write(testName, 431, 'utf16le');
      bytes.writeDoubleLE(sums.test_s, 1685);
      bytes.writeDoubleLE(sums.step_s, 1693);
      const { voltage_V, current_A } = channel;
      const figures = [
        voltage_V,
        current_A,
        voltage_V * current_A,
        sums.in_Ah,
        sums.out_Ah,
        sums.in_Wh,
        sums.out_Wh,
      ];
      for (const [i, value] of figures.entries()) bytes.writeFloatLE(value, 1701 + 4 * i);
    });
  }

  function statusNow(): number {
    if (channel.state !== 'running') return STATUS[channel.state];
    const { current_A } = channel;
    return current_A > 0 ? 2 : current_A < 0 ? 3 : 4;
  }

  /** The answer that says what became of an order. */
  function feedback(command: number, channelNumber: number, result: number): Buffer {
    return ctiAnswer(command, MOST_ANSWER, bytes => {
      bytes.writeInt32LE(channelNumber, 20);
      bytes[24] = result;
    });
  }

  const ORDERS: Readonly<
    Record<number, readonly [answer: number, least: number, at: number, order: (args: Buffer) => number]>
  > = {
    [ASSIGN]: [0xbb120001, 649, 0, assign],
    [START]: [0xbb230004, 150, 148, start],
    [STOP]: [
      0xbb130001,
      106,
      0,
      () => {
        channel.end('stopped');
        return 0;
      },
    ],
    [SET]: [0xbb510001, 52, 0, set],
  };

  function answer({ command, args }: CtiRequest, socket: Socket): Buffer | undefined {
    if (command === LOGIN) return args.length < 64 ? undefined : loginAnswer(args, socket);
    if (!loggedIn.has(socket)) return undefined;
    if (command === INFO) {
      const asked = args.length < 2 ? -1 : args.readInt16LE(0);
      // One answer for each channel.
      if (asked === -1) return Buffer.concat(Array.from({ length: parts.channels }, (_, n) => infoAnswer(n)));
      return asked >= 0 && asked < parts.channels ? infoAnswer(asked) : undefined;
    }
    if (!Object.hasOwn(ORDERS, command)) return undefined;
    const [code, least, at, order] = ORDERS[command];
    if (args.length < least) return undefined;
    const asked = command === START ? args.readUInt16LE(at) : args.readInt32LE(at);
    if (asked !== parts.channel) return feedback(code, asked, 0x10);
    const isNotDone = tricks.get(command.toString(16)) === 'not done';
    return feedback(code, asked, isNotDone ? 0 : order(args));
  }

  function hear(socket: Socket, request: CtiRequest): void {
    if (faults.silence) return;
    env.beforeReply?.();
    service();
    const name = request.command.toString(16);
    heard.push(name);
    if (heard.length > 1000) heard.shift();
    const reply = answer(request, socket);
    service();
    if (reply === undefined || tricks.get(name) === 'unanswered') return;
    deliver(reply, {
      env,
      faults,
      corrupt: bytes => Buffer.from(bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 0x55 : byte))),
      send: bytes => {
        if (!socket.destroyed) socket.write(bytes);
      },
    });
  }

  const listener = tcpListener(parts.port ?? 0, socket => {
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      try {
        for (let taken = takeRequest(received); taken !== undefined; taken = takeRequest(received)) {
          received = received.subarray(taken.length);
          if (taken.request !== undefined) hear(socket, taken.request);
        }
      } catch {
        socket.destroy();
      }
    });
  });
  const cancel = env.clock.every(SERVICE_S, service);

  return {
    faults,
    heard,
    tricks,
    channel,
    get port() {
      return listener.port;
    },
    get show() {
      return show;
    },
    set show(shown) {
      show = shown;
    },
    stopByHand() {
      service();
      channel.end('stopped');
    },
    start: () => listener.start(),
    stop: () => listener.stop(),
    async end() {
      cancel();
      channel.end('stopped');
      await listener.stop();
    },
  };
}
