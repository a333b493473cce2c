/**
 * Numbers of MethodSCRIPT, in packages and in scripts. Both are a whole number and an SI prefix.
 * Source: PalmSens/MethodSCRIPT_Examples (bd1a44a, MethodSCRIPT 1.8) and the packages in them.
 */

/** Power of ten of each prefix; `i` is a whole number without one. */
const PREFIXES: Readonly<Record<string, number>> = {
  a: -18,
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  m: -3,
  ' ': 0,
  i: 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/** What stands for 0 in the seven digits of a package, and the most that they can say beside it. */
const OFFSET = 0x8000000;
const MOST = 0x7ffffff;

/** The number in a package: seven hexadecimal digits and a prefix, or `     nan`; undefined where it is none. */
export function decodeNumber(text: string): number | undefined {
  if (text === '     nan') return Number.NaN;
  const power = PREFIXES[text[7]];
  if (text.length !== 8 || power === undefined || !/^[0-9A-F]{7}/.test(text)) return undefined;
  const whole = Number.parseInt(text.slice(0, 7), 16) - OFFSET;
  // Divided, not multiplied by 1e-6: the nearest number to what the digits say.
  return power < 0 ? whole / 10 ** -power : whole * 10 ** power;
}

/**
 * A value as a script writes it: a whole number with the finest prefix of p, n, u, m, none, k, M in which it fits 28 bits, as
 * the digits of a package do. @throws RangeError for what is no finite number or is too large
 */
export function literal(value: number): string {
  if (Number.isFinite(value)) {
    if (value === 0) return '0';
    for (const [prefix, power] of LITERALS) {
      const whole = Math.round(power < 0 ? value * 10 ** -power : value / 10 ** power);
      if (Math.abs(whole) <= MOST) return shortest(whole, prefix, power);
    }
  }
  throw new RangeError(`${value} cannot be written in a script`);
}

const LITERALS = [
  ['p', -12],
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
] as const;

/** `1850000u` as `1850m`: lines are short, and a person reads them. */
function shortest(whole: number, prefix: string, power: number): string {
  const next = LITERALS.find(([, other]) => other === power + 3);
  if (next === undefined || whole === 0 || whole % 1000 !== 0) return `${whole}${prefix}`;
  return shortest(whole / 1000, next[0], next[1]);
}

/** What a literal of ours means; for the value that the instrument will hold. */
export function literalValue(text: string): number {
  const match = /^(-?\d+)([pnumkMi]?)$/.exec(text);
  if (match === null) return Number.NaN;
  const power = PREFIXES[match[2] === '' ? ' ' : match[2]];
  return power < 0 ? Number(match[1]) / 10 ** -power : Number(match[1]) * 10 ** power;
}
