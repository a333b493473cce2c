import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Link } from '../../../drivers/contract/transport.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { frameTime_ms, modbusRtuLink } from '../../../drivers/transport/modbus-rtu.ts';
import { type ModbusPeer, rtuPeer } from '../modbus-peer.ts';
import { ptyPair } from '../pty-pair.ts';

const clock = realClock();
let pair: Awaited<ReturnType<typeof ptyPair>>;
let peer: ModbusPeer;
let link: Link<ModbusRequest, ModbusReply>;

beforeAll(async () => {
  pair = await ptyPair();
});
afterAll(() => pair.unplug());
beforeEach(async () => {
  peer = await rtuPeer(pair.b);
  link = modbusRtuLink({
    clock,
    path: pair.a,
    baud: 115200,
    parity: 'none',
    localCodes: { 23: 'local' },
  });
  await link.open();
});
afterEach(async () => {
  await link.close();
  await peer.close();
});

describe('frames of the EA programming guide, CRC included', () => {
  const unit = 1;
  it.each<[ModbusRequest, string]>([
    [{ fn: 5, unit, address: 402, on: true }, '01050192ff002c2b'],
    [{ fn: 5, unit, address: 402, on: false }, '0105019200006ddb'],
    [{ fn: 5, unit, address: 405, on: true }, '01050195ff009dea'],
    [{ fn: 6, unit, address: 501, value: 0x6666 }, '010601f56666338e'],
    [{ fn: 3, unit, address: 507, count: 3 }, '010301fb000375c6'],
    [{ fn: 3, unit, address: 505, count: 2 }, '010301f9000215c6'],
    [{ fn: 3, unit, address: 121, count: 2 }, '01030079000215d2'],
  ])('%j is %s', async (request, hex) => {
    await link.send(request);
    expect(peer.lastRequest_hex).toBe(hex);
  });
});

describe('replies', () => {
  const ask: ModbusRequest = { fn: 3, unit: 1, address: 10, count: 2 };

  it('are the registers asked for', async () => {
    peer.holding.set(10, 1).set(11, 65535);
    expect(await link.send(ask)).toEqual([1, 65535]);
  });

  it.each([
    ['a wrong CRC', { garble: true }, 'garbled'],
    ['too many registers', { answer: [3, 6, 0, 1, 0, 2, 0, 3] }, 'garbled'],
    ['too few registers', { answer: [3, 2, 0, 1] }, 'garbled'],
    ['exception 5, acknowledged', { exception: 5 }, 'busy'],
    ['exception 6, busy', { exception: 6 }, 'busy'],
    ['exception 0x0B of a gateway', { exception: 0x0b }, 'busy'],
    ['exception 2', { exception: 2 }, 'refused'],
    ['exception 0x17, Local', { exception: 0x17 }, 'local'],
  ] as const)('%s is %s', async (_, misdeed, code) => {
    peer.misbehave = () => misdeed;
    await expect(link.send(ask)).rejects.toMatchObject({ code });
  });

  it.each([
    [2, /\(exception 2\): gaps$/],
    [4, /\(exception 4\)$/],
  ])('exception %s of a read over gaps', async (exception, message) => {
    peer.misbehave = () => ({ exception });
    const over = { fn: 3, unit: 1, address: 10, count: 2, refusedHint: 'gaps' } as const;
    await expect(link.send(over)).rejects.toThrow(message);
  });

  it('unasked bytes are reported', async () => {
    const stray = new Promise<void>(resolve => link.onStray?.(() => resolve()));
    // A flush drops what the port has not sent yet: it may come only after the request has arrived.
    const arrived = new Promise<void>(resolve => {
      peer.misbehave = () => {
        resolve();
        return { delay_ms: 20 };
      };
    });
    void link.send(ask).catch(() => {});
    await arrived;
    await link.flush();
    await stray;
  });
});

it('a frame of 256 bytes takes its time on the wire', () => {
  expect(frameTime_ms(9600)).toBeCloseTo(293.3, 1);
  expect(frameTime_ms(115200)).toBeCloseTo(24.4, 1);
});

it('a port that is not there is one message with its name', async () => {
  const missing = modbusRtuLink({ clock, path: '/dev/none', baud: 9600, parity: 'even' });
  await expect(missing.open()).rejects.toMatchObject({
    code: 'closed',
    message: expect.stringContaining('/dev/none'),
  });
  await missing.close();
});

it.for(Array.from({ length: 10 }, (_, n) => n + 1))(
  'an adapter pulled while nobody asks is told by the next request (%i)',
  async () => {
    const own = await ptyPair();
    const instrument = await rtuPeer(own.b);
    const pulled = modbusRtuLink({ clock, path: own.a, baud: 115200, parity: 'none' });
    const lost: string[] = [];
    pulled.onLost(reason => lost.push(reason.message));
    await pulled.open();
    await own.unplug();
    // serialport may never tell by itself (it reads 0 bytes, and reads again); the write does.
    await expect(pulled.send({ fn: 4, unit: 1, address: 0, count: 1 })).rejects.toMatchObject({
      code: 'closed',
    });
    expect(lost).toHaveLength(1);
    await pulled.close();
    await instrument.close();
    rmSync(own.dir, { recursive: true, force: true });
  },
);
