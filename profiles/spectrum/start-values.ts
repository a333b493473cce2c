import type { Random } from '../../drivers/contract/random.ts';
import type { FreeParameter } from '../least-squares/levenberg-marquardt.ts';
import type { Circuit, CircuitPart } from './circuit.ts';
import type { FigureRole } from './elements.ts';
import type { ImpedanceData } from './lin-kk.ts';

/** Between which values the figures of a circuit can lie at all, and where a search may begin, from the spectrum. */

/** Sizes of a spectrum that bounds and starts are made of. */
export interface SpectrumSizes {
  readonly omegaMin: number;
  readonly omegaMax: number;
  /** Largest and smallest modulus; largest and smallest real part (at least a tenth of the smallest modulus). */
  readonly modulus: number;
  readonly modulusMin: number;
  readonly reMax: number;
  readonly reMin: number;
  /** Im Z at the highest and at the lowest frequency. */
  readonly imTop: number;
  readonly imBottom: number;
}

/** Sizes of a spectrum with at least one point. */
export function sizesOf({ frequency_Hz, re, im }: ImpedanceData): SpectrumSizes {
  const order = [...frequency_Hz.keys()].sort((a, b) => frequency_Hz[a] - frequency_Hz[b]);
  const moduli = re.map((r, i) => Math.hypot(r, im[i]));
  const modulus = moduli.reduce((a, b) => Math.max(a, b));
  const modulusMin = moduli.reduce((a, b) => Math.min(a, b));
  return {
    omegaMin: 2 * Math.PI * frequency_Hz[order[0]],
    omegaMax: 2 * Math.PI * frequency_Hz[order[order.length - 1]],
    modulus,
    modulusMin,
    reMax: Math.max(
      re.reduce((a, b) => Math.max(a, b)),
      modulus / 1000,
    ),
    reMin: Math.max(
      re.reduce((a, b) => Math.min(a, b)),
      modulusMin / 10,
    ),
    imTop: im[order[order.length - 1]],
    imBottom: im[order[0]],
  };
}

/** CPE exponents below are no longer a capacitance of any kind. */
const EXPONENT: readonly [number, number] = [0.3, 1];

/** Bounds of a figure: wide enough for whatever the spectrum can show, in the unit of the figure. */
export function boundsOf(role: FigureRole, sizes: SpectrumSizes): readonly [low: number, high: number] {
  const { omegaMin, omegaMax, modulus, modulusMin } = sizes;
  // A blocking electrode rises by decades above the resistance beside it.
  const least = Math.min(1e-4 * modulus, 1e-2 * modulusMin);
  const most = 100 * modulus;
  switch (role) {
    case 'resistance':
      return [least, most];
    case 'inductance':
      // Beside a resistance it may be one of low frequencies.
      return [(0.1 * least) / omegaMax, (10 * modulus) / omegaMin];
    case 'capacitance':
      return [1 / (omegaMax * most), 1 / (omegaMin * least)];
    case 'cpe':
      return [
        1 / (Math.max(omegaMax, omegaMax ** EXPONENT[0]) * most),
        1 / (Math.min(omegaMin, omegaMin ** EXPONENT[0]) * least),
      ];
    case 'exponent':
      return EXPONENT;
    case 'warburg':
      return [least * Math.sqrt(omegaMin), most * Math.sqrt(omegaMax)];
    case 'time':
      return [0.03 / omegaMax, 30 / omegaMin];
  }
}

/** Figures with their bounds; they start in the middle. */
export function freeFigures(circuit: Circuit, sizes: SpectrumSizes): FreeParameter[] {
  return circuit.figures.map(({ name, role }) => {
    const [low, high] = boundsOf(role, sizes);
    return { name, low, high, start: role === 'exponent' ? (low + high) / 2 : Math.sqrt(low * high) };
  });
}

/** A place to begin from, drawn within what the spectrum shows; arcs anywhere in its range of frequencies. */
export function drawStart(circuit: Circuit, sizes: SpectrumSizes, random: Random): Float64Array {
  const values = new Float64Array(circuit.figures.length);
  const between = (low: number, high: number): number => low * (high / low) ** random.uniform();
  const arc = Math.max(sizes.reMax - sizes.reMin, 0.02 * sizes.modulus);
  const tau = (): number => between(1 / sizes.omegaMax, 1 / sizes.omegaMin);
  const draw = (part: CircuitPart, beside_s: number, isArc: boolean): void => {
    if (part.kind !== 'element') {
      // A capacitance beside a resistance: together they have one time constant.
      const isParallel = part.kind === 'parallel';
      const shared_s = isParallel ? tau() : beside_s;
      const inner = [...part.parts].sort((a, b) => Number(isStore(a)) - Number(isStore(b)));
      for (const each of inner) draw(each, shared_s, isArc || isParallel);
      return;
    }
    const at = part.first;
    const resistance = isArc ? between(arc / 10, arc) : between(sizes.reMin / 3, sizes.reMin * 1.5);
    const n = 0.6 + 0.4 * random.uniform();
    const starts: Record<string, () => readonly number[]> = {
      R: () => [resistance],
      // Leads, or a loop at low frequency.
      L: () => [
        isArc
          ? beside_s * between(arc / 10, arc)
          : between(0.3, 1.5) * (Math.max(sizes.imTop, 1e-3 * sizes.modulus) / sizes.omegaMax),
      ],
      C: () => [isArc ? beside_s / between(arc / 10, arc) : 1 / (sizes.omegaMin * bottom())],
      CPE: () => [isArc ? beside_s ** n / between(arc / 10, arc) : 1 / (sizes.omegaMin ** n * bottom()), n],
      W: () => [bottom() * Math.sqrt(sizes.omegaMin)],
      Ws: () => [between(arc / 10, arc), between(1, 30) / sizes.omegaMin / 10],
      Wo: () => [between(arc / 10, arc), between(1, 30) / sizes.omegaMin / 10],
    };
    const bottom = (): number => between(0.2, 1) * Math.max(-sizes.imBottom, 0.01 * sizes.modulus);
    starts[part.element.letters]().forEach((value, k) => {
      values[at + k] = value;
    });
  };
  for (const each of circuit.parts) draw(each, tau(), false);
  return values.map((value, k) => {
    const [low, high] = boundsOf(circuit.figures[k].role, sizes);
    return Math.min(high, Math.max(low, value));
  });
}

/** Whether a part stores charge: drawn after the resistance beside it. */
function isStore(part: CircuitPart): boolean {
  return part.kind === 'element' && ['C', 'CPE'].includes(part.element.letters);
}
