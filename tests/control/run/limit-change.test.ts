import { afterEach, expect, it } from 'vitest';
import { acknowledge, clear, reset } from '../../../control/run/lead-out.ts';
import { decide } from '../../../control/run/operator.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON } from '../../support/line-steps.ts';

/** A limit of the run under way made stricter, over real lines. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const WHO = { by: 'A. Volta', reason: 'new seal' };
const change = (value: number, interlock = 'current-high') =>
  decide(bench.session, { command: 'limit', interlock, value, ...WHO }, 'test', undefined);
const isOver = (): boolean => bench.session.run?.outcome !== undefined;

async function atLoad(): Promise<void> {
  bench = await lineBench();
  bench.start([ON, HOLD(1000)]);
  await bench.until(() => bench.current_A() === 80);
  await bench.pass(1);
}

it('trips at the next reading beyond it, in its words, and stands in the record', async () => {
  await atLoad();
  expect((await change(90)).accepted).toBe(true);
  await bench.pass(5);
  expect(bench.session.state).toBe('Execute');
  expect((await change(79)).accepted).toBe(true);
  const at_s = bench.clock.now_s();
  await bench.until(() => bench.session.state === 'Aborting', 1);
  expect(bench.clock.now_s() - at_s).toBeLessThanOrEqual(0.3);
  await bench.until(isOver);
  expect(bench.session.run?.outcome).toMatchObject({ cause: { by: 'interlock', id: 'current-high' } });
  expect(bench.session.run?.outcome?.reason).toContain('stack.current_A = 80 A > 79');
  expect(bench.events.flatMap(e => (e.kind === 'limitChange' ? [e.data] : []))).toEqual([
    { id: 'current-high', from: 110, to: 90, ...WHO, by: 'A. Volta (test)' },
    { id: 'current-high', from: 90, to: 79, ...WHO, by: 'A. Volta (test)' },
  ]);
});

it('a silent instrument still trips after the change', async () => {
  await atLoad();
  await change(90);
  bench.supply.instrument.cut();
  await bench.until(() => bench.session.state === 'Aborting', 3);
  bench.supply.instrument.mend();
  await bench.until(isOver);
  expect(bench.session.run?.outcome?.cause.id).toBe('current-high');
});

it('never laxer than the bench, back to it at most; the next run begins with the limits of the bench', async () => {
  await atLoad();
  expect(await change(111)).toMatchObject({
    accepted: false,
    text: '111 is laxer than the bench (> 110), expected <= 110',
  });
  expect((await change(Number.NaN)).text).toBe('limit needs a value');
  expect((await change(90, 'nothing')).text).toMatch(/no interlock nothing, expected one of current-high/);
  await change(90);
  expect((await change(110)).accepted).toBe(true);
  await change(85);
  bench.session.stop({ by: 'person', id: 'test' }, 'stop');
  await bench.until(isOver);
  await bench.pass(1);
  acknowledge(bench.session, undefined, 'A. Volta');
  expect(reset(bench.session)).toBe('');
  expect(bench.session.interlocks.limitOf('current-high')).toBe(110);
  expect((await change(90)).text).toBe('not possible in state Idle');
});

it('a trip at a stricter limit stays latched when the limit is given back, until a person acknowledges', async () => {
  await atLoad();
  await change(70);
  await bench.until(isOver);
  expect(clear(bench.session)).toContain('acknowledge first: current-high');
  acknowledge(bench.session, undefined, 'A. Volta');
  expect([clear(bench.session), reset(bench.session)]).toEqual(['', '']);
});

it('a checkpoint keeps it', async () => {
  await atLoad();
  await change(90);
  expect(JSON.stringify(bench.session.interlocks.state())).toContain('"limits":{"current-high":90}');
});
