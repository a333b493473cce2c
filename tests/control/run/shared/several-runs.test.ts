import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinal } from '../../../../control/contract/run-state.ts';
import { SharedDevice } from '../../../../control/run/shared/shared-device.ts';
import { VirtualClock } from '../../../../drivers/contract/clock.ts';
import { type MemoryDevice, memoryDevice } from '../../../support/memory-device.ts';
import { SharedBench, type SharingRun } from '../../../support/shared-bench.ts';

/** Several runs at a time on one bench: what ends one leaves the others, what ends the bench ends all. */

const STEPS = (for_s: number): string[] => [
  '- { set: { anode.ventValveSet_on: on } }',
  '- { set: { stack.currentSet_A: 50, stack.outputSet_on: on } }',
  `- { wait: {}, for_s: ${for_s} }`,
];
const ME = { by: 'person', id: 'me' } as const;
const LONG_S = 10_000;

const urgent = ({ written }: MemoryDevice) => written.filter(one => one.urgent);

async function begun(names: readonly string[], for_s = LONG_S): Promise<SharedBench> {
  const bench = new SharedBench();
  for (const name of names) await bench.clock.runUntil(bench.start(name, STEPS(for_s)));
  await bench.pass(20);
  expect(bench.runs.map(({ session }) => session.state)).toEqual(names.map(() => 'Execute'));
  return bench;
}

function expectOff({ supply, session, name }: SharingRun): void {
  const last = supply.written.filter(({ key }) => key === 'outputSet_on').at(-1);
  expect(last, name).toMatchObject({ value: 0, urgent: true });
  expect(supply.values[1], name).toBeLessThan(5);
  expect(session.safeState.outcome?.unproven, name).toEqual([]);
}

