import { parseArgs } from 'node:util';
import { seededRandom } from '../../drivers/contract/random.ts';
import { Evaluator } from '../../profiles/language/evaluate/evaluator.ts';
import { checkExpression, type Expected } from '../../profiles/language/expression/check.ts';
import { FUNCTION_NAMES } from '../../profiles/language/expression/functions.ts';
import { parseExpression } from '../../profiles/language/expression/parse.ts';
import { ExpressionError } from '../../profiles/language/expression/problem.ts';
import { print } from '../../profiles/language/expression/syntax.ts';
import { Slots } from '../../profiles/language/expression/tree.ts';
import { ONE, unitNamed } from '../../profiles/language/units/unit.ts';
import { CONDITIONS, REFUSED, VALUES } from '../profiles/language/corpus.ts';

/**
 * Random and mutated expressions through parser, checker, printer and evaluator:
 * `npm run fuzz:expressions -- --n 1000000 --seed 1`. Last line: JSON. A crash is any error but one with a place, a
 * printed tree that does not come back, a result that is neither a number nor 1, 0 and unknown of a condition. A hang is
 * more than `HANG_MS` for one expression. Exit code 1 where anything was found.
 */

const { values } = parseArgs({
  options: { n: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const n = Number(values.n);
const seed = Number(values.seed);
if (!(Number.isInteger(n) && n > 0 && Number.isInteger(seed)))
  throw new Error(`--n ${values.n} --seed ${values.seed}: expected whole numbers`);

const HANG_MS = 1000;
const random = seededRandom(seed);
const below = (most: number): number => Math.floor(random.uniform() * most);
const one = <T>(list: readonly T[]): T => list[below(list.length)];

const RIGHT: readonly (readonly [expected: Expected, text: string])[] = [
  ...CONDITIONS.map(text => [{ kind: 'condition' }, text] as const),
  ...VALUES.map(([unit, text]) => [{ kind: 'quantity', unit: unitNamed(unit) ?? ONE }, text] as const),
];
const CORPUS = [...RIGHT.map(([, text]) => text), ...REFUSED];
const NAMES = [
  'cell.voltage_V',
  'x_V',
  'rate_C',
  'pump_on',
  'step.time_s',
  't_degC',
  'p_barg',
  'round.count',
  'a_mV',
];
const WORDS = [
  ...'+ - * / < <= > >= == != ( ) ( ) , . : ; & | = ! % ^ [ ] { } " \' # $ @ ? ~ \\'.split(' '),
  ...['and', 'or', 'not', 'for', 'on', 'off', 'true', 'false', 'AND', 'constructor', '__proto__', 'toString'],
  ...[
    '0',
    '1',
    '2.5',
    '1e3',
    '1e308',
    '1e999',
    '.5',
    '5.',
    '0x1F',
    '007',
    '1_0',
    '1:30',
    '1,5',
    '10 min',
    '1 mV_per_h',
  ],
  ...[
    'V',
    'mV',
    'degC',
    'K',
    'C',
    'pct',
    'min',
    'h',
    '\t',
    '\n',
    ' ',
    '\u00a0',
    '\u0000',
    'é',
    '漢',
    '🔋',
    '−',
    '≤',
    '\ud800',
  ],
  ...FUNCTION_NAMES.map(name => `${name}(`),
  ...NAMES,
];
const EXPECTED: readonly Expected[] = [
  { kind: 'condition' },
  { kind: 'condition' },
  ...['V', 'A', 'h', 'pct', 'degC', 'C', 'mol'].flatMap((text): Expected[] => {
    const unit = unitNamed(text);
    return unit === undefined
      ? []
      : [
          { kind: 'quantity', unit },
          { kind: 'list', unit },
        ];
  }),
];

/** Characters taken out, put in, changed, doubled, or the beginning of one text before the end of another. */
function mutated(text: string): string {
  let result = text;
  for (let i = below(4) + 1; i > 0; i--) {
    const at = below(result.length + 1);
    const to = Math.min(result.length, at + below(6));
    const kind = below(6);
    if (kind === 0) result = result.slice(0, at) + result.slice(to);
    else if (kind === 1) result = result.slice(0, at) + one(WORDS) + result.slice(at);
    else if (kind === 2)
      result = result.slice(0, at) + String.fromCharCode(32 + below(95)) + result.slice(at + 1);
    else if (kind === 3) result = result.slice(0, to) + result.slice(at);
    else if (kind === 4) result = result.slice(0, at) + ' ' + one(CORPUS).slice(below(20));
    else result = `${one(['(', '-', 'not ', 'abs('])}${result}${one([')', '', ' for 3 s', ' < 1'])}`;
  }
  return result;
}

/** Another number, another function, another sign or brackets: often still right. */
function lightly(text: string): string {
  const kind = below(5);
  if (kind === 0) return text.replace(/\d+(\.\d+)?/, () => String(below(1000) / 8));
  if (kind === 1) return text.replace(/[a-z0-9]+(?=\()/, () => one(FUNCTION_NAMES));
  if (kind === 2)
    return text.replace(/ [-+*/<>] /, () => ` ${one(['+', '-', '*', '/', '<', '<=', '>', '>='])} `);
  if (kind === 3) return `(${text})`;
  return `${text} ${one(['and', 'or', '+', '-', '*', '/'])} ${text}`;
}

function made(): string {
  const kind = below(10);
  if (kind < 6) return mutated(one(CORPUS));
  if (kind < 9) return Array.from({ length: below(12) }, () => one(WORDS)).join(one(['', ' ']));
  if (below(50) > 0) return grown(5);
  const word = one(WORDS);
  return word.repeat(below(Math.ceil(4000 / word.length)));
}

/** An expression by the grammar; units do not matter, most of them do not fit. */
function grown(depth: number): string {
  if (depth === 0 || below(5) === 0) return one([one(NAMES), String(below(100) / 4), '3 V', '2 h', 'on']);
  const part = (): string => grown(depth - 1);
  const made = [
    () => `${part()} ${one(['+', '-', '*', '/', '<', '>', 'and', 'or'])} ${part()}`,
    () => `(${part()})`,
    () => `-${part()}`,
    () => `not ${part()}`,
    () => `${part()} for 3 s`,
    () => `${one(FUNCTION_NAMES)}(${[part(), part(), '5 s'].slice(0, 1 + below(3)).join(', ')})`,
  ];
  return one(made)();
}

const seen = { accepted: 0, refused: 0, evaluated: 0 };
const crashes: string[] = [];
const hangs: string[] = [];
const unplaced: string[] = [];

function tryOne(text: string, expected: Expected): void {
  const syntax = parseExpression(text);
  const printed = print(syntax);
  if (print(parseExpression(printed)) !== printed) throw new Error(`prints otherwise: ${printed}`);
  const { tree, slots } = checkExpression(text, syntax, expected, { slots: new Slots() });
  if (JSON.stringify(JSON.parse(JSON.stringify(tree))) !== JSON.stringify(tree)) throw new Error('no JSON');
  seen.accepted++;
  if (tree.op === 'list') return;
  const evaluator = new Evaluator(
    tree,
    slots.names.map((_, first) => ({ first, count: 1 })),
  );
  const readings = new Float64Array(slots.names.length);
  for (let t_s = 0; t_s < 4; t_s++) {
    for (let i = 0; i < readings.length; i++) readings[i] = one([0, 1, 3.5, -20, Number.NaN, 1e300]);
    evaluator.run(readings, Float64Array.of(t_s));
    const { result } = evaluator;
    const isTruth = expected.kind !== 'condition' || result === 0 || result === 1 || Number.isNaN(result);
    if (!isTruth || Math.abs(result) === Number.POSITIVE_INFINITY) throw new Error(`result ${result}`);
  }
  seen.evaluated++;
}

for (let i = 0; i < n; i++) {
  const [kind, right] = one(RIGHT);
  const isLight = below(3) === 0;
  const text = isLight ? (below(2) === 0 ? lightly(right) : lightly(lightly(right))) : made();
  const begin_ms = performance.now();
  try {
    tryOne(text, isLight ? kind : one(EXPECTED));
  } catch (error) {
    if (error instanceof ExpressionError) {
      seen.refused++;
      const { start, end, message } = error;
      const isInside =
        Number.isInteger(start) && start >= 0 && end >= start && end <= Math.max(text.length, start + 1);
      if (!isInside || start > text.length || message === '')
        unplaced.push(`${JSON.stringify(text)}: ${message}`);
    } else crashes.push(`${JSON.stringify(text)}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const took_ms = performance.now() - begin_ms;
  if (took_ms > HANG_MS) hangs.push(`${took_ms.toFixed(0)} ms: ${JSON.stringify(text)}`);
  if ((i + 1) % 100_000 === 0)
    console.log(`${i + 1} of ${n}: ${JSON.stringify(seen)}, ${crashes.length} crashes`);
}
for (const text of [...crashes, ...hangs, ...unplaced].slice(0, 20)) console.log(text);
const found = { crashes: crashes.length, hangs: hangs.length, errors_without_place: unplaced.length };
console.log(JSON.stringify({ n, seed, ...seen, ...found }));
process.exitCode = crashes.length + hangs.length + unplaced.length === 0 ? 0 : 1;
