import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { ProgramRow, ProgramTicket } from '../../../drivers/contract/program/program.ts';
import { once } from '../../profiles/language/exchange/convert-once.ts';
import { type NewareBench, newareBench } from './bench.ts';

/** Programs of a cycler, on the emulated Neware: they run on without us, and are found again. */

const METHOD = `method: short
version: 2
record: { every_s: 10 }
steps:
- { cc: { current_A: 1 }, until: cell.voltage_V > 4, for_min: 20 }
- { rest: {}, for_min: 5 }
- { cc: { current_A: -1 }, until: cell.voltage_V < 3, for_min: 10 }
`;
const text = once('short.yaml', METHOD, { to: 'neware', accepts: true }).text;
const PROGRAM = { name: 'short', text };

let bench: NewareBench;
const rows: ProgramRow[] = [];
const download = (ticket: ProgramTicket): Promise<ProgramTicket> =>
  bench.program.download(ticket, row => rows.push(row));
const heard = (cmd: string): number => bench.bts.heard.filter(one => one === cmd).length;
const shown = async (name: string): Promise<number> => {
  const frame = await bench.device.read();
  return frame.values[bench.device.channels.findIndex(channel => channel.name === name)];
};

async function started(label = 'cell-1'): Promise<ProgramTicket> {
  await bench.program.load(PROGRAM);
  return bench.program.start(label);
}

beforeEach(async () => {
  bench = await newareBench();
  rows.length = 0;
  await bench.device.connect();
});
afterEach(() => bench.end());

