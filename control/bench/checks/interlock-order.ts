import { GRAVITY } from '../../../profiles/steps/recovery.ts';
import type { InterlockSpec } from '../bench.ts';
import { MATRIX_PREFIX } from '../matrix/matrix-use.ts';
import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Do the interlocks say something before it is too late, and does any of them end a run?
 *
 * - A milder reaction beyond a stronger one of the same reading never speaks; at the same limit it must be quicker.
 * - A low trip above the high trip of the same reading leaves nothing that is good.
 * - A limit at the end of what the instrument shows: a reading beyond is bad, not high.
 * - A bench that can set something needs one interlock at least that trips.
 */
export function* interlocksOutOfOrder(facts: Facts): Iterable<Objection> {
  const { interlocks } = facts.bench;
  for (const [i, mild] of interlocks.entries()) {
    const entry = ['interlocks', i];
    const strong = interlocks.find(other => !isOfMatrix(other) && isCovered(mild, other));
    if (strong !== undefined) {
      const text =
        mild.kind === 'expression'
          ? `${mild.reaction} stands under the same condition as ${strong.id} (${strong.reaction}), which is as quick, and would never speak, expected it before`
          : `${mild.reaction} at ${figureOf(mild)} stands beyond ${strong.id} (${strong.reaction} at ${figureOf(strong)}) and would never speak, expected it before`;
      yield { check: 'warn-beyond-trip', entry, place: [...entry, figureKey(mild)], text };
    }
    const low = interlocks.find(other => leaveNothing(mild, other));
    if (low !== undefined) {
      const text = `trips above ${figureOf(mild)} and ${low.id} below ${figureOf(low)}: every reading trips, expected room between them`;
      yield { check: 'no-room-between', entry, place: [...entry, figureKey(mild)], text };
    }
    const end = endOfRange(facts, mild);
    if (end !== undefined) {
      const text = `${mild.kind === 'threshold' ? mild.limit : ''} is the end of what ${end} can show: a reading beyond is bad, expected a limit inside`;
      yield { check: 'limit-at-end-of-range', entry, place: [...entry, 'limit'], text };
    }
  }
  const ends = interlocks.some(l => l.reaction === 'trip');
  if (!ends && facts.reach.settable.size > 0) {
    const entry = ['interlocks', 0];
    const text = 'no interlock of this bench trips, expected one at least: it has outputs';
    yield { check: 'only-warnings', entry, place: entry, text };
  }
}

/** Whether a high trip and a low one of the same reading are armed together and leave no value that is good. */
function leaveNothing(high: InterlockSpec, low: InterlockSpec): boolean {
  if (high.kind !== 'threshold' || low.kind !== 'threshold' || high.role !== low.role) return false;
  if (high.reaction !== 'trip' || low.reaction !== 'trip') return false;
  if (high.trips !== '>' || low.trips !== '<' || low.limit < high.limit) return false;
  return high.armed === low.armed || high.armed === 'always' || low.armed === 'always';
}

/** Whether `strong` acts on the same reading no later than `mild` does, and more. */
function isCovered(mild: InterlockSpec, strong: InterlockSpec): boolean {
  if (mild.kind !== strong.kind || roleOf(mild) !== roleOf(strong)) return false;
  if (GRAVITY[mild.reaction] >= GRAVITY[strong.reaction]) return false;
  if (sideOf(mild) !== sideOf(strong) || otherOf(mild) !== otherOf(strong)) return false;
  if (strong.armed !== 'always' && strong.armed !== mild.armed) return false;
  const [a, b] = [figureOf(mild), figureOf(strong)];
  if (a === b) return mild.delay_s >= strong.delay_s;
  return sideOf(mild) === '>' ? a > b : a < b;
}

/** A row of a matrix that is stricter than one of the bench acts before it: no slip of the bench file. */
const isOfMatrix = ({ id }: InterlockSpec): boolean => id.startsWith(MATRIX_PREFIX);

/** What it looks at; of a condition `otherOf` holds the whole. */
function roleOf(interlock: InterlockSpec): string {
  return 'role' in interlock ? interlock.role : '';
}

/** The figure that it compares with; NaN for a kind without one. A condition is exceeded or it is not. */
function figureOf(interlock: InterlockSpec): number {
  if (interlock.kind === 'expression') return 0;
  if ('limit_per_min' in interlock) return interlock.limit_per_min;
  return 'limit' in interlock ? interlock.limit : Number.NaN;
}

function figureKey(interlock: InterlockSpec): string {
  if (interlock.kind === 'expression') return 'when';
  return 'limit_per_min' in interlock ? 'limit_per_min' : 'limit';
}

/** Direction in which it trips; sizes (rate, spread, residual) trip upwards. */
function sideOf(interlock: InterlockSpec): '>' | '<' {
  return 'trips' in interlock ? interlock.trips : '>';
}

/** Keys in which two interlocks of the same watch may differ. */
const OWN = [
  'id',
  'reaction',
  'delay_s',
  'armed',
  'basis',
  'accepted',
  'limit',
  'limit_per_min',
  'rearm',
  'clear',
  'recover',
];

/** What else must be the same for two of a kind to watch the same: the second role, the time looked back over. */
function otherOf(interlock: InterlockSpec): string {
  const entries = Object.entries(interlock).filter(([key]) => !OWN.includes(key));
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Device at the end of whose range the limit stands; undefined: inside. */
function endOfRange({ reach }: Facts, interlock: InterlockSpec): string | undefined {
  if (interlock.kind !== 'threshold') return undefined;
  const shown = reach.measured.get(interlock.role);
  if (shown === undefined) return undefined;
  const [low, high] = shown.range.map(end => Number(end.toPrecision(6)));
  const isEnd = interlock.trips === '>' ? interlock.limit >= high : interlock.limit <= low;
  return isEnd ? shown.device : undefined;
}
