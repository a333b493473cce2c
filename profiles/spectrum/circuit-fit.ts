import { seededRandom } from '../../drivers/contract/random.ts';
import {
  type Candidate,
  EXACT_FRAC,
  estimate,
  type FitEstimates,
  isNotRandom,
} from '../least-squares/estimate.ts';
import { FitError } from '../least-squares/fit-error.ts';
import {
  type FreeParameter,
  leastSquares,
  type Residuals,
  scaleOf,
} from '../least-squares/levenberg-marquardt.ts';
import type { Circuit, CircuitPart } from './circuit.ts';
import type { ImpedanceData } from './lin-kk.ts';
import { drawStart, freeFigures, sizesOf } from './start-values.ts';

/** A circuit fitted to a spectrum. Estimates in the order of the circuit's figures. */
export interface CircuitFit {
  readonly circuit: Circuit;
  readonly estimates: FitEstimates;
  readonly values: Float64Array;
  /** Z of the fitted circuit at the frequencies of the data. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Root mean square of the residuals, part of the modulus. */
  readonly rms_frac: number;
  /** G. Schwarz, Ann. Statist. 6 (1978) 461: of two circuits the smaller one is to be preferred. */
  readonly bic: number;
  readonly warnings: readonly string[];
}

/** How hard the search looks: starts drawn, those that are followed, and for so many iterations. */
const DRAWN = 60;
const FOLLOWED = 10;
const FIRST_ITERATIONS = 25;
/** Known no better than to this factor, a figure is as good as unknown. */
const HARDLY_KNOWN = 10;
/** The step of the differences, part of the way from bound to bound, many decades. */
const DIFFERENCE_FRAC = 1e-6;

/**
 * Fits a circuit, each point weighed by the part of its modulus (B. A. Boukamp, Solid State Ionics 20 (1986) 31). The
 * search starts from many drawn places, always the same ones; equal arcs come out with rising time constants.
 * @throws FitError with fewer figures measured than the circuit has
 */
export function fitCircuit(data: ImpedanceData, circuit: Circuit): CircuitFit {
  const n = data.frequency_Hz.length;
  if (2 * n <= circuit.figures.length)
    throw new FitError(
      `${n} points for the ${circuit.figures.length} figures of ${circuit.text}, expected more points`,
    );
  const residuals = residualsOf(data, circuit);
  const free = freeFigures(circuit, sizesOf(data));
  const start = inOrder(circuit, search(data, circuit, free, residuals));
  const candidates = free.map((f, k): Candidate => ({ ...f, start: start[k], u: f.high - f.low }));
  const estimates = estimate(
    candidates,
    (named, out) => {
      residuals(
        Float64Array.from(circuit.figures, f => named[f.name]),
        out,
      );
    },
    2 * n,
    {
      difference_frac: DIFFERENCE_FRAC,
      // Both figures of one element move together by nature.
      mayGoTogether: (a, b) => a.split('.')[0] === b.split('.')[0],
    },
  );
  const values = Float64Array.from(estimates.estimates, e => e.value);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  data.frequency_Hz.forEach((f, i) => {
    const z = circuit.impedance(2 * Math.PI * f, values);
    re[i] = z.re;
    im[i] = z.im;
  });
  const sumSquares = estimates.residuals.reduce((sum, r) => sum + r * r, 0);
  return {
    circuit,
    estimates,
    values,
    re,
    im,
    rms_frac: Math.sqrt(sumSquares / (2 * n)),
    bic: 2 * n * Math.log(sumSquares / (2 * n)) + circuit.figures.length * Math.log(2 * n),
    warnings: [...estimates.warnings, ...warningsOf(estimates, free, n)],
  };
}

function residualsOf({ frequency_Hz, re, im }: ImpedanceData, circuit: Circuit): Residuals {
  const n = frequency_Hz.length;
  const omega = frequency_Hz.map(f => 2 * Math.PI * f);
  const weight = re.map((r, i) => 1 / Math.hypot(r, im[i]));
  return (values, out) => {
    for (let i = 0; i < n; i++) {
      const z = circuit.impedance(omega[i], values);
      out[i] = weight[i] * (z.re - re[i]);
      out[n + i] = weight[i] * (z.im - im[i]);
    }
  };
}

