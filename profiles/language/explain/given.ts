import { nearest } from '../../../drivers/contract/explain.ts';
import { beyondBorders } from '../bench/borders.ts';
import { constantAt, listAt } from '../bench/constants.ts';
import { namesOfFile } from '../bench/known-part.ts';
import type { OnBench } from '../bench/on-bench.ts';
import type { BenchNames } from '../bench/reference.ts';
import type { Given } from '../bench/rounds.ts';
import { parseExpression } from '../expression/parse.ts';
import { ExpressionError } from '../expression/problem.ts';
import { unitWord } from '../file/keys.ts';
import { isList } from '../file/names-of-file.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { splitName, unitText } from '../units/names.ts';
import { conversion, converted, isPlace, sameDimension } from '../units/unit.ts';

/** Parameters that a person gives: `--set rate_C=1/2`, `--set loads_A=1,2,3`, in any unit of the quantity. */

/** A value that cannot be taken, in the words of a message. */
export class GivenError extends Error {}

type Keys = Readonly<Record<string, unknown>>;

/**
 * Values by the names of the file. @throws GivenError of a parameter that the file does not have, a value that is none, or
 * one beyond the `min` and `max` of its parameter
 */
export function givenParameters(
  texts: readonly string[],
  file: LanguageFile,
  on: OnBench,
  bench: BenchNames,
): Given {
  const parameters: Keys = { ...(file.head['parameters'] as Keys | undefined) };
  const names = Object.keys(parameters);
  const found = new Map<string, number | readonly number[]>();
  for (const text of texts) {
    const cut = text.indexOf('=');
    if (cut < 1) throw new GivenError(`${text}: expected name_unit=value, e.g. ${names[0] ?? 'rate_C'}=1`);
    const [asked, written] = [text.slice(0, cut).trim(), text.slice(cut + 1).trim()];
    const name = names.find(own => own === asked) ?? names.find(own => isSame(own, asked));
    if (name === undefined) throw new GivenError(`${asked}: ${unknownName(asked, file.name, names)}`);
    if (found.has(name)) throw new GivenError(`${text}: ${name} is given twice`);
    const parts = isList(parameters[name]) ? written.split(',') : [written];
    const values = parts.map(part => givenValue(text, asked, name, part.trim(), file, bench));
    for (const value of values) checkBorders(text, name, value, file, on);
    found.set(name, isList(parameters[name]) ? values : values[0]);
  }
  return found;
}

function isSame(own: string, asked: string): boolean {
  const [a, b] = [splitName(own), splitName(asked)];
  if (a === undefined || b === undefined || a.stem !== b.stem) return false;
  if (typeof a.unit === 'string' || typeof b.unit === 'string') return a.unit === b.unit;
  return sameDimension(a.unit, b.unit) && isPlace(a.unit) === isPlace(b.unit);
}

function unknownName(asked: string, method: string, names: readonly string[]): string {
  const near = nearest(asked, names);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  const expected = names.length === 0 ? 'it has none' : `expected one of ${names.join(', ')}`;
  return `${method} has no such parameter${hint}, ${expected}`;
}

/** A number, a fraction, an expression of figures of the bench, on or off; in the unit of the parameter. */
function givenValue(
  text: string,
  asked: string,
  name: string,
  written: string,
  file: LanguageFile,
  bench: BenchNames,
): number {
  const [own, unit] = [splitName(name)?.unit, splitName(asked)?.unit];
  if (own === 'on') {
    if (/^(on|true)$/.test(written)) return 1;
    if (/^(off|false)$/.test(written)) return 0;
    throw new GivenError(`${text}: expected on or off`);
  }
  if (typeof own !== 'object' || typeof unit !== 'object')
    throw new GivenError(
      `${text}: ${name} is a ${own === undefined ? 'name' : unitText(own)}, expected it in the file`,
    );
  try {
    const known = { values: new Map<string, number>(), lists: new Map<string, readonly number[]>() };
    const part = namesOfFile(file, bench).partOf(written, parseExpression(written), known);
    if (part === undefined)
      throw new GivenError(
        `${text}: "${written}" is no number, expected one in ${unit.text}${asWritten(name, own.text, file)}`,
      );
    const from = part.unit ?? unit;
    if (!sameDimension(from, own) || isPlace(from) !== isPlace(own))
      throw new GivenError(`${text}: "${written}" is in ${from.text}, expected ${own.text}`);
    return converted(part.value, conversion(from, own));
  } catch (error) {
    if (error instanceof ExpressionError) throw new GivenError(`${text}: ${error.message}`);
    throw error;
  }
}

/** Range and example of a parameter, as its file has them. */
function asWritten(name: string, unit: string, { head }: LanguageFile): string {
  const raw = (head['parameters'] as Keys | undefined)?.[name];
  const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const { default: usual, min, max } = (isBlock ? raw : { default: raw }) as Keys;
  const range =
    min !== undefined && max !== undefined
      ? ` (${String(min)} to ${String(max)} ${unit})`
      : min !== undefined
        ? ` (${String(min)} ${unit} at least)`
        : max !== undefined
          ? ` (${String(max)} ${unit} at most)`
          : '';
  const example = [usual, min, max].find(one => one !== undefined && one !== null) ?? 1;
  return `${range}, e.g. ${name}=${Array.isArray(example) ? example.join(',') : String(example)}`;
}

function checkBorders(text: string, name: string, value: number, file: LanguageFile, on: OnBench): void {
  const broken = beyondBorders(name, value, file, on);
  if (broken !== undefined) throw new GivenError(`${text}: ${broken}`);
}

/** Where a parameter has its value from, with the value; `value` null: nobody has said it, or it is no number. */
export interface ExplainedParameter {
  readonly name: string;
  readonly value: number | readonly number[] | string | boolean | null;
  readonly unit: string;
  readonly origin: 'given' | 'default' | 'bench file' | 'missing';
  /** The default as it is written, where it is an expression. */
  readonly written?: string;
  readonly doc?: string;
}

/** Every parameter of a file with its value and origin. */
export function explainParameters(
  file: LanguageFile,
  on: OnBench,
  given: Given,
): readonly ExplainedParameter[] {
  const known = { values: new Map<string, number>(), lists: new Map<string, readonly number[]>() };
  return Object.entries({ ...(file.head['parameters'] as Keys | undefined) }).map(([name, raw]) => {
    const block: Keys | undefined =
      typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Keys) : undefined;
    const at = block === undefined ? ['parameters', name] : ['parameters', name, 'default'];
    const written = block === undefined ? raw : block['default'];
    const unit = unitWord(name);
    const doc = typeof block?.['doc'] === 'string' ? { doc: block['doc'] } : {};
    const common = { name, unit, ...doc };
    const own = given.get(name);
    if (own !== undefined) return { ...common, value: own, origin: 'given' as const };
    if (written === undefined) return { ...common, value: null, origin: 'missing' as const };
    if (unit === 'text' || unit === 'file' || typeof written === 'boolean')
      return { ...common, value: written as string | boolean, origin: 'default' as const };
    const number = isList(raw) ? listAt(at, written, on, known) : constantAt(at, written, on, known);
    const value =
      number === undefined || (typeof number === 'number' && Number.isNaN(number)) ? null : number;
    const slots = on.expressions.get(at.join('.'))?.slots ?? [];
    const isOfBench = slots.some(slot => slot.from === 'figure of the bench');
    return {
      ...common,
      value,
      origin: isOfBench ? ('bench file' as const) : ('default' as const),
      ...(typeof written === 'string' ? { written } : {}),
    };
  });
}
