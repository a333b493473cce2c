import { describe, expect, it } from 'vitest';
import { h2InO2_vol_pct } from '../../../sim/plant/crossover.ts';
import { saturationPressure_bar } from '../../../sim/plant/pem-cell.ts';
import { type MembraneParameters, N115_MEMBRANE, SCHALENBACH_80 } from '../../../sim/plant/pem-parameters.ts';

const T80_K = 353.15;
const T60_K = 333.15;
const densities = [0.05, 0.1, 0.2, 0.5, 1, 2, 3];

describe('H2 in O2 of the Schalenbach set, 80 degC, anode 1 bar', () => {
  it.each([
    [0.02, 1, [1.16, 0.69, 0.45, 0.31, 0.26, 0.24, 0.23]],
    [0.02, 10, [14.8, 8.09, 4.31, 1.89, 1.06, 0.64, 0.5]],
    [0.02, 30, [34.9, 21.1, 11.9, 5.23, 2.79, 1.52, 1.09]],
    [0.006, 1, [3.82, 2.28, 1.5, 1.03, 0.87, 0.79, 0.77]],
    [0.006, 10, [37, 22.8, 13.1, 6.06, 3.46, 2.11, 1.65]],
  ] as const)('%f cm, cathode %d bar', (thickness_cm, cathode_bara, expected) => {
    const membrane: MembraneParameters = { ...SCHALENBACH_80, thickness_cm };
    const vapour_bar = saturationPressure_bar(T80_K);
    densities.forEach((i, k) => {
      const x = h2InO2_vol_pct(membrane, T80_K, i, cathode_bara - vapour_bar, 1 - vapour_bar);
      expect(Math.abs(x / expected[k] - 1)).toBeLessThan(0.05);
    });
  });
});

describe('H2 in O2 of the example stack at 60 degC', () => {
  const at = (i: number, cathode_barg: number): number => {
    const dry_bar = 1.01325 - saturationPressure_bar(T60_K);
    return h2InO2_vol_pct(N115_MEMBRANE, T60_K, i, cathode_barg + dry_bar, dry_bar);
  };

  it('permeability at 60 degC is that of Goshtasbi 2020 within 1 %', () => {
    const factor = Math.exp((-19_400 / 8.314462618) * (1 / T60_K - 1 / T80_K));
    expect((N115_MEMBRANE.h2Permeability * factor) / 2.98e-11).toBeCloseTo(1, 2);
  });

  it('is well below 1 % over the whole load at ambient pressure', () => {
    for (const i of [0.2, 0.5, 1, 1.5, 2]) expect(at(i, 0)).toBeLessThan(0.5);
  });

  it('is 1.0..1.5 % at full load and 30 barg, and over 2 % at 30 % load', () => {
    expect(at(2, 30)).toBeGreaterThan(1);
    expect(at(2, 30)).toBeLessThan(1.5);
    expect(at(0.6, 30)).toBeGreaterThan(2);
    expect(at(0.6, 5)).toBeLessThan(1);
  });

  it('crosses 1.6 % between 50 and 75 % of nominal at 30 barg', () => {
    expect(at(1, 30)).toBeGreaterThan(1.6);
    expect(at(1.5, 30)).toBeLessThan(1.6);
  });
});
