import { unitText, valueText } from '../../format.ts';
import { language, words } from './language.ts';

/**
 * A live value as this language writes it: 1973.9 or 1973,9; never grouped, so that digits stay in their places.
 * `resolution`: of its role, in the same unit.
 */
export function localValue(value: number, unit: string, resolution?: number): string {
  if (unit === 'on') return value >= 0.5 ? words().picture.machine.on : words().picture.machine.off;
  return localDigits(valueText(value, unit, resolution));
}

/** A unit as people write it in the language that is shown: vol % or Vol.-%. */
export function localUnit(unit: string): string {
  return unitText(unit).replace('vol %', words().units['vol %']);
}

/** Of a difference or a rate: two pressures or temperatures differ by bar and K, whatever they are measured from. */
export function differenceUnit(unit: string): string {
  return localUnit(unit.replace(/^bar[ag](?=$|\/)/, 'bar').replace(/^degC(?=$|\/)/, 'K'));
}

/** Digits with a point, with the sign that the language has for it. */
export function localDigits(digits: string): string {
  return digits.replace('.', decimalSign());
}

const signs = new Map<string, string>();

function decimalSign(): string {
  const known = signs.get(language());
  if (known !== undefined) return known;
  const parts = new Intl.NumberFormat(language(), { minimumFractionDigits: 1 }).formatToParts(0.5);
  const sign = parts.find(({ type }) => type === 'decimal')?.value ?? '.';
  signs.set(language(), sign);
  return sign;
}
