import { unitOf } from '../../../drivers/contract/units.ts';
import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Does something trip before what is under test is beyond what its maker allows?
 *
 * - A stack whose gas side can be put under pressure: a pressure that trips upwards.
 * - A cell: its voltage trips upwards and downwards.
 *
 * Whether the limits themselves lie within the maxima is asked beside (`maxima.ts`).
 */
export function* tripsMissing(facts: Facts): Iterable<Objection> {
  const { stack, cell, interlocks } = facts.bench;
  // That nothing trips at all is said once.
  if (!interlocks.some(l => l.reaction === 'trip')) return;
  if (stack !== undefined && [...facts.reach.settable.keys()].some(role => unitOf(role) === 'barg')) {
    if (!trips(facts, 'barg', '>', '')) {
      const text = `made for ${stack.pressureMax_barg} barg, and no interlock trips on a pressure, expected { kind: threshold, role: <a pressure>, trips: '>', reaction: trip, ... }`;
      yield { check: 'trip-missing', entry: ['stack'], place: ['stack', 'pressureMax_barg'], text };
    }
  }
  if (cell === undefined) return;
  for (const [side, key] of [
    ['>', 'voltageMax_V'],
    ['<', 'voltageMin_V'],
  ] as const) {
    if (trips(facts, 'V', side, 'cell.')) continue;
    const text = `${cell[key]} V, and no interlock trips on ${side === '>' ? 'more' : 'less'}, expected { kind: threshold, role: <a cell voltage>, trips: '${side}', reaction: trip, ... }`;
    yield { check: 'trip-missing', entry: ['cell'], place: ['cell', key], text };
  }
}

function trips({ bench }: Facts, unit: string, side: '>' | '<', prefix: string): boolean {
  return bench.interlocks.some(
    l =>
      l.kind === 'threshold' &&
      l.reaction === 'trip' &&
      l.trips === side &&
      l.role.startsWith(prefix) &&
      unitOf(l.role) === unit,
  );
}
