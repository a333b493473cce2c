import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { ProgramTicket } from '../../../drivers/contract/program/program.ts';
import { once } from '../../profiles/language/exchange/convert-once.ts';
import { type MaccorBench, maccorBench } from './bench.ts';

/** Procedures on the emulated Maccor tester, and what goes wrong on its line. */

const METHOD = `method: short
version: 2
record: { every_s: 10 }
steps:
- { cc: { current_A: 1 }, until: cell.voltage_V > 4, for_min: 20 }
- { rest: {}, for_min: 5 }
- { cc: { current_A: -1 }, until: cell.voltage_V < 3, for_min: 10 }
`;
const { text } = once('short.yaml', METHOD, { to: 'maccor', accepts: true });

let bench: MaccorBench;
const heard = (what: string): number => bench.mac.heard.filter(one => one === what).length;
async function started(label = 'cell-1'): Promise<ProgramTicket> {
  await bench.program.load({ name: 'short', text });
  return bench.program.start(label);
}
async function shown(name: string): Promise<number> {
  const frame = await bench.device.read();
  return frame.values[bench.device.channels.findIndex(channel => channel.name === name)];
}

beforeEach(async () => {
  bench = await maccorBench();
  await bench.device.connect();
});
afterEach(() => bench.end());

describe('a procedure', () => {
  it('is put into the folder, started once, and watched to its end', async () => {
    const ticket = await started();
    expect(ticket).toEqual({ label: 'cell-1', test: '2026-01-01T00:00:00', records: 0 });
    expect(heard('6,2')).toBe(1);
    bench.hand.pass(600);
    expect(await bench.program.watch()).toMatchObject({ state: 'running', label: 'cell-1', said: 'Active' });
    expect(await shown('current_A')).toBeCloseTo(1, 3);
    expect(await shown('stepCharge_Ah')).toBeCloseTo(1 / 6, 3);
    expect([await shown('step_count'), await shown('state_count'), await shown('output_on')]).toEqual([
      1, 2, 1,
    ]);
    bench.hand.pass(1200);
    expect(await shown('current_A')).toBeCloseTo(-1, 3);
    expect((await bench.program.watch()).records).toBeGreaterThan(100);
    bench.hand.pass(900);
    expect(await bench.program.watch()).toMatchObject({
      state: 'finished',
      label: 'cell-1',
      said: 'Completed',
    });
    await expect(bench.program.download(ticket, () => {})).rejects.toMatchObject({ code: 'config' });
    // The next one needs a reset first.
    expect((await started('cell-2')).test).not.toBe(ticket.test);
    expect(heard('6,5')).toBe(1);
  });

  it('is found by a controller that was restarted while it runs; a finished one nobody can tell', async () => {
    const kept = JSON.parse(JSON.stringify(await started())) as ProgramTicket;
    await bench.device.close();
    bench.hand.pass(300);
    const again = bench.other();
    await again.connect();
    expect(await again.program?.reconcile(kept)).toMatchObject({ is: 'ours', now: { state: 'running' } });
    await again.close();
    bench.hand.pass(3000);
    const late = bench.other();
    await late.connect();
    expect(await late.program?.reconcile(kept)).toMatchObject({ is: 'missing', now: { state: 'finished' } });
  });

  it("somebody else's is not ended by our ticket", async () => {
    const ticket = await started();
    bench.hand.pass(300);
    const [procedure] = bench.mac.procedures;
    bench.mac.stopByHand();
    bench.mac.startByHand(procedure);
    bench.hand.pass(5);
    expect(await bench.program.reconcile(ticket)).toMatchObject({ is: 'missing', now: { label: '' } });
    await expect(bench.program.abort(ticket)).rejects.toMatchObject({ code: 'refused' });
    expect(bench.mac.channel.state).toBe('running');
  });

  it('abort ends it, proved by asking; one that is only said is found out', async () => {
    const ticket = await started();
    bench.hand.pass(100);
    bench.mac.tricks.set('6,5', 'not done');
    await expect(bench.program.abort(ticket)).rejects.toMatchObject({ code: 'readback' });
    bench.mac.tricks.clear();
    expect(await bench.program.abort(ticket)).toMatchObject({ state: 'idle' });
  }, 20_000);

  it('an order to start without an answer is never sent again, and what it did is not claimed', async () => {
    bench.mac.tricks.set('6,2', 'unanswered');
    await expect(started()).rejects.toThrow(/Whether it begins is not known/);
    expect(heard('6,2')).toBe(1);
  }, 20_000);

  it.each([
    ['no such procedure', { name: 'not-there' }, 'x-1', /no such procedure \(14\)/],
    ['a name with a path', { name: 'a/b' }, 'x-1', /no path/],
    ['no procedure at all', { name: 'x', text: '<xml/>' }, 'x-1', /no Maccor procedure/],
    ['a label that is too long', { name: 'x' }, 'x'.repeat(26), /label/],
    ['a label that the tester makes up', { name: 'x' }, 'Random', /label/],
  ])('%s is refused', async (_, program, label, reason) => {
    const run = async (): Promise<unknown> => {
      await bench.program.load(program);
      return bench.program.start(label);
    };
    await expect(run()).rejects.toThrow(reason);
  });
});

describe('the line', () => {
  it.each([
    ['another tester', { systemId: 'TESTER-8' }],
    ['a channel that is not there', { channel: 13 }],
  ])('%s is refused, and nothing is ordered', async (_, more) => {
    await bench.device.close();
    const other = bench.other(more);
    await expect(other.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(bench.mac.heard.some(one => one.startsWith('6,'))).toBe(false);
  });

  it('without `direct` nothing is switched on; NaN and unknown keys never reach it', async () => {
    const before = bench.mac.heard.length;
    for (const value of [Number.NaN, Infinity, -1, 2])
      await expect(bench.device.write('outputSet_on', value)).rejects.toMatchObject({ code: 'range' });
    await expect(bench.device.write('currentSet_A', 0)).rejects.toMatchObject({ code: 'config' });
    await expect(bench.device.write('outputSet_on', 1)).rejects.toThrow(/MacNetDirectModeWD/);
    expect(bench.mac.heard).toHaveLength(before);
  });

  it.each([
    ['silent', { silence: true }],
    ['garbled', { corrupt: true }],
  ])('%s: the frame is bad', async (_, fault) => {
    Object.assign(bench.mac.faults, fault);
    const frame = await bench.device.read();
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.reason).toBeTruthy();
  });

  it.each([
    [{ Stat: 3, RF2: 192 }, /Suspended/],
    [{ Stat: 5, RF2: 195 }, /Problem: a problem \(RF2 195\)/],
    [{ Stat: 2, RF2: 190 }, /a safety limit/],
    [{ Stat: 10, RF2: 252 }, /a fault of its hardware/],
    [{ Stat: 42, RF2: 0 }, /not known/],
  ])('a channel that says %j is never good, and is told once', async (show, said) => {
    const news: string[] = [];
    bench.device.onNews?.(one => news.push(one));
    bench.mac.show = show;
    for (let i = 0; i < 3; i++) {
      const frame = await bench.device.read();
      expect(Math.min(...frame.quality)).toBeGreaterThanOrEqual(QUALITY.uncertain);
    }
    expect(news).toHaveLength(1);
    expect(news[0]).toMatch(said);
  });
});
