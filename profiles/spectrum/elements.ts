import { type Complex, inverseOf, tanhOver, times } from './complex.ts';

/** What a figure of an element is, so that start, bounds and unit can be chosen: see `startRange` and `unitOf`. */
export type FigureRole =
  | 'resistance'
  | 'inductance'
  | 'capacitance'
  | 'cpe'
  | 'exponent'
  | 'warburg'
  | 'time';

/** One figure of an element. `key` is put behind the element's name where it has several. */
export interface ElementFigure {
  readonly key: string;
  readonly role: FigureRole;
}

/** One kind of two-pole. `impedance` takes the angular frequency, rad/s, and the figures in their order. */
export interface ElementKind {
  readonly letters: string;
  readonly about: string;
  readonly figures: readonly ElementFigure[];
  impedance(omega: number, a: number, b: number): Complex;
}

/** sqrt(j w tau). */
function diffusionRoot(omega: number, tau_s: number): Complex {
  const part = Math.sqrt((omega * tau_s) / 2);
  return { re: part, im: part };
}

/**
 * Every two-pole a circuit may have, in the forms of J. R. Macdonald and E. Barsoukov, Impedance Spectroscopy (Wiley
 * 2005): CPE Z = 1/(Q (jw)^n); W = sigma (1 - j)/sqrt(w); Ws = R tanh(s)/s and Wo = R coth(s)/s with s = sqrt(jw tau).
 */
export const ELEMENTS: readonly ElementKind[] = [
  {
    letters: 'R',
    about: 'resistance',
    figures: [{ key: '', role: 'resistance' }],
    impedance: (_, r) => ({ re: r, im: 0 }),
  },
  {
    letters: 'L',
    about: 'inductance',
    figures: [{ key: '', role: 'inductance' }],
    impedance: (omega, l) => ({ re: 0, im: omega * l }),
  },
  {
    letters: 'C',
    about: 'capacitance',
    figures: [{ key: '', role: 'capacitance' }],
    impedance: (omega, c) => ({ re: 0, im: -1 / (omega * c) }),
  },
  {
    letters: 'CPE',
    about: 'constant phase element: with a resistance beside it a depressed arc',
    figures: [
      { key: 'Q', role: 'cpe' },
      { key: 'n', role: 'exponent' },
    ],
    impedance(omega, q, n) {
      const modulus = 1 / (q * omega ** n);
      const angle = (n * Math.PI) / 2;
      return { re: modulus * Math.cos(angle), im: -modulus * Math.sin(angle) };
    },
  },
  {
    letters: 'W',
    about: 'diffusion without an end (Warburg)',
    figures: [{ key: '', role: 'warburg' }],
    impedance(omega, sigma) {
      const part = sigma / Math.sqrt(omega);
      return { re: part, im: -part };
    },
  },
  {
    letters: 'Ws',
    about: 'diffusion of finite length, to an end that lets through: closes to R at low frequency',
    figures: [
      { key: 'R', role: 'resistance' },
      { key: 'tau', role: 'time' },
    ],
    impedance: (omega, r, tau_s) => times({ re: r, im: 0 }, tanhOver(diffusionRoot(omega, tau_s))),
  },
  {
    letters: 'Wo',
    about: 'diffusion in a finite space, to an end that blocks: a capacitance at low frequency',
    figures: [
      { key: 'R', role: 'resistance' },
      { key: 'tau', role: 'time' },
    ],
    impedance(omega, r, tau_s) {
      const root = diffusionRoot(omega, tau_s);
      // coth(s)/s = 1 / (s2 tanh(s)/s)
      return times({ re: r, im: 0 }, inverseOf(times(times(root, root), tanhOver(root))));
    },
  },
];

/** Unit of a figure as the last part of its name; with `perArea` the spectrum was in Ohm cm2. */
export function unitOf(role: FigureRole, perArea: boolean): string {
  const ohm = perArea ? 'Ohm_cm2' : 'Ohm';
  const units: Record<FigureRole, string> = {
    resistance: ohm,
    inductance: perArea ? 'H_cm2' : 'H',
    capacitance: perArea ? 'F_per_cm2' : 'F',
    // s^n / Ohm
    cpe: perArea ? 'Ssn_per_cm2' : 'Ssn',
    exponent: '1',
    warburg: `${ohm}_per_sqrt_s`,
    time: 's',
  };
  return units[role];
}
