import type { ChannelSpec, SettableSpec } from '../../../drivers/contract/device.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Do the figures that an instrument's file declares still say something?
 *
 * - A read-back that may lie off by more than a twentieth of the range (a switch: by half) proves no set point.
 * - A reading that may lie off by more than a tenth of what the channel shows is no measurement.
 */
export function* slackBeyondReason({ descriptions }: Facts): Iterable<Objection> {
  for (const [id, { settables, channels }] of descriptions) {
    const entry = ['devices', id];
    const loose = settables.find(s => s.tolerance > mostTolerance(s));
    if (loose !== undefined) {
      const text = `${loose.name}: a read-back within ${loose.tolerance} of its set point proves nothing, expected a tolerance of at most ${mostTolerance(loose)}`;
      yield { check: 'tolerance-beyond-reason', entry, place: entry, text };
    }
    const vague = channels.find(c => worstError(c) > mostError(c));
    if (vague !== undefined) {
      const text = `${vague.name}: an accuracy of ${vague.accuracy.reading_pct} % + ${vague.accuracy.abs} over ${vague.range[0]}..${vague.range[1]} is no measurement, expected at most ${mostError(vague)} at the end of the range`;
      yield { check: 'accuracy-beyond-reason', entry, place: entry, text };
    }
  }
}

const MOST_TOLERANCE_OF_SPAN = 0.05;
const MOST_ERROR_OF_SPAN = 0.1;

const span = ([low, high]: readonly [number, number]): number => high - low;

/** Largest tolerance that still tells one set point from another; half a count for switches and numbers that count. */
function mostTolerance({ name, range }: SettableSpec): number {
  if (['on', 'count'].includes(unitOf(name) ?? '')) return 0.49;
  return Number((MOST_TOLERANCE_OF_SPAN * span(range)).toPrecision(3));
}

const mostError = ({ range }: ChannelSpec): number =>
  Number((MOST_ERROR_OF_SPAN * span(range)).toPrecision(3));

/** Error at the end of the range that is farthest from zero. */
function worstError({ range, accuracy }: ChannelSpec): number {
  return (accuracy.reading_pct / 100) * Math.max(Math.abs(range[0]), Math.abs(range[1])) + accuracy.abs;
}
