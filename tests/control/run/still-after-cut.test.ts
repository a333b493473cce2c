import { afterEach, describe, expect, it } from 'vitest';
import { decide } from '../../../control/run/operator.ts';
import { readCheckpoint } from '../../../control/run/read-checkpoint.ts';
import { stillOf } from '../../../control/run/resume/still.ts';
import { limitsIn, safeFirst, takeUpRun } from '../../../control/run/resume/take-up.ts';
import type { Run } from '../../../control/run/run.ts';
import { BenchSession } from '../../../control/run/session.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { type LineBench, type LineBenchOptions, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON } from '../../support/line-steps.ts';

/** What a person has said of a run holds over a cut: its hold, its limits; and a suspension waits on. Over real lines. */

let bench: LineBench;
let session: BenchSession;
let run: Run;

afterEach(async () => {
  await bench.clock.runUntil(session.close());
});

async function atLoad(options: LineBenchOptions = {}, more = '', head = ''): Promise<void> {
  bench = await lineBench(options);
  session = bench.session;
  run = bench.start([ON, HOLD(100), ...(more === '' ? [] : [more])], head);
  await bench.until(() => bench.current_A() === 80);
  await bench.pass(5);
}

/** The program is gone for so long, then another one goes on with the run: safe state first, as `cellbench resume` does. */
async function cutOff(for_s: number): Promise<void> {
  const saved = readCheckpoint(JSON.parse(JSON.stringify(session.save())));
  if (saved.run === null) throw new Error('no run');
  const { spec } = run;
  session.letGo();
  await bench.pass(for_s);
  // The lines stand, as far as anybody can tell.
  const had = { connect: { value: () => Promise.resolve() } };
  const devices = new Map(
    [...session.parts.devices].map(([id, one]) => [id, Object.create(one, had) as Device]),
  );
  session = await bench.clock.runUntil(BenchSession.open({ ...session.parts, devices }));
  expect(await bench.clock.runUntil(safeFirst(session))).toEqual([]);
  const still = stillOf(saved);
  const kept = still === undefined ? saved.run : { ...saved.run, still };
  run = takeUpRun(session, spec, { saved: kept, limits: limitsIn(bench.events) });
}

const say = (command: 'hold' | 'resume') => decide(session, { command, by: 'A. Volta' }, 'test', undefined);
const limit = (value: number, interlock = 'current-high') =>
  decide(
    session,
    { command: 'limit', interlock, value, by: 'A. Volta', reason: 'new seal' },
    'test',
    undefined,
  );
const told = (kind: string): readonly string[] => bench.events.filter(e => e.kind === kind).map(e => e.text);

describe('a hold', () => {
  it.each([
    ['', {}],
    [' at its declared point', { hold: { 'stack.currentSet_A': { to: 20, ramp_per_s: 5 } } }],
  ])('stays%s, in the safe state, until a person says resume', async (_what, options) => {
    await atLoad(options);
    await say('hold');
    await bench.until(() => session.state === 'Held');
    await bench.pass(20);
    await cutOff(60);
    await bench.until(() => session.state === 'Held', 20);
    await bench.pass(200);
    expect([session.state, bench.current_A(), session.reason]).toEqual(['Held', 0, 'held (A. Volta (test))']);
    expect(told('resumed')).toEqual([
      expect.stringMatching(
        /^cut off, taken up: hold: continue; what flowed meanwhile does not count: no counter/,
      ),
    ]);
    expect((await say('resume')).accepted).toBe(true);
    await bench.until(() => run.outcome !== undefined, 200);
    expect(run.outcome).toMatchObject({ state: 'Complete' });
    // What was left of its time.
    const [step] = bench.events.flatMap(e => (e.kind === 'step' && e.text.includes('hold') ? [e] : []));
    expect(step.t_s).toBeGreaterThan(350);
    expect(told('resumed')).toHaveLength(1);
  });

  it('stays over two cuts, also where the second comes before it was held again', async () => {
    await atLoad();
    await say('hold');
    await bench.pass(2);
    await cutOff(60);
    expect(session.state).toBe('Starting');
    await cutOff(60);
    await bench.until(() => session.state === 'Held', 20);
    await cutOff(60);
    await bench.until(() => session.state === 'Held', 20);
    expect(session.reason).toBe('held (A. Volta (test))');
    expect(bench.current_A()).toBe(0);
  });

  it('of an interlock whose cause still stands stays, too, and is not let go on before', async () => {
    await atLoad();
    bench.h2InO2_vol_pct = 1.7;
    await bench.until(() => session.state === 'Held', 5);
    await cutOff(60);
    await bench.until(() => session.state === 'Held', 20);
    expect((await say('resume')).text).toBe('acknowledge the alarms first');
  });

  it('limits of the step do not act on the safe state, those of the whole method do', async () => {
    await atLoad({}, '', 'limits: [{ when: o2.h2_vol_pct > 1.2, then: stop }]\n');
    await say('hold');
    await bench.pass(2);
    await cutOff(60);
    await bench.until(() => session.state === 'Held', 20);
    bench.h2InO2_vol_pct = 1.3;
    await bench.until(() => run.outcome !== undefined, 20);
    expect(run.outcome).toMatchObject({ state: 'Stopped' });
  });

  it('what is never taken up ends at once', async () => {
    await atLoad();
    for (const one of run.spec.procedure.program?.instructions ?? []) Object.assign(one, { resume: 'never' });
    await say('hold');
    await bench.pass(2);
    await cutOff(60);
    await bench.until(() => run.outcome !== undefined, 20);
    expect(run.outcome?.reason).toContain('never taken up');
  });
});

