import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import type { Link } from '../../../drivers/contract/transport.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { modbusRtuLink } from '../../../drivers/transport/modbus-rtu.ts';
import { modbusRtuTcpLink } from '../../../drivers/transport/rtu-tcp/link.ts';
import { type Supervisor, supervise } from '../../../drivers/transport/supervisor.ts';
import { type TextRequest, textLines } from '../../../drivers/transport/text/lines.ts';
import { crc16 } from '../modbus-peer.ts';
import { ptyPair } from '../pty-pair.ts';

/** A line that gives every answer twice (a doubled bridge): it is never used, and it says why. */

const clock = realClock();
const REPLY_ms = 60;
/** How a doubled answer comes: in one piece with the first, or so long after it, ms. */
type Doubled = 'no' | 'at once' | number;

let server: Server;
let sockets: Socket[] = [];
let doubled: Doubled = 'no';
const cleanups: (() => Promise<unknown>)[] = [];

function say(answer: Buffer, write: (bytes: Buffer) => void): void {
  write(doubled === 'at once' ? Buffer.concat([answer, answer]) : answer);
  if (typeof doubled === 'number') clock.schedule(doubled / 1000, () => write(answer));
}

/** Answers `VAL n?` with n, `*IDN?` with a name. */
const sayText = (chunk: Buffer, write: (bytes: Buffer) => void): void => {
  for (const line of chunk.toString().split('\n').filter(Boolean)) {
    say(Buffer.from(`${/^VAL (\d+)/.exec(line)?.[1] ?? 'MAKER,MODEL'}\r\n`), write);
  }
};
/** Answers a register with its own address; register 9 and 10 are the identity. */
const sayFrame = (chunk: Buffer, write: (bytes: Buffer) => void): void => {
  for (let at = 0; at + 8 <= chunk.length; at += 8) {
    const [address, count] = [chunk.readUInt16BE(at + 2), chunk.readUInt16BE(at + 4)];
    const body = Buffer.alloc(3 + 2 * count);
    body.set([chunk[at], chunk[at + 1], 2 * count]);
    for (let i = 0; i < count; i++) body.writeUInt16BE(address + i, 3 + 2 * i);
    const crc = Buffer.alloc(2);
    crc.writeUInt16LE(crc16(body));
    say(Buffer.concat([body, crc]), write);
  }
};

