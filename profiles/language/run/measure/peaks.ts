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

const short = (value: number): string => String(Number(value.toPrecision(4)));
