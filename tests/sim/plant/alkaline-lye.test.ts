import { describe, expect, it } from 'vitest';
import {
  h2Solubility_mol_per_L_bar,
  kohConductivity_S_per_cm,
  lyeDensity_kg_per_m3,
  lyeMolarity_mol_per_L,
  lyeVapour_bar,
} from '../../../sim/plant/alkaline/lye.ts';
import { currentEfficiency, shuntLadder } from '../../../sim/plant/alkaline/shunt.ts';
import { barPerMol, gasVolume, stepGasVolume } from '../../../sim/plant/parts/gas.ts';
import { FIELD_PRESSURISING } from '../../validate/reference/alkaline.ts';
import { kelvin } from '../../validate/row.ts';

describe('lye', () => {
  it.each([
    // Worked out apart from this code; handbooks give 0.63 S/cm for 6 M at 25 degC.
    [25, 6, 0.62657],
    [80, 6.9, 1.38616],
  ])('conductivity at %d degC, %f mol/L: %f S/cm', (t, m, expected) => {
    expect(kohConductivity_S_per_cm(kelvin(t), m)).toBeCloseTo(expected, 4);
  });

  it('30 wt%: 1.29 g/mL and 6.9 mol/L at 25 degC; vapour 0.2926 bar at 80 degC', () => {
    expect(lyeDensity_kg_per_m3(kelvin(25), 0.3) / 1000).toBeCloseTo(1.29, 2);
    expect(lyeMolarity_mol_per_L(kelvin(25), 0.3)).toBeCloseTo(6.9, 1);
    expect(lyeVapour_bar(kelvin(80), 0.3)).toBeCloseTo(0.2926, 4);
    expect(lyeVapour_bar(kelvin(80), 0)).toBeCloseTo(0.474, 2);
  });

  it('30 wt% KOH holds about an eighth of the H2 that water holds', () => {
    expect(h2Solubility_mol_per_L_bar(0) / h2Solubility_mol_per_L_bar(6.9)).toBeCloseTo(7.9, 1);
  });
});

describe('shunt currents', () => {
  const paths = { channel_per_cm: 200, manifold_per_cm: 0.5, ladders: 4 };

  it('a manifold without resistance leaves the sum of the channels: 1 V, N cells, parabola', () => {
    const n = 20;
    const { bypass_cm } = shuntLadder(n, { ...paths, manifold_per_cm: 1e-6 });
    // Node at mid potential; channel k carries (k - mid) / R, the manifold their running sum.
    let current = 0;
    for (let k = 0; k < n; k++) {
      const before = current;
      current += (4 * ((n - 1) / 2 - k)) / 200;
      expect(bypass_cm[k]).toBeCloseTo((before + current) / 2, 4);
    }
  });

  it('is greatest at mid stack, symmetric, and grows faster than the number of cells', () => {
    const { bypass_cm, meanBypass_cm } = shuntLadder(31, paths);
    for (let k = 1; k <= 15; k++) expect(bypass_cm[k]).toBeGreaterThan(bypass_cm[k - 1]);
    for (let k = 0; k < 31; k++) expect(bypass_cm[k]).toBeCloseTo(bypass_cm[30 - k], 9);
    expect(shuntLadder(62, paths).meanBypass_cm).toBeGreaterThan(2 * meanBypass_cm);
  });

  it('costs a fixed current: efficiency is worse at low load, and nothing is left below it', () => {
    const ladder = shuntLadder(20, paths);
    const lost_A = 1.2 * 1.9 * ladder.meanBypass_cm;
    expect(currentEfficiency(ladder, 1.2, 1.9, 10 * lost_A)).toBeCloseTo(0.9, 9);
    expect(currentEfficiency(ladder, 1.2, 1.9, lost_A)).toBe(0);
    expect(currentEfficiency(ladder, 1.2, 1.9, 0)).toBe(0);
  });

  it('one cell alone has no neighbour to pass current to', () => {
    expect(shuntLadder(1, paths).meanBypass_cm).toBe(0);
  });
});

describe('pressurising of a field plant', () => {
  // No outflow, about 50 degC.
  it.each(FIELD_PRESSURISING)(
    '$length_s s: $rise_bar bar with $h2_mol mol in $volume_L L',
    ({ length_s, rise_bar, h2_mol, volume_L }) => {
      const temperature_K = kelvin(50);
      const gas = gasVolume(volume_L);
      gas.h2_mol = 1 / barPerMol(volume_L, temperature_K);
      gas.pressure_bara = 1;
      for (let k = 0; k < length_s; k++)
        stepGasVolume(gas, h2_mol / length_s, 0, 0, 0, 0, 0, 1, 0, temperature_K, 1);
      expect(Math.abs((gas.pressure_bara - 1) / rise_bar - 1)).toBeLessThan(0.2);
    },
  );
});
