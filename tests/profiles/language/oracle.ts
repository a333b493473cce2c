import type { Tree } from '../../../profiles/language/expression/tree.ts';
import { PLACES } from './arbitrary.ts';

/**
 * What an expression is worth, worked out the slow way: from the whole history of the readings at each look, by what
 * the language says of each part. Shares no code with the evaluator.
 */

/** All readings of one look: `t_s`, and the values of all places, the last one the time of the step. */
export interface Sample {
  readonly t_s: number;
  readonly values: readonly number[];
}

const R = 8.31446261815324;
const EPS_S = 1e-6;
/** Lemmon 2008, table 1, as printed. */
const LEMMON = [
  [0.0588846, 1.325, 1],
  [-0.06136111, 1.87, 1],
  [-0.002650473, 2.5, 2],
  [0.002731125, 2.8, 2],
  [0.001802374, 2.938, 2.42],
  [-0.001150707, 3.14, 2.63],
  [0.00009588528, 3.37, 3],
  [-0.000000110904, 3.75, 4],
  [0.0000000001264403, 4, 5],
];

type Truth = true | false | undefined;

/** A number, NaN where unknown; a condition as 1, 0, NaN. */
export function worth(tree: Tree, history: readonly Sample[], k: number): number {
  switch (tree.op) {
    case 'and':
    case 'or':
    case 'not':
    case 'held':
    case 'known':
    case 'switch':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=': {
      const truth = holds(tree, history, k);
      return truth === undefined ? Number.NaN : truth ? 1 : 0;
    }
    default: {
      const found = number(tree, history, k);
      return found !== undefined && Number.isFinite(found) ? found : Number.NaN;
    }
  }
}

function holds(tree: Tree, history: readonly Sample[], k: number): Truth {
  if (tree.op === 'switch') return [false, true][history[k].values[PLACES[tree.slot].first]];
  if (tree.op === 'known') return Number.isFinite(worth(tree.a, history, k));
  if (tree.op === 'not') {
    const a = holds(tree.a, history, k);
    return a === undefined ? undefined : !a;
  }
  if (tree.op === 'and' || tree.op === 'or') {
    const both = [holds(tree.a, history, k), holds(tree.b, history, k)];
    const deciding = tree.op === 'or';
    if (both.includes(deciding)) return deciding;
    return both.includes(undefined) ? undefined : !deciding;
  }
  if (tree.op === 'held') {
    const over_s = worth(tree.time, history, k);
    const truths = history.slice(0, k + 1).map((_, i) => holds(tree.a, history, i));
    const begin_s = history[k].t_s - over_s + EPS_S;
    // What was found at a look counts until the next one.
    const lasts = (i: number): boolean => i === k || history[i + 1].t_s > begin_s;
    if (truths.some((truth, i) => truth === false && lasts(i))) return false;
    const first = history.findLastIndex((s, i) => i <= k && s.t_s <= begin_s);
    return first >= 0 && truths.slice(first).every(truth => truth === true) ? true : undefined;
  }
  if (!('b' in tree)) throw new Error(`no condition: ${tree.op}`);
  const [a, b] = [worth(tree.a, history, k), worth(tree.b, history, k)];
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  const found: Readonly<Record<string, boolean>> = {
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
    '==': a === b,
    '!=': a !== b,
  };
  return found[tree.op];
}

