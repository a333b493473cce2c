import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluateRun } from '../../../profiles/run-kpis.ts';
import { type NewareBench, newareBench } from '../../drivers/neware/bench.ts';
import { type WireRun, wireRun } from './wire-run.ts';

/** A trip, a silence, somebody else's program, a take-up while a method runs on a cycler: on the wire, answers late. */

const METHOD = `method: short
version: 2
record: { every_s: 10 }
steps:
- { rest: {}, for_s: 10 }
- { cc: { current_C: -1/2 }, id: down, for_s: 600 }
- { rest: {}, for_s: 30 }
`;
/** The current of the method is beyond this one. */
const STRICT = [['limit: -11, rearm: -10', 'limit: -1, rearm: -0.9']] as const;

let bench: NewareBench;
let stopTime: () => void;
const runs: WireRun[] = [];
beforeEach(async () => {
  bench = await newareBench();
  // The cell lives on beside what is passed by hand.
  stopTime = bench.clock.every(1, () => bench.hand.pass(1));
  bench.bts.faults.delay_ms = 10;
});
afterEach(async () => {
  stopTime();
  for (const run of runs.splice(0)) await run.letGo();
  await bench.end();
});

async function begun(
  ...options: Parameters<typeof wireRun> extends [unknown, unknown, ...infer R] ? R : never
) {
  const run = await wireRun(bench, METHOD, ...options);
  runs.push(run);
  return run;
}
async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 10, timeout: 20_000 }).toBe(true);
}
const running = (): boolean => bench.bts.channel.state === 'running';
const all = (): number[] => bench.bts.channel.rows.map(({ record }) => record);

describe('while a method runs on a cycler', () => {
  it('a trip ends its program, proved, with its last rows in the record', async () => {
    const { run, program, kept, hasTicket } = await begun({ change: STRICT });
    await until(running);
    expect(hasTicket()).toBe(true);
    bench.hand.pass(45);
    const { state, cause, unproven } = await run.finished;
    expect([state, cause, unproven]).toEqual([
      'Aborted',
      { by: 'interlock', id: 'discharge-current-high' },
      [],
    ]);
    expect(bench.bts.channel.state).toBe('stopped');
    await program.close(unproven.length === 0);
    const { rows, said } = await kept();
    expect(rows).toEqual(all());
    expect(said.at(-1)).toMatch(/is over \(stop\); \d+ rows/);
    expect(hasTicket()).toBe(false);
  });

  it('a silence is a trip that nobody can prove; heard again it is ended, and what it did meanwhile is in the record', async () => {
    const change = [['stale_after_s: 40\n    accepted: "a fast clock"', 'stale_after_s: 12']] as const;
    const { run, session, program, kept, hasTicket, record } = await begun({ change });
    await until(running);
    bench.hand.pass(45);
    await until(() => program.ended === 1);
    bench.bts.faults.silence = true;
    const { state, cause, unproven } = await run.finished;
    expect([state, cause.by]).toEqual(['Aborted', 'interlock']);
    expect(unproven.length).toBeGreaterThan(0);
    // By itself, within its own limits.
    bench.hand.pass(100);
    expect([running(), hasTicket()]).toEqual([true, true]);
    bench.bts.faults.silence = false;
    await until(() => session.safeState.outcome?.unproven.length === 0);
    expect(bench.bts.channel.state).toBe('stopped');
    await program.close(true);
    const { rows, said } = await kept();
    expect(rows).toEqual(all());
    expect(rows.length).toBeGreaterThan(14);
    expect(said.filter(text => /is not heard|is heard again/.test(text))).toEqual([
      expect.stringMatching(/its program goes on by itself/),
      expect.stringMatching(/is heard again: it is \w+, \d+ rows came of meanwhile/),
    ]);
    // What flowed until it was stopped counts, not only until the trip.
    const read = await record();
    const figures = evaluateRun(read, run.spec.procedure).filter(({ id }) => id === 'charge-out');
    read.close();
    const flowed_Ah = bench.bts.channel.rows.findLast(({ step }) => step === 2)?.charge_Ah ?? Number.NaN;
    expect(figures.map(({ phase }) => phase)).toEqual([undefined, 'run']);
    for (const { value, u95, definition } of figures) {
      expect(Math.abs((value ?? Number.NaN) - flowed_Ah)).toBeLessThan(u95 ?? Number.NaN);
      expect(definition).toMatch(/Counted to the last of them, \d+ s behind the end of the method/);
    }
    expect(hasTicket()).toBe(false);
  });

  it('a program that is not what was loaded ends the run with that reason; its rows are kept, the output is off', async () => {
    const { run, program, kept } = await begun();
    await until(running);
    bench.hand.pass(45);
    await until(() => program.ended === 1);
    const own = bench.bts.test.id;
    bench.bts.stopByHand();
    const rows = all();
    const [path] = bench.stepFiles();
    bench.bts.startByHand(path, 'someone');
    const { state, reason, unproven } = await run.finished;
    expect([state, reason, unproven]).toEqual([
      'Stopped',
      expect.stringMatching(/another program, "someone"/),
      [],
    ]);
    expect([bench.bts.test.id, bench.bts.channel.state]).toEqual([own + 1, 'stopped']);
    await program.close(true);
    expect((await kept()).rows).toEqual(rows);
  });
});

describe('at a take-up', () => {
  it('an alarm that stands ends the program, proved, before the method goes on', async () => {
    const first = await begun();
    await until(running);
    bench.hand.pass(45);
    await first.letGo();
    expect(first.hasTicket()).toBe(true);
    const again = await begun({ change: STRICT, device: bench.other(), name: 'again' });
    const { state, reason, unproven } = await again.run.finished;
    expect([state, unproven]).toEqual(['Aborted', []]);
    expect(reason).toMatch(/discharge-current-high/);
    expect(bench.bts.channel.state).toBe('stopped');
    expect(again.run.phases).toEqual([]);
  });
});
