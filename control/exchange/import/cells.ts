/** Cells of a cycler's table as numbers. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number; NaN for what is none, undefined for an empty cell. */
export function numberIn(cell: string | undefined, decimal: '.' | ','): number | undefined {
  const text = (cell ?? '').trim();
  if (text === '') return undefined;
  const plain = decimal === ',' ? text.replace(',', '.') : text;
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}

/** A time: a number, or `h:mm:ss`, `d h:mm:ss`, `0d 00:00:01.5` in seconds; NaN for what is neither. */
export function timeIn(cell: string | undefined, decimal: '.' | ',', factor: number): number | undefined {
  const text = (cell ?? '').trim();
  const clock = /^(?:(\d+)\s*d?\s+)?(\d+):(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)$/i.exec(text);
  if (clock !== null) {
    const [, d, h, min, s] = clock;
    return 86_400 * Number(d ?? 0) + 3600 * Number(h) + 60 * Number(min) + Number(s.replace(',', '.'));
  }
  const value = numberIn(cell, decimal);
  return value === undefined ? undefined : value * factor;
}

/**
 * A stamp in ms since 1970, taken as UTC where it names no zone; NaN for what is none. `3/4/2026` may be month or day first:
 * that is known of a whole file only (`clockOf`). With points the day is first.
 */
export function stampIn(cell: string | undefined, isDayFirst: boolean): number {
  const text = (cell ?? '').trim();
  const iso =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    );
  if (iso !== null) {
    const [, y, m, d, h, min, s, fraction, zone] = iso;
    return utc([y, m, d, h, min, s ?? '0'], fraction) - zoneMs(zone);
  }
  const other =
    /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(AM|PM)?$/i.exec(
      text,
    );
  if (other === null) return Number.NaN;
  const [, a, separator, b, y, h, min, s, fraction, half] = other;
  const [m, d] = isDayFirst || separator === '.' ? [b, a] : [a, b];
  return utc([y, m, d, String(hourOf(Number(h), half)), min, s ?? '0'], fraction);
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

function utc(parts: readonly string[], fraction: string | undefined): number {
  const [y, m, d, h, min, s] = parts.map(Number);
  const ms = Date.UTC(y, m - 1, d, h, min, s);
  const isReal = new Date(ms).getUTCMonth() === m - 1 && h < 24 && min < 60;
  return isReal ? ms + Number(`0.${fraction ?? 0}`) * 1000 : Number.NaN;
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const [, sign, h, min] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (60 * Number(h) + Number(min)) * 60_000;
}
