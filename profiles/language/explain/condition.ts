import type { Known } from '../bench/constants.ts';
import type { NamesOfFile } from '../bench/known-part.ts';
import { binding, print, type Syntax } from '../expression/syntax.ts';
import { unitWord } from '../file/keys.ts';
import { namesIn } from '../file/names-of-file.ts';
import { nameWords, numbersText, quantityText, unitWords } from './words.ts';

/** An expression in words: names as people say them, what is known before the run worked out beside what is written. */

/** What the words of one expression lean on. */
export interface Saying {
  readonly text: string;
  readonly names: NamesOfFile;
  /** What is known in each round in which it is gone through. */
  readonly rounds: readonly Known[];
}

/** Functions whose further values are in the unit of the first. */
const LIKE_FIRST = ['clamp', 'min', 'max', 'triangle', 'square', 'sine'];

const FUNCTION_WORDS: Readonly<Record<string, (args: readonly string[]) => string>> = {
  min: args => (args.length === 1 ? `lowest ${args[0]}` : `the lower of ${args.join(' and ')}`),
  max: args => (args.length === 1 ? `highest ${args[0]}` : `the higher of ${args.join(' and ')}`),
  mean: ([x]) => `mean ${x}`,
  spread: ([x]) => `spread of ${x}`,
  change: ([x, scope]) => `change of ${x} since the start${scope === undefined ? '' : ` of the ${scope}`}`,
  span: ([x, time]) => `span of ${x} over ${time}`,
  slope: ([x, time]) => `slope of ${x} over ${time}`,
  average: ([x, time]) => `average of ${x} over ${time}`,
  pct: ([x]) => `${x} in %`,
  known: ([x]) => `${x} is known`,
};

/** `cell voltage < 2.5 V (subject.voltageMin_V)`. */
export function expressionWords(node: Syntax, saying: Saying, unit = ''): string {
  const known = knownWords(node, saying, unit);
  if (known !== undefined) return known;
  const inside = (part: Syntax, least: number, of = unit): string => {
    const words = expressionWords(part, saying, of);
    return binding(part) >= least || knownWords(part, saying, of) !== undefined ? words : `(${words})`;
  };
  switch (node.kind) {
    case 'switch':
      return node.value ? 'on' : 'off';
    case 'name':
      return `${wordsOfName(node.name, saying)}${unitWord(node.name) === 'on' ? ' is on' : ''}`;
    case 'call': {
      // The second value of change is the name of a part of the run.
      const lead = saying.names.unitOf(saying.text, node.args[0])?.text ?? unit;
      const unitOfArg = (i: number): string => (i === 0 ? unit : LIKE_FIRST.includes(node.name) ? lead : '');
      const args = node.args.map((arg, i) =>
        node.name === 'change' && i === 1 ? print(arg) : expressionWords(arg, saying, unitOfArg(i)),
      );
      const words = Object.hasOwn(FUNCTION_WORDS, node.name) ? FUNCTION_WORDS[node.name] : undefined;
      if (words === undefined) return `${node.name}(${args.join(', ')})`;
      const isSimple = (i: number): boolean => binding(node.args[i]) >= 8 || !args[i].includes(' ');
      return words(args.map((arg, i) => (isSimple(i) ? arg : `(${arg})`)));
    }
    case 'negate':
      return `-${inside(node.of, binding(node))}`;
    case 'not':
      return `not ${inside(node.of, binding(node))}`;
    case 'held':
      return `${inside(node.of, binding(node) + 1)} for ${expressionWords(node.time, saying)}`;
    case 'compare': {
      const isSwitch = switchWords(node, saying);
      if (isSwitch !== undefined) return isSwitch;
      const units = [node.a, node.b].map(part => saying.names.unitOf(saying.text, part)?.text);
      const [a, b] = [inside(node.a, 6, units[1] ?? ''), inside(node.b, 6, units[0] ?? '')];
      return `${a} ${node.op} ${b}`;
    }
    case 'arithmetic': {
      const rank = binding(node);
      // A bare number of a sum is in the unit of the other side; a factor has none.
      const isSum = node.op === '+' || node.op === '-';
      const of = (other: Syntax): string =>
        isSum ? (saying.names.unitOf(saying.text, other)?.text ?? unit) : '';
      return `${inside(node.a, rank, of(node.b))} ${node.op} ${inside(node.b, rank + 1, of(node.a))}`;
    }
    case 'logic': {
      const rank = binding(node);
      return `${inside(node.a, rank)} ${node.op} ${inside(node.b, rank + 1)}`;
    }
    default:
      return print(node);
  }
}

/** A part without names of the run: its value with unit, and what is written where that says more. */
function knownWords(node: Syntax, { text, names, rounds }: Saying, unit: string): string | undefined {
  if (node.kind === 'switch' || node.kind === 'compare' || node.kind === 'logic') return undefined;
  const hasNames = !namesIn(node).next().done;
  if (node.kind === 'number') {
    return node.unit === undefined
      ? withUnit(String(node.value), unit)
      : `${node.value} ${unitWords(node.unit)}`;
  }
  const all = (rounds.length === 0 ? [NOTHING_KNOWN] : rounds).map(known => names.partOf(text, node, known));
  const found = all.flatMap(part => part ?? []);
  if (found.length < all.length) return undefined;
  const [{ unit: first, value }] = found;
  const own = first?.text ?? unit;
  const written = isWhole(text.slice(...node.at)) ? text.slice(...node.at) : print(node);
  if (!hasNames) return first === undefined ? withUnit(written, unit) : written;
  const values =
    own === 'on' ? quantityText(value, own) : withUnit(numbersText(found.map(part => part.value)), own);
  return `${values} (${written})`;
}

const NOTHING_KNOWN: Known = { values: new Map(), lists: new Map() };

/** The place of a part ends at its last name: a bracket behind it is not in it. */
function isWhole(text: string): boolean {
  return text.split('(').length === text.split(')').length;
}

/** `stack output is off` for `stack.output_on == off`. */
function switchWords(node: Extract<Syntax, { kind: 'compare' }>, saying: Saying): string | undefined {
  const [name, state] = node.a.kind === 'switch' ? [node.b, node.a] : [node.a, node.b];
  if (name.kind !== 'name' || state.kind !== 'switch') return undefined;
  const isOn = state.value === (node.op === '==');
  return `${wordsOfName(name.name, saying)} is ${isOn ? 'on' : 'off'}`;
}

/** A role in words, a figure of a step as `charge out of discharge`, a name of one's own as it is. */
function wordsOfName(name: string, { names }: Saying): string {
  const dot = name.indexOf('.');
  if (dot < 0) return name;
  const found = names.find(name);
  const isOfStep = !('wrong' in found) && found.from === 'step';
  return isOfStep ? `${nameWords(found.name)} of ${found.id}` : nameWords(name);
}

function withUnit(value: string, unit: string): string {
  return `${value} ${unitWords(unit)}`.trimEnd();
}
