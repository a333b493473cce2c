import { afterEach, describe, expect, it } from 'vitest';
import { Live } from '../../../control/live.ts';
import { decide } from '../../../control/run/operator.ts';
import type { RunState } from '../../../control/view.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { benchAtLoad, HOLD, ME, ON } from '../../support/line-steps.ts';

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

describe('abort', () => {
  const WAYS: readonly (readonly [RunState, () => Promise<void>])[] = [
    [
      'Idle',
      async () => {
        bench = await lineBench();
      },
    ],
    [
      'Starting',
      async () => {
        bench = await lineBench();
        bench.start([ON, HOLD(10)]);
      },
    ],
    [
      'Execute',
      async () => {
        bench = await benchAtLoad();
      },
    ],
    [
      'Holding',
      async () => {
        bench = await benchAtLoad();
        bench.session.hold('me');
      },
    ],
    [
      'Held',
      async () => {
        bench = await benchAtLoad();
        bench.session.hold('me');
        await bench.pass(1);
      },
    ],
    [
      'Stopping',
      async () => {
        bench = await benchAtLoad();
        bench.session.stop(ME, 'stop');
      },
    ],
    [
      'Completing',
      async () => {
        bench = await lineBench();
        bench.start([ON, HOLD(2)]);
        await bench.until(() => bench.session.state === 'Completing');
      },
    ],
    [
      'Complete',
      async () => {
        bench = await lineBench();
        bench.start([ON, HOLD(2)]);
        await bench.until(() => bench.session.state === 'Complete');
      },
    ],
    [
      'Stopped',
      async () => {
        bench = await benchAtLoad();
        bench.session.stop(ME, 'stop');
        await bench.until(() => bench.session.state === 'Stopped');
      },
    ],
    [
      'Aborting',
      async () => {
        bench = await benchAtLoad();
        bench.session.abort(ME, 'a trip');
        await bench.pass(3);
      },
    ],
    [
      'Aborted',
      async () => {
        bench = await benchAtLoad();
        bench.session.abort(ME, 'a trip');
        await bench.until(() => bench.session.state === 'Aborted');
      },
    ],
  ];

  it.each(WAYS)('in %s leads into the proved safe state', async (state, lead) => {
    await lead();
    expect(bench.session.state).toBe(state);
    const abort_s = bench.clock.now_s();
    bench.session.abort(ME, 'a trip');
    await bench.until(() => bench.session.state === 'Aborted' && !bench.session.safeState.isUnderWay);
    expect(bench.session.safeState.outcome?.unproven).toEqual([]);
    expect(bench.lateWrites(abort_s)).toEqual([]);
    expect(bench.current_A()).toBe(0);
    expect(bench.pressure_barg()).toBeLessThan(0.5);
    expect(bench.session.run === undefined || bench.session.run.outcome !== undefined).toBe(true);
  });
});

it('what led into the safe state stays the cause, whatever comes in it, until a person clears', async () => {
  bench = await benchAtLoad();
  const live = new Live(bench.session, 'rehearsal');
  const said = () => [live.snapshot().run.reason, live.snapshot().run.why?.with];
  const first = ['hot: 91 degC', { did: 'aborted', by: 'interlock', id: 'hot', text: 'hot: 91 degC' }];
  const later = { by: 'interlock', id: 'silent' } as const;
  bench.session.abort({ by: 'interlock', id: 'hot' }, 'hot: 91 degC');
  bench.session.abort(later, 'silent: no reading');
  await bench.until(() => bench.session.state === 'Aborted');
  expect(said()).toEqual(first);
  bench.session.abort(later, 'silent: no reading');
  expect(bench.session.state).toBe('Aborting');
  expect(said()).toEqual(first);
  await bench.until(() => bench.session.state === 'Aborted' && !bench.session.safeState.isUnderWay);
  expect(said()).toEqual(first);
  // Each is in the record.
  expect(bench.events.flatMap(e => (e.kind === 'end' ? [e.data.cause] : []))).toHaveLength(2);
  expect((await decide(bench.session, { command: 'clear' }, 'test', undefined)).text).toBe('cleared');
  bench.session.abort(later, 'silent: no reading');
  expect(said()[0]).toBe('silent: no reading');
});

describe('why a person asks for it', () => {
  it.each([
    ['stop', 'stopped by a person (A. Volta (API)): a leak'],
    ['abort', 'aborted by a person (A. Volta (API)): a leak'],
  ] as const)('%s: it stands at the end of the run, in words and as data', async (command, reason) => {
    bench = await benchAtLoad();
    await decide(bench.session, { command, by: 'A. Volta', reason: 'a leak' }, 'API', undefined);
    expect(bench.session.reason).toBe(reason);
    expect(bench.session.cause).toEqual({ by: 'person', id: 'A. Volta (API)', because: 'a leak' });
  });

  it('a hold keeps it while it stands, and what goes on behind it stands in the record', async () => {
    bench = await benchAtLoad();
    const by = 'A. Volta';
    await decide(bench.session, { command: 'hold', by, reason: 'new sample' }, 'API', undefined);
    expect(bench.session.reason).toBe('held (A. Volta (API)): new sample');
    await bench.until(() => bench.session.state === 'Held');
    const resumed = await decide(
      bench.session,
      { command: 'resume', by, reason: 'it is in' },
      'API',
      undefined,
    );
    expect(resumed.accepted).toBe(true);
    expect(bench.events.filter(({ kind }) => kind === 'command').map(({ text }) => text)).toEqual([
      expect.stringContaining('hold (A. Volta (API) because new sample)'),
      expect.stringContaining('resume (A. Volta (API) because it is in)'),
    ]);
  });
});
