import { afterEach, expect, it } from 'vitest';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { HOLD, ON } from '../../support/line-steps.ts';

/** A hold that goes to a declared point, over real lines: a supply that answers 40 ms late, the real session, virtual time. */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const late = { latency_s: { supply: 0.04 } };
const isOver = (): boolean => bench.session.run?.outcome !== undefined;

/** What the supply is told, value by value. */
const written = (): number[] =>
  bench.setpoints.filter(s => s.role === 'stack.currentSet_A' && s.outcome === 'applied').map(s => s.applied);

it('lowers the current by its own ramp, keeps it there, and resume goes back by the same', async () => {
  bench = await lineBench({ ...late, hold: { 'stack.currentSet_A': { to: 20, ramp_per_s: 5 } } });
  const run = bench.start([ON, HOLD(30)]);
  await bench.until(() => bench.current_A() === 80);
  await bench.pass(2);
  const left_s = run.stepLeft_s;
  const held_s = bench.clock.now_s();
  bench.session.hold('me');
  await bench.until(() => bench.current_A() === 20, 20);
  expect(bench.clock.now_s() - held_s).toBeGreaterThan(11.5);
  expect(bench.clock.now_s() - held_s).toBeLessThan(13);
  await bench.pass(30);
  expect([bench.session.state, bench.current_A()]).toEqual(['Held', 20]);
  const from = written().length;
  const back_s = bench.clock.now_s();
  expect(bench.session.resume()).toBe('');
  await bench.until(() => bench.current_A() === 80, 20);
  expect(bench.clock.now_s() - back_s).toBeGreaterThan(11.5);
  const way = written().slice(from);
  for (const [i, value] of way.entries()) expect(value - (way[i - 1] ?? 20)).toBeLessThanOrEqual(1.25 + 1e-9);
  await bench.until(() => run.stepLeft_s < left_s, 5);
  expect(run.stepLeft_s).toBeGreaterThan(left_s - 1.5);
  await bench.until(isOver, 60);
  expect(run.outcome).toMatchObject({ state: 'Complete', reason: '' });
});

it('a hold only takes away: a current below the point stays', async () => {
  bench = await lineBench({ ...late, hold: { 'stack.currentSet_A': { to: 100 } } });
  bench.start([ON, HOLD(30)]);
  await bench.until(() => bench.current_A() === 80);
  bench.session.hold('me');
  await bench.pass(10);
  expect(bench.current_A()).toBe(80);
});

it('held again on the way back, resumed, and held a third time: it comes back to what the step asks', async () => {
  bench = await lineBench({ ...late, hold: { 'stack.currentSet_A': { to: 20, ramp_per_s: 5 } } });
  const run = bench.start([ON, HOLD(30)]);
  await bench.until(() => bench.current_A() > 50);
  for (const on_s of [3, 0.05, 7]) {
    bench.session.hold('me');
    await bench.until(() => bench.current_A() === 20, 30);
    await bench.pass(1);
    expect(bench.session.resume()).toBe('');
    await bench.pass(on_s);
  }
  await bench.until(() => bench.current_A() === 80, 20);
  await bench.until(isOver, 60);
  expect(run.outcome).toMatchObject({ state: 'Complete' });
});

it('by an interlock too; a trip on the way there lets nothing of it leave', async () => {
  bench = await lineBench({ ...late, hold: { 'stack.currentSet_A': { to: 20, ramp_per_s: 5 } } });
  bench.start([ON, HOLD(1000)]);
  await bench.until(() => bench.current_A() === 80);
  bench.h2InO2_vol_pct = 1.7;
  await bench.until(() => bench.current_A() < 60, 30);
  expect(bench.session.state).toBe('Held');
  bench.h2InO2_vol_pct = 3;
  await bench.until(() => bench.session.state === 'Aborting', 5);
  const trip_s = bench.clock.now_s();
  await bench.until(isOver);
  expect(bench.lateWrites(trip_s)).toEqual([]);
  expect(bench.current_A()).toBe(0);
});

it('a set point that fails on the way to the point trips', async () => {
  bench = await lineBench({ ...late, hold: { 'stack.currentSet_A': { to: 20, ramp_per_s: 5 } } });
  const run = bench.start([ON, HOLD(1000)]);
  await bench.until(() => bench.current_A() === 80);
  bench.session.hold('me');
  await bench.pass(2);
  bench.supply.instrument.refuses.add('currentSet_A');
  await bench.until(() => bench.session.state === 'Aborting', 10);
  bench.supply.instrument.refuses.clear();
  await bench.until(isOver);
  expect(run.outcome?.cause).toEqual({ by: 'set-point', id: 'stack.currentSet_A' });
});
