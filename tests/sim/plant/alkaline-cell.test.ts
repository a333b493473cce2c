import { describe, expect, it } from 'vitest';
import {
  type AlkalineCurve,
  alkalineActivation_V,
  alkalineAsr_Ohm_cm2,
  alkalineKinetics_cm2_per_A,
} from '../../../sim/plant/alkaline/cell.ts';
import {
  DE_GROOT_CURVE,
  SAKAS_CURVE,
  SANCHEZ_CURVE,
  ULLEBERG_CURVE,
} from '../../../sim/plant/alkaline/curves.ts';
import {
  faradaicEfficiency,
  SANCHEZ_FARADAIC,
  sanchezH2InO2_vol_pct,
  ULLEBERG_FARADAIC,
} from '../../../sim/plant/alkaline/purity.ts';
import { pairsOf } from '../../validate/families/alkaline.ts';
import {
  DE_GROOT_10_BAR,
  DE_GROOT_30_BAR,
  type MeasuredCurve,
  SAKAS,
  SANCHEZ,
  SANCHEZ_FARADAY,
  SANCHEZ_HTO,
  ULLEBERG,
  ULLEBERG_FARADAY_80,
} from '../../validate/reference/alkaline.ts';
import { kelvin, largest, rms } from '../../validate/row.ts';

const DE_GROOT: readonly MeasuredCurve[] = [...DE_GROOT_30_BAR, DE_GROOT_10_BAR];

/** Root mean square over all points, mV. */
function rms_mV(set: AlkalineCurve, curves: readonly MeasuredCurve[]): number {
  return 1000 * rms(curves.flatMap(curve => pairsOf(set, curve)));
}

describe('alkaline polarisation against measured points', () => {
  it.each(ULLEBERG)('Ulleberg 26 kW at $temperature_degC degC: rms within 10 mV', curve => {
    expect(rms_mV(ULLEBERG_CURVE, [curve])).toBeLessThan(10);
  });

  it.each(SANCHEZ)('Sanchez 15 kW at $temperature_degC degC: rms within 10 mV', curve => {
    expect(rms_mV(SANCHEZ_CURVE, [curve])).toBeLessThan(10);
  });

  it.each([
    ['de Groot 30 bar, zero gap', DE_GROOT_CURVE, DE_GROOT],
    ['Sakas 16 bar, 3 MW', SAKAS_CURVE, SAKAS],
  ] as const)('%s, refitted: every point within 15 mV', (_name, set, curves) => {
    for (const curve of curves) expect(1000 * largest(pairsOf(set, curve))).toBeLessThan(15);
  });

  it.each([
    ['Ulleberg', ULLEBERG_CURVE, ULLEBERG],
    ['Sanchez', SANCHEZ_CURVE, SANCHEZ],
    ['de Groot', DE_GROOT_CURVE, DE_GROOT],
    ['Sakas', SAKAS_CURVE, SAKAS],
  ] as const)('%s: the deviation that the set declares is the one found', (_name, set, curves) => {
    expect(rms_mV(set, curves)).toBeCloseTo(set.rmse_mV, 0);
  });

  it('the coefficient +1.002 of public codes misses by more than 0.15 V', () => {
    expect(rms_mV({ ...ULLEBERG_CURVE, t1_m2_per_A: 1.002 }, ULLEBERG)).toBeGreaterThan(150);
  });

  it.each([ULLEBERG_CURVE, SANCHEZ_CURVE, DE_GROOT_CURVE, SAKAS_CURVE])(
    'between -20 and 130 degC resistance and overvoltage stay positive and rise with current: $source',
    curve => {
      for (let t = -20; t <= 130; t += 10) {
        expect(alkalineAsr_Ohm_cm2(curve, kelvin(t), 16)).toBeGreaterThan(0);
        const k = alkalineKinetics_cm2_per_A(curve, kelvin(t));
        let before = Number.NEGATIVE_INFINITY;
        for (const i of [-5, -0.1, 0, 0.01, 0.2, 1, 5]) {
          const v = alkalineActivation_V(curve.slope_V / Math.LN10, k, i);
          expect(v).toBeGreaterThan(before);
          before = v;
        }
      }
    },
  );
});

describe('faradaic efficiency and purity as the papers give them', () => {
  it.each(ULLEBERG_FARADAY_80)('Ulleberg at %d mA/cm2: %f', (density_mA_per_cm2, expected) => {
    const found = faradaicEfficiency(ULLEBERG_FARADAIC, kelvin(80), density_mA_per_cm2 / 1000);
    expect(found).toBeCloseTo(expected, 3);
  });

  it.each(SANCHEZ_FARADAY)('Sanchez at %d degC, %d A/m2: %f', (t_degC, density_A_per_m2, expected) => {
    const found = faradaicEfficiency(SANCHEZ_FARADAIC, kelvin(t_degC), density_A_per_m2 / 1e4);
    expect(Math.abs(found - expected)).toBeLessThan(6e-4);
  });

  it.each(SANCHEZ_HTO)(
    'H2 in O2 at %d degC, %d bar, %d A/m2: %f',
    (t_degC, bara, density_A_per_m2, expected) => {
      // The reference has one decimal.
      const found = sanchezH2InO2_vol_pct(kelvin(t_degC), bara, density_A_per_m2 / 1e4);
      expect(Math.abs(found - expected)).toBeLessThan(0.051);
    },
  );

  it('H2 in O2 rises without bound of the law below 500 A/m2, up to pure H2 at rest', () => {
    const at = (i: number): number => sanchezH2InO2_vol_pct(kelvin(70), 7, i);
    expect(at(0.025)).toBeGreaterThan(1.8 * at(0.05));
    expect(at(0)).toBe(100);
  });
});
