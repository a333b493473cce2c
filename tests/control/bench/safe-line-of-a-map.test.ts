import { expect, it } from 'vitest';
import type { Facts } from '../../../control/bench/checks/facts.ts';
import { safeLinesTakenBack } from '../../../control/bench/checks/safe-order.ts';

/** A line of the safe state beside the safe list of the device that it sets. */

const facts = (isPower: boolean, own: number | undefined, to: number): Facts =>
  ({
    bench: { safeState: { steps: [{ set: 'water.pumpSet_on', to }] } },
    descriptions: new Map([['rack', { safeList: own === undefined ? [] : [['pumpSet_on', own]] }]]),
    reach: { settable: new Map([['water.pumpSet_on', { device: 'rack', name: 'pumpSet_on' }]]) },
    power: isPower ? [{ id: 'rack', off: ['pumpSet_on'] }] : [],
  }) as unknown as Facts;

it.each([
  [false, 0, 1, /to 1, the driver or map of rack has safe: 0 for pumpSet_on, expected the same/],
  [false, 1, 0, /to 0, the driver or map of rack has safe: 1/],
  [true, 0, 1, /which drives current again, expected 0/],
  [false, undefined, 1, undefined],
  [false, 1, 1, undefined],
])('drives current: %s, safe: %s in the map, the line to %s', (isPower, own, to, words) => {
  const [objection] = safeLinesTakenBack(facts(isPower, own, to));
  if (words === undefined) expect(objection).toBeUndefined();
  else expect(objection.text).toMatch(words);
});
