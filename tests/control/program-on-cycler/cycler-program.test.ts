import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Recording } from '../../../control/record/recording.ts';
import { CyclerProgram } from '../../../control/run/program/cycler-program.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import type { ProgramRow, ProgramRunner, ProgramTicket } from '../../../drivers/contract/program/program.ts';
import { type NewareBench, newareBench } from '../../drivers/neware/bench.ts';
import { once } from '../../profiles/language/exchange/convert-once.ts';

/** A program of a cycler that a run follows: its steps by its rows, its rows once each, and what becomes of it. */

const METHOD = `method: short
version: 2
record: { every_s: 10 }
steps:
- { rest: {}, for_s: 30 }
- { cc: { current_C: -1/2 }, for_s: 60 }
- { rest: {}, for_s: 30 }
`;

let bench: NewareBench;
beforeEach(async () => {
  bench = await newareBench();
  await bench.device.connect();
});
afterEach(() => bench.end());

interface Followed {
  readonly program: CyclerProgram;
  /** Numbers of the rows that came into the record. */
  readonly rows: number[];
  readonly tickets: (ProgramTicket | undefined)[];
  readonly said: string[];
  /** Rows that are written down as missing, from and to. */
  readonly missing: (readonly [number, number])[];
}

function follow(found?: ProgramTicket, runner: ProgramRunner = bench.program): Followed {
  const recording = new Recording();
  const rows: number[] = [];
  const tickets: (ProgramTicket | undefined)[] = [];
  const said: string[] = [];
  const missing: (readonly [number, number])[] = [];
  recording.add({
    frame: () => {},
    event(event) {
      said.push(event.text);
      if (event.kind === 'rowsMissing') missing.push([event.data.from, event.data.to]);
    },
    setpoint: () => {},
    checkpoint: () => {},
    spectrum: ({ columns }) => ({
      add({ rows: count, values }) {
        for (let i = 0; i < count; i++) rows.push(values[i * (columns.length + 1) + 1]);
      },
    }),
  });
  const { text } = once('short.yaml', METHOD, { to: 'neware', accepts: true, subject: { capacity_Ah: 5 } });
  const program = new CyclerProgram({
    device: bench.device,
    runner,
    clock: bench.clock,
    recording,
    poll_s: 0.1,
    name: 'short',
    text,
    label: 'cb-1',
    found,
    keep: ticket => tickets.push(ticket),
  });
  return { program, rows, tickets, said, missing };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !isSo(); i++) await bench.clock.sleep(0.1);
  expect(isSo()).toBe(true);
}
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a program of a cycler that a run follows', () => {
  it('ends its steps one by one as the rows tell, and says that it has come to its end', async () => {
    const { program, rows, tickets, said } = follow();
    expect([program.claim(1), program.claim(1), program.claim(1)]).toEqual([1, 2, 3]);
    await until(() => tickets.at(-1)?.test !== '' && tickets.length > 1);
    bench.hand.pass(45);
    await until(() => program.ended === 1);
    expect([program.took_s(1), program.failure]).toEqual([30, '']);
    bench.hand.pass(100);
    await until(() => program.failure !== '');
    expect([program.ended, program.took_s(2), program.took_s(3)]).toEqual([3, 60, 30]);
    expect(rows).toEqual(numbers(1, bench.bts.channel.rows.length));
    expect(tickets.at(-1)).toBeUndefined();
    expect(said.at(-1)).toMatch(/is over \(finish\)/);
  });

  it.each([
    ['in the middle', [4, 5, 6], [[4, 6]]],
    [
      'two of them',
      [3, 8],
      [
        [3, 3],
        [8, 8],
      ],
    ],
    ['the last ones', [-1, 0], [[-1, 0]]],
  ] as const)(
    'rows that never come, %s: named, asked for again, and the end is seen',
    async (_, lost, gaps) => {
      const { program, rows, said, missing } = follow();
      program.claim(3);
      await until(() => bench.bts.channel.state === 'running');
      // Counted from the end where they are the last.
      const last = (): number => bench.bts.channel.rows.length;
      if (lost[0] > 0) for (const record of lost) bench.bts.lostRows.add(record);
      else bench.hand.pass(60);
      if (lost[0] <= 0) for (let n = last() + 1; n < 100; n++) bench.bts.lostRows.add(n);
      bench.hand.pass(200);
      const first = Math.min(...bench.bts.lostRows);
      await until(() => program.failure !== '');
      expect(said.at(-1)).toMatch(/is over \(finish\)/);
      expect(program.failure).toBe('the cycler has come to the end of its program before the method');
      expect(missing).toEqual(lost[0] > 0 ? gaps : [[first, last()]]);
      expect(rows).toEqual(numbers(1, last()).filter(n => !bench.bts.lostRows.has(n)));
      expect(said.filter(text => /missing in what the cycler gives/.test(text))).toHaveLength(missing.length);
    },
  );

  it('rows that come when they are asked for again are not missing', async () => {
    const { program, rows, missing } = follow();
    program.claim(3);
    await until(() => bench.bts.channel.state === 'running');
    bench.bts.lostRows.add(4).add(5);
    const asked = (): number => bench.bts.heard.filter(cmd => cmd === 'download').length;
    bench.hand.pass(200);
    const before = asked();
    await until(() => asked() > before);
    bench.bts.lostRows.clear();
    await until(() => program.failure !== '');
    expect(missing).toEqual([]);
    expect(rows).toEqual(numbers(1, bench.bts.channel.rows.length));
  });

  it('loses no row and takes none twice where a download breaks off', async () => {
    let breaks = 2;
    const { program, rows, said } = follow(undefined, {
      ...bench.program,
      // The line is cut behind the third of them.
      async download(ticket, hear) {
        const got: ProgramRow[] = [];
        const last = await bench.program.download(ticket, row => got.push(row));
        if (got.length > 3 && breaks > 0) {
          breaks--;
          for (const row of got.slice(0, 3)) hear(row);
          throw new DeviceError('closed', 'cycler', 'cut');
        }
        for (const row of got) hear(row);
        return last;
      },
    });
    program.claim(3);
    await until(() => bench.bts.channel.state === 'running');
    bench.hand.pass(200);
    await until(() => program.failure !== '');
    expect(rows).toEqual(numbers(1, bench.bts.channel.rows.length));
    expect([program.ended, breaks]).toEqual([3, 0]);
    expect(said.filter(text => /is not heard|is heard again/.test(text))).toHaveLength(2);
  });

  it('that somebody has stopped ends no further step', async () => {
    const { program, tickets } = follow();
    program.claim(3);
    await until(() => tickets.length > 1);
    bench.hand.pass(45);
    bench.bts.stopByHand();
    await until(() => program.failure !== '');
    expect(program.failure).toBe('the cycler ended the program by itself: stop');
    expect(program.ended).toBe(1);
  });

  it.each([
    [
      'another program runs',
      undefined,
      /working with "someone".*not started.*nothing was started or stopped/,
    ],
    [
      'another one followed',
      { label: 'cb-0', test: '143', records: 0 },
      /cb-0 .*was followed by another.*"someone"/,
    ],
    [
      'it is not there',
      { label: 'cb-0', test: '1', records: 4 },
      /cb-0 .*is not on the cycler any more.*"someone"/,
    ],
  ] as const)('%s: refused before anything is ordered, and nobody is stopped', async (_, ticket, message) => {
    const { text } = once('short.yaml', METHOD, { to: 'neware', accepts: true, subject: { capacity_Ah: 5 } });
    await bench.program.load({ name: 'short', text });
    const [name] = readdirSync(bench.folder);
    bench.bts.startByHand(`C:\\steps\\${name}`, 'cb-0');
    bench.bts.stopByHand();
    bench.bts.startByHand(`C:\\steps\\${name}`, 'someone');
    const { program, tickets } = follow(ticket);
    await expect(program.prove()).rejects.toThrow(message);
    expect(tickets).toEqual(ticket === undefined ? [] : [undefined]);
    expect(bench.bts.channel.state).toBe('running');
    expect(bench.bts.heard.filter(cmd => cmd === 'start' || cmd === 'stop')).toEqual([]);
  });
});
