import { splitName } from '../units/names.ts';

/** Numbers, units, names and times as people say them. */

/** Four significant digits. */
export function figureText(value: number): string {
  const short = Number(value.toPrecision(4));
  if (short === 0) return '0';
  return Math.abs(short) >= 1e-4 && Math.abs(short) < 1e7 ? String(short) : short.toExponential();
}

/** More values than these are said by their ends. */
const MOST_SHOWN = 6;

/** Numbers of several rounds: `0.1, 0.2, 1`, or the first and the last. */
export function numbersText(values: readonly number[]): string {
  const shown = [...new Set(values.map(figureText))];
  if (shown.length <= MOST_SHOWN) return shown.join(', ');
  return `${shown[0]}, ${shown[1]} ... ${shown.at(-1)}`;
}

/** `A_per_cm2` -> A/cm2, `vol_pct` -> vol %, `count`, `on`, `text` -> nothing. */
export function unitWords(unit: string): string {
  if (['count', 'on', '1', 'text', 'file'].includes(unit)) return '';
  return unit
    .replaceAll('_per_', '/')
    .replace(/(^|_)pct\b/, (_, before: string) => `${before === '' ? '' : ' '}%`)
    .replaceAll('_', ' ');
}

/** A number with its unit; a switch is on or off. */
export function quantityText(value: number, unit: string): string {
  if (unit === 'on') return value === 0 ? 'off' : 'on';
  return `${figureText(value)} ${unitWords(unit)}`.trimEnd();
}

/** `anodeValve` -> anode valve; H2, O2, N2 as they are written. */
function partWords(part: string): string {
  const words = part.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.replace(/\b([hon])2\b/g, (_, gas: string) => `${gas.toUpperCase()}2`);
}

const SCOPES = ['step', 'block', 'round', 'phase', 'run'];

/** A name without its unit: `cell.voltage_V` -> cell voltage, `o2.h2_vol_pct` -> H2 in O2, `step.charge_Ah` -> charge of the step. */
export function nameWords(name: string): string {
  if (name === 'round.count') return 'number of the round';
  const stem = splitName(name)?.stem ?? name;
  const [first, ...rest] = stem.split('.');
  if (rest.length === 0) return partWords(first);
  const what = rest.map(partWords).join(' ');
  if (SCOPES.includes(first)) return `${what} of the ${first}`;
  return /^[hon]2$/.test(rest.at(-1) ?? '')
    ? `${what} in ${partWords(first)}`
    : `${partWords(first)} ${what}`;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** `40 s`, `5 min 30 s`, `2 h 00`, `30 d 4 h`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'without a bound';
  const whole = Math.round(seconds);
  if (seconds < MINUTE) return `${figureText(seconds)} s`;
  if (whole < HOUR) {
    const rest = whole % MINUTE;
    return `${Math.floor(whole / MINUTE)} min${rest === 0 ? '' : ` ${rest} s`}`;
  }
  const minutes = Math.round(seconds / MINUTE);
  if (seconds < 2 * DAY) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
  const hours = Math.round(seconds / HOUR);
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}
