import { dotted, type Place } from '../../../../drivers/contract/explain.ts';
import type { Syntax } from '../../expression/syntax.ts';
import { unitOfName } from '../../expression/typed.ts';
import { splitName } from '../../units/names.ts';
import { unitNamed } from '../../units/unit.ts';
import type { At } from '../ledger.ts';
import type { Amount, PlainEnd } from '../plain-step.ts';
import { type Known, lastStem, type Worth } from './worth.ts';

/** Takes a condition apart into readings that are compared with values: all that other languages know of conditions. */

/**
 * One comparison. `isSize`: of the size of the reading. `side`: +1 where it is of what flows in, -1 of what flows out, 0 of
 * either. `delay_s`: it must hold so long.
 */
export interface Test {
  readonly quantity: 'voltage' | 'current' | 'charge' | 'temperature';
  readonly is: 'above' | 'below';
  readonly amount: Amount;
  readonly isSize: boolean;
  readonly side: number;
  readonly delay_s?: number;
}

const PLAIN_UNITS = { voltage: 'V', current: 'A', charge: 'Ah', temperature: 'degC' } as const;
const READINGS: Readonly<Record<string, Test['quantity']>> = {
  'cell.voltage': 'voltage',
  'stack.voltage': 'voltage',
  'cell.current': 'current',
  'stack.current': 'current',
  'cell.temperature': 'temperature',
  'step.charge': 'charge',
  'step.chargeIn': 'charge',
  'step.chargeOut': 'charge',
};
const EXPECTED = 'expected voltage, current or step.charge compared with a value, with or between';

/** The comparisons of a condition, any of which makes it true. @throws LanguageError of any other condition */
export function testsOf(worth: Worth, place: Place, known: Known): readonly Test[] {
  const found = worth.file.expressions.get(dotted(place));
  if (found === undefined) throw worth.file.errors.valueError(place, EXPECTED);
  return alternatives(found.syntax).map(part => testOf(worth, { file: worth.file, place }, part, known));
}

function alternatives(syntax: Syntax): readonly Syntax[] {
  const isOr = syntax.kind === 'logic' && syntax.op === 'or';
  return isOr ? [...alternatives(syntax.a), ...alternatives(syntax.b)] : [syntax];
}

function testOf(worth: Worth, at: At, syntax: Syntax, known: Known): Test {
  const refuse = (): Error => at.file.errors.valueError(at.place, `cannot be said elsewhere, ${EXPECTED}`);
  if (syntax.kind === 'held') {
    const second = unitNamed('s');
    if (second === undefined) throw refuse();
    const delay_s = worth.part(at, syntax.time, { kind: 'quantity', unit: second }, known);
    return { ...testOf(worth, at, syntax.of, known), delay_s };
  }
  if (syntax.kind !== 'compare' || syntax.op === '==' || syntax.op === '!=') throw refuse();
  const [left, right] = [readingOf(syntax.a), readingOf(syntax.b)];
  const reading = left ?? right;
  if (reading === undefined || (left !== undefined && right !== undefined)) throw refuse();
  const { name, isSize } = reading;
  const unit = unitOfName(name);
  const quantity = quantityOf(name);
  if (quantity === undefined || unit === undefined || typeof unit === 'string') throw refuse();
  const value = worth.part(at, left === undefined ? syntax.a : syntax.b, { kind: 'quantity', unit }, known);
  const target = unitNamed(PLAIN_UNITS[quantity]);
  if (target === undefined) throw refuse();
  const stem = quantity === 'charge' ? 'charge' : lastStem(name);
  const amount = worth.turned(at, { value, unit, stem }, target);
  const isBelow = (left === undefined) !== syntax.op.startsWith('<');
  const hasSide = quantity === 'current' || quantity === 'charge';
  const side = !hasSide ? 0 : isSize ? oneWay(name) : amount.value < 0 ? -1 : 1;
  return { quantity, is: isBelow ? 'below' : 'above', amount, isSize, side };
}

function readingOf(syntax: Syntax): { readonly name: string; readonly isSize: boolean } | undefined {
  if (syntax.kind === 'name')
    return quantityOf(syntax.name) === undefined
      ? undefined
      : { name: syntax.name, isSize: oneWay(syntax.name) !== 0 };
  const isAbs = syntax.kind === 'call' && syntax.name === 'abs' && syntax.args.length === 1;
  const inside = isAbs ? readingOf(syntax.args[0]) : undefined;
  return inside === undefined ? undefined : { ...inside, isSize: true };
}

/** chargeIn (+1) and chargeOut (-1) count without a sign; 0: another name. */
function oneWay(name: string): number {
  return /\.chargeIn_/.test(name) ? 1 : /\.chargeOut_/.test(name) ? -1 : 0;
}

function quantityOf(name: string): Test['quantity'] | undefined {
  const stem = splitName(name)?.stem ?? '';
  return Object.hasOwn(READINGS, stem) ? READINGS[stem] : undefined;
}

/**
 * The end that a comparison is for a step: current and charge by their size, so that `cell.current_A < 0.1` while
 * charging and `cell.current_A > -0.1` while discharging are the same end. @throws LanguageError of one that is held
 */
export function endOf(test: Test, at: At): PlainEnd {
  const { quantity, is, amount, isSize, side, delay_s } = test;
  if (delay_s !== undefined)
    throw at.file.errors.valueError(at.place, 'must hold for a time, expected an end that comes at once');
  if (quantity === 'temperature')
    throw at.file.errors.valueError(at.place, 'an end by a temperature is not known elsewhere');
  if (quantity === 'voltage') {
    if (isSize)
      throw at.file.errors.valueError(at.place, 'is of the size of a voltage, expected the voltage');
    return { quantity, is, amount };
  }
  if (isSize && amount.value < 0)
    throw at.file.errors.valueError(at.place, 'compares a size with a negative value');
  const isTurned = amount.value < 0;
  return {
    quantity,
    is: isTurned ? (is === 'above' ? 'below' : 'above') : is,
    amount: { ...amount, value: Math.abs(amount.value) },
    ...(side === 0 ? {} : side < 0 ? { isOut: true } : { isIn: true }),
  };
}
