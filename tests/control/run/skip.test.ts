import { afterEach, expect, it } from 'vitest';
import { Live } from '../../../control/live.ts';
import { decide } from '../../../control/run/operator.ts';
import type { Command } from '../../../control/view.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON, PRESS } from '../../support/line-steps.ts';

/** A person ends a step: over real lines with a supply that answers 40 ms late. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const WHO = { by: 'A. Volta', reason: 'long enough' };
const ask = (command: Command = { command: 'skip', ...WHO }) =>
  decide(bench.session, command, 'test', undefined);
const isOver = (): boolean => bench.session.run?.outcome !== undefined;
const steps = () => bench.events.flatMap(e => (e.kind === 'step' ? [e.data] : []));

it('the step is over, the next one begins, and the record says who and why', async () => {
  bench = await lineBench({ latency_s: { supply: 0.04 } });
  const run = bench.start([ON, HOLD(1000), '- { name: more, cc: { current_A: 40 }, for_s: 5 }']);
  await bench.until(() => run.step === 'hold');
  await bench.pass(3);
  expect((await ask()).accepted).toBe(true);
  expect(run.step).toBe('more');
  await bench.until(isOver, 60);
  expect(run.outcome).toMatchObject({ state: 'Complete', reason: '' });
  expect(steps().find(step => step.ended === 'skipped')).toMatchObject({
    op: 'wait',
    reason: 'skipped by A. Volta (test): long enough',
  });
  expect(bench.events.find(e => e.kind === 'command')?.data).toEqual({
    command: 'skip',
    accepted: true,
    ...WHO,
    by: 'A. Volta (test)',
  });
});

it('one asked about a step that has ended meanwhile is refused, and the step that runs now goes on', async () => {
  bench = await lineBench({ latency_s: { supply: 0.04 } });
  const run = bench.start([ON, HOLD(4), '- { name: charge, cc: { current_A: 40 }, for_s: 5 }', PRESS]);
  const live = new Live(bench.session, 'rehearsal');
  const skips = () => live.snapshot().run.skips;
  await bench.until(() => run.step === 'hold');
  const asked = skips();
  expect(asked).toEqual({ step: 'hold', began_s: expect.any(Number) });
  const { began_s = Number.NaN } = asked ?? {};
  await bench.until(() => run.step === 'charge');
  const answer = await ask({ command: 'skip', ...WHO, began_s });
  expect(answer).toEqual({
    accepted: false,
    text: 'the step that was to be skipped has ended; charge runs now and was left alone',
    said: { code: 'notThatStep', with: { step: 'charge' } },
  });
  expect(run.step).toBe('charge');
  const now_s = skips()?.began_s ?? Number.NaN;
  expect(now_s).toBeGreaterThan(began_s);
  expect(await ask({ command: 'skip', ...WHO, began_s: now_s })).toMatchObject({
    accepted: true,
    text: 'skipped charge: the method goes on behind it',
  });
  // Of a step that may not be skipped there is nothing to ask about.
  expect(skips()).toBeUndefined();
});

it('in the middle of a ramp: its current stays where it is until the next step asks', async () => {
  bench = await lineBench({ latency_s: { supply: 0.04 }, ramp_A_per_s: 20 });
  const run = bench.start([ON, '- { name: down, ramp: { current_A: 10, per_s: 1 } }', HOLD(5)]);
  await bench.until(() => run.step === 'down' && bench.current_A() < 60, 120);
  expect((await ask()).accepted).toBe(true);
  await bench.pass(0.5);
  const left_A = bench.current_A();
  await bench.pass(3);
  expect(bench.current_A()).toBe(left_A);
  expect(left_A).toBeGreaterThan(57);
  await bench.until(isOver, 60);
  expect(run.outcome).toMatchObject({ state: 'Complete', reason: '' });
});

it('the last step of a loop round: the next round begins', async () => {
  bench = await lineBench();
  const run = bench.start([
    `- repeat: { times: 2 }\n  steps:\n  - { name: a, wait: {}, for_s: 100 }`,
    HOLD(1),
  ]);
  await bench.until(() => run.step === 'a');
  for (let i = 0; i < 2; i++) {
    expect((await ask()).accepted).toBe(true);
    await bench.pass(0.5);
  }
  await bench.until(isOver, 60);
  expect(run.time_s).toBeLessThan(60);
  expect(steps().map(step => step.ended)).toEqual(['skipped', 'skipped', 'time']);
});

const wait = (keys: string): string => `- { name: x, wait: {}, ${keys} }`;

it.each([
  ['set points', [PRESS], /set points are never skipped/],
  [
    'a wait for a condition',
    [wait('until: cathode.pressure_barg > 9, within_s: 100')],
    /skipped only where its step says/,
  ],
  [
    'what a person is asked',
    ['- { name: x, ask: { text: is the valve open }, within_s: 100 }'],
    /is confirmed, never skipped/,
  ],
  ['a gate', [wait('for_s: 90, gate: cathode.pressure_barg > 9, within_s: 100')], /behind a gate/],
  [
    'a gate around it',
    [`- gate: cathode.pressure_barg < 9\n  within_s: 200\n  steps: [{ name: x, wait: {}, for_s: 90 }]`],
    /behind a gate/,
  ],
  ['skippable: no', [wait('for_s: 90, skippable: no')], /x \(.*:\d+\): skippable: no$/],
  [
    'in a group that says so',
    ['- { skippable: no, steps: [{ name: x, wait: {}, for_s: 90 }] }'],
    /skippable: no at .*:\d+$/,
  ],
] as const)('refused with its line: %s', async (_, list, says) => {
  bench = await lineBench();
  const run = bench.start([...list]);
  await bench.until(() => run.step !== '');
  const { accepted, text } = await ask();
  expect([accepted, text]).toEqual([false, expect.stringMatching(says)]);
  expect(steps()).toEqual([]);
});

it('refused in the end of a method', async () => {
  bench = await lineBench();
  const run = bench.start([HOLD(1), 'finally:', '- { name: x, wait: {}, for_s: 90 }']);
  await bench.until(() => run.step === 'x');
  expect(await ask()).toEqual({ accepted: false, text: expect.stringMatching(/the end of the method/) });
});

it('refused without who and why, in a hold, and with no run', async () => {
  bench = await lineBench();
  expect(await ask()).toMatchObject({ accepted: false, text: 'not possible in state Idle' });
  const run = bench.start([wait('until: cathode.pressure_barg > 9, within_s: 900, skippable: yes')]);
  await bench.until(() => run.step === 'x');
  expect(await ask({ command: 'skip' })).toEqual({ accepted: false, text: 'skip needs a name' });
  expect((await ask({ ...WHO, command: 'skip', reason: ' ' })).text).toBe('skip needs a reason');
  bench.session.hold('me');
  expect((await ask()).text).toBe('not possible in state Holding');
  await bench.pass(1);
  bench.session.resume();
  expect((await ask()).accepted).toBe(true);
});
