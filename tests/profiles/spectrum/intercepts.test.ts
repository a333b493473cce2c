import { describe, expect, it } from 'vitest';
import { frequenciesOf } from '../../../drivers/contract/measure/impedance.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import {
  highFrequencyResistance,
  type Intercept,
  polarisationResistance,
} from '../../../profiles/spectrum/intercepts.ts';
import type { ImpedanceData } from '../../../profiles/spectrum/lin-kk.ts';
import { throughResistance } from '../../../profiles/spectrum/through-resistance.ts';
import { impedanceMeter } from '../../../sim/device/impedance-meter.ts';

/** Resistances read off spectra of known circuits, measured by instruments that are off as much as they declare. */

const ACCURACY = { modulus_pct: 0.5, phase_deg: 0.2, basis: 'default' } as const;
const SEEDS = 200;

interface Made {
  readonly circuit: string;
  readonly figures: readonly number[];
  readonly band: readonly [from_Hz: number, to_Hz: number];
}

const impedanceOf = ({ circuit, figures }: Made) => {
  const parsed = parseCircuit(circuit);
  const values = Float64Array.from(figures);
  return (f: number) => parsed.impedance(2 * Math.PI * f, values);
};

function measured(made: Made, seed: number): ImpedanceData {
  const z = impedanceOf(made);
  const [from_Hz, to_Hz] = made.band;
  const frequency_Hz = frequenciesOf({ from_Hz, to_Hz, pointsPerDecade: 10 });
  const impedance = (f: Float64Array) => ({
    re_Ohm: f.map(v => z(v).re),
    im_Ohm: f.map(v => z(v).im),
  });
  const shown = Array.from(frequency_Hz, impedanceMeter({ impedance }, ACCURACY, seededRandom(seed)));
  return {
    frequency_Hz,
    re: Float64Array.from(shown, s => s.re_Ohm),
    im: Float64Array.from(shown, s => s.im_Ohm),
  };
}

/** Part of the seeds whose figure holds the truth. */
function covered(made: Made, read: (data: ImpedanceData) => Intercept, truth: number): number {
  let within = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const found = read(measured(made, seed));
    if ('missing' in found) throw new Error(found.missing);
    if (Math.abs(found.value - truth) <= found.u95) within++;
  }
  return within / SEEDS;
}

/** Re where Im is 0, above the arc. */
function crossingOf(made: Made): number {
  const z = impedanceOf(made);
  let [low, high] = [Math.log(15), Math.log(1e5)];
  for (let k = 0; k < 80; k++) {
    const middle = (low + high) / 2;
    if (z(Math.exp(middle)).im > 0) high = middle;
    else low = middle;
  }
  return z(Math.exp(low)).re;
}

/** A stack: leads, membrane, one flattened arc. */
const STACK: Made = {
  circuit: 'L0-R0-p(R1,CPE1)',
  figures: [1e-6, 0.02, 0.01, 2, 0.9],
  band: [10_000, 0.1],
};
const PELLET: Made = { circuit: 'R0-CPE1', figures: [120, 1e-5, 0.9], band: [1e6, 10] };

describe('resistances of spectra', () => {
  it('hfr and rp hold the truth of 93 to 99 % of the instruments', () => {
    const hfr = crossingOf(STACK);
    expect(hfr).toBeGreaterThan(0.02);
    const high = covered(STACK, data => highFrequencyResistance(data, ACCURACY), hfr);
    expect(high).toBeGreaterThan(0.93);
    expect(high).toBeLessThan(0.99);
    const low = covered(STACK, data => polarisationResistance(data, ACCURACY), 0.03 - hfr);
    expect(low).toBeGreaterThan(0.93);
  });

  it.each([
    ['R0-p(R1,CPE1)', [0.02, 0.01, 2, 0.9], 0.02],
    ['R0-p(R1,C1)', [0.02, 0.01, 0.1], 0.02],
    ['R0-p(R1,C1)-p(R2,C2)', [0.005, 0.01, 1, 0.07, 0.3], 0.005],
  ] as const)(
    'hfr of a device without inductance, %s, holds the truth of 93 to 97 % of the instruments',
    (circuit, figures, truth) => {
      const made: Made = { circuit, figures, band: [10_000, 0.1] };
      const part = covered(made, data => highFrequencyResistance(data, ACCURACY), truth);
      expect(part).toBeGreaterThanOrEqual(0.93);
      expect(part).toBeLessThanOrEqual(0.975);
    },
  );

  it('the foot of a spike holds the truth', () => {
    const part = covered(PELLET, data => throughResistance(data, ACCURACY), 120);
    expect(part).toBeGreaterThan(0.93);
    expect(part).toBeLessThan(0.995);
  });

  it.each([
    [
      'hfr without a crossing',
      { ...STACK, circuit: 'R0-p(R1,CPE1)', figures: [0.02, 0.01, 2, 0.9], band: [100, 0.1] as const },
      highFrequencyResistance,
      /Im does not come to 0 within the band/,
    ],
    [
      'rp of an arc that is not closed',
      { ...STACK, band: [10_000, 5] as const },
      polarisationResistance,
      /the band does not reach the end of the arc: at 5 Hz Im is \d+ % of it/,
    ],
    ['a conductor without a spike', STACK, throughResistance, /does not show the spike/],
  ] as const)('%s has no value and says why', (_, made, read, message) => {
    const found = read(measured(made, 1), ACCURACY);
    expect('missing' in found ? found.missing : found).toMatch(message);
  });

  it('without inductance, Re at the highest frequency where Im is nearly 0, and as uncertain as Im is large', () => {
    const made = { ...STACK, circuit: 'R0-p(R1,CPE1)', figures: [0.02, 0.01, 2, 0.9] };
    const found = highFrequencyResistance(measured(made, 1), ACCURACY);
    if ('missing' in found) throw new Error(found.missing);
    expect(found.how).toMatch(/where Im is nearly 0/);
    expect(Math.abs(found.value - 0.02)).toBeLessThan(found.u95);
  });
});