it('a run that was going on goes on', async () => {
  await atLoad();
  await cutOff(60);
  await bench.until(() => session.state === 'Execute', 20);
  await bench.until(() => run.outcome !== undefined, 300);
  expect(run.outcome).toMatchObject({ state: 'Complete' });
});

it('a suspension goes on: its cause is waited for with its whole time, then the run goes on by itself', async () => {
  const suspends = {
    id: 'h2-wait',
    kind: 'threshold',
    role: 'o2.h2_vol_pct',
    trips: '>',
    limit: 1,
    reaction: 'suspend',
    basis: 'default',
    recover: { set: { 'stack.currentSet_A': 10 }, for_s: 5, within_s: 50, at_most: 1 },
  };
  await atLoad({ interlocks: [suspends] });
  bench.h2InO2_vol_pct = 1.5;
  await bench.until(() => session.state === 'Suspended', 20);
  await cutOff(60);
  await bench.until(() => session.state === 'Suspended', 20);
  await bench.pass(30);
  expect([session.state, bench.current_A()]).toEqual(['Suspended', 0]);
  bench.h2InO2_vol_pct = 0.5;
  await bench.until(() => session.state === 'Execute', 20);
  await bench.until(() => run.outcome !== undefined, 300);
  expect(run.outcome).toMatchObject({ state: 'Complete' });
  expect(told('recovered')).toHaveLength(1);
});

it('limits that were made stricter stay so, the last word of each; what is there no more is told', async () => {
  await atLoad();
  await limit(100);
  await limit(95);
  await limit(1.9, 'h2-trip');
  await limit(1.2, 'h2-trip');
  bench.events.push({
    t_s: 1,
    kind: 'limitChange',
    text: '',
    data: { id: 'gone', from: 2, to: 1, by: 'A. Volta', reason: 'new seal' },
  });
  await cutOff(60);
  expect([session.interlocks.limitOf('current-high'), session.interlocks.limitOf('h2-trip')]).toEqual([
    95, 1.2,
  ]);
  expect(told('limitKept')).toEqual([
    'current-high: 95 goes on (A. Volta (test): new seal)',
    'h2-trip: 1.2 goes on (A. Volta (test): new seal)',
    expect.stringMatching(/^gone: 1 does not: no interlock gone, expected one of current-high/),
  ]);
  await bench.until(() => session.state === 'Execute', 20);
  expect((await limit(94)).accepted).toBe(true);
  bench.h2InO2_vol_pct = 1.4;
  await bench.until(() => run.outcome !== undefined, 50);
  expect(run.outcome?.reason).toContain('o2.h2_vol_pct = 1.4 vol% > 1.2');
});
