import { afterEach, expect, it } from 'vitest';
import { decide } from '../../../control/run/operator.ts';
import type { Command } from '../../../control/view.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON } from '../../support/line-steps.ts';
import { testMethod } from '../../support/test-method.ts';

/** The rest of a method is edited while its run is held: over real lines with a supply that answers 40 ms late. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const WHO = { by: 'A. Volta', reason: 'enough of it' };
const FILES = { method: 'new.yaml', sha256: 'b'.repeat(64), from: 'a'.repeat(64) };
const LOW = '- { name: low, cc: { current_A: 40 }, for_s: 5 }';
const LIMITED = (limit: string): string => `limits: [{ when: "${limit}", then: trip }]\n`;

const edited = (steps: readonly string[], head = ''): Procedure => {
  const { bench: file, devices } = bench.session.parts;
  return testMethod(file, devices, steps, { head });
};
const ended = (): string[] =>
  bench.events.flatMap(e => (e.kind === 'step' ? [`${e.text.split(':')[0]} ${e.data.ended}`] : []));
const isOver = (): boolean => bench.session.run?.outcome !== undefined;

/** At load, held. */
async function held(steps: readonly string[] = [ON, HOLD(1000)], head = ''): Promise<void> {
  bench = await lineBench({ latency_s: { supply: 0.04 } });
  const run = bench.start(steps, head);
  await bench.until(() => run.step === 'hold' && bench.current_A() === 80);
  await bench.pass(3);
  bench.session.hold('me');
  await bench.until(() => bench.session.state === 'Held');
}

it('stays held with its set points; resume goes on with the new steps, the time of the one under way with it', async () => {
  await held();
  const { run } = bench.session;
  const asked = bench.setpoints.length;
  expect(run?.edit(edited([ON, HOLD(10), LOW]))).toBe('');
  await bench.pass(5);
  expect(bench.setpoints.length).toBe(asked);
  expect([bench.session.state, bench.current_A()]).toEqual(['Held', 80]);
  bench.session.resume();
  const from_s = bench.clock.now_s();
  await bench.until(() => run?.step === 'low', 60);
  // Some 3 s of the 10 were over.
  expect(bench.clock.now_s() - from_s).toBeGreaterThan(5.5);
  expect(bench.clock.now_s() - from_s).toBeLessThan(7.5);
  await bench.until(isOver, 60);
  expect(run?.outcome).toMatchObject({ state: 'Complete', reason: '' });
  expect(ended()).toEqual(['on applied', 'hold time', 'low time']);
});

it('a limit that is stricter now trips in the hold, over the line', async () => {
  await held([ON, HOLD(1000)], LIMITED('stack.current_A > 90'));
  const { run } = bench.session;
  expect(run?.edit(edited([ON, HOLD(1000)], LIMITED('stack.current_A > 70')))).toBe('');
  await bench.until(() => bench.session.state === 'Aborting', 1);
  await bench.until(isOver, 300);
  expect(run?.outcome).toMatchObject({ state: 'Aborted', cause: { by: 'step' } });
  expect(bench.current_A()).toBe(0);
});

it('a trip of the bench while it is edited ends the run; then there is nothing to be edited', async () => {
  await held();
  const { run } = bench.session;
  expect(run?.edit(edited([ON, HOLD(10), LOW]))).toBe('');
  bench.h2InO2_vol_pct = 3;
  await bench.until(isOver, 300);
  expect(run?.outcome).toMatchObject({ state: 'Aborted', cause: { by: 'interlock', id: 'h2-trip' } });
  expect(run?.edit(edited([ON, HOLD(10)]))).toBe('the method is over');
});

it.each([
  [
    'what has been done',
    [ON.replace('80', '60'), HOLD(9)],
    '',
    /^m\.yaml:\d+: stands otherwise .* it has begun/,
  ],
  ['what is under way', [ON, '- { name: hold, cc: { current_A: 9 }, for_s: 9 }'], '', /is under way/],
  [
    'rows that the record does not promise',
    [ON, HOLD(9)],
    'record: { every_s: 10 }\n',
    /^record: keeps less/,
  ],
])('refused, and nothing has changed: %s', async (_, steps, head, says) => {
  await held([ON, HOLD(6)]);
  const { run } = bench.session;
  // As the program reads it, with what its record rules leave out.
  const bounds = head === '' ? {} : { record: { every_s: 10, before_s: 0, change: {} } };
  expect(run?.edit({ ...edited(steps, head), ...bounds })).toMatch(says);
  bench.session.resume();
  await bench.until(isOver, 60);
  expect(ended()).toEqual(['on applied', 'hold time']);
});

it('is asked for at the one door, with who and why, and only in a hold', async () => {
  await held();
  const taken: object[] = [];
  const ask = (more: Partial<Command> = {}): ReturnType<typeof decide> =>
    decide(bench.session, { command: 'edit', ...WHO, ...FILES, ...more }, 'test', undefined, asked => {
      taken.push(asked);
      return Promise.resolve(taken.length === 1 ? '' : 'somebody else has edited it meanwhile');
    });
  expect(await ask()).toMatchObject({ accepted: true, text: 'edited: resume goes on with the new method' });
  expect(taken).toEqual([{ ...FILES, ...WHO, by: 'A. Volta (test)' }]);
  expect(await ask()).toEqual({ accepted: false, text: 'somebody else has edited it meanwhile' });
  expect(bench.events.flatMap(e => (e.kind === 'command' ? [e.data] : []))).toMatchObject([
    { command: 'edit', by: 'A. Volta (test)', accepted: true, reason: 'enough of it' },
    { accepted: false },
  ]);
  const { reason: _, ...noReason } = WHO;
  const bare = { command: 'edit', ...noReason, ...FILES } as const;
  expect((await decide(bench.session, bare, 'test', undefined)).text).toBe('edit needs a reason');
  expect((await decide(bench.session, { command: 'edit', ...WHO }, 'test', undefined)).text).toMatch(
    /^what an edit changes is looked at before: cellbench edit/,
  );
  bench.session.resume();
  expect((await ask()).text).toMatch(/not possible in state .*expected the run held/);
  expect(taken).toHaveLength(2);
});
