import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Line } from '../../../drivers/contract/transport.ts';
import { openLine } from '../../../drivers/transport/line.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { modbusTcpLink } from '../../../drivers/transport/modbus-tcp.ts';
import { type ModbusPeer, tcpPeer } from '../modbus-peer.ts';

const clock: Clock = realClock();
const REPLY_ms = 100;
let peer: ModbusPeer;
let line: Line<ModbusRequest, ModbusReply>;

const read = (address: number): ModbusRequest => ({ fn: 3, unit: 0, address, count: 1 });
const off: ModbusRequest = { fn: 5, unit: 0, address: 405, on: false };
const set = (value: number): ModbusRequest => ({ fn: 6, unit: 0, address: 501, value });

async function open(options: { gap_ms?: number; queueMax?: number; silentMax?: number } = {}): Promise<void> {
  peer = await tcpPeer();
  const link = modbusTcpLink({ host: '127.0.0.1', port: peer.port, clock });
  await link.open();
  line = openLine(link, { clock, reply_ms: REPLY_ms, gap_ms: 0, ...options });
}

afterEach(async () => {
  await line?.close('end of test');
  await peer?.close();
});

describe('lanes', () => {
  it('an urgent request overtakes all that wait', async () => {
    await open();
    peer.misbehave = () => ({ delay_ms: 20 });
    const normal = [1, 2, 3, 4, 5].map(n => line.exchange(read(n)));
    const front = line.exchange(read(9), 'front');
    const urgent = line.exchange(off, 'urgent', 'write');
    await Promise.all([...normal, front, urgent]);
    expect(peer.log).toEqual(['R3 1+1', 'W5 405=0', 'R3 9+1', 'R3 2+1', 'R3 3+1', 'R3 4+1', 'R3 5+1']);
  });

  it('whoever hears a reply may send before the next poll leaves', async () => {
    await open();
    const first = line.exchange(read(1)).then(() => line.exchange(off, 'urgent', 'write'));
    const second = line.exchange(read(2));
    await Promise.all([first, second]);
    expect(peer.log).toEqual(['R3 1+1', 'W5 405=0', 'R3 2+1']);
  });

  it('normal exchanges keep the gap, an urgent one does not', async () => {
    await open({ gap_ms: 40 });
    const arrivals: number[] = [];
    peer.misbehave = () => {
      arrivals.push(clock.now_s());
      return undefined;
    };
    await line.exchange(read(1));
    await line.exchange(read(2));
    await line.exchange(off, 'urgent', 'write');
    expect(arrivals[1] - arrivals[0]).toBeGreaterThanOrEqual(0.039);
    expect(arrivals[2] - arrivals[1]).toBeLessThan(0.03);
  });

  it('gives up waiting writes, not waiting reads', async () => {
    await open();
    peer.misbehave = () => ({ delay_ms: 20 });
    const reading = line.exchange(read(1));
    const writing = line.exchange(set(5), 'normal', 'write');
    const readingToo = line.exchange(read(2));
    line.cancelWrites('overtaken by the safe state');
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
    await Promise.all([reading, readingToo]);
    expect(peer.log).toEqual(['R3 1+1', 'R3 2+1']);
  });

  it('has a bounded queue', async () => {
    await open({ queueMax: 2 });
    peer.misbehave = () => ({ delay_ms: 20 });
    const accepted = [1, 2, 3].map(n => line.exchange(read(n)));
    await expect(line.exchange(read(4))).rejects.toMatchObject({ code: 'cancelled' });
    await Promise.all(accepted);
    expect(peer.log).toHaveLength(3);
  });
});

describe('trouble', () => {
  it('an urgent request goes out during the quiet time, normal ones after it', async () => {
    await open();
    const arrivals = new Map<string, number>();
    peer.misbehave = ({ fn, address }) => {
      arrivals.set(`${fn}/${address}`, clock.now_s());
      return address === 1 ? { drop: true } : undefined;
    };
    await expect(line.exchange(read(1))).rejects.toMatchObject({ code: 'timeout' });
    const failed_s = clock.now_s();
    const polled = line.exchange(read(2));
    await line.exchange(off, 'urgent', 'write');
    await polled;
    expect(arrivals.get('5/405')! - failed_s).toBeLessThan(0.03);
    expect(arrivals.get('3/2')! - failed_s).toBeGreaterThanOrEqual(0.099);
  });

  it('a garbled answer is `garbled`, an exception `refused`, neither is taken for a value', async () => {
    await open();
    peer.misbehave = ({ address }) => (address === 1 ? { garble: true } : { exception: 2 });
    await expect(line.exchange(read(1))).rejects.toMatchObject({ code: 'garbled' });
    await expect(line.exchange(read(2))).rejects.toMatchObject({ code: 'refused' });
  });

  it.each([
    ['another register', [6, 0x01, 0xf4, 0, 5]],
    ['another value', [6, 0x01, 0xf5, 0, 6]],
  ])('a write whose echo names %s is garbled', async (_, answer) => {
    await open();
    peer.misbehave = ({ fn }) => (fn === 6 ? { answer } : undefined);
    await expect(line.exchange(set(5), 'normal', 'write')).rejects.toMatchObject({ code: 'garbled' });
  });

  it('urgent after urgent keeps the gap, so that no frame is lost in the instrument', async () => {
    await open({ gap_ms: 40 });
    const arrivals: number[] = [];
    peer.misbehave = () => {
      arrivals.push(clock.now_s());
      return undefined;
    };
    await Promise.all([line.exchange(off, 'urgent', 'write'), line.exchange(set(0), 'urgent', 'write')]);
    expect(arrivals[1] - arrivals[0]).toBeGreaterThanOrEqual(0.039);
  });

  it('silence is loss after so many exchanges; every waiter is told why', async () => {
    await open({ silentMax: 2 });
    peer.misbehave = () => ({ drop: true });
    let lost = '';
    line.onLost(reason => {
      lost = reason.message;
    });
    const results = await Promise.allSettled([1, 2, 3].map(n => line.exchange(read(n))));
    expect(results.map(r => (r.status === 'rejected' ? r.reason.code : 'answered'))).toEqual([
      'timeout',
      'timeout',
      'closed',
    ]);
    expect(lost).toContain('2 exchanges in a row without an answer');
    await expect(line.exchange(read(4))).rejects.toMatchObject({ code: 'closed' });
  });

  it('a cut connection rejects what is out and what waits', async () => {
    await open();
    peer.misbehave = () => ({ drop: true });
    const waiting = [1, 2].map(n => line.exchange(read(n)));
    await clock.sleep(0.02);
    peer.cut();
    const results = await Promise.allSettled(waiting);
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
  });

  it('closing rejects every waiter with the reason', async () => {
    await open();
    peer.misbehave = () => ({ drop: true });
    const waiting = [1, 2].map(n => line.exchange(read(n)));
    await line.close('bench closed');
    const results = await Promise.allSettled(waiting);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
      expect(String((result as PromiseRejectedResult).reason)).toContain('bench closed');
    }
  });
});
