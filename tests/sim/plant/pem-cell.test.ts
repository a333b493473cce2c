import { describe, expect, it } from 'vitest';
import { MOLAR_VOLUME_NL_PER_MOL } from '../../../sim/plant/parts/constants.ts';
import {
  activation_V,
  cellVoltage_V,
  doubleLayer_V,
  faradayH2_mol_per_s,
  reversibleVoltage_V,
  saturationPressure_bar,
  springerConductivity_S_per_cm,
} from '../../../sim/plant/pem/cell.ts';
import {
  BENDER_N117_60,
  BENDER_N117_80,
  type CellParameters,
  GINER_46_KW,
  IROX_N115,
} from '../../../sim/plant/pem/parameters.ts';
import {
  BENDER_60,
  BENDER_80,
  FIELD_80,
  GINER_CURRENTS_A,
  GINER_V,
  IROX_N115_CURVES,
  type Polarisation,
  REVERSIBLE_V,
  SATURATION_BAR,
  SPRINGER_S_PER_CM,
} from '../../validate/reference/pem.ts';
import { kelvin, largest, type Pair, rms } from '../../validate/row.ts';

/** At 1 bar total and wet, as the curves were measured and fitted. */
const atOneBar_V = (cell: CellParameters, t_degC: number, i: number): number => {
  const dry_bar = 1 - saturationPressure_bar(kelvin(t_degC));
  return cellVoltage_V(cell, kelvin(t_degC), i, dry_bar, dry_bar);
};

describe('check values', () => {
  it.each(REVERSIBLE_V)('reversible voltage at %d degC is %f V', (t, expected) => {
    expect(Math.abs(reversibleVoltage_V(kelvin(t)) - expected)).toBeLessThan(1e-4);
  });

  it.each(SATURATION_BAR)('saturation pressure at %d degC is %f bar', (t, expected) => {
    expect(Math.abs(saturationPressure_bar(kelvin(t)) / expected - 1)).toBeLessThan(0.01);
  });

  it.each(SPRINGER_S_PER_CM)('conductivity at %d degC, lambda %d is %f S/cm', (t, lambda, expected) => {
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
  const pairsOf = (
    cell: CellParameters,
    { temperature_degC, voltages_V, densities_A_per_cm2 }: Polarisation,
  ): Pair[] => densities_A_per_cm2.map((i, k) => [atOneBar_V(cell, temperature_degC, i), voltages_V[k]]);

  it.each([
    [BENDER_60, BENDER_N117_60],
    [BENDER_80, BENDER_N117_80],
  ] as const)('$name: every point within 5 mV', (curve, cell) => {
    expect(largest(pairsOf(cell, curve))).toBeLessThan(0.005);
  });

  it('IrOx / N115 at 30, 60, 80 degC: rms over temperature within 10 mV', () => {
    expect(rms(IROX_N115_CURVES.flatMap(curve => pairsOf(IROX_N115, curve)))).toBeLessThan(0.01);
  });

  it.each([
    [FIELD_80[1], IROX_N115],
    [FIELD_80[2], BENDER_N117_80],
  ] as const)('lies at 80 degC in the field of cells with $membrane (p10..p90)', ({ band_V }, cell) => {
    for (const [i, p10_V, , , , p90_V] of band_V) {
      const v = atOneBar_V(cell, 80, i);
      expect(v).toBeGreaterThan(p10_V);
      expect(v).toBeLessThan(p90_V);
    }
  });

  it.each(GINER_V)(
    'Giner 46 kW at $temperature_degC degC, 30 bar cathode, 1 bar anode',
    ({ temperature_degC, cell_V }) => {
      const t_K = kelvin(temperature_degC);
      const vapour_bar = saturationPressure_bar(t_K);
      GINER_CURRENTS_A.forEach((amps, k) => {
        const v = cellVoltage_V(GINER_46_KW, t_K, amps / 290, 30 - vapour_bar, 1 - vapour_bar);
        expect(Math.abs(v - cell_V[k])).toBeLessThan(0.002);
      });
    },
  );
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