describe('a program of its own', () => {
  it('is loaded, started once, watched, and its rows come without gap or double', async () => {
    let ticket = await started();
    expect(ticket).toEqual({ label: 'cell-1', test: '143', records: 0 });
    expect(readdirSync(bench.folder)).toHaveLength(1);
    expect(heard('start')).toBe(1);
    bench.hand.pass(605);
    expect(await bench.program.watch()).toMatchObject({ state: 'running', label: 'cell-1', records: 61 });
    ticket = await download(ticket);
    expect(ticket.records).toBe(61);
    bench.hand.pass(3000);
    expect(await bench.program.watch()).toMatchObject({ state: 'finished', said: 'finish' });
    ticket = await download(ticket);
    expect(rows.map(row => row.record)).toEqual(rows.map((_, i) => i + 1));
    expect(ticket.records).toBe(rows.length);
    expect(rows.at(-1)).toMatchObject({ step: 3, kind: 'dc', stepTime_s: 600, cycle: 1 });
    expect(rows.at(-1)?.stepCharge_Ah).toBeCloseTo(1 / 6, 5);
    expect(await download(ticket)).toEqual(ticket);
  });

  it('more rows than one download gives come in several', async () => {
    const fine = once('fine.yaml', METHOD.replace('every_s: 10', 'every_s: 1'), {
      to: 'neware',
      accepts: true,
    });
    await bench.program.load({ name: 'fine', text: fine.text });
    const ticket = await bench.program.start('fine-1');
    bench.hand.pass(1100);
    expect((await download(ticket)).records).toBe(1100);
    expect(heard('download')).toBe(2);
  });

  it('shows itself in frames: voltage, current, charge of the step, step, state', async () => {
    expect(await shown('output_on')).toBe(0);
    await started();
    bench.hand.pass(600);
    const frame = await bench.device.read();
    expect(Math.max(...frame.quality)).toBe(QUALITY.good);
    expect(await shown('current_A')).toBeCloseTo(1, 3);
    expect(await shown('stepCharge_Ah')).toBeCloseTo(1 / 6, 4);
    expect([await shown('step_count'), await shown('state_count'), await shown('stepKind_count')]).toEqual([
      1, 1, 1,
    ]);
  });

  it('runs on over a cut line, and is reconciled after it', async () => {
    const ticket = await started();
    await bench.bts.stop();
    await expect.poll(() => bench.device.state).toBe('lost');
    bench.hand.pass(600);
    await expect(bench.program.watch()).rejects.toMatchObject({ code: 'closed' });
    await bench.bts.start();
    await expect.poll(() => bench.device.state, { timeout: 20_000 }).toBe('ready');
    expect(await bench.program.reconcile(ticket)).toMatchObject({ is: 'ours', now: { state: 'running' } });
    expect((await download(ticket)).records).toBe(60);
    expect(heard('stop')).toBe(0);
  });

  it('is found by a controller that was restarted, with the rows behind those it has', async () => {
    const ticket = await download(await started());
    bench.hand.pass(300);
    const later = await download(ticket);
    const kept = JSON.parse(JSON.stringify(later)) as ProgramTicket;
    await bench.device.close();
    bench.hand.pass(300);
    const again = bench.other();
    await again.connect();
    const found = await again.program?.reconcile({ ...kept, test: '' });
    expect(found).toMatchObject({ is: 'ours', ticket: { test: '143', records: 30 } });
    await again.program?.download(kept, row => rows.push(row));
    expect(rows.map(row => row.record)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('another test on the channel since: rows of ours by its number; an unknown label is missing', async () => {
    const ticket = await started();
    bench.hand.pass(300);
    bench.bts.stopByHand();
    const [name] = readdirSync(bench.folder);
    bench.bts.startByHand(`C:\\steps\\${name}`, 'someone');
    expect(await bench.program.reconcile(ticket)).toMatchObject({
      is: 'followed',
      now: { label: 'someone' },
    });
    // The last one was kept when it was stopped.
    expect((await download(ticket)).records).toBe(31);
    await expect(bench.program.abort(ticket)).rejects.toMatchObject({ code: 'refused' });
    expect(bench.bts.channel.state).toBe('running');
    const never = { label: 'never', test: '', records: 0 };
    expect(await bench.program.reconcile(never)).toMatchObject({ is: 'missing' });
  });

  it('abort and safe end it, proved by asking; one that is only said is found out', async () => {
    const ticket = await started();
    bench.hand.pass(100);
    bench.bts.tricks.set('stop', 'not done');
    await expect(bench.program.abort(ticket)).rejects.toMatchObject({ code: 'readback' });
    bench.bts.tricks.clear();
    expect(await bench.program.abort(ticket)).toMatchObject({ state: 'stopped', label: 'cell-1' });
    expect((await bench.device.safe()).failed).toEqual([]);
  }, 20_000);

  it.each([
    ['a label that is taken', 'cell-1', 'refused'],
    ['a label of other letters', 'cell 1"', 'range'],
  ] as const)('%s is refused before the wire', async (_, label, code) => {
    await started();
    bench.bts.stopByHand();
    await expect(bench.program.start(label)).rejects.toMatchObject({ code });
    expect(heard('start')).toBe(1);
  });

  it('a channel that is held, no program, or one that the server refuses: not started', async () => {
    await expect(bench.program.start('x')).rejects.toThrow(/nothing has been loaded/);
    await bench.program.load({ name: 'not-there.xml' });
    await expect(bench.program.start('x')).rejects.toMatchObject({ code: 'refused' });
    await expect(bench.program.load({ name: 'x', text: '<xml/>' })).rejects.toMatchObject({ code: 'config' });
    await started();
    await expect(bench.program.start('cell-2')).rejects.toThrow(/working with "cell-1"/);
    expect(heard('start')).toBe(2);
  });
});

describe('the safe state', () => {
  it('overtakes a start that was asked for before it and has not left', async () => {
    await bench.program.load(PROGRAM);
    const starting = bench.program.start('cell-1').catch((error: unknown) => error);
    const report = bench.device.safe();
    expect(await starting).toMatchObject({ code: 'cancelled' });
    expect((await report).failed).toEqual([]);
    expect(heard('start')).toBe(0);
    expect(await started('cell-2')).toMatchObject({ label: 'cell-2' });
  });
});

describe('an order without an answer', () => {
  it('is never sent again; the barcode on the channel says that it was taken', async () => {
    bench.bts.tricks.set('start', 'unanswered');
    expect(await started()).toMatchObject({ label: 'cell-1', test: '143' });
    expect(heard('start')).toBe(1);
  }, 20_000);

  it('that was answered and not done: it is told that nothing is known', async () => {
    bench.bts.tricks.set('start', 'not done');
    await expect(started()).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/Whether it begins is not known/) as string,
    });
    expect(heard('start')).toBe(1);
  }, 20_000);
});
