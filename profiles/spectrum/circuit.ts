import { FitError } from '../least-squares/fit-error.ts';
import { type Complex, inverseOf, plus } from './complex.ts';
import { ELEMENTS, type ElementKind, type FigureRole } from './elements.ts';

/** One figure of a circuit, e.g. `CPE1.Q`; its place in the list of values. */
export interface CircuitFigure {
  readonly name: string;
  readonly role: FigureRole;
}

/** Part of a circuit: a two-pole, or parts one behind the other, or side by side. */
export type CircuitPart =
  | { readonly kind: 'element'; readonly element: ElementKind; readonly name: string; readonly first: number }
  | { readonly kind: 'series' | 'parallel'; readonly parts: readonly CircuitPart[] };

/** A circuit that has been read. */
export interface Circuit {
  /** As it was written, without spaces. */
  readonly text: string;
  /** In series; each with its place in the figures. */
  readonly parts: readonly CircuitPart[];
  /** From left to right. */
  readonly figures: readonly CircuitFigure[];
  /** Impedance at an angular frequency, rad/s, for figures in their order. */
  impedance(omega: number, values: ArrayLike<number>): Complex;
}

const EXAMPLE = 'e.g. L0-R0-p(R1,CPE1)-Wo1';
const NAME = /^(CPE|Ws|Wo|W|R|L|C)(\d+)/;

/**
 * Reads a circuit: `-` one behind the other, `p(a,b)` side by side, elements R L C CPE W Ws Wo each with its number
 * (M. Murbach et al., impedance.py, J. Open Source Softw. 5 (2020) 2349). @throws FitError: where, what was expected
 */
export function parseCircuit(written: string): Circuit {
  const text = written.replace(/\s+/g, '');
  const figures: CircuitFigure[] = [];
  const names: string[] = [];
  let at = 0;
  const refuse = (expected: string): FitError =>
    new FitError(
      `circuit ${JSON.stringify(text)}, character ${at + 1}: found ${at < text.length ? JSON.stringify(text.slice(at, at + 8)) : 'the end'}, expected ${expected}, ${EXAMPLE}`,
    );
  const seriesPart = (): CircuitPart => {
    const parts = [single()];
    while (text[at] === '-') {
      at++;
      parts.push(single());
    }
    return parts.length === 1 ? parts[0] : { kind: 'series', parts };
  };
  const single = (): CircuitPart => {
    if (text.startsWith('p(', at)) {
      at += 2;
      const parts = [seriesPart()];
      while (text[at] === ',') {
        at++;
        parts.push(seriesPart());
      }
      if (text[at] !== ')') throw refuse('"," or ")"');
      at++;
      if (parts.length < 2) throw refuse('two or more parts side by side before it');
      return { kind: 'parallel', parts };
    }
    const found = NAME.exec(text.slice(at));
    const element = ELEMENTS.find(kind => kind.letters === found?.[1]);
    if (found === null || element === undefined)
      throw refuse(`p( or one of ${ELEMENTS.map(kind => kind.letters).join(' ')} with its number`);
    const name = found[0];
    if (names.includes(name)) throw refuse(`each name once, ${name} stands twice`);
    names.push(name);
    const first = figures.length;
    for (const { key, role } of element.figures)
      figures.push({ name: key === '' ? name : `${name}.${key}`, role });
    at += name.length;
    return { kind: 'element', element, name, first };
  };
  const root = seriesPart();
  if (at < text.length) throw refuse('"-" or the end');
  return {
    text,
    parts: root.kind === 'series' ? root.parts : [root],
    figures,
    impedance: (omega, values) => impedanceOf(root, omega, values),
  };
}

function impedanceOf(part: CircuitPart, omega: number, values: ArrayLike<number>): Complex {
  if (part.kind === 'element')
    return part.element.impedance(omega, values[part.first], values[part.first + 1]);
  let sum: Complex = { re: 0, im: 0 };
  const isParallel = part.kind === 'parallel';
  for (const inner of part.parts) {
    const z = impedanceOf(inner, omega, values);
    sum = plus(sum, isParallel ? inverseOf(z) : z);
  }
  return isParallel ? inverseOf(sum) : sum;
}
