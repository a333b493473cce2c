import { FitError } from '../least-squares/fit-error.ts';
import { parseCircuit } from './circuit.ts';
import { type CircuitFit, fitCircuit } from './circuit-fit.ts';
import type { ImpedanceData } from './lin-kk.ts';
import { sizesOf } from './start-values.ts';

/** A circuit chosen for a spectrum: no more parts than the spectrum speaks for. */

const ARCS_MOST = 3;
const TAILS = [undefined, 'W1', 'Ws1', 'Wo1', 'CPE'];
/** Strong evidence for the larger circuit (R. E. Kass, A. E. Raftery, J. Am. Stat. Assoc. 90 (1995) 773). */
const STRONG = 6;
/** Residuals so small are of the printed digits. */
const EXACT_FRAC = 2e-5;

/** Parts of a circuit in the order in which they are written. */
interface Parts {
  readonly leads: boolean;
  readonly arcs: number;
  readonly tail: string | undefined;
  /** A resistance with an inductance beside it: a loop at low frequency, or an arc of a negative resistance. */
  readonly loop?: boolean;
}

/**
 * For each ending (none, a Warburg element of any kind, a blocking CPE) as many arcs p(R,CPE) as the BIC asks for; of all
 * these the least BIC, or a smaller circuit that comes within 6 of it. Where the real part falls towards low frequencies,
 * as membranes that are wetted by the current and adsorbed intermediates make it, a loop p(R,L) is tried beside. Leads where the spectrum ends inductive, or where
 * they lower the BIC. `tries` hears of each circuit.
 */
export function chooseCircuit(data: ImpedanceData, tries?: (text: string) => void): CircuitFit {
  const most = 2 * data.frequency_Hz.length;
  const fits: Tried[] = [];
  const tried = (parts: Parts): Tried | undefined => {
    const circuit = parseCircuit(textOf(parts));
    if (circuit.figures.length >= most) return undefined;
    tries?.(circuit.text);
    const fit = fitCircuit(data, circuit);
    const found = { parts, fit };
    if (fit.estimates.estimates.every(e => e.state !== 'undetermined')) fits.push(found);
    return found;
  };
  const leads = sizesOf(data).imTop > 0;
  for (const tail of TAILS) {
    let before = Number.POSITIVE_INFINITY;
    for (let arcs = 0; arcs <= ARCS_MOST; arcs++) {
      const found = tried({ leads, arcs, tail });
      // One arc can do nothing where two do much: the first never ends the growth.
      if (found === undefined || (arcs > 1 && found.fit.bic > before - STRONG)) break;
      before = Math.min(before, found.fit.bic);
      if (found.fit.rms_frac < EXACT_FRAC) break;
    }
  }
  if (fallsBack(data)) {
    let before = Number.POSITIVE_INFINITY;
    for (let arcs = 0; arcs <= ARCS_MOST; arcs++) {
      const found = tried({ leads, arcs, tail: undefined, loop: true });
      if (found === undefined || (arcs > 1 && found.fit.bic > before - STRONG)) break;
      before = Math.min(before, found.fit.bic);
      if (found.fit.rms_frac < EXACT_FRAC) break;
    }
  }
  if (fits.length === 0)
    throw new FitError(
      'the spectrum tells the figures of no circuit, expected --circuit with one that is meant',
    );
  const best = smallestOfBest(fits);
  if (leads) return best.fit;
  const wired = tried({ ...best.parts, leads: true });
  return wired !== undefined && wired.fit.bic < best.fit.bic - STRONG ? wired.fit : best.fit;
}

/** Part of the largest real part by which it must fall towards low frequencies. */
const FALLS_FRAC = 0.01;

/** Whether the real part is smaller at the lowest frequency than at a higher one: no arc and no diffusion does that. */
function fallsBack({ frequency_Hz, re }: ImpedanceData): boolean {
  const lowest = frequency_Hz.reduce((at, f, i) => (f < frequency_Hz[at] ? i : at), 0);
  return re[lowest] < (1 - FALLS_FRAC) * re.reduce((a, r) => Math.max(a, r));
}

interface Tried {
  readonly parts: Parts;
  readonly fit: CircuitFit;
}

function smallestOfBest(fits: readonly Tried[]): Tried {
  const size = ({ fit }: Tried): number => fit.circuit.figures.length;
  const least = fits.reduce((a, b) => (b.fit.bic < a.fit.bic ? b : a));
  const near = fits.filter(
    f => f.fit.bic < least.fit.bic + STRONG || f.fit.rms_frac < Math.max(EXACT_FRAC, least.fit.rms_frac),
  );
  return near.reduce((a, b) => (size(b) < size(a) || (size(b) === size(a) && b.fit.bic < a.fit.bic) ? b : a));
}

function textOf({ leads, arcs, tail, loop }: Parts): string {
  const all = Array.from({ length: arcs }, (_, k) => `p(R${k + 1},CPE${k + 1})`);
  return [
    ...(leads ? ['L0'] : []),
    'R0',
    ...all,
    ...(loop === true ? [`p(R${arcs + 1},L${arcs + 1})`] : []),
    ...(tail === undefined ? [] : [tail === 'CPE' ? `CPE${arcs + 1}` : tail]),
  ].join('-');
}
