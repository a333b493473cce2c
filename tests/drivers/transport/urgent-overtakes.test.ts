import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { Line, Link } from '../../../drivers/contract/transport.ts';
import { genericModbusMap } from '../../../drivers/generic/modbus-map.ts';
import { jsonLinesLink } from '../../../drivers/transport/json-lines.ts';
import { openLine } from '../../../drivers/transport/line.ts';
import type { ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { modbusTcpLink } from '../../../drivers/transport/modbus-tcp.ts';
import { mapFolder } from '../generic/rack-peer.ts';
import { type ModbusPeer, tcpPeer } from '../modbus-peer.ts';
import { cable } from '../opcua/slow-cable.ts';
import { deviceOf, fileOf, serverOf } from '../opcua/typed-plc.ts';

/** What a trip sends does not wait for the answer to a poll, where answers say which question is theirs. */

const clock = realClock();
/** How long the other side takes for what is out, and how soon what is urgent must have arrived, s. */
const SLOW_s = 0.35;
const SOON_s = 0.15;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function peerOf(): Promise<ModbusPeer> {
  const peer = await tcpPeer();
  cleanups.push(() => peer.close());
  return peer;
}

async function lineOver<Req, Rep>(link: Link<Req, Rep>): Promise<Line<Req, Rep>> {
  await link.open();
  const line = openLine(link, { clock, reply_ms: 1000, gap_ms: 0 });
  cleanups.push(() => line.close('end of test'));
  return line;
}

/** Seconds until `isSo`, looked at every millisecond. */
async function until(isSo: () => boolean): Promise<number> {
  const from_s = clock.now_s();
  while (!isSo()) {
    if (clock.now_s() - from_s > 5) throw new Error('it did not come about within 5 s');
    await clock.sleep(0.001);
  }
  return clock.now_s() - from_s;
}

describe('Modbus TCP', () => {
  const read: ModbusRequest = { fn: 3, unit: 1, address: 7, count: 1 };
  const off = (address: number): ModbusRequest => ({ fn: 5, unit: 1, address, on: false });

  it('an urgent write is there while a queue of answers is out; each answer goes to its question', async () => {
    const peer = await peerOf();
    peer.keepsOrder = true;
    peer.holding.set(7, 77);
    peer.misbehave = ({ fn }) => (fn === 3 ? { delay_ms: 1000 * SLOW_s } : undefined);
    const line = await lineOver(modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock }));
    const polls = [line.exchange(read), line.exchange(read)];
    await until(() => peer.log.length > 0);
    const urgent = line.exchange(off(405), 'urgent', 'write');
    expect(await until(() => peer.log.includes('W5 405=0'))).toBeLessThan(SOON_s);
    expect(await urgent).toEqual([]);
    expect(await Promise.all(polls)).toEqual([[77], [77]]);
  });

  it('urgent ones keep their order: the second leaves when the first is answered', async () => {
    const peer = await peerOf();
    let answers = 0;
    peer.misbehave = () => ({ delay_ms: 100 });
    const line = await lineOver(modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock }));
    const first = line.exchange(off(1), 'urgent', 'write').then(() => answers++);
    const second = line.exchange(off(2), 'urgent', 'write');
    await until(() => peer.log.includes('W5 2=0'));
    expect(answers).toBe(1);
    await Promise.all([first, second]);
  });

  it('a silent question that was set aside is given up in its time, and the line goes on', async () => {
    const peer = await peerOf();
    peer.misbehave = ({ fn }) => (fn === 3 ? { drop: true } : undefined);
    const line = await lineOver(modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock }));
    const from_s = clock.now_s();
    const poll = line.exchange(read).catch(error => error.code);
    await until(() => peer.log.length > 0);
    await line.exchange(off(405), 'urgent', 'write');
    expect(await poll).toBe('timeout');
    expect(clock.now_s() - from_s).toBeLessThan(1.2);
    peer.misbehave = () => undefined;
    expect(await line.exchange(read)).toEqual([0]);
  });

  it('an older set point that is carried out later than the safe one is not the last word', async () => {
    const peer = await peerOf();
    const text = `device: slow heater
unit: 1
reply_ms: 1000
identify: { table: holding, address: 0, expect: [0xBEEF] }
channels:
  - { name: heater_pct, table: holding, address: 10, type: uint16, range: [0, 100], accuracy: { reading_pct: 0, abs: 0, basis: default } }
settables:
  - { name: heaterSet_pct, address: 10, range: [0, 100], tolerance: 0, safe: 0 }
onLoss: hold
`;
    peer.holding.set(0, 0xbeef);
    // Told at once, done late: a gateway with a slow bus behind it.
    peer.misbehave = ({ fn, value }) =>
      fn === 6 && value === 80 ? { ignore: true, delay_ms: 1000 * SLOW_s } : undefined;
    const options = { host: '127.0.0.1', port: peer.port, map: 'map.yaml' };
    const device: Device = genericModbusMap.open('heater', options, { clock, baseDir: mapFolder(text) });
    cleanups.push(() => device.close());
    await device.connect();
    const older = device.write('heaterSet_pct', 80).catch(error => error.code);
    await until(() => peer.log.includes('W6 10=80'));
    clock.schedule(SLOW_s - 0.05, () => peer.holding.set(10, 80));
    const safe = device.safe();
    expect(await until(() => peer.log.includes('W6 10=0'))).toBeLessThan(SOON_s);
    expect(await safe).toMatchObject({ failed: [] });
    await older;
    expect(peer.holding.get(10)).toBe(0);
  });
});

