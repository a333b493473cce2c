import { FileError } from '../../drivers/contract/file-error.ts';
import { quoted } from './cells.ts';
import type { TimeColumn } from './columns.ts';
import { type Draft, round } from './mend.ts';
import { stepsOf } from './resample.ts';
import { TURBINE } from './turbine.ts';
import { VALUE_UNITS, type ValueKey } from './units.ts';

/** Files that can be read as they say, and hardly are what they say: a person has to name it. */

/** Rows 1000 s apart are hardly any logger's: 1 s, 10 s, 100 s in ms. */
const HARDLY_S = [1000, 10_000, 100_000] as const;

/** Times in ms under a heading of seconds. @throws FileError unless the entry names the column as seconds */
export function doubtStep({ path, series, entry }: Draft, time: TimeColumn): void {
  if (time.kind !== 'number' || time.key !== 'time_s' || entry.time_s !== undefined) return;
  if (series.time_s.length < 3) return;
  const { usual_s } = stepsOf(series.time_s);
  if (!HARDLY_S.some(step_s => Math.abs(usual_s - step_s) < 1e-3 * step_s)) return;
  const name = quoted(time.heading);
  throw new FileError(
    path,
    series.lines[1],
    `rows ${round(usual_s)} s apart in ${name}: milliseconds?, expected time_ms: ${name} under data:, or time_s: ${name} if they are seconds`,
  );
}

/**
 * Values in range that as a whole are none: per cent that never go beyond 1, wind that is mostly above what any turbine
 * runs in. @throws FileError unless the entry says that it is so
 */
export function doubtValues({ path, series, entry, heading }: Draft, key: ValueKey): void {
  const values = series.value.filter(value => !Number.isNaN(value)).toSorted();
  const most = values.at(-1);
  if (most === undefined) return;
  const { quantity, shown } = VALUE_UNITS[key];
  const at = (wanted: number): number => series.lines[Math.max(0, series.value.indexOf(wanted))];
  if (key === 'power_pct' && entry.power_pct === undefined && most > 0 && most <= 0.01) {
    throw new FileError(
      path,
      at(most),
      `no value of ${quoted(heading)} is above 1 ${shown}: parts of 1?, expected power_frac: ${quoted(heading)} under data:, or power_pct: ${quoted(heading)} if they are ${shown}`,
    );
  }
  const middle = values[values.length >> 1];
  if (quantity === 'wind speed' && middle > TURBINE.cutOut_m_per_s && entry.lostPoints === 'refuse') {
    throw new FileError(
      path,
      at(middle),
      `half of ${quoted(heading)} is ${round(middle)} m/s and more, above the ${TURBINE.cutOut_m_per_s} m/s at which turbines stop: a lost decimal point, another unit?, expected wind (lostPoints: keep under data: takes it as it stands)`,
    );
  }
}

/** What the power offered comes to over so many seconds, in words. */
export function partText(part: (t_s: number) => number, seconds: number): string {
  let [least, most, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (let t_s = 0; t_s < seconds; t_s++) {
    const now = part(t_s);
    least = Math.min(least, now);
    most = Math.max(most, now);
    sum += now;
  }
  const hardly = most < 0.02 ? ': hardly any power; is what counts as 1 right?' : '';
  return `power offered: ${round(least)} to ${round(most)} of rated, mean ${round(sum / seconds)}${hardly}`;
}
