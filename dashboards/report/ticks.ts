/** Ticks of an axis: where, and how they read. */
export interface Ticks {
  readonly at: readonly number[];
  readonly text: (value: number) => string;
}

const TIME_STEPS_S = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
];

/** Steps of 1, 2, 2.5 or 5 times a power of ten, about `count` of them. */
export function linearTicks(low: number, high: number, count: number): Ticks {
  const rough = (high - low) / Math.max(1, count);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find(m => m * decade >= rough) ?? 10) * decade;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + (isQuarter(step) ? 1 : 0));
  return {
    at: stepsOf(low, high, step),
    text: value =>
      (decimals > MOST_DECIMALS ? powerText(value, step) : value.toFixed(decimals)).replaceAll('-', '\u2212'),
  };
}

/** More digits behind the point do not fit beside an axis. */
const MOST_DECIMALS = 5;

/** 2e-9: as many digits as tell two ticks apart. */
function powerText(value: number, step: number): string {
  if (value === 0) return '0';
  const digits = Math.max(
    0,
    Math.floor(Math.log10(Math.abs(value)) + 1e-9) - Math.floor(Math.log10(step) + 1e-9),
  );
  return value.toExponential(Math.min(4, digits + (isQuarter(step) ? 1 : 0)));
}

function isQuarter(step: number): boolean {
  return Math.abs(step / 10 ** Math.floor(Math.log10(step) + 1e-9) - 2.5) < 0.01 && step < 10;
}

/** Run time in the unit that suits its length: hours for a night, minutes for a short run, else seconds. */
export function timeUnit(length_s: number): { readonly name: 's' | 'min' | 'h'; readonly length_s: number } {
  if (length_s > 3 * 3600) return { name: 'h', length_s: 3600 };
  if (length_s > 180) return { name: 'min', length_s: 60 };
  return { name: 's', length_s: 1 };
}

/** Ticks in seconds at whole seconds, minutes or hours, written in the unit of `timeUnit`. */
export function timeTicks(low_s: number, high_s: number, count: number): Ticks {
  const length_s = high_s - low_s;
  const rough = length_s / Math.max(1, count);
  const day = 86400;
  const step = TIME_STEPS_S.find(s => s >= rough) ?? Math.ceil(rough / day) * day;
  const unit = timeUnit(length_s);
  const decimals = step % unit.length_s === 0 ? 0 : 1;
  return { at: stepsOf(low_s, high_s, step), text: t_s => (t_s / unit.length_s).toFixed(decimals) };
}

function stepsOf(low: number, high: number, step: number): number[] {
  if (!(step > 0) || !Number.isFinite(step)) return [low];
  // Beyond the digits of a number there is nothing between two ticks, and counting them would not end.
  if (step < 1e-12 * Math.max(Math.abs(low), Math.abs(high))) return [low];
  const at: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let n = first; n <= last; n++) at.push(n * step || 0);
  return at;
}
