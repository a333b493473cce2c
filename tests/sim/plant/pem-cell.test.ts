import { describe, expect, it } from 'vitest';
import { MOLAR_VOLUME_NL_PER_MOL } from '../../../sim/plant/constants.ts';
import {
  activation_V,
  cellVoltage_V,
  doubleLayer_V,
  faradayH2_mol_per_s,
  reversibleVoltage_V,
  saturationPressure_bar,
  springerConductivity_S_per_cm,
} from '../../../sim/plant/pem-cell.ts';
import {
  BENDER_N117_60,
  BENDER_N117_80,
  type CellParameters,
  GINER_46_KW,
  IROX_N115,
} from '../../../sim/plant/pem-parameters.ts';

const kelvin = (t_degC: number): number => t_degC + 273.15;
/** At 1 bar total and wet, as the curves were measured and fitted. */
const atOneBar_V = (cell: CellParameters, t_degC: number, i: number): number => {
  const dry_bar = 1 - saturationPressure_bar(kelvin(t_degC));
  return cellVoltage_V(cell, kelvin(t_degC), i, dry_bar, dry_bar);
};

describe('check values', () => {
  it.each([
    [25, 1.2291],
    [40, 1.2165],
    [60, 1.1999],
    [80, 1.1834],
    [100, 1.1671],
  ])('reversible voltage at %d degC is %f V', (t, expected) => {
    expect(Math.abs(reversibleVoltage_V(kelvin(t)) - expected)).toBeLessThan(1e-4);
  });

  it.each([
    [25, 0.0317],
    [40, 0.0738],
    [60, 0.1995],
    [80, 0.474],
  ])('saturation pressure at %d degC is %f bar', (t, expected) => {
    expect(Math.abs(saturationPressure_bar(kelvin(t)) / expected - 1)).toBeLessThan(0.01);
  });

  it.each([
    [80, 14, 0.124],
    [80, 20, 0.18],
    [80, 22, 0.199],
    [80, 25, 0.227],
    [60, 14, 0.1],
    [60, 22, 0.16],
    [25, 14, 0.064],
    [25, 25, 0.117],
  ])('conductivity at %d degC, lambda %d is %f S/cm', (t, lambda, expected) => {
    // The reference figures have three digits: half a last digit on top of the 1 %.
    expect(Math.abs(springerConductivity_S_per_cm(kelvin(t), lambda) - expected)).toBeLessThan(
      0.01 * expected + 5e-4,
    );
  });

  it('Faraday: 1 A in 1 cell makes 0.418 NL/h, 2000 A in 100 cells 83.6 Nm3/h', () => {
    expect(faradayH2_mol_per_s(1, 1)).toBe(1 / (2 * 96485.33212));
    expect(faradayH2_mol_per_s(1, 1) * 3600 * MOLAR_VOLUME_NL_PER_MOL).toBeCloseTo(0.418, 3);
    expect((faradayH2_mol_per_s(2000, 100) * 3600 * MOLAR_VOLUME_NL_PER_MOL) / 1000).toBeCloseTo(83.6, 1);
  });
});

describe('polarisation', () => {
  const voltages = [1.5, 1.6, 1.7, 1.8, 1.9, 2.0];
  it.each([
    ['Bender 60 degC', BENDER_N117_60, 60, [0.0582, 0.3254, 0.6957, 1.088, 1.509, 1.9274], 0.005],
    ['Bender 80 degC', BENDER_N117_80, 80, [0.1601, 0.5306, 0.9719, 1.4442, 1.9552, 2.4585], 0.005],
  ] as const)('%s: every point within 5 mV', (_name, cell, t, densities, limit_V) => {
    densities.forEach((i, k) => {
      expect(Math.abs(atOneBar_V(cell, t, i) - voltages[k])).toBeLessThan(limit_V);
    });
  });

  it('IrOx / N115 at 30, 60, 80 degC: rms over temperature within 10 mV', () => {
    const measured: readonly (readonly [number, readonly number[]])[] = [
      [30, [0.032, 0.179, 0.501, 0.897, 1.316]],
      [60, [0.077, 0.437, 0.978, 1.566, 2.198]],
      [80, [0.167, 0.7, 1.294, 1.991, 2.8]],
    ];
    let sum = 0;
    let n = 0;
    for (const [t, densities] of measured) {
      densities.forEach((i, k) => {
        sum += (atOneBar_V(IROX_N115, t, i) - voltages[k]) ** 2;
        n++;
      });
    }
    expect(Math.sqrt(sum / n)).toBeLessThan(0.01);
  });

  it.each([
    [0.5, 1.537, 1.792],
    [1, 1.611, 1.899],
    [2, 1.713, 1.953],
  ])('stack cell at 80 degC, %f A/cm2 lies in the field of Nafion 115 cells (p10..p90)', (i, p10, p90) => {
    const v = atOneBar_V(IROX_N115, 80, i);
    expect(v).toBeGreaterThan(p10);
    expect(v).toBeLessThan(p90);
  });

  it.each([
    [0.5, 1.552, 1.78],
    [1, 1.649, 1.92],
    [2, 1.818, 1.957],
  ])('round robin cell at 80 degC, %f A/cm2 lies in the field of Nafion 117 cells', (i, p10, p90) => {
    const v = atOneBar_V(BENDER_N117_80, 80, i);
    expect(v).toBeGreaterThan(p10);
    expect(v).toBeLessThan(p90);
  });

  it.each([
    [23, [1.5605, 1.5948, 1.6374, 1.7107, 1.779, 1.8453]],
    [45, [1.5341, 1.5649, 1.6006, 1.6591, 1.7122, 1.7632]],
    [55, [1.5223, 1.5521, 1.5856, 1.6393, 1.6874, 1.7333]],
  ] as const)('Giner 46 kW at %d degC, 30 bar cathode, 1 bar anode', (t, expected) => {
    const vapour_bar = saturationPressure_bar(kelvin(t));
    [20, 50, 100, 200, 300, 400].forEach((amps, k) => {
      const v = cellVoltage_V(GINER_46_KW, kelvin(t), amps / 290, 30 - vapour_bar, 1 - vapour_bar);
      expect(Math.abs(v - expected[k])).toBeLessThan(0.002);
    });
  });
});

describe('double layer', () => {
  it.each([
    ['rising from rest', 0, 1, 0.02],
    ['falling to rest', 0.4, 0, 60],
    ['small step', 0.3, 0.2, 0.005],
  ])('%s: the exact step equals many small Euler steps', (_name, start_V, i, dt_s) => {
    const [i0, slope, c] = [1.35e-5, 0.0336, 0.04];
    let v = start_V;
    const n = 200_000;
    for (let k = 0; k < n; k++) v += ((i - 2 * i0 * Math.sinh(v / slope)) / c) * (dt_s / n);
    expect(doubleLayer_V(start_V, i, i0, slope, c, dt_s)).toBeCloseTo(v, 4);
  });

  it('ends at the steady overvoltage however long the step', () => {
    expect(doubleLayer_V(0, 2, 1e-5, 0.03, 0.04, 3600)).toBe(activation_V(0.03, 1e-5, 2));
  });
});