function number(tree: Tree, history: readonly Sample[], k: number): number | undefined {
  const of = (part: Tree): number => worth(part, history, k);
  const { values } = history[k];
  switch (tree.op) {
    case 'value':
      return tree.value;
    case 'slot':
      return values[PLACES[tree.slot].first];
    case 'lowest':
    case 'highest':
    case 'mean':
    case 'spread': {
      const { first, count } = PLACES[tree.slot];
      const members = values.slice(first, first + count);
      if (!members.every(Number.isFinite)) return undefined;
      const [low, high] = [Math.min(...members), Math.max(...members)];
      if (tree.op === 'mean') return members.reduce((a, b) => a + b, 0) / count;
      return tree.op === 'lowest' ? low : tree.op === 'highest' ? high : high - low;
    }
    case '+':
      return of(tree.a) + of(tree.b);
    case '-':
      return of(tree.a) - of(tree.b);
    case '*':
      return of(tree.a) * of(tree.b);
    case '/':
      return of(tree.a) / of(tree.b);
    case 'min':
      return Math.min(of(tree.a), of(tree.b));
    case 'max':
      return Math.max(of(tree.a), of(tree.b));
    case 'negate':
      return -of(tree.a);
    case 'abs':
    case 'sqrt':
    case 'exp':
      return Math[tree.op](of(tree.a));
    case 'ln':
      return Math.log(of(tree.a));
    case 'change': {
      const first = history.slice(0, k + 1).findIndex((_, i) => Number.isFinite(worth(tree.a, history, i)));
      return first < 0 ? undefined : of(tree.a) - worth(tree.a, history, first);
    }
    case 'span':
    case 'slope':
    case 'average': {
      const begin_s = history[k].t_s - of(tree.time) + EPS_S;
      const first = history.findLastIndex((s, i) => i <= k && s.t_s <= begin_s);
      if (first < 0) return undefined;
      const t = history.slice(first, k + 1).map(s => s.t_s);
      const x = t.map((_, i) => worth(tree.a, history, first + i));
      return x.every(Number.isFinite) ? overWindow(tree.op, t, x) : undefined;
    }
    case 'triangle':
    case 'square':
    case 'sine':
      return shape(tree.op, [of(tree.low), of(tree.high), of(tree.period)], values[PLACES[tree.clock].first]);
    case 'clamp': {
      const [x, low, high] = [of(tree.a), of(tree.low), of(tree.high)];
      if (![x, low, high].every(Number.isFinite) || low > high) return undefined;
      return x < low ? low : x > high ? high : x;
    }
    case 'h2_mol': {
      const [bara, degC, litres] = [of(tree.pressure), of(tree.temperature), of(tree.volume)];
      if (!(bara >= 0 && bara <= 2000)) return undefined;
      const kelvin = degC + 273.15;
      const z = LEMMON.reduce((sum, [a, b, c]) => sum + a * (100 / kelvin) ** b * (bara / 10) ** c, 1);
      return (bara * 1e5 * litres * 1e-3) / (z * R * kelvin);
    }
    default:
      throw new Error(`no number: ${tree.op}`);
  }
}

function overWindow(op: 'span' | 'slope' | 'average', t: readonly number[], x: readonly number[]): number {
  const n = t.length;
  if (op === 'span') return Math.max(...x) - Math.min(...x);
  if (op === 'average') {
    if (n === 1) return x[0];
    let area = 0;
    for (let i = 1; i < n; i++) area += (t[i] - t[i - 1]) * 0.5 * (x[i] - x[0] + (x[i - 1] - x[0]));
    return x[0] + area / (t[n - 1] - t[0]);
  }
  const [mt, mx] = [t, x].map(list => list.reduce((a, b) => a + b, 0) / n);
  const above = t.reduce((sum, ti, i) => sum + (ti - mt) * (x[i] - mx), 0);
  const below = t.reduce((sum, ti) => sum + (ti - mt) ** 2, 0);
  return n < 2 ? Number.NaN : above / below;
}

function shape(op: string, [low, high, period]: readonly number[], time_s: number): number {
  if (![low, high].every(Number.isFinite)) return Number.NaN;
  const into = (time_s % period) / period;
  if (op === 'square') return into < 0.5 ? low : high;
  if (op === 'triangle')
    return into < 0.5 ? low + (high - low) * 2 * into : high - (high - low) * (2 * into - 1);
  return (low + high) / 2 - ((high - low) / 2) * Math.cos(2 * Math.PI * into);
}
