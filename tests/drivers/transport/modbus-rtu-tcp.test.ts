import { spawn, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { Link } from '../../../drivers/contract/transport.ts';
import { openLine } from '../../../drivers/transport/line.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import {
  type LineRequest,
  type ModbusRtuTcpOptions,
  modbusRtuTcpLink,
} from '../../../drivers/transport/rtu-tcp/link.ts';
import { freePort } from '../../support/free-port.ts';
import { type RtuTcpPeer, rtuTcpPeer } from '../rtu-tcp-peer.ts';

const clock = realClock();
type Request = ModbusRequest | LineRequest;
let peer: RtuTcpPeer | undefined;
let link: Link<Request, ModbusReply> | undefined;

async function opened(options: Partial<ModbusRtuTcpOptions> = {}): Promise<Link<Request, ModbusReply>> {
  peer ??= await rtuTcpPeer();
  link = modbusRtuTcpLink({ host: '127.0.0.1', port: peer.port, localCodes: { 23: 'local' }, ...options });
  await link.open();
  return link;
}

afterEach(async () => {
  await link?.close();
  await peer?.close();
  peer = link = undefined;
});

const holding = (address: number, count: number, unit = 0): ModbusRequest => ({
  fn: 3,
  unit,
  address,
  count,
});

describe('a stream has no frames: the length and the checksum find them', () => {
  it('in any pieces', async () => {
    const open = await opened();
    peer!.holding.set(10, 1).set(11, 65535);
    for (const pieces of [1, 2, 5, 9]) {
      peer!.pieces = pieces;
      expect(await open.send(holding(10, 2))).toEqual([1, 65535]);
    }
  });

  it.each([
    ['a wrong checksum', { garble: true }, 'garbled', /checksum/],
    ['too many registers', { answer: [3, 6, 0, 1, 0, 2, 0, 3] }, 'garbled', /another question/],
    ['another function', { answer: [4, 4, 0, 1, 0, 2] }, 'garbled', /another question/],
    ['no function at all', { answer: [0x55, 4, 0, 1, 0, 2] }, 'garbled', /no reply/],
    ['exception 2', { exception: 2 }, 'refused', /exception 2/],
    ['exception 0x17', { exception: 0x17 }, 'local', /exception 23/],
  ] as const)('%s is %s', async (_, misdeed, code, message) => {
    const open = await opened();
    peer!.misbehave = () => misdeed;
    await expect(open.send(holding(10, 2))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    peer!.misbehave = () => undefined;
    expect(await open.send(holding(10, 1))).toEqual([0]);
  });

  it('bytes behind the reply are named, or, where they are declared, ignored: at once, late, split', async () => {
    const strict = await opened();
    peer!.padding = Buffer.from([0, 0]);
    peer!.holding.set(10, 4711);
    await expect(strict.send(holding(10, 1))).rejects.toMatchObject({
      code: 'garbled',
      message: expect.stringContaining('2 bytes more than the answer has (00 00)'),
    });
    await strict.close();
    for (const pieces of [1, 4, 9]) {
      peer!.pieces = pieces;
      const lenient = await opened({ trailing_bytes: 2 });
      let strays = 0;
      lenient.onStray?.(() => strays++);
      for (const unit of [0, 1]) expect(await lenient.send(holding(10, 1, unit))).toEqual([4711]);
      for (let n = 0; n < 5; n++) expect(await lenient.send(holding(10, 1))).toEqual([4711]);
      await clock.sleep(0.01);
      expect(strays).toBe(0);
      await lenient.close();
    }
  });

  it('unasked bytes are reported; what a cut or a close leaves is one word', async () => {
    const open = await opened();
    const stray = new Promise<void>(resolve => open.onStray?.(() => resolve()));
    await open.send(holding(10, 1));
    peer!.unasked(Buffer.from([9, 9, 9]));
    await stray;
    const lost = new Promise<DeviceError>(resolve => open.onLost(resolve));
    peer!.misbehave = () => ({ drop: true });
    const waiting = expect(open.send(holding(10, 1))).rejects.toMatchObject({ code: 'closed' });
    await clock.sleep(0.01);
    peer!.cut();
    await waiting;
    expect((await lost).code).toBe('closed');
    await expect(open.send(holding(10, 1))).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('units behind one gateway', () => {
  it('each is answered by its own; another unit is another answer; 0 and 255 are units', async () => {
    const open = await opened();
    peer!.units = [0, 1, 17, 255];
    peer!.holding.set(10, 5);
    for (const unit of [0, 1, 17, 255]) expect(await open.send(holding(10, 1, unit))).toEqual([5]);
    peer!.answerAs = 2;
    await expect(open.send(holding(10, 1, 17))).rejects.toMatchObject({
      code: 'garbled',
      message: expect.stringContaining('an answer to another question: 02 03'),
    });
  });
});

describe('lines of text between the frames', () => {
  const read = (text: string): ModbusReply | undefined => (/^\d+$/.test(text) ? [Number(text)] : undefined);

  it('are asked and answered in turn with frames; one without an answer is over at once', async () => {
    const open = await opened({ hasLines: true });
    peer!.onLine = text => (text === 'TIM?' ? '5' : text === 'BAD?' ? 'what' : undefined);
    peer!.holding.set(10, 77);
    expect(await open.send({ fn: 'line', text: 'TIM 5' })).toEqual([]);
    expect(await open.send({ fn: 'line', text: 'TIM?', read })).toEqual([5]);
    expect(await open.send(holding(10, 1))).toEqual([77]);
    await expect(open.send({ fn: 'line', text: 'BAD?', read })).rejects.toMatchObject({
      code: 'garbled',
      message: expect.stringContaining('"what"'),
    });
    expect(await open.send(holding(10, 1))).toEqual([77]);
    expect(peer!.log).toEqual(['TIM 5', 'TIM?', 'R3 10+1', 'BAD?', 'R3 10+1']);
  });
});

describe('a late answer is never taken for a newer question', () => {
  const REPLY_ms = 30;
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(ends.splice(0).map(end => end()));
  });

  /** Every register holds its own address. */
  async function lineTo() {
    const from = await rtuTcpPeer();
    for (let n = 0; n < 400; n++) from.holding.set(n, n);
    const open = modbusRtuTcpLink({ host: '127.0.0.1', port: from.port });
    await open.open();
    const over = openLine(open, { clock, reply_ms: REPLY_ms, gap_ms: 0, silentMax: 1000 });
    over.setProbe({ ask: holding(0, 3), isAnswer: reply => reply.join() === '0,1,2' });
    ends.push(async () => {
      await over.close('end of test');
      await from.close();
    });
    return { over, from };
  }

  it('a fifth of the answers 50..500 ms late, in order: no wrong value in six runs at once', async () => {
    const until_s = clock.now_s() + 2;
    const runs = [1, 2, 3, 4, 5, 6].map(async seed => {
      const { over, from } = await lineTo();
      const chance = seededRandom(seed);
      from.keepsOrder = true;
      from.misbehave = () => (chance.uniform() < 0.2 ? { delay_ms: 50 + 450 * chance.uniform() } : undefined);
      let right = 0;
      const wrong: string[] = [];
      for (let n = 0; clock.now_s() < until_s; n++) {
        const address = 100 + (n % 300);
        try {
          const [value] = await over.exchange(holding(address, 1));
          if (value === address) right++;
          else wrong.push(`${address} got ${value}`);
        } catch (error) {
          if (!(error instanceof DeviceError)) throw error;
        }
      }
      return { right, wrong };
    });
    const all = await Promise.all(runs);
    expect(all.flatMap(run => run.wrong)).toEqual([]);
    expect(all.reduce((sum, run) => sum + run.right, 0)).toBeGreaterThan(6);
  });

  it('an answer that never comes costs one question, and the identity brings the count back', async () => {
    const { over, from } = await lineTo();
    let n = 0;
    from.misbehave = () => (n++ === 0 ? { drop: true } : undefined);
    await expect(over.exchange(holding(100, 1))).rejects.toMatchObject({ code: 'timeout' });
    expect(await over.exchange(holding(101, 1))).toEqual([101]);
    expect(await over.exchange(holding(102, 1))).toEqual([102]);
    expect(over.resyncs).toBe(1);
  });
});

const python = '/usr/bin/python3';
const hasPymodbus = spawnSync(python, ['-c', 'import pymodbus']).status === 0;
describe.skipIf(!hasPymodbus)('against pymodbus as the server (skipped where it is not installed)', () => {
  it('reads, writes and is refused, units 1 and 17', async () => {
    const script = `
import sys
from unittest.mock import MagicMock
for missing in ('serial', 'serial_asyncio'):  # for its serial lines, which nobody needs here
  try: __import__(missing)
  except ImportError: sys.modules[missing] = MagicMock()
from pymodbus.server import StartTcpServer
from pymodbus.transaction import ModbusRtuFramer
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
def unit(first):
  block = lambda: ModbusSequentialDataBlock(0, [first + n for n in range(100)])
  bits = lambda: ModbusSequentialDataBlock(0, [n % 2 == 0 for n in range(100)])
  return ModbusSlaveContext(hr=block(), ir=block(), co=bits(), di=bits(), zero_mode=True)
StartTcpServer(context=ModbusServerContext(slaves={1: unit(1000), 17: unit(5000)}, single=False), framer=ModbusRtuFramer,
  address=('127.0.0.1', int(sys.argv[1])))`;
    const port = await freePort();
    const server = spawn(python, ['-c', script, String(port)], { stdio: 'ignore' });
    try {
      const until_s = clock.now_s() + 10;
      for (;;) {
        link = modbusRtuTcpLink({ host: '127.0.0.1', port });
        const isOpen = await link.open().then(
          () => true,
          () => false,
        );
        if (isOpen) break;
        if (clock.now_s() > until_s) throw new Error('pymodbus does not listen');
        await clock.sleep(0.05);
      }
      const open = link;
      expect(await open.send(holding(5, 3, 1))).toEqual([1005, 1006, 1007]);
      expect(await open.send(holding(0, 100, 17))).toHaveLength(100);
      expect(await open.send({ fn: 4, unit: 17, address: 9, count: 1 })).toEqual([5009]);
      expect(await open.send({ fn: 1, unit: 1, address: 0, count: 9 })).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
      expect(await open.send({ fn: 6, unit: 1, address: 5, value: 65535 })).toEqual([]);
      expect(await open.send({ fn: 16, unit: 17, address: 5, values: [1, 2] })).toEqual([]);
      expect(await open.send({ fn: 5, unit: 1, address: 1, on: true })).toEqual([]);
      expect(await open.send(holding(5, 2, 1))).toEqual([65535, 1006]);
      expect(await open.send(holding(5, 2, 17))).toEqual([1, 2]);
      await expect(open.send(holding(99, 2, 1))).rejects.toMatchObject({ code: 'refused' });
    } finally {
      server.kill();
    }
  }, 20_000);
});
