import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineBench, lineBench } from '../../support/line-bench.ts';

/** What of a recovery is refused before anything starts: with the line, what was found and what was expected. */

let bench: LineBench;

beforeAll(async () => {
  bench = await lineBench();
});

afterAll(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const RECOVER =
  '{ set: { stack.current_A: { to: 20, per_s: 5 }, stack.heater_degC: 50 }, back: o2.h2_vol_pct < 1, for_min: 2, within_min: 30, at_most: 3 }';
const step = (recover: string, then = 'suspend'): string =>
  `- cc: { current_A: 80 }\n  for_min: 10\n  limits:\n  - when: o2.h2_vol_pct > 1.5\n    then: ${then}\n    recover: ${recover}`;

describe('a recovery', () => {
  it.each([
    ['without a bound', ', at_most: 3', '', 'a recovery without a bound is no protection'],
    ['with a bound of 0', 'at_most: 3', 'at_most: 0', 'at_most: found 0, expected at least 1'],
    ['without an end', ', within_min: 30', '', 'a recovery without an end is no protection'],
    ['with no time at all', 'within_min: 30', 'within_min: 0', 'found 0, expected more than 0'],
    ['that is over too early', 'for_min: 2', 'for_min: 40', 'expected within_ longer than for_'],
    ['that never goes on', 'for_min: 2, ', '', 'expected for_min'],
    ['beyond the gate', 'to: 20', 'to: 200', 'sets stack.currentSet_A to 200, expected 0..120'],
    ['of a role that nothing sets', 'stack.heater', 'stack.cooler', 'nothing on this bench sets'],
    ['at a rate of 0', 'per_s: 5', 'per_s: 0', 'found 0, expected more than 0'],
    ['back in another unit', 'o2.h2_vol_pct < 1', 'stack.voltage_V < 1 A', 'A'],
  ])('%s is refused', (_what, from, to, says) => {
    expect(RECOVER).toContain(from);
    expect(() => bench.start([step(RECOVER.replace(from, to))])).toThrow(says);
    expect(() => bench.start([step(RECOVER.replace(from, to))])).toThrow(/:\d+:\d+: /);
    expect(bench.session.state).toBe('Idle');
  });

  it('beside another reaction is refused, and suspend without one', () => {
    expect(() => bench.start([step(RECOVER, 'stop')])).toThrow('expected then: suspend');
    expect(() => bench.start([step(RECOVER).replace(/\n {4}recover.*/, '')])).toThrow(
      'expected recover beside suspend',
    );
  });
});
