import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { checkExpression, type Expected } from '../expression/check.ts';
import { fitsIn } from '../expression/instead.ts';
import { parseExpression } from '../expression/parse.ts';
import { ExpressionError } from '../expression/problem.ts';
import { splitName, unitText } from '../units/names.ts';
import { ONE, unitNamed } from '../units/unit.ts';
import { isOwnName, isRole } from './keys.ts';
import { type DeclaredNames, namesOf, otherUnit } from './names-of-file.ts';
import type { FileExpression } from './nodes.ts';
import type { Source } from './source.ts';

/** What editors and people take for a switch, and what is one. */
const LIKE_SWITCH = /^(yes|no|y|n|on|off|true|false)$/i;
const SWITCHES = ['on', 'off', 'true', 'false'];

/** Parses and checks every expression of a file where it stands, against the unit of its key. */
export class Collector {
  readonly #source: Source;
  readonly #declared: DeclaredNames;
  readonly expressions = new Map<string, FileExpression>();

  constructor(source: Source, declared: DeclaredNames) {
    this.#source = source;
    this.#declared = declared;
  }

  /** An expression, or a plain number, which needs no check. */
  add(place: Place, raw: unknown, expected: Expected): void {
    if (typeof raw === 'number') {
      if (expected.kind !== 'quantity')
        throw this.#source.valueError(place, `found ${raw}, expected ${wordOf(expected)}`);
      return;
    }
    if (typeof raw === 'boolean') {
      if (expected.kind === 'condition') return;
      throw this.#source.valueError(place, `found ${raw}, expected ${wordOf(expected)}`);
    }
    if (typeof raw !== 'string') return;
    try {
      const syntax = parseExpression(raw);
      const fits = fitsIn(raw, expected, namesOf(this.#declared));
      try {
        checkExpression(raw, syntax, expected, { names: namesOf(this.#declared, fits) });
      } catch (error) {
        const other = error instanceof ExpressionError ? otherUnit(syntax, this.#declared, fits) : undefined;
        if (other === undefined || !(error instanceof ExpressionError)) throw error;
        throw new ExpressionError(error.start, error.end, `${error.message} (did you mean ${other}?)`);
      }
      this.expressions.set(dotted(place), { place, text: raw, syntax, expected });
    } catch (error) {
      if (error instanceof ExpressionError) throw this.#source.expressionError(place, error);
      throw error;
    }
  }

  /** The value behind a name or key with a unit: in that unit; a switch; a text as it is. */
  named(place: Place, key: string, raw: unknown): void {
    const unit = splitName(key)?.unit;
    if (unit === undefined) throw this.#source.error(place, `"${key}" has no unit, expected one like rate_C`);
    if (unit === 'text' || unit === 'file') {
      if (typeof raw !== 'string') throw this.#source.valueError(place, `expected a ${unit}`);
      return;
    }
    if (unit === 'on' && typeof raw === 'string' && LIKE_SWITCH.test(raw) && !SWITCHES.includes(raw))
      throw this.#source.valueError(place, `found ${raw}, expected on or off`);
    this.add(place, raw, unit === 'on' ? { kind: 'condition' } : { kind: 'quantity', unit });
  }

  /** As `named`, of one value or of every member of a list. */
  values(place: Place, key: string, raw: unknown): void {
    if (!Array.isArray(raw)) this.named(place, key, raw);
    else for (const [i, member] of raw.entries()) this.named([...place, i], key, member);
  }

  /** What is given to a procedure: as `values`, or a list of this file by its name. */
  given(place: Place, raw: unknown): void {
    if (typeof raw !== 'object' || raw === null) return;
    for (const [key, value] of Object.entries(raw)) {
      const unit = splitName(key)?.unit;
      if (typeof value === 'string' && typeof unit === 'object' && this.#isListName(value))
        this.add([...place, key], value, { kind: 'list', unit });
      else this.block(place, { [key]: value }, 'names');
    }
  }

  #isListName(text: string): boolean {
    const name = /^\s*(?:reverse\(\s*(\w+)\s*\)|(\w+))\s*$/.exec(text);
    return this.#declared.own.get(name?.[1] ?? name?.[2] ?? '') === true;
  }

  /** A block of roles or own names with their values. */
  block(place: Place, raw: unknown, what: 'roles' | 'names'): void {
    if (typeof raw !== 'object' || raw === null) return;
    for (const [key, value] of Object.entries(raw)) {
      const at = [...place, key];
      const isRight = what === 'roles' ? isRole(key) : isOwnName(key);
      if (!isRight) {
        const example =
          what === 'roles' ? 'a role like chamber.temperature_degC' : 'a name with a unit like rate_C';
        throw this.#source.error(at, `"${key}" is no name of this kind, expected ${example}`);
      }
      this.values(at, key, value);
    }
  }
}

/** In words, for a message. */
export function wordOf(expected: Expected): string {
  if (expected.kind === 'condition') return 'a condition, on or off';
  const unit = unitText(expected.unit);
  return expected.kind === 'list'
    ? `a list in ${unit}`
    : unit === 'count'
      ? 'a number'
      : `a value in ${unit}`;
}

/** How often. */
export const COUNT: Expected = { kind: 'quantity', unit: unitNamed('count') ?? ONE };
