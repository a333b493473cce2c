import { unitOf } from '../../../drivers/contract/units.ts';
import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Does something trip before what is under test is beyond what its maker allows?
 *
 * - A stack or a vessel whose gas can be put under pressure: a pressure that trips upwards.
 * - A cell: its voltage trips upwards and downwards.
 *
 * Whether the limits themselves lie within the maxima is asked beside (`maxima.ts`).
 */
export function* tripsMissing(facts: Facts): Iterable<Objection> {
  const { stack, cell, vessel, interlocks } = facts.bench;
  // That nothing trips at all is said once.
  if (!interlocks.some(l => l.reaction === 'trip')) return;
  const key = stack === undefined ? 'vessel' : 'stack';
  const { pressureMax_barg } = stack ?? vessel ?? {};
  const isPressed = [...facts.reach.settable.keys()].some(role => unitOf(role) === 'barg');
  if (pressureMax_barg !== undefined && isPressed) {
    if (!trips(facts, 'barg', '>', '')) {
      const text = `made for ${pressureMax_barg} barg, and no interlock trips on a pressure, expected { kind: threshold, role: <a pressure>, trips: '>', reaction: trip, ... }`;
      yield { check: 'trip-missing', entry: [key], place: [key, 'pressureMax_barg'], text };
    }
  }
  if (cell === undefined) return;
  for (const [side, limit] of [
    ['>', 'voltageMax_V'],
    ['<', 'voltageMin_V'],
  ] as const) {
    if (trips(facts, 'V', side, 'cell.')) continue;
    const text = `${cell[limit]} V, and no interlock trips on ${side === '>' ? 'more' : 'less'}, expected { kind: threshold, role: <a cell voltage>, trips: '${side}', reaction: trip, ... }`;
    yield { check: 'trip-missing', entry: ['cell'], place: ['cell', limit], text };
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
