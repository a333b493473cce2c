import type { RecordedRun } from '../recorded-run.ts';
import { told } from '../told.ts';
import type { Amount, Amounts } from './amounts.ts';
import type { Ledger } from './ledger.ts';

/** What stands beside an amount of charge or energy, in words. */

/** Why the zero of the meter is not known. */
export const NO_ZERO = 'there was no rest of a minute or more with at least nine readings below C/300';
/** That readings were frozen in a window, in words; empty where none were. */
export function frozenText(run: RecordedRun, ledger: Ledger, from_s: number, to_s: number): string {
  const within = ledger.frozen.filter(one => one.from_s < to_s && one.to_s > from_s);
  if (within.length === 0) return '';
  const long_s = within.reduce((sum, one) => sum + (one.to_s - one.from_s) * run.timeFactor, 0);
  return ` Voltage and current stand still to the last digit for ${long_s.toFixed(0)} s under current, from ${within[0].from_s.toFixed(0)} s on: frozen readings, not counted.`;
}

/** Where steps between rows leave a part open that shows, in words: more than this part of an amount. */
const OPEN_FRAC = 0.01;

/** That steps lie somewhere between two rows, in words; empty where that is little. */
export function stepsText({ value, steps }: Amount): string {
  return steps > OPEN_FRAC * value
    ? ` Where between two rows its steps lie is not known: +- ${told(steps, 'Ah', 2)} of it.`
    : '';
}

/** Where the bend of a taper shows, in words: more than this part of an amount. */
const BENT_FRAC = 1e-3;

/** What was taken off because the current bends between rows that lie far apart, in words; empty where that is little. */
export function bendText({ value, bend }: Amount, unit: 'Ah' | 'Wh'): string {
  return 2 * bend > BENT_FRAC * value
    ? ` Rows are coarse for its taper: along straight lines between them it would be ${told(2 * bend, unit, 2)} more; taken off, +- ${told(bend, unit, 2)}.`
    : '';
}

/** That the zero of a meter is taken off, in words: how large, and from how many rests it is known. */
export function lessZeroText(zero: Ledger['zero'], unit: 'A' | 'W'): string {
  return zero === undefined
    ? `the meter's zero could not be measured: ${NO_ZERO}`
    : `less the meter's zero of ${told(zero.value, unit)} as measured in ${zero.rests} rests`;
}

/** Where a charge comes from, and what else is known of it. */
export function sourceText(ledger: Ledger, integral: Amounts, charge: Amounts, way: 'into' | 'out'): string {
  const { source } = ledger;
  const zeroText = lessZeroText(ledger.zero, 'A');
  if (source.by === 'integral')
    return `${source.refused}${source.refused === '' ? '' : ' '}Integral of the current, rests apart, ${zeroText}.`;
  const apart = integral[way].value - charge[way].value;
  const isApart = Math.abs(apart) > integral[way].u95 + charge[way].u95;
  const resets = source.resets === 0 ? '' : ` (begun anew ${source.resets} times, allowed for)`;
  return (
    `The instrument's own counter${resets}, rests apart; the integral of the current, ${zeroText}, gives ` +
    `${told(integral[way].value, 'Ah', 4)}${isApart ? ', further off than both uncertainties allow' : ''}.`
  );
}

/** How long nothing was read, and what may be missing, in words. */
export function gapText(seen: Amounts, counted: Amounts, unit: string): string {
  const gaps = ` Gaps: ${seen.gap_s.toFixed(0)} s`;
  if (seen.gap_s === 0) return `${gaps}.`;
  if (counted.unseen === 0 && seen.unseen > 0) return `${gaps}, in which the counter went on.`;
  return `${gaps}, not bridged; up to ${told(counted.unseen, unit)} may be missing, which is in the uncertainty.`;
}
