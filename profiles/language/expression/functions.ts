/** The functions of the language, in the order of the reference page: how each is called and what it says. */

interface FunctionDoc {
  /** How it is called, names of the values in brackets. */
  readonly call: string;
  readonly doc: string;
  /** How many values it takes at least and at most. */
  readonly takes: readonly [least: number, most: number];
}

export const FUNCTIONS = {
  abs: { call: 'abs(x)', doc: 'the value without its sign', takes: [1, 1] },
  sqrt: { call: 'sqrt(x)', doc: 'square root', takes: [1, 1] },
  exp: { call: 'exp(ratio)', doc: 'e to the power of a plain number', takes: [1, 1] },
  ln: { call: 'ln(ratio)', doc: 'natural logarithm of a plain number', takes: [1, 1] },
  min: { call: 'min(array) or min(a, b)', doc: 'the lowest', takes: [1, 2] },
  max: { call: 'max(array) or max(a, b)', doc: 'the highest', takes: [1, 2] },
  mean: { call: 'mean(array)', doc: 'mean over an array role', takes: [1, 1] },
  spread: { call: 'spread(array)', doc: 'highest minus lowest of an array role', takes: [1, 1] },
  change: {
    call: 'change(x) or change(x, run)',
    doc: 'x minus what it was at the start of this step or block, or of block, round, phase, run',
    takes: [1, 2],
  },
  span: { call: 'span(x, 30 min)', doc: 'highest minus lowest over the last time', takes: [2, 2] },
  slope: { call: 'slope(x, 10 min)', doc: 'least-squares slope over the last time', takes: [2, 2] },
  average: { call: 'average(x, 1 min)', doc: 'mean over the last time', takes: [2, 2] },
  triangle: {
    call: 'triangle(low, high, period)',
    doc: 'begins at low, is at high after half a period',
    takes: [3, 3],
  },
  square: {
    call: 'square(low, high, period)',
    doc: 'half a period low, then half a period high',
    takes: [3, 3],
  },
  sine: {
    call: 'sine(low, high, period)',
    doc: 'begins at low, is at high after half a period',
    takes: [3, 3],
  },
  clamp: { call: 'clamp(x, low, high)', doc: 'x, but never below low or above high', takes: [3, 3] },
  pct: { call: 'pct(ratio)', doc: 'a ratio in per cent', takes: [1, 1] },
  known: { call: 'known(x)', doc: 'on if x has a usable value now', takes: [1, 1] },
  reverse: { call: 'reverse(list)', doc: 'the list from its end', takes: [1, 1] },
  h2_mol: {
    call: 'h2_mol(p_bara, T_degC, V_L)',
    doc: 'amount of hydrogen in a volume, real gas (Lemmon et al. 2008)',
    takes: [3, 3],
  },
} as const satisfies Readonly<Record<string, FunctionDoc>>;

export type FunctionName = keyof typeof FUNCTIONS;

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FunctionName[];

/** Parts of a run that `change` can count from; without one it counts from the step or block that it stands in. */
export const SCOPES = ['step', 'block', 'round', 'phase', 'run'] as const;
export type Scope = (typeof SCOPES)[number];

/** True of the name of a function. */
export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
