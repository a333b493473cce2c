import type { RoleValue } from '../../../control/view.ts';
import { shownUnit } from '../chart-groups.ts';
import type { Trend } from '../trends.ts';
import { localDigits } from '../words/number.ts';

/** How far an axis of values goes, and how its values are written. Pure. */

/** A value that rests is seen at rest: a picture is at least so many times as high as the step of its instruments. */
const LEAST_STEPS = 10;
const LEAST_AIR = 0.08;
/** Of an instrument that has declared none: this part of the value. */
const LEAST_PART = 0.002;
const LEAST_SPAN = 1e-3;

/**
 * Lowest and highest of an axis, the unit of the page: some air above and below; a limit comes into the picture once the values are
 * within half of it. `resolution`: the largest of the lines on it, undefined: none is declared.
 */
export function axisRange(
  low: number,
  high: number,
  limits: readonly number[],
  resolution: number | undefined,
): [number, number] {
  let top = high;
  for (const limit of limits) if (high > limit / 2) top = Math.max(top, limit);
  const least =
    resolution === undefined
      ? Math.max(Math.max(Math.abs(top), Math.abs(low)) * LEAST_PART, LEAST_SPAN)
      : LEAST_STEPS * resolution;
  const air = Math.max((top - low) * LEAST_AIR, (least - (top - low)) / 2);
  return [low >= 0 && low - air < 0 ? 0 : low - air, top + air];
}

/** Largest resolution of the trends with this unit, the unit of the page; undefined: none is declared. */
export function axisResolution(
  unit: string,
  trends: readonly Trend[],
  live: ReadonlyMap<string, RoleValue>,
): number | undefined {
  const declared = trends.flatMap(trend => {
    const shown = shownUnit(trend);
    const resolution = live.get(trend.role)?.resolution;
    return shown.unit === unit && resolution !== undefined ? [resolution * shown.factor] : [];
  });
  return declared.length === 0 ? undefined : Math.max(...declared);
}

/** Values of an axis that are `step` apart, as the language writes them, with as many digits as tell them apart. */
export function axisTexts(values: readonly number[], step: number): string[] {
  const digits = decimalsOf(step);
  return values.map(value => {
    const text = localDigits(Math.abs(value).toFixed(digits));
    return value < 0 && Number(Math.abs(value).toFixed(digits)) !== 0 ? `−${text}` : text;
  });
}

function decimalsOf(step: number): number {
  const MOST = 9;
  for (let digits = 0; digits < MOST; digits++) {
    const shifted = step * 10 ** digits;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 && Math.round(shifted) > 0) return digits;
  }
  return MOST;
}
