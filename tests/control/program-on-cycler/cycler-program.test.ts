import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Recording } from '../../../control/record/recording.ts';
import { CyclerProgram, type FoundProgram } from '../../../control/run/program/cycler-program.ts';
import type { ProgramTicket } from '../../../drivers/contract/program/program.ts';
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
}

function follow(found?: FoundProgram): Followed {
  const recording = new Recording();
  const rows: number[] = [];
  const tickets: (ProgramTicket | undefined)[] = [];
  const said: string[] = [];
  recording.add({
    frame: () => {},
    event: ({ text }) => said.push(text),
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
    runner: bench.program,
    clock: bench.clock,
    recording,
    poll_s: 0.1,
    name: 'short',
    text,
    label: 'cb-1',
    found,
    keep: ticket => tickets.push(ticket),
  });
  return { program, rows, tickets, said };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !isSo(); i++) await bench.clock.sleep(0.1);
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
    expect([program.took_s(1), program.failure, program.isBefore(1)]).toEqual([30, '', false]);
    bench.hand.pass(100);
    await until(() => program.failure !== '');
    expect([program.ended, program.took_s(2), program.took_s(3)]).toEqual([3, 60, 30]);
    expect(rows).toEqual(numbers(1, bench.bts.channel.rows.length));
    expect(tickets.at(-1)).toBeUndefined();
    expect(said.at(-1)).toMatch(/is over \(finish\)/);
  });

  it('is taken up by another process: rows behind those that are kept, each once; what began before is said', async () => {
    const first = follow();
    first.program.claim(1);
    await until(() => first.tickets.length > 1);
    bench.hand.pass(45);
    await until(() => first.program.ended === 1 && (first.tickets.at(-1)?.records ?? 0) > 0);
    first.program.letGo();
    const ticket = first.tickets.findLast(one => one !== undefined);
    if (ticket === undefined) throw new Error('no ticket');
    bench.hand.pass(20);
    const second = follow({ ticket, kept: first.rows.length });
    expect(second.program.claim(1)).toBe(1);
    await until(() => second.program.ended === 1);
    bench.hand.pass(100);
    await until(() => second.program.failure !== '');
    expect([...first.rows, ...second.rows]).toEqual(numbers(1, bench.bts.channel.rows.length));
    expect([1, 2, 3].map(step => second.program.isBefore(step))).toEqual([true, true, false]);
    expect(bench.bts.heard.filter(cmd => cmd === 'start')).toHaveLength(1);
  });

  it('that somebody has stopped, or followed by another one, ends no further step', async () => {
    const { program, tickets } = follow();
    program.claim(3);
    await until(() => tickets.length > 1);
    bench.hand.pass(45);
    bench.bts.stopByHand();
    await until(() => program.failure !== '');
    expect(program.failure).toBe('the cycler ended the program by itself: stop');
    expect(program.ended).toBe(1);
    const lost = follow({ ticket: { label: 'cb-0', test: '1', records: 4 }, kept: 4 });
    lost.program.claim(1);
    await until(() => lost.program.failure !== '');
    expect(lost.program.failure).toMatch(
      /cb-0 of an earlier run is not on the cycler any more.*nothing was started/,
    );
    expect(bench.bts.heard.filter(cmd => cmd === 'start')).toHaveLength(1);
  });
});
