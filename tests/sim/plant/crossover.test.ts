import { describe, expect, it } from 'vitest';
import { h2InO2_vol_pct } from '../../../sim/plant/parts/crossover.ts';
import { saturationPressure_bar } from '../../../sim/plant/pem/cell.ts';
import { type MembraneParameters, N115_MEMBRANE, SCHALENBACH_80 } from '../../../sim/plant/pem/parameters.ts';
import { CROSSOVER_DENSITIES_A_PER_CM2, CROSSOVER_VOL_PCT } from '../../validate/reference/pem.ts';

const T80_K = 353.15;
const T60_K = 333.15;

describe('H2 in O2 of the Schalenbach set, 80 degC, anode 1 bar', () => {
  it.each(CROSSOVER_VOL_PCT)(
    '$thickness_um um, cathode $cathode_bara bar',
    ({ thickness_um, cathode_bara, h2_vol_pct }) => {
      const membrane: MembraneParameters = { ...SCHALENBACH_80, thickness_cm: thickness_um * 1e-4 };
      const vapour_bar = saturationPressure_bar(T80_K);
      CROSSOVER_DENSITIES_A_PER_CM2.forEach((i, k) => {
        const x = h2InO2_vol_pct(membrane, T80_K, i, cathode_bara - vapour_bar, 1 - vapour_bar);
        expect(Math.abs(x / h2_vol_pct[k] - 1)).toBeLessThan(0.05);
      });
    },
  );
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
