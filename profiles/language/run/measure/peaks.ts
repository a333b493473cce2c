/**
 * Peaks of the alternating part of a spectrum: no reading shows them, so no limit of the bench acts on them. They are held
 * against the same figures beforehand and with each point.
 */

/** A figure that neither voltage nor current of the device under test may pass, with its alternating part. */
export interface PeakLimit {
  readonly of: 'voltage' | 'current';
  /** Where it must not be. */
  readonly side: 'above' | 'below';
  /** V or A of the whole device under test. */
  readonly limit: number;
  /** Where it comes from: `cell.voltageMax_V`, `trip cell-voltage-high`. */
  readonly what: string;
  /** When an interlock is armed: `always`, or by a tag of the step. */
  readonly armed: string;
}

/** Sums of decimal figures are not exact. */
const ROUNDING = 1e-9;
/** Armed whenever a spectrum is measured; anything else is a tag. */
const ALWAYS_ARMED: readonly string[] = ['always', 'running', 'load'];

/** The limits that stand around a step with these tags. */
export function peaksOfStep(limits: readonly PeakLimit[], tags: readonly string[]): readonly PeakLimit[] {
  return limits.filter(({ armed }) => ALWAYS_ARMED.includes(armed) || tags.includes(armed));
}

/**
 * Which limit a direct value with an amplitude on it (peak, V or A) passes, in words; undefined: none, or one of them is not
 * known (NaN).
 */
export function beyondPeak(
  limits: readonly PeakLimit[],
  of: PeakLimit['of'],
  direct: number,
  amplitude: number,
): string | undefined {
  const unit = of === 'voltage' ? 'V' : 'A';
  for (const one of limits) {
    if (one.of !== of) continue;
    const sign = one.side === 'above' ? 1 : -1;
    const peak = direct + sign * amplitude;
    const room = ROUNDING * Math.max(1, Math.abs(one.limit));
    if (!(sign * (peak - one.limit) > room)) continue;
    const parts = `${short(direct)} ${unit} ${sign > 0 ? '+' : '-'} ${short(amplitude)} ${unit}`;
    const most = `at ${sign > 0 ? 'most' : 'least'} ${short(one.limit)} ${unit}`;
    return `a peak ${of} of ${short(peak)} ${unit} (${parts} of amplitude), expected ${most} (${one.what})`;
  }
  return undefined;
}

/**
 * What fits where a peak does not: the largest amplitude on this direct value, and the largest direct value with this
 * amplitude (`part_pct`: where it is a part of the direct value), in words; empty where no amplitude fits.
 */
export function whatFits(
  limits: readonly PeakLimit[],
  of: PeakLimit['of'],
  direct: number,
  { amplitude, part_pct }: { readonly amplitude: number; readonly part_pct?: number | undefined },
): string {
  const unit = of === 'voltage' ? 'V' : 'A';
  let [room, least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { of: own, side, limit } of limits) {
    if (own !== of) continue;
    const sign = side === 'above' ? 1 : -1;
    room = Math.min(room, sign * (limit - direct));
    // With a part of itself on it a value of the other sign never comes there.
    const fits =
      part_pct === undefined
        ? limit - sign * amplitude
        : limit / (1 + (sign * limit > 0 ? 1 : -1) * (part_pct / 100));
    if (sign > 0) most = Math.min(most, fits);
    else least = Math.max(least, fits);
  }
  if (!(room > 0) || !Number.isFinite(room)) return '';
  const share =
    part_pct === undefined ? `${down(room)} ${unit}` : `${down((100 * room) / Math.abs(direct))} %`;
  const edge = direct > most ? `at most ${down(most)}` : direct < least ? `at least ${-down(-least)}` : '';
  const other = edge === '' ? '' : `, or a direct ${of} of ${edge} ${unit}`;
  return `: here an amplitude of at most ${share} fits${other}`;
}

/** Three digits, never more than the value. */
function down(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 2);
  return Number((Math.floor(value / step + ROUNDING) * step).toPrecision(3));
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