describe('several runs on a bench', () => {
  it('poll what they share once a period', async () => {
    const bench = await begun(['a', 'b', 'c', 'd']);
    const before = bench.polls;
    await bench.pass(100);
    expect(bench.polls - before).toBeGreaterThanOrEqual(99);
    expect(bench.polls - before).toBeLessThanOrEqual(101);
    await bench.close();
  });

  it('a trip of one leaves the others and what they share; the last one takes it into the safe state', async () => {
    const bench = await begun(['a', 'b']);
    const [a, b] = bench.runs;
    a.supply.values[1] = 200;
    await bench.pass(2);
    a.supply.values[1] = 0;
    await bench.pass(30);
    expect(a.run.outcome).toMatchObject({ state: 'Aborted', cause: { id: 'current-high' } });
    expectOff(a);
    expect(b.session.state).toBe('Execute');
    expect(urgent(b.supply)).toEqual([]);
    expect(urgent(bench.plc)).toEqual([]);
    b.session.stop(ME, 'enough');
    await bench.pass(60);
    expect(b.session.state).toBe('Stopped');
    expectOff(b);
    expect(urgent(bench.plc)).toMatchObject([{ key: 'ventSet_on', value: 1 }]);
    await bench.close();
  });

  it('a limit of the bench ends all, each with the reason', async () => {
    const bench = await begun(['a', 'b', 'c']);
    bench.plc.values[2] = 5;
    await bench.pass(60);
    for (const one of bench.runs) {
      expect(one.run.outcome).toMatchObject({ state: 'Aborted', cause: { by: 'interlock', id: 'h2-in-o2' } });
      expectOff(one);
    }
    expect(urgent(bench.plc).length).toBeGreaterThan(0);
    await bench.close();
  });

  it('a shared instrument that falls silent ends all', async () => {
    const bench = await begun(['a', 'b', 'c']);
    bench.plc.reading = 'fails';
    await bench.pass(30);
    expect(bench.runs.map(({ session }) => isFinal(session.state) || session.state === 'Aborting')).toEqual([
      true,
      true,
      true,
    ]);
    for (const { supply } of bench.runs) expect(supply.values[1]).toBe(0);
    await bench.close();
  });

  it('a set point of the bench is one value: another one is refused while a run holds it', async () => {
    const bench = await begun(['a']);
    const other = await bench.clock.runUntil(
      bench.start('b', ['- { set: { anode.ventValveSet_on: off } }', '- { wait: {}, for_s: 100 }']),
    );
    await bench.pass(20);
    const cause = { by: 'set-point', id: 'anode.ventValveSet_on' };
    expect(other.run.outcome).toMatchObject({ state: 'Aborted', cause });
    expect(other.run.outcome?.reason).toContain('a holds it at 1');
    expect(bench.plc.written.every(({ key, value }) => key !== 'ventSet_on' || value === 1)).toBe(true);
    expect(bench.runs[0].session.state).toBe('Execute');
    await bench.close();
  });

  it('runs that end at the same moment drive what they share once; whoever closes leaves it open for the others', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const device = memoryDevice('chamber', clock, ['t_degC'], ['tSet_degC'], [['tSet_degC', 20]]);
    let [driven, closed] = [0, 0];
    const { safe, close } = device;
    device.safe = () => {
      driven++;
      return clock.sleep(0.3).then(safe);
    };
    device.close = () => {
      closed++;
      return close();
    };
    const shared = new SharedDevice(device, clock, 1);
    const isUnderWay = (): boolean => false;
    const views = ['a', 'b', 'c'].map(name => shared.viewFor({ name, isUnderWay }));
    await Promise.all(views.map(view => view.connect()));
    const reports = await clock.runUntil(Promise.all(views.map(view => view.safe())));
    expect(reports.map(({ failed }) => failed)).toEqual([[], [], []]);
    expect(driven).toBe(1);
    await clock.runUntil(views[0].safe());
    expect(driven).toBe(2);
    for (const view of views) await view.close();
    expect(closed).toBe(1);
    expect((await views[0].read()).reason).toContain('not connected');
  });

  it('whatever ends which of them, and when', async () => {
    const ending = fc.record({
      at_s: fc.integer({ min: 1, max: 120 }),
      which: fc.nat(),
      by: fc.constantFrom('trip', 'stop', 'abort', 'guard'),
    });
    const plan = fc.record({
      runs: fc.integer({ min: 2, max: 6 }),
      endings: fc.array(ending, { maxLength: 8 }),
      benchTrip_s: fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
      ends_s: fc.array(fc.integer({ min: 10, max: 140 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ runs, endings, benchTrip_s, ends_s }) => {
        const bench = new SharedBench();
        for (let i = 0; i < runs; i++)
          await bench.clock.runUntil(bench.start(`s${i}`, STEPS(ends_s[i] ?? LONG_S)));
        await bench.pass(15);
        const ended = new Set<SharingRun>();
        for (let t_s = 1; t_s <= 160; t_s++) {
          for (const { which, by } of endings.filter(({ at_s }) => at_s === t_s)) {
            const one = bench.runs[which % runs];
            ended.add(one);
            if (by === 'trip') one.supply.values[1] = 200;
            else if (by === 'stop') one.session.stop(ME, 'enough');
            else one.session.abort(by === 'guard' ? { by: 'guard', id: 'lost' } : ME, 'now');
          }
          if (t_s === benchTrip_s) bench.plc.values[2] = 5;
          await bench.pass(1);
          for (const one of bench.runs) if (one.supply.values[1] === 200) one.supply.values[1] = 0;
          const going = bench.runs.filter(({ session }) => session.state === 'Execute');
          // Who has not been ended is untouched, and so is what it needs.
          for (const one of going) expect(urgent(one.supply)).toEqual([]);
          if (going.length > 0) expect(urgent(bench.plc)).toEqual([]);
        }
        await bench.pass(90);
        for (const [i, one] of bench.runs.entries()) {
          const isOver = benchTrip_s !== undefined || ended.has(one) || ends_s[i] !== undefined;
          expect(one.run.outcome !== undefined, one.name).toBe(isOver);
          if (isOver) expectOff(one);
          else expect(one.session.state).toBe('Execute');
        }
        const isAllOver = bench.runs.every(({ run }) => run.outcome !== undefined);
        expect(urgent(bench.plc).length > 0).toBe(isAllOver);
        await bench.close();
      }),
      { numRuns: 40 },
    );
  }, 240_000);
});
