/** Figures, units and times as people read them in sentences and on the terminal. */

/** A duration as h:mm:ss. */
export function clockText(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
}

/** Four significant digits, without an exponent where a person can read it. */
export function shortFigure(value: number): string {
  const short = Number(value.toPrecision(4));
  if (short === 0) return '0';
  return Math.abs(short) >= 1e-4 && Math.abs(short) < 1e7 ? String(short) : short.toExponential(2);
}

/** A unit of a name in words: `NL_per_min` -> NL/min, `vol_pct` -> vol %, `on` -> nothing. */
export function unitWords(unit: string): string {
  if (unit === 'on' || unit === 'count' || unit === '1') return '';
  return unit
    .replace(/_per_/g, '/')
    .replace('degC', '°C')
    .replace('vol_pct', 'vol %')
    .replace(/\bpct/, '%')
    .replace('barg', 'bar(g)')
    .replaceAll('_', ' ');
}

/** A value with as many digits as its uncertainty (k = 2, same unit) allows: `-2.61 +- 0.61`; without one, four. */
export function measuredText(value: number, u95?: number): string {
  if (u95 !== undefined && u95 > 0) {
    const decimals = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(u95))));
    return `${value.toFixed(decimals)} +- ${u95.toFixed(decimals)}`;
  }
  if (Number.isInteger(value)) return String(value);
  const digits = Number(value.toPrecision(4));
  return Math.abs(digits) >= 1e-4 ? String(digits) : value.toExponential(2);
}

/** A duration in a sentence: seconds, or hours as `clockText` from two minutes on. */
export function durationWords(time_s: number): string {
  return time_s < 120 ? `${Math.round(time_s)} s` : `${clockText(time_s)} h`;
}
