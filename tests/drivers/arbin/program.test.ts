import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { ProgramTicket } from '../../../drivers/contract/program/program.ts';
import { type ArbinBench, arbinBench } from './bench.ts';

/** Schedules and a live current on the emulated Arbin, and what goes wrong on its line. */

let bench: ArbinBench;
const START = 'bb320004';
const STOP = 'bb310001';
const heard = (what: string): number => bench.arbin.heard.filter(one => one === what).length;
async function started(label = 'cell-1'): Promise<ProgramTicket> {
  await bench.program.load({ name: 'short.sdx' });
  return bench.program.start(label);
}
async function shown(name: string): Promise<number> {
  const frame = await bench.device.read();
  return frame.values[bench.device.channels.findIndex(channel => channel.name === name)];
}
/** Time passes for the cell while the driver waits for what it has set. */
async function writing(key: string, value: number): Promise<void> {
  let isOver = false;
  const done = bench.device.write(key as 'outputSet_on', value).finally(() => {
    isOver = true;
  });
  done.catch(() => {});
  while (!isOver) {
    bench.hand.pass(0.5);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  return done;
}

beforeEach(async () => {
  bench = await arbinBench();
  await bench.device.connect();
});
afterEach(() => bench.end());

describe('a schedule', () => {
  it('is assigned by its name, started once, watched to its end', async () => {
    const ticket = await started();
    expect(ticket).toEqual({ label: 'cell-1', test: 'cell-1', records: 0 });
    expect(heard(START)).toBe(1);
    bench.hand.pass(600);
    expect(await bench.program.watch()).toMatchObject({ state: 'running', label: 'cell-1' });
    expect(await shown('charged_Ah')).toBeCloseTo(1 / 6, 3);
    bench.hand.pass(600);
    expect(await shown('current_A')).toBeCloseTo(-1, 3);
    expect([await shown('state_count'), await shown('output_on')]).toEqual([3, 1]);
    bench.hand.pass(600);
    expect(await bench.program.watch()).toMatchObject({ state: 'finished', said: 'Finished' });
    expect(await shown('discharged_Ah')).toBeCloseTo(1 / 6, 3);
    await expect(bench.program.download(ticket, () => {})).rejects.toMatchObject({ code: 'config' });
    await expect(bench.program.start('cell-1')).rejects.toMatchObject({ code: 'refused' });
  });

  it('is found by its name after a cut line and a restart; ended only under it', async () => {
    const ticket = await started();
    await bench.arbin.stop();
    await expect.poll(() => bench.device.state).toBe('lost');
    await bench.arbin.start();
    await bench.device.close();
    const again = bench.other();
    await again.connect();
    expect(await again.program?.reconcile(ticket)).toMatchObject({ is: 'ours', now: { state: 'running' } });
    await expect(again.program?.abort({ ...ticket, label: 'other' })).rejects.toMatchObject({
      code: 'refused',
    });
    bench.arbin.tricks.set(STOP, 'not done');
    await expect(again.program?.abort(ticket)).rejects.toMatchObject({ code: 'readback' });
    bench.arbin.tricks.clear();
    expect(await again.program?.abort(ticket)).toMatchObject({ state: 'idle' });
  }, 20_000);

  it('an order without an answer is never sent again; the name on the channel says that it was taken', async () => {
    bench.arbin.tricks.set(START, 'unanswered');
    expect(await started()).toMatchObject({ label: 'cell-1' });
    expect(heard(START)).toBe(1);
  }, 20_000);

  it('one that is not there, a text, a channel that runs: refused', async () => {
    await expect(bench.program.load({ name: 'none.sdx' })).rejects.toThrow(/no such schedule \(19\)/);
    await expect(bench.program.load({ name: 'x', text: 'x' })).rejects.toMatchObject({ code: 'config' });
    await started();
    await expect(bench.program.load({ name: 'short.sdx' })).rejects.toThrow(/is running \(20\)/);
  });
});

describe('a live current', () => {
  it('goes through MV_UD1 of a running schedule, begins at none, is read back as what flows', async () => {
    await writing('currentSet_A', 2);
    await writing('outputSet_on', 1);
    bench.hand.pass(2);
    await bench.device.read();
    bench.hand.pass(2);
    expect(await shown('current_A')).toBeCloseTo(2, 3);
    await writing('currentSet_A', -1.5);
    expect(await shown('current_A')).toBeCloseTo(-1.5, 3);
    bench.arbin.tricks.set('bb150001', 'not done');
    await expect(writing('currentSet_A', 3)).rejects.toMatchObject({ code: 'readback' });
    expect((await bench.device.safe()).failed).toEqual([]);
    bench.hand.pass(2);
    await bench.device.read();
    expect(bench.arbin.channel.current_A).toBeCloseTo(0, 6);
  }, 20_000);
});

describe('the line', () => {
  it.each([
    ['another cycler', { serial: '207856' }],
    ['a channel that is not there', { channel: 17 }],
  ])('%s is refused, and nothing is ordered', async (_, more) => {
    const other = bench.other(more);
    await expect(other.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(heard(START) + heard(STOP)).toBe(0);
  });

  it('a wrong login is refused', async () => {
    await expect(bench.other({ user: 'nobody' }).connect()).rejects.toThrow(/login refused \(2\)/);
  });

  it('NaN, out of range and unknown keys never reach it', async () => {
    const before = bench.arbin.heard.length;
    for (const value of [Number.NaN, Infinity, -11, 11])
      await expect(bench.device.write('currentSet_A', value)).rejects.toMatchObject({ code: 'range' });
    await expect(bench.device.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    const bare = bench.other({ live: undefined });
    await bare.connect();
    await expect(bare.write('outputSet_on', 1)).rejects.toThrow(/`live` in the bench file/);
    expect(bench.arbin.heard.slice(before)).toEqual(['eeab0001']);
  });

  it.each([
    ['silent', { silence: true }],
    ['garbled', { corrupt: true }],
  ])(
    '%s: the frame is bad',
    async (_, fault) => {
      Object.assign(bench.arbin.faults, fault);
      const frame = await bench.device.read();
      expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    },
    20_000,
  );

  it.each([
    [{ status: 8, deaf: 0 }, /Unsafe/],
    [{ status: 14, deaf: 0 }, /Error/],
    [{ status: 18, deaf: 0 }, /Pause/],
    [{ status: 99, deaf: 0 }, /not known/],
    [{ status: 4, deaf: 1 }, /no communication/],
  ])('a channel that says %j is never good, and is told once', async (show, said) => {
    const news: string[] = [];
    bench.device.onNews?.(one => news.push(one));
    bench.arbin.show = show;
    for (let i = 0; i < 3; i++)
      expect(Math.min(...(await bench.device.read()).quality)).toBeGreaterThanOrEqual(QUALITY.uncertain);
    expect(news).toHaveLength(1);
    expect(news[0]).toMatch(said);
  });
});