describe('JSON lines', () => {
  it('an urgent message is there while an answer is out', async () => {
    const heard: string[] = [];
    const server = createServer((socket: Socket) => {
      socket.on('data', chunk => {
        for (const text of chunk.toString().trim().split('\n')) {
          const { id, ask } = JSON.parse(text);
          heard.push(ask);
          const answer = (): boolean => socket.write(`${JSON.stringify({ id, of: ask })}\n`);
          if (ask === 'poll') setTimeout(answer, 1000 * SLOW_s);
          else answer();
        }
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const line = await lineOver(jsonLinesLink({ host: '127.0.0.1', port }));
    const poll = line.exchange({ ask: 'poll' });
    await until(() => heard.length > 0);
    const urgent = line.exchange({ ask: 'stop' }, 'urgent', 'write');
    expect(await until(() => heard.includes('stop'))).toBeLessThan(SOON_s);
    expect(await urgent).toEqual({ of: 'stop' });
    expect(await poll).toEqual({ of: 'poll' });
  });
});

describe('OPC UA', () => {
  it('the safe write is there while a poll is out', async () => {
    const held = { heater: 50 };
    const server = await serverOf([
      {
        node: 's=heater',
        type: 'Double',
        read: () => held.heater,
        write(value) {
          held.heater = value;
          return true;
        },
      },
    ]);
    cleanups.push(() => server.end());
    const slow = await cable(server.port);
    cleanups.push(() => slow.end());
    const range = 'range: [0, 100]';
    const file = fileOf({
      channels: [`name: heater_pct, node: "s=heater", ${range}`],
      settables: [`name: heaterSet_pct, node: "s=heater", ${range}, tolerance: 0`],
      safe: '[{ set: heaterSet_pct, to: 0 }]',
    });
    const device = deviceOf(slow.port, file);
    cleanups.push(() => device.close());
    await device.connect();
    slow.back_s = SLOW_s;
    const poll = device.read();
    await clock.sleep(0.05);
    const safe = device.safe();
    expect(await until(() => held.heater === 0)).toBeLessThan(SOON_s);
    expect(await safe).toMatchObject({ failed: [] });
    expect((await poll).quality).toEqual(new Uint8Array([0]));
  });
});

it('what was set aside is answered in the very moment of its deadline: it counts, as for what is out', async () => {
  const virtual = new VirtualClock({ utcStart_ms: 0 });
  const link: Link<string, string> = {
    where: 'here',
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'any order',
    open: () => Promise.resolve(),
    // Asked for later than the deadline was set: as a socket is read after the timers.
    send: async request => {
      await virtual.sleep(0.05);
      if (request === 'poll') await virtual.sleep(0.05);
      return request;
    },
    flush: () => Promise.resolve(),
    onLost: () => {},
    close: () => Promise.resolve(),
  };
  const line = openLine(link, { clock: virtual, reply_ms: 100, gap_ms: 0 });
  const poll = line.exchange('poll').catch(error => error.code);
  const urgent = line.exchange('stop', 'urgent', 'write');
  expect(await virtual.runUntil(urgent)).toBe('stop');
  expect(await virtual.runUntil(poll)).toBe('poll');
});
