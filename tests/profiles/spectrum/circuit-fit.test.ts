import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { chooseCircuit } from '../../../profiles/spectrum/choose-circuit.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import { type CircuitFit, fitCircuit } from '../../../profiles/spectrum/circuit-fit.ts';
import type { ImpedanceData } from '../../../profiles/spectrum/lin-kk.ts';
import { FAMILY, familySpectrum, frequencies, madeSpectrum } from '../../support/spectra.ts';

/** Circuits fitted to made-up spectra: the figures come back, and their intervals hold as often as they say. */

const NOISE_FRAC = 0.005;

describe('figures come back', { timeout: 120_000 }, () => {
  it.each(FAMILY)('%s: exact data give exact figures', text => {
    const { circuit, truth, data } = familySpectrum(text, 4, {});
    const fit = fitCircuit(data, circuit);
    for (const [k, figure] of circuit.figures.entries())
      expect(fit.values[k] / truth[k], figure.name).toBeCloseTo(1, 5);
  });

  it('all circuits, 8 draws each with 0.5 % noise: 95 % intervals hold the truth', () => {
    let inside = 0;
    let told = 0;
    for (const text of FAMILY) {
      for (let seed = 1; seed <= 8; seed++) {
        const { circuit, truth, data } = familySpectrum(text, seed, { noise_frac: NOISE_FRAC });
        const { estimates, rms_frac } = fitCircuit(data, circuit);
        // The search must not end in another valley.
        expect(rms_frac, `${text}, draw ${seed}`).toBeLessThan(1.3 * NOISE_FRAC);
        estimates.estimates.forEach((e, k) => {
          if (e.state !== 'fitted') return;
          told++;
          if (e.low95 <= truth[k] && truth[k] <= e.high95) inside++;
        });
      }
    }
    expect(told).toBeGreaterThan(350);
    // The figures of one draw go together, so the count scatters more than one of as many single draws.
    expect(inside / told).toBeGreaterThan(0.9);
    expect(inside / told).toBeLessThan(0.995);
  });
});

describe('what must not change a figure', () => {
  const { circuit, data } = familySpectrum('L0-R0-p(R1,CPE1)-Wo1', 7, { noise_frac: 0.002 });
  const fit = fitCircuit(data, circuit);
  const expectSame = (other: CircuitFit, factor: (role: string) => number): void => {
    circuit.figures.forEach((figure, k) => {
      expect(other.values[k] / fit.values[k] / factor(figure.role), figure.name).toBeCloseTo(1, 3);
    });
  };

  it('the order of the rows', () => {
    const random = seededRandom(5);
    const order = [...data.re.keys()].sort(() => random.uniform() - 0.5);
    const pick = (values: Float64Array): Float64Array => Float64Array.from(order, i => values[i]);
    const shuffled: ImpedanceData = {
      frequency_Hz: pick(data.frequency_Hz),
      re: pick(data.re),
      im: pick(data.im),
    };
    expectSame(fitCircuit(shuffled, circuit), () => 1);
  });

  it('the unit, but for its factor', () => {
    const milli = { ...data, re: data.re.map(v => 1000 * v), im: data.im.map(v => 1000 * v) };
    expectSame(fitCircuit(milli, circuit), role =>
      role === 'exponent' || role === 'time' ? 1 : role === 'cpe' ? 1e-3 : 1000,
    );
  });

  it('equal arcs: the faster one is always the first', () => {
    const two = parseCircuit('R0-p(R1,CPE1)-p(R2,CPE2)');
    const f = frequencies(1e5, 0.01, 10);
    const fast = [5e-5, 0.9];
    const slow = [2e-3, 0.8];
    const either = [
      [1, 2, ...fast, 3, ...slow],
      [1, 3, ...slow, 2, ...fast],
    ].map(values => fitCircuit(madeSpectrum(two, values, f), two).values);
    either[0].forEach((value, k) => {
      expect(either[1][k] / value).toBeCloseTo(1, 5);
    });
    expect(either[0][1]).toBeCloseTo(2, 4);
  });
});

describe('what is said', () => {
  it('a figure at its bound, one that the data do not tell, a circuit that does not follow', () => {
    const { data } = familySpectrum('L0-R0-p(R1,C1)', 2, { noise_frac: 0.001 });
    expect(fitCircuit(data, parseCircuit('L0-R0-p(R1,CPE1)')).estimates.estimates.map(e => e.name)).toContain(
      'CPE1.n',
    );
    const bare = fitCircuit(data, parseCircuit('R0-CPE1'));
    expect(bare.warnings.join()).toMatch(/residuals are not random: the circuit does not follow the data/);
    const exact = familySpectrum('L0-R0-p(R1,C1)', 2, {}).data;
    expect(fitCircuit(exact, parseCircuit('L0-R0-p(R1,CPE1)')).warnings.join()).toMatch(
      /CPE1\.n ended at its bound 1: the data pull further/,
    );
  });

  it('more figures than points is refused', () => {
    const { data } = familySpectrum('R0-CPE1', 1, {});
    const few = {
      frequency_Hz: data.frequency_Hz.slice(0, 2),
      re: data.re.slice(0, 2),
      im: data.im.slice(0, 2),
    };
    expect(() => fitCircuit(few, parseCircuit('L0-R0-p(R1,CPE1)'))).toThrow(
      /2 points for the 5 figures of L0-R0-p\(R1,CPE1\), expected more points/,
    );
  });
});

describe('a circuit chosen', { timeout: 120_000 }, () => {
  it.each(['L0-R0-p(R1,CPE1)', 'L0-R0-p(R1,CPE1)-Wo1'])('finds %s', text => {
    const { data } = familySpectrum(text, 3, { noise_frac: 0.002 });
    expect(chooseCircuit(data).circuit.text).toBe(text);
  });
});
