import { describe, expect, it } from 'vitest';
import { frequenciesOf } from '../../../drivers/contract/measure/impedance.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import type { ImpedanceData } from '../../../profiles/spectrum/lin-kk.ts';
import { relaxationOf } from '../../../profiles/spectrum/relaxation.ts';
import { impedanceMeter } from '../../../sim/device/impedance-meter.ts';

/** Relaxation times of known circuits, measured by instruments that are off as much as they declare. */

const ACCURACY = { modulus_pct: 0.5, phase_deg: 0.2, basis: 'default' } as const;
const SEEDS = 40;

interface Made {
  readonly circuit: string;
  readonly figures: readonly number[];
  readonly from_Hz?: number;
  readonly to_Hz?: number;
}

function measured(
  { circuit, figures, from_Hz = 10_000, to_Hz = 0.1 }: Made,
  seed: number,
  accuracy = ACCURACY as typeof ACCURACY | Noisy,
) {
  const parsed = parseCircuit(circuit);
  const values = Float64Array.from(figures);
  const frequency_Hz = frequenciesOf({ from_Hz, to_Hz, pointsPerDecade: 10 });
  const z = (f: number) => parsed.impedance(2 * Math.PI * f, values);
  const impedance = (f: Float64Array) => ({ re_Ohm: f.map(v => z(v).re), im_Ohm: f.map(v => z(v).im) });
  const shown = Array.from(frequency_Hz, impedanceMeter({ impedance }, accuracy, seededRandom(seed)));
  const re = Float64Array.from(shown, s => s.re_Ohm);
  const im = Float64Array.from(shown, s => s.im_Ohm);
  return { frequency_Hz, re, im } satisfies ImpedanceData;
}

interface Noisy {
  readonly modulus_pct: number;
  readonly phase_deg: number;
  readonly basis: 'default';
}

/** Leads, a resistance, two processes a hundred times apart: 10 mOhm at 1 ms, 20 mOhm at 0.1 s. */
const TWO: Made = { circuit: 'L0-R0-p(R1,C1)-p(R2,C2)', figures: [1e-6, 0.02, 0.01, 0.1, 0.02, 5] };

describe('relaxation times', () => {
  it('a maximum beyond the measured band says so, and none is known to nothing', () => {
    // A slow tail of which the band shows only the begin: the distribution puts it at the border of its times.
    const tail: Made = {
      circuit: 'R0-p(R1,C1)-p(R2,C2)',
      figures: [0.02, 0.03, 0.1, 0.002, 400],
      to_Hz: 1,
    };
    const beyond: boolean[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const data = measured(tail, seed);
      const found = relaxationOf(data, ACCURACY);
      if ('missing' in found) throw new Error(found.missing);
      const slowest_s = 1 / (2 * Math.PI * Math.min(...data.frequency_Hz));
      for (const { tau_s, tauU95_s, isInBand } of found.peaks) {
        if (tau_s > slowest_s) beyond.push(isInBand);
        expect(tauU95_s === 0).toBe(false);
      }
    }
    expect(beyond.length).toBeGreaterThan(0);
    expect(beyond).not.toContain(true);
  });

  // 2.76 mOhm at 0.3 to 3 ms beside 21.1 mOhm at 14 ms; 100 Hz reach 1.6 ms.
  const cut = (from_Hz: number) =>
    [3e-4, 8e-4, 1.6e-3, 3e-3].flatMap(tau_s => {
      const figures = [0.0053, 0.00276, tau_s / 0.00276, 0.0211, 0.0142 / 0.0211];
      const made: Made = { circuit: 'R0-p(R1,C1)-p(R2,C2)', figures, from_Hz, to_Hz: 1 };
      return Array.from({ length: 5 }, (_, seed) => relaxationOf(measured(made, seed), ACCURACY));
    });

  it('a process that the band cuts is in doubt with all of it', () => {
    const held = cut(100).filter(
      found => !('missing' in found) && Math.abs(found.polarisation - 0.02386) <= found.polarisationU95,
    );
    // What lies wholly beyond the band is a resistance to it.
    expect(held.length).toBeGreaterThanOrEqual(18);
  });

  it('where the band begins within an arc, none is told', () => {
    for (const found of cut(50))
      expect('missing' in found ? found.missing : '').toContain('the band begins within an arc: at 50 Hz');
  });

  it('two processes: both times and the whole resistance lie inside their u95 of nearly all instruments', () => {
    const within = { whole: 0, fast: 0, slow: 0 };
    const widths: number[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const found = relaxationOf(measured(TWO, seed), ACCURACY);
      if ('missing' in found) throw new Error(found.missing);
      const near = (tau_s: number): boolean =>
        found.peaks.some(peak => Math.abs(peak.tau_s - tau_s) <= peak.tauU95_s);
      if (Math.abs(found.polarisation - 0.03) <= found.polarisationU95) within.whole++;
      if (near(1e-3)) within.fast++;
      if (near(0.1)) within.slow++;
      widths.push(found.polarisationU95 / found.polarisation);
    }
    expect(within.whole).toBeGreaterThanOrEqual(0.93 * SEEDS);
    expect(within.fast).toBeGreaterThanOrEqual(0.9 * SEEDS);
    expect(within.slow).toBeGreaterThanOrEqual(0.9 * SEEDS);
    // Wide enough, and no wider than is of use.
    expect(Math.max(...widths)).toBeLessThan(0.15);
  });

  it('an instrument that turns every point by what it declares does not fail the Kramers-Kronig test', () => {
    const missing = Array.from({ length: 20 }, (_, seed) =>
      relaxationOf(measured(TWO, seed), ACCURACY),
    ).filter(found => 'missing' in found);
    expect(missing).toEqual([]);
  });

  /** The whole cell grows by a fifth while it is measured. */
  const drifting = (): ImpedanceData => {
    const { frequency_Hz, re, im } = measured(TWO, 1);
    const grown = (values: Float64Array) => values.map((v, i) => v * (1 + (0.2 * i) / values.length));
    return { frequency_Hz, re: grown(re), im: grown(im) };
  };

  it.each([
    ['one that drifts', drifting(), ACCURACY, /does not pass the Kramers-Kronig test: .* is no noise/],
    [
      'noise that hides it',
      measured(TWO, 3, { modulus_pct: 40, phase_deg: 20, basis: 'default' }),
      { modulus_pct: 40, phase_deg: 20 },
      /its points scatter by .* of \|Z\|, expected 2 % at most/,
    ],
    [
      'an arc that is not closed',
      measured({ ...TWO, to_Hz: 3 }, 1),
      ACCURACY,
      /the band does not reach the end of the last arc: at 3 Hz Im is/,
    ],
    [
      'an inductive loop',
      measured({ circuit: 'R0-p(R1,C1)-p(R2,L2)', figures: [0.02, 0.01, 0.1, 0.01, 1e-3] }, 1),
      ACCURACY,
      /no positive relaxation times follow the spectrum/,
    ],
  ])('%s has none and says why', (_, data, accuracy, message) => {
    const found = relaxationOf(data, accuracy);
    expect('missing' in found ? found.missing : found).toMatch(message);
  });
});