async function onTcp(answer: typeof sayText): Promise<{ host: string; port: number }> {
  server = createServer({ noDelay: true }, socket => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', chunk => answer(chunk, bytes => socket.destroyed || socket.write(bytes)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise(resolve => server.close(resolve)));
  const address = server.address();
  return { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
}

async function onPty(answer: typeof sayText): Promise<string> {
  const { SerialPort } = await import('serialport');
  const pair = await ptyPair();
  const port = new SerialPort({ path: pair.b, baudRate: 115200 });
  port.on('error', () => {});
  port.on('data', (chunk: Buffer) => answer(chunk, bytes => port.isOpen && port.write(bytes)));
  cleanups.push(() => new Promise(resolve => port.close(resolve)), pair.unplug);
  return pair.a;
}

const val = (n: number): TextRequest => ({ lines: [`VAL ${n}?`], fits: text => /^\d+$/.test(text) });
const IDN: TextRequest = { lines: ['*IDN?'], fits: text => text === 'MAKER,MODEL' };
const registers = (address: number, count: number): ModbusRequest => ({ fn: 3, unit: 1, address, count });
const isIdentity = (reply: ModbusReply): boolean => reply.join() === '9,10';

interface Subject {
  readonly supervisor: Supervisor<unknown, unknown>;
  /** Reads a value that must be n. */
  ask(n: number): Promise<number>;
}

function subject<Req, Rep>(
  makeLink: () => Link<Req, Rep>,
  identity: Req,
  isAnswer: (reply: Rep) => boolean,
  request: (n: number) => Req,
  value: (reply: Rep) => number,
): Subject {
  const supervisor = supervise<Req, Rep>({
    clock,
    reply_ms: REPLY_ms,
    gap_ms: 2,
    retriesMax: 1,
    makeLink,
    async prepare(line) {
      if (!isAnswer(await line.exchange(identity, 'front'))) throw new Error('who is it?');
      line.setProbe({ ask: identity, isAnswer });
    },
  });
  cleanups.unshift(() => supervisor.close());
  const ask = async (n: number): Promise<number> => {
    const { line } = supervisor;
    if (line === undefined) throw new DeviceError('closed', 'line', supervisor.reason);
    return value(await line.exchange(request(n)));
  };
  return { supervisor: supervisor as Supervisor<unknown, unknown>, ask };
}

const SUBJECTS: readonly (readonly [string, Doubled, () => Promise<Subject>])[] = [
  [
    'text',
    'at once',
    async () => {
      const address = await onTcp(sayText);
      const make = () => textLines({ address, clock, terminator: 'lf', gap_ms: 0 });
      return subject(make, IDN, IDN.fits, val, Number);
    },
  ],
  [
    'text on a serial line',
    4,
    async () => {
      const path = await onPty(sayText);
      const address = { path, baud: 115200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
      return subject(
        () => textLines({ address, clock, terminator: 'lf', gap_ms: 0 }),
        IDN,
        IDN.fits,
        val,
        Number,
      );
    },
  ],
  ...(['at once', 4] as const).map(
    when =>
      [
        'Modbus RTU',
        when,
        async () => {
          const path = await onPty(sayFrame);
          return subject(
            () => modbusRtuLink({ clock, path, baud: 115200, parity: 'none' }),
            registers(9, 2),
            isIdentity,
            n => registers(n, 1),
            reply => reply[0],
          );
        },
      ] as const,
  ),
  [
    'Modbus RTU over TCP',
    4,
    async () => {
      const address = await onTcp(sayFrame);
      return subject<ModbusRequest, ModbusReply>(
        () => modbusRtuTcpLink(address) as Link<ModbusRequest, ModbusReply>,
        registers(9, 2),
        isIdentity,
        n => registers(n, 1),
        reply => reply[0],
      );
    },
  ],
];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await cleanup();
  }
  sockets = [];
});

describe('every answer comes twice', () => {
  it.each(SUBJECTS)('%s, %s: named, no value used, well again when it ends', async (_, how, make) => {
    doubled = how;
    const { supervisor, ask } = await make();
    const reasons: string[] = [];
    supervisor.onState((state, reason) => state === 'lost' && reasons.push(reason));
    await supervisor.connect().catch(error => reasons.push(String(error)));
    if (supervisor.state === 'closed') doubled = 'no';
    const wrong: string[] = [];
    const poll = async (n: number): Promise<boolean> => {
      const got = await ask(n).catch(() => undefined);
      if (got !== undefined && got !== n) wrong.push(`${n} got ${got}`);
      await clock.sleep(0.005);
      return got === n;
    };
    let n = 100;
    for (const end_s = clock.now_s() + 3; clock.now_s() < end_s && reasons.length === 0; ) await poll(n++);
    expect(reasons[0]).toMatch(/every answer comes twice|an answer came twice/);
    const since_s = clock.now_s();
    while (clock.now_s() - since_s < 0.4 && supervisor.state !== 'closed') await poll(n++);
    // Once it is known, nobody is told `ready` in between.
    expect(supervisor.state).not.toBe('ready');
    expect(new Set(reasons).size).toBe(1);
    doubled = 'no';
    if (supervisor.state === 'closed') await supervisor.connect();
    let right = false;
    for (const end_s = clock.now_s() + 8; clock.now_s() < end_s && !right; ) right = await poll(n++);
    expect(right).toBe(true);
    expect(wrong).toEqual([]);
  });
});
