import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { eaPsb10000 } from '../../drivers/ea/psb-10000.ts';
import { type PsbPeer, psbOptions, psbPeer } from './ea/psb-peer.ts';

/** What it takes to connect: type, class, ratings, status; remote control and its proof; sink limits. */
const CONNECTS = ['R3 1+20', 'R3 0+1', 'R3 121+6', 'R3 505+2', 'W5 402=65280', 'R3 505+2', 'R3 498+2'];
const POLL = ['R3 505+2', 'R3 507+3'];
const clock = realClock();
let peer: PsbPeer;
let device: Device;
let states: string[];

async function connected(): Promise<void> {
  peer = await psbPeer();
  device = eaPsb10000.open('supply', psbOptions(peer), { clock, baseDir: '.' });
  states = [];
  device.onState(state => states.push(state));
  await device.connect();
}

async function until(what: () => boolean, limit_s: number): Promise<number> {
  const start_s = clock.now_s();
  while (!what() && clock.now_s() - start_s < limit_s) await clock.sleep(0.005);
  expect(what()).toBe(true);
  return clock.now_s() - start_s;
}

afterEach(async () => {
  await device?.close();
  await peer?.close();
});

describe('a lost line', () => {
  it('is noticed at once, read says why at once, and the line comes back by itself', async () => {
    await connected();
    await device.write('outputSet_on', 1);
    const { port } = peer;
    await peer.close();
    await until(() => device.state === 'lost', 0.5);

    const asked_s = clock.now_s();
    const frame = await device.read();
    expect(clock.now_s() - asked_s).toBeLessThan(0.02);
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.reason).toMatch(/closed|ECONNREFUSED/);
    await expect(device.write('currentSet_A', 1)).rejects.toMatchObject({ code: 'closed' });
    const report = await device.safe();
    expect(report.done).toEqual([]);
    expect(report.failed.map(f => f.key)).toEqual(['outputSet_on', 'currentSet_A']);

    peer = await psbPeer(port);
    await until(() => device.state === 'ready', 3);
    // Identity and remote again; no output, no alarm acknowledged.
    expect(peer.log).toEqual([...CONNECTS]);
    expect((await device.read()).values[3]).toBe(0);
    expect(states).toContain('lost');
    expect(states.at(-1)).toBe('ready');
  });

  it('comes back on a fresh connection after silence', async () => {
    await connected();
    peer.misbehave = () => ({ drop: true });
    const start_s = clock.now_s();
    while (device.state === 'ready' && clock.now_s() - start_s < 5) await device.read();
    expect(device.state).toBe('lost');
    expect(clock.now_s() - start_s).toBeLessThan(2.5);
    const before = peer.connections;
    peer.misbehave = () => undefined;
    await until(() => device.state === 'ready', 4);
    expect(peer.connections).toBeGreaterThan(before);
    expect(Math.max(...(await device.read()).quality)).toBe(QUALITY.good);
  });

  it('stays lost while another instrument answers in its place', async () => {
    await connected();
    const { port } = peer;
    await peer.close();
    peer = await psbPeer(port);
    peer.holding.set(123, 0);
    await until(() => peer.log.length >= 2, 3);
    await clock.sleep(0.05);
    expect(device.state).toBe('lost');
    expect((await device.read()).reason).toContain('currentNominal_A');
    expect(peer.log.filter(line => line.startsWith('W'))).toEqual([]);
  });

  it('one lost answer is asked for again in the same poll', async () => {
    await connected();
    let isFirst = true;
    peer.misbehave = () => {
      const misdeed = isFirst ? { drop: true } : undefined;
      isFirst = false;
      return misdeed;
    };
    const frames = [await device.read(), await device.read(), await device.read()];
    expect(frames.map(frame => frame.quality[0])).toEqual([QUALITY.uncertain, QUALITY.good, QUALITY.good]);
    expect(device.retries).toBe(1);
    // Before it is asked again the line waits, and asks who is there; so it does behind each answer for a time.
    const proved = POLL.flatMap(question => [question, 'R3 1+20']);
    expect(peer.log.slice(-14)).toEqual(['R3 505+2', 'R3 1+20', ...proved, ...proved, ...proved]);
  });

  it('polls never pile up: a poll that is out is the answer to the next one too', async () => {
    await connected();
    peer.log.length = 0;
    peer.misbehave = () => ({ delay_ms: 30 });
    const frames = await Promise.all([device.read(), device.read(), device.read()]);
    expect(peer.log).toEqual([...POLL]);
    expect(frames[1]).toBe(frames[0]);
  });
});

describe('the safe state overtakes', () => {
  it('setpoints that wait are given up and never follow the output off', async () => {
    await connected();
    peer.log.length = 0;
    peer.misbehave = () => ({ delay_ms: 20 });
    // Past the gap after connecting, so that the poll is the exchange that is out.
    await clock.sleep(0.01);
    const polled = device.read();
    const first = device.write('currentSet_A', 2000);
    const second = device.write('outputSet_on', 1);
    const [writes, report] = await Promise.all([Promise.allSettled([first, second]), device.safe(), polled]);
    expect(writes.map(w => (w.status === 'rejected' ? w.reason.code : 'done'))).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(report.failed).toEqual([]);
    expect(peer.log.slice(0, 3)).toEqual(['R3 505+2', 'W5 405=0', 'W6 501=0']);
    expect(peer.log.filter(line => line.startsWith('W'))).toEqual(['W5 405=0', 'W6 501=0']);
  });

  it('goes out during the quiet time, is proven after it and repeated if it was not heard', async () => {
    await connected();
    await device.write('outputSet_on', 1);
    peer.log.length = 0;
    let isDeaf = true;
    peer.misbehave = ({ fn }) => (!isDeaf ? undefined : fn === 5 ? { drop: true } : { garble: true });
    // The poll's answer is damaged, so is the probe's; the instrument misses the first "output off".
    const polled = device.read();
    await clock.sleep(0.25);
    const asked_s = clock.now_s();
    const report = device.safe();
    await clock.sleep(0.02);
    expect(peer.log).toEqual(['R3 505+2', 'R3 1+20', 'W5 405=0']);
    expect(clock.now_s() - asked_s).toBeLessThan(0.1);
    peer.holding.set(506, peer.holding.get(506)! | 0x80);
    isDeaf = false;
    expect((await report).failed).toEqual([]);
    expect(peer.holding.get(506)! & 0x80).toBe(0);
    await polled;
  });
});
