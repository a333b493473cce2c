import { parseCircuit } from './circuit.ts';
import { type CircuitFit, fitCircuit } from './circuit-fit.ts';
import type { ImpedanceData } from './lin-kk.ts';
import { sizesOf } from './start-values.ts';

/** A circuit chosen for a spectrum: grown part by part as long as the spectrum speaks for each. */

const ARCS_MOST = 3;
const TAILS = ['W1', 'Ws1', 'Wo1', 'CPE9'];
/** Strong evidence for the larger circuit (R. E. Kass, A. E. Raftery, J. Am. Stat. Assoc. 90 (1995) 773). */
const STRONG = 6;
/** Residuals so small are of the printed digits. */
const EXACT_FRAC = 2e-5;

/** Parts of a circuit in the order in which they are written. */
interface Parts {
  readonly leads: boolean;
  readonly arcs: number;
  readonly tail: string | undefined;
}

/**
 * Grows R0, with the leads where the spectrum ends inductive, by an arc p(R,CPE), a Warburg element of any kind, a
 * blocking CPE or leads: each time by what lowers the BIC most, until nothing lowers it by 6. `tries` hears of each.
 */
export function chooseCircuit(data: ImpedanceData, tries?: (text: string) => void): CircuitFit {
  const fitOf = (parts: Parts): { readonly parts: Parts; readonly fit: CircuitFit } => {
    const text = textOf(parts);
    tries?.(text);
    return { parts, fit: fitCircuit(data, parseCircuit(text)) };
  };
  let best = fitOf({ leads: sizesOf(data).imTop > 0, arcs: 0, tail: undefined });
  for (;;) {
    const most = 2 * data.frequency_Hz.length;
    const grown = larger(best.parts)
      .filter(parts => parseCircuit(textOf(parts)).figures.length < most)
      .map(fitOf)
      .filter(({ fit }) => fit.estimates.estimates.every(e => e.state !== 'undetermined'))
      .sort((a, b) => a.fit.bic - b.fit.bic);
    const next = grown[0];
    if (next === undefined || next.fit.bic > best.fit.bic - STRONG) return best.fit;
    best = next;
    if (best.fit.rms_frac < EXACT_FRAC) return best.fit;
  }
}

function larger({ leads, arcs, tail }: Parts): Parts[] {
  return [
    ...(arcs < ARCS_MOST ? [{ leads, arcs: arcs + 1, tail }] : []),
    ...(tail === undefined ? TAILS.map(t => ({ leads, arcs, tail: t })) : []),
    ...(leads ? [] : [{ leads: true, arcs, tail }]),
  ];
}

function textOf({ leads, arcs, tail }: Parts): string {
  const all = Array.from({ length: arcs }, (_, k) => `p(R${k + 1},CPE${k + 1})`);
  return [...(leads ? ['L0'] : []), 'R0', ...all, ...(tail === undefined ? [] : [tail])].join('-');
}