/** Best of many starts: a few iterations for the most promising, then to the end with the best of those. */
function search(
  data: ImpedanceData,
  circuit: Circuit,
  free: readonly FreeParameter[],
  residuals: Residuals,
): Float64Array {
  const random = seededRandom(1);
  const sizes = sizesOf(data);
  const points = 2 * data.frequency_Hz.length;
  const out = new Float64Array(points);
  const drawn = Array.from({ length: DRAWN }, () => {
    const values = drawStart(circuit, sizes, random);
    residuals(values, out);
    return { values, sum: out.reduce((sum, r) => sum + r * r, 0) };
  });
  const by = <T extends { readonly sum: number }>(all: T[]): T[] => all.sort((a, b) => a.sum - b.sum);
  const follow = (values: Float64Array, iterationsMax: number) => {
    const found = leastSquares(
      free.map((f, k) => ({ ...f, start: values[k] })),
      residuals,
      points,
      { difference_frac: DIFFERENCE_FRAC, iterationsMax, fall_frac: 1e-6 },
    );
    return { values: found.values, sum: found.sumSquares };
  };
  const first = by(drawn.filter(d => Number.isFinite(d.sum)))
    .slice(0, FOLLOWED)
    .map(d => follow(d.values, FIRST_ITERATIONS));
  const last = by(first)
    .slice(0, 2)
    .map(d => follow(d.values, 200));
  return by(last)[0]?.values ?? Float64Array.from(free, f => f.start);
}

/** Figures with parts of the same make (p(R1,CPE1), p(R2,CPE2)) in the order of their time constants, fastest first. */
function inOrder(circuit: Circuit, values: Float64Array): Float64Array {
  const sorted = values.slice();
  const makes = new Map<string, CircuitPart[]>();
  for (const part of circuit.parts) {
    const list = makes.get(makeOf(part)) ?? [];
    list.push(part);
    makes.set(makeOf(part), list);
  }
  for (const parts of makes.values()) {
    const each = parts.map(part => ({ at: placesOf(part), slowness: slownessOf(part, values) }));
    const order = [...each].sort((a, b) => a.slowness - b.slowness);
    each.forEach(({ at }, k) => {
      at.forEach((place, j) => {
        sorted[place] = values[order[k].at[j]];
      });
    });
  }
  return sorted;
}

function makeOf(part: CircuitPart): string {
  if (part.kind === 'element') return part.element.letters;
  return `${part.kind}(${part.parts.map(makeOf).join(',')})`;
}

function placesOf(part: CircuitPart): number[] {
  if (part.kind === 'element') return part.element.figures.map((_, k) => part.first + k);
  return part.parts.flatMap(placesOf);
}

/** Time constant of an arc (R Q)^(1/n) or R C, s; 0 where a part has none. */
function slownessOf(part: CircuitPart, values: Float64Array): number {
  if (part.kind !== 'parallel') return 0;
  const elements = part.parts.filter(inner => inner.kind === 'element');
  const figureOf = (letters: string, k: number): number | undefined => {
    const found = elements.find(e => e.element.letters === letters);
    return found === undefined ? undefined : values[found.first + k];
  };
  const product = (figureOf('R', 0) ?? 0) * (figureOf('CPE', 0) ?? figureOf('C', 0) ?? 0);
  return product ** (1 / (figureOf('CPE', 1) ?? 1));
}

function warningsOf(estimates: FitEstimates, free: readonly FreeParameter[], n: number): string[] {
  const hardly = estimates.estimates.filter(
    (e, k) => e.state === 'fitted' && scaleOf(free[k]).isLog && e.high95 > HARDLY_KNOWN ** 2 * e.low95,
  );
  const unknown = estimates.estimates.filter(e => e.state === 'undetermined');
  // Residuals are parts of the modulus.
  const alike = [estimates.residuals.subarray(0, n), estimates.residuals.subarray(n)].some(
    part => part.some(r => Math.abs(r) > EXACT_FRAC) && isNotRandom(part),
  );
  return [
    ...unknown.map(e => `${e.name} is not determined by these data: the circuit has more than they show`),
    ...hardly.map(e => `${e.name} is known to a factor of more than ${HARDLY_KNOWN} only`),
    ...(alike
      ? ['residuals are not random: the circuit does not follow the data, the intervals are too narrow']
      : []),
  ];
}
