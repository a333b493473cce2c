import type { LanguageFile } from '../file/nodes.ts';
import type { Assignment, Value, Values } from '../layout/instruction.ts';
import type { Conversion } from '../units/unit.ts';
import { findName } from './find-name.ts';
import type { BenchNames } from './reference.ts';

/** Parameters that a call gives in another unit of the same quantity: `with: { rate_A: 2.5 }` for `rate_C`. */

/** The parameter that is meant, and how the value is turned into its unit; undefined: there is none. */
export function parameterMeant(
  asked: string,
  procedure: LanguageFile,
  bench: BenchNames,
): { readonly name: string; readonly to: Conversion } | undefined {
  const names = Object.keys({ ...(procedure.head['parameters'] as object | undefined) });
  if (names.includes(asked)) return { name: asked, to: { num: 1, den: 1, plus: 0 } };
  const own = new Map(names.map(name => [name, false]));
  const found = findName(asked, bench, { own, derived: [], data: new Map() }, []);
  if ('wrong' in found || found.from !== 'own name') return undefined;
  const { num, den, plus } = found.to;
  // From the unit that is given into that of the parameter, so the other way round.
  return { name: found.name, to: { num: den, den: num, plus: (-plus * den) / num } };
}

/** What is given in the unit of the parameter. */
export function turnedValues(values: Values, to: Conversion): Assignment['value'] {
  if (to.num === to.den && to.plus === 0) return values;
  if (Array.isArray(values)) return (values as readonly Value[]).map(value => turnedValue(value, to));
  if (typeof values === 'object' && 'from' in values) {
    const { from, by } = values;
    return {
      from: turnedValue(from, to),
      to: turnedValue(values.to, to),
      by: turnedValue(by, { ...to, plus: 0 }),
    };
  }
  return turnedValue(values as Value, to);
}

function turnedValue(value: Value, { num, den, plus }: Conversion): Value {
  if (typeof value === 'number') return (value * num) / den + plus;
  if (typeof value !== 'object') return value;
  const { tree } = value;
  if (tree.op === 'list') {
    const list = { num: tree.num * num, den: tree.den * den, plus: (tree.plus * num) / den + plus };
    return { ...value, tree: { ...tree, ...list } };
  }
  const scaled = { op: '*', a: tree, b: { op: 'value', value: num / den } } as const;
  return { ...value, tree: plus === 0 ? scaled : { op: '+', a: scaled, b: { op: 'value', value: plus } } };
}
