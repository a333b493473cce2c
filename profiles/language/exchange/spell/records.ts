import type { Place } from '../../../../drivers/contract/explain.ts';
import { numberUnit, stemOf } from '../../file/keys.ts';
import { unitNamed } from '../../units/unit.ts';
import type { At, Ledger } from '../ledger.ts';
import { inAmpere, type PlainLimits, type PlainRecord, tidy } from '../plain-step.ts';
import { type Test, testsOf } from './tests-of.ts';
import { type Known, lastStem, type Worth } from './worth.ts';

/** Rules of recording and limits of a method, as far as other languages have them. */

type Keys = Readonly<Record<string, unknown>>;

/** A `record` block; what others do not know of it is a difference. */
export function recordOf(
  worth: Worth,
  { place, raw, known }: { readonly place: Place; readonly raw: Keys; readonly known: Known },
  ledger: Ledger,
): PlainRecord {
  const { file } = worth;
  let every_s: number | undefined;
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'change') continue;
    const at = [...place, key];
    if (stemOf(key) === 'every') every_s = secondsUnder(worth, at, key, worth.number(at, value, known));
    else ledger.differ({ file, place: at }, 'is left out: rows around a step are not known there');
  }
  const found: { voltage_V?: number; current_A?: number } = {};
  for (const [role, by] of Object.entries({ ...(raw['change'] as Keys | undefined) })) {
    const at = [...place, 'change', role];
    const stem = lastStem(role);
    const isCell = /^(cell|stack)\./.test(role);
    if (!isCell || (stem !== 'voltage' && stem !== 'current')) {
      ledger.differ({ file, place: at }, 'is left out: only voltage and current of the cell are known there');
      continue;
    }
    const amount = worth.amount(at, role, worth.number(at, by, known), stem === 'voltage' ? 'V' : 'A');
    if (stem === 'voltage') found.voltage_V = amount.value;
    else found.current_A = needAmpere(worth, { file, place: at }, amount);
  }
  return { ...(every_s === undefined ? {} : { every_s }), ...found, at: { file, place } };
}

/** The limits of a file. @throws LanguageError of one that others do not have, or that would not end the test */
export function limitsOf(worth: Worth, raw: readonly Keys[], known: Known, ledger: Ledger): PlainLimits {
  const { file } = worth;
  const place: Place = ['limits'];
  const found: { -readonly [K in keyof PlainLimits]?: PlainLimits[K] } = {};
  let isHeld: boolean | undefined;
  for (const [i, limit] of raw.entries()) {
    const at = { file, place: [...place, i, 'when'] };
    const then = String(limit['then']);
    if (then === 'trip')
      ledger.differ(
        { file, place: [...place, i, 'then'] },
        'trip: there a limit ends the test, as stop does',
      );
    else if (then !== 'stop')
      throw file.errors.valueError(
        [...place, i, 'then'],
        `found ${then}, but there a limit ends the test: expected stop`,
      );
    for (const test of testsOf(worth, at.place, known)) {
      if (test.quantity === 'temperature' && ledger.format !== 'battinfo')
        throw ledger.refused(at, 'a limit of temperature is not known there');
      for (const [key, value] of keysOf(worth, test, at)) {
        if (found[key] !== undefined)
          throw file.errors.valueError(at.place, `${key} is limited twice, expected one limit of it`);
        found[key] = value;
      }
      if (
        (isHeld ?? test.delay_s !== undefined) !== (test.delay_s !== undefined) ||
        (found.delay_s ?? test.delay_s) !== test.delay_s
      )
        throw file.errors.valueError(
          at.place,
          `limits of different delay, expected one for all (for ${found.delay_s ?? test.delay_s ?? 1} s)`,
        );
      isHeld = test.delay_s !== undefined;
      if (test.delay_s !== undefined) found.delay_s = test.delay_s;
    }
  }
  return { ...found, at: { file, place } };
}

type LimitKey =
  | 'temperatureMax_degC'
  | 'temperatureMin_degC'
  | 'voltageMax_V'
  | 'voltageMin_V'
  | 'currentMax_A'
  | 'currentMin_A'
  | 'chargeMax_Ah';

function keysOf(worth: Worth, test: Test, at: At): readonly (readonly [LimitKey, number])[] {
  const { quantity, is, amount, isSize } = test;
  const value = quantity === 'current' ? needAmpere(worth, at, amount) : amount.value;
  if (quantity === 'charge') {
    if (is === 'above' && value >= 0) return [['chargeMax_Ah', value]];
    throw at.file.errors.valueError(at.place, 'expected the size of a charge above a value');
  }
  if (quantity === 'temperature' && !isSize)
    return [[is === 'above' ? 'temperatureMax_degC' : 'temperatureMin_degC', value]];
  if (quantity === 'voltage' && !isSize) return [[is === 'above' ? 'voltageMax_V' : 'voltageMin_V', value]];
  if (quantity === 'current' && !isSize) return [[is === 'above' ? 'currentMax_A' : 'currentMin_A', value]];
  if (quantity !== 'current' || is !== 'above')
    throw at.file.errors.valueError(at.place, 'expected a reading beyond a limit');
  return [
    ['currentMax_A', value],
    ['currentMin_A', -value],
  ];
}

function needAmpere(worth: Worth, at: At, amount: { value: number; unit: string }): number {
  const found = inAmpere(amount, worth.subject.capacity_Ah);
  if (found === undefined)
    throw at.file.errors.error(
      at.place,
      'C needs subject.capacity_Ah, expected --capacity AH or --bench BENCH',
    );
  return found;
}

/** A time in s, of a value in the unit of its key. */
export function secondsUnder(worth: Worth, place: Place, key: string, value: number): number {
  const unit = numberUnit(key);
  const second = unitNamed('s');
  if (unit === undefined || second === undefined) throw worth.file.errors.error(place, 'is no time');
  return worth.turned({ file: worth.file, place }, { value, unit, stem: 'time' }, second).value;
}

/** True where two rules keep the same rows. */
export function isSameRecord(a: PlainRecord | undefined, b: PlainRecord | undefined): boolean {
  const key = (r: PlainRecord | undefined): string =>
    JSON.stringify([r?.every_s, r?.voltage_V, r?.current_A].map(v => (v === undefined ? null : tidy(v))));
  return key(a) === key(b);
}
