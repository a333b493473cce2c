import { describe, expect, it } from 'vitest';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import { chooseChain, kkChain, linKk, muOf } from '../../../profiles/spectrum/lin-kk.ts';
import { FAMILY, familySpectrum, frequencies, madeSpectrum } from '../../support/spectra.ts';

/** The linear Kramers-Kronig test: what obeys passes, what drifts fails. */

/** Boukamp's test circuit 1: 100 + (200 || 0.8 uF) + (500 || W), 10 kHz to 1 Hz. */
const BOUKAMP = parseCircuit('R0-p(R1,C1)-p(R2,W1)');
const BOUKAMP_VALUES = [100, 200, 0.8e-6, 500, 1 / (4e-4 * Math.SQRT2)];
const clean = madeSpectrum(BOUKAMP, BOUKAMP_VALUES, frequencies(1e4, 1, 10));

describe('the chain', () => {
  it('the test circuit is as published', () => {
    expect(clean.re[0]).toBeCloseTo(109.009, 3);
    expect(clean.im[0]).toBeCloseTo(-26.556, 3);
    expect(clean.re[40]).toBeCloseTo(645.479, 3);
    expect(clean.im[40]).toBeCloseTo(-90.618, 3);
  });

  it('mu is 1 minus the negative over the positive resistances', () => {
    expect(muOf([1, 2, 3, -3, -2, -1])).toBeCloseTo(0, 12);
    expect(muOf([-1, 2, 4, -3, 4, -1])).toBeCloseTo(0.5, 12);
    expect(muOf([1, 2])).toBe(1);
  });

  it('follows the test circuit within 0.023 % with 19 links, where mu falls to 0.82', () => {
    const chain = kkChain(clean, 19);
    expect(chain.mu).toBeCloseTo(0.82, 2);
    const worst = Math.max(...[...chain.re_frac, ...chain.im_frac].map(Math.abs));
    expect(100 * worst).toBeCloseTo(0.023, 3);
    expect(kkChain(clean, 18).mu).toBeGreaterThan(0.85);
  });

  it('does not stop at three links where mu does, with 11 % left', () => {
    const trap = madeSpectrum(
      parseCircuit('R0-p(R1,CPE1)'),
      [120, 430, 6.2e-5, 0.93],
      frequencies(177.8, 0.178, 10),
    );
    expect(kkChain(trap, 3).mu).toBeLessThan(0.85);
    expect(Math.max(...[...kkChain(trap, 3).re_frac].map(Math.abs))).toBeGreaterThan(0.1);
    expect(chooseChain(trap).rms_frac).toBeLessThan(0.001);
  });
});

describe('the verdict', () => {
  it('the test circuit passes, one arm drifting by 12 % fails', () => {
    expect(linKk(clean).passes).toBe(true);
    const one = Float64Array.from(BOUKAMP_VALUES);
    const n = clean.frequency_Hz.length;
    const re = new Float64Array(n);
    const im = new Float64Array(n);
    clean.frequency_Hz.forEach((f, i) => {
      one[1] = 200 + (24.3 * i) / (n - 1);
      const z = BOUKAMP.impedance(2 * Math.PI * f, one);
      re[i] = z.re;
      im[i] = z.im;
    });
    const drifting = linKk({ ...clean, re, im });
    expect(drifting.passes).toBe(false);
    expect(100 * drifting.systematic_frac).toBeGreaterThan(0.2);
  });

  // 9 circuits x 12 draws; a wrong verdict in more than 2 of 100 would show.
  it.each([0, 0.001, 0.005, 0.02])('valid spectra pass, noise %f of the modulus', noise_frac => {
    const failed = FAMILY.flatMap(text =>
      Array.from({ length: 12 }, (_, k) => k + 1).filter(
        seed => !linKk(familySpectrum(text, seed, { noise_frac }).data).passes,
      ),
    );
    expect(failed.length).toBeLessThanOrEqual(2);
  });

  it.each([0, 0.001])('spectra that rise by 40 %% while measured fail, noise %f', noise_frac => {
    const drawn = FAMILY.filter(text => text.includes('p(')).flatMap(text =>
      Array.from({ length: 12 }, (_, k) =>
        linKk(familySpectrum(text, k + 1, { noise_frac, drift_frac: 0.4 }).data),
      ),
    );
    expect(drawn.filter(kk => !kk.passes).length / drawn.length).toBeGreaterThan(0.95);
  });

  it('names a point that lies alone off, and tests the others without it', () => {
    const { data } = familySpectrum('R0-p(R1,CPE1)', 3, { noise_frac: 0.001 });
    data.re[25] *= 1.1;
    const kk = linKk(data);
    expect(kk.outliers).toEqual([25]);
    expect(kk.passes).toBe(true);
    expect(kk.re_frac[25]).toBeNaN();
  });
});
