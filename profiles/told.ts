/** Numbers as a reason or a definition says them: with the prefix that fits their size. */

/** Down only: a bench says 2000 A and 500 kW, not 2 kA. */
const PREFIXES = ['n', 'u', 'm', ''] as const;
const NONE = PREFIXES.indexOf('');

/** A value in its base unit (A, Ah, W, Wh, V) with so many digits: `0.500 uA`, `12.3 mAh`, `2.50 A`. */
export function told(value: number, unit: string, digits = 3): string {
  return `${inPrefix(value, prefixOf(Math.abs(value)), digits)} ${prefixed(Math.abs(value), unit)}`;
}

/** Two values of one quantity, both with the prefix of the larger: `-0.200 to 12.0 mA`. */
export function toldRange(low: number, high: number, unit: string, digits = 3): string {
  const most = Math.max(Math.abs(low), Math.abs(high));
  const power = prefixOf(most);
  return `${inPrefix(low, power, digits)} to ${inPrefix(high, power, digits)} ${prefixed(most, unit)}`;
}

function prefixOf(size: number): number {
  if (!(size > 0) || !Number.isFinite(size)) return 0;
  // From a tenth on: what stands beside each other in a sentence seldom changes its unit.
  const power = Math.floor((Math.log10(size) + 1) / 3 + 1e-9);
  return Math.min(0, Math.max(-NONE, power));
}

function prefixed(size: number, unit: string): string {
  return `${PREFIXES[NONE + prefixOf(size)]}${unit}`;
}

function inPrefix(value: number, power: number, digits: number): string {
  if (value === 0) return '0';
  const text = (value / 1000 ** power).toPrecision(digits);
  return text.includes('e') ? String(Number(text)) : text;
}
