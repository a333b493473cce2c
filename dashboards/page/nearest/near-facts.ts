import type { NearLimit, RoleValue } from '../../../control/view.ts';
import { timeText } from '../../format.ts';
import { shownUnit } from '../chart-groups.ts';
import { words } from '../words/language.ts';
import { differenceUnit, localDigits, localUnit, localValue } from '../words/number.ts';

/** What the row of a limit says. Pure, but for the language that is shown. */

/** What these compare with their limit is no value but how far two are apart. */
const OF_DIFFERENCE: ReadonlySet<string> = new Set([
  'difference',
  'rate',
  'spread',
  'follows',
  'curve',
  'residual',
]);

export interface NearTexts {
  /** The value and what it is compared with: of one that only its hysteresis keeps, the value alone. */
  readonly value: string;
  readonly unit: string;
  /** How soon, how far, or what it waits for. */
  readonly left: string;
  /** What is left to the limit, or to where its cause is gone; empty: it cannot be told. */
  readonly margin: string;
}

export function textsOf(near: NearLimit, roles: readonly RoleValue[]): NearTexts {
  const { role, unit, trips, limit, is, value, margin, rearm } = near;
  const { unit: shown, factor } = shownUnit({ role, unit });
  const unitShown = OF_DIFFERENCE.has(near.of.kind) ? differenceUnit(shown) : localUnit(shown);
  const resolution = resolutionOf(role, roles);
  const text = (v: number): string =>
    localValue(v * factor, shown, resolution === undefined ? undefined : resolution * factor);
  const say = words().nearest;
  const { told } = words();
  const gone = rearm === null ? '' : told.gone[trips === '>' ? 'below' : 'above'](limitText(rearm * factor));
  // On the good side of its limit, and not yet where its cause is gone.
  const isHeld = is === 'fired' && margin !== null && margin >= 0 && value !== null && rearm !== null;
  if (isHeld) {
    const still = Math.abs(value - rearm);
    return { value: text(value), unit: unitShown, left: gone, margin: told.goneStill(text(still)) };
  }
  const plain = margin === null ? '' : `${say.margin} ${text(margin)}`;
  return {
    value: `${value === null ? '–' : text(value)} ${trips} ${limitText(limit * factor)}`,
    unit: unitShown,
    left: leftOf(near),
    margin: is === 'fired' && gone !== '' ? gone : plain,
  };
}

/** Of the role that is compared, of an array that of its members; undefined: not known, or a whole condition. */
function resolutionOf(role: string, roles: readonly RoleValue[]): number | undefined {
  return roles.find(one => one.role === role || one.role === `${role}.mean`)?.resolution;
}

/** A limit as the bench file has it, with the signs of the language. */
export function limitText(limit: number): string {
  return localDigits(String(Number(limit.toPrecision(6)))).replace('-', '\u2212');
}

function leftOf({ is, toLimit_s, way_frac }: NearLimit): string {
  const say = words().nearest;
  if (is === 'fired') return say.fired;
  if (is === 'unusable') return say.unusable;
  // Below an hour: m:ss.
  if (toLimit_s !== null) return say.in(timeText(Math.floor(toLimit_s)).replace(/^0:0?/, ''));
  return way_frac === null ? '' : say.way(Math.max(0, Math.round(100 * way_frac)));
}
