import { expect, it } from 'vitest';
import { WindDown } from '../../../control/run/wind-down.ts';
import { type GateLine, nextOf, type Pending } from '../../../control/tick/gate-line.ts';
import type { AskedWay } from '../../../profiles/steps/step.ts';

/** An orderly stop brings the load down from what flows, not from a set point that holds nothing. */

interface Asked {
  readonly role: string;
  readonly way: AskedWay;
  readonly until_s: number;
}

/** Asks of a stop, where a current set point of 2050 A may fall by 5 A a second. */
function asked(applied: number, shown: number): Asked {
  const ways: Omit<Asked, 'until_s'>[] = [];
  const role = 'stack.currentSet_A';
  const winding = {
    gate: {
      applied: () => applied,
      answer: () => ({ outcome: 'pending' }),
      ask: (of: string, _value: number, _source: string, way: AskedWay) => ways.push({ role: of, way }),
    },
    image: { value: (of: string) => (of === 'stack.current_A' ? shown : Number.NaN) },
    parts: {
      roles: { settable: new Map([[role, { role, device: 'supply', key: 'i', ramp_per_s: 5 }]]) },
      devices: new Map([['supply', { safeList: [['i', 0]] }]]),
      clock: { now_s: () => 0 },
      control_s: 0.25,
    },
  };
  const [{ until_s }] = new WindDown(winding as never).state();
  return { ...ways[0], until_s };
}

it.each([
  ['a power drives: from what flows', 2050, 840, 840],
  ['the current drives: from its set point', 840, 838, undefined],
  ['nothing usable is read: from its set point', 2050, Number.NaN, undefined],
  ['it flows the other way: from its set point', 2050, -20, undefined],
])('%s', (_what, applied, shown, stands) => {
  const { way, until_s } = asked(applied, shown);
  expect(way.stands).toBe(stands);
  expect(until_s).toBeCloseTo(((stands ?? applied) / 5) * 1.5 + 1.25, 6);
});

it.each([
  [2050, 840, 200, 835],
  [500, 840, 200, 495],
  [2050, undefined, 200, 2045],
  [2050, -3, 200, 2045],
  [Number.NaN, 840, 200, 5],
])('the gate leads %s A that stands at %s A towards %s A: %s A', (applied, stands, to, next) => {
  const spec = { role: 'stack.currentSet_A', min: 0, max: 2050, ramp_per_s: 5 };
  const line = { spec, applied } as unknown as GateLine;
  const pending = { asked: to, ...(stands === undefined ? {} : { stands }) } as Pending;
  expect(nextOf(line, pending, 1)).toBe(next);
});
