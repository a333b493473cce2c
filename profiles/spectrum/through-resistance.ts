import type { ImpedanceAccuracy } from '../../drivers/contract/measure/impedance.ts';
import { FitError } from '../least-squares/fit-error.ts';
import { parseCircuit } from './circuit.ts';
import { type CircuitFit, fitCircuit } from './circuit-fit.ts';
import type { Intercept } from './intercepts.ts';
import type { ImpedanceData } from './lin-kk.ts';

/**
 * Resistance of a conductor between blocking electrodes: all that lies before the spike of the electrodes. The spectrum is
 * fitted with a resistance and none, one or two arcs (bulk, grain boundary), and a constant phase element behind them
 * (J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132); as many arcs as the points speak for.
 */

const CIRCUITS = ['R0-CPE9', 'R0-p(R1,CPE1)-CPE9', 'R0-p(R1,CPE1)-p(R2,CPE2)-CPE9'].map(parseCircuit);
/** Strong evidence for the larger circuit (R. E. Kass, A. E. Raftery, J. Am. Stat. Assoc. 90 (1995) 773). */
const STRONG = 6;
/** Standard uncertainties in an expanded one. */
const K = 2;

/** Sum of the resistances in the unit of Z, u95 with k = 2; or why there is none. */
export function throughResistance(data: ImpedanceData, accuracy: ImpedanceAccuracy): Intercept {
  const fit = fitOf(data);
  if (typeof fit === 'string') return { missing: fit };
  const { estimates, fitted, correlation } = fit.estimates;
  const resistances = estimates.filter(({ name }) => /^R\d/.test(name));
  const lost = resistances.find(({ state }) => state !== 'fitted');
  if (lost !== undefined) return { missing: `${lost.name} of ${fit.circuit.text} is not determined` };
  const value = resistances.reduce((sum, r) => sum + r.value, 0);
  let variance = 0;
  for (const a of resistances)
    for (const b of resistances) {
      const [i, j] = [fitted.indexOf(a.name), fitted.indexOf(b.name)];
      variance += correlation[i * fitted.length + j] * a.u * b.u;
    }
  const gain = (accuracy.modulus_pct / 100) * value;
  // A turned spectrum moves its foot by what Im is there.
  const phase = ((accuracy.phase_deg * Math.PI) / 180) * Math.min(...data.im.map(Math.abs));
  return {
    value,
    u95: Math.hypot(K * Math.sqrt(Math.max(0, variance)), gain, phase),
    how: `sum of the resistances of ${fit.circuit.text}`,
  };
}

function fitOf(data: ImpedanceData): CircuitFit | string {
  const fits: CircuitFit[] = [];
  for (const circuit of CIRCUITS) {
    try {
      const fit = fitCircuit(data, circuit);
      if (fit.estimates.estimates.some(({ state }) => state === 'undetermined')) break;
      fits.push(fit);
    } catch (error) {
      if (error instanceof FitError) break;
      throw error;
    }
  }
  if (fits.length === 0) return 'the spectrum does not show a resistance before a blocking electrode';
  return fits.reduce((best, fit) => (fit.bic < best.bic - STRONG ? fit : best));
}
