import { describe, expect, it } from 'vitest';
import {
  protonicAnode_V,
  protonicOpenCircuit,
  protonicPoint,
  protonicState,
  VOLLESTAD_2019,
} from '../../../sim/plant/pcec-cell.ts';
import { between, protonicMap } from '../../../sim/plant/pcec-map.ts';

/** Proton currents of the reference table, A/cm2. */
const PROTON = [0.05, 0.1, 0.2, 0.5, 1];

/** T degC, bar, sigma S/cm, R_ct and R_membrane Ohm cm2, E V, leak A/cm2, then V and faradaic efficiency. */
const REFERENCE: readonly (readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number[],
  number[],
])[] = [
  [
    500,
    1,
    3.9e-3,
    1.03,
    0.56,
    1.048,
    0.002,
    [1.126, 1.195, 1.313, 1.595, 2.0],
    [0.913, 0.907, 0.851, 0.567, 0.18],
  ],
  [
    500,
    10,
    5.2e-3,
    0.65,
    0.43,
    1.087,
    0.002,
    [1.142, 1.193, 1.286, 1.518, 1.853],
    [0.948, 0.96, 0.952, 0.859, 0.523],
  ],
  [
    550,
    10,
    7.1e-3,
    0.29,
    0.31,
    1.076,
    0.005,
    [1.109, 1.141, 1.204, 1.379, 1.651],
    [0.892, 0.926, 0.934, 0.88, 0.627],
  ],
  [
    600,
    1,
    5.5e-3,
    0.23,
    0.4,
    1.022,
    0.02,
    [1.056, 1.091, 1.159, 1.355, 1.673],
    [0.649, 0.732, 0.754, 0.622, 0.286],
  ],
  [
    600,
    10,
    9.1e-3,
    0.14,
    0.24,
    1.065,
    0.012,
    [1.088, 1.11, 1.155, 1.287, 1.509],
    [0.775, 0.851, 0.886, 0.863, 0.676],
  ],
];

describe('proton-ceramic cell', () => {
  it.each(REFERENCE)('%d degC, %d bar: voltage within 5 mV, faradaic efficiency within 2 %', (...row) => {
    const [t, bara, sigma, anode, membrane, rest_V, leak, volts, efficiencies] = row;
    const point = protonicPoint(VOLLESTAD_2019, t + 273.15, bara);
    expect(Math.abs(point.proton_S_per_cm / sigma - 1)).toBeLessThan(0.02);
    expect(Math.abs(point.anode_Ohm_cm2 - anode)).toBeLessThan(0.006);
    expect(Math.abs(point.membrane_Ohm_cm2 - membrane)).toBeLessThan(0.006);
    expect(Math.abs(point.anodeRest_V - point.cathodeRest_V - rest_V)).toBeLessThan(0.001);
    // The table gives the leakage without proton current; at open circuit protons go back and it is less.
    const still = protonicState(VOLLESTAD_2019, point, 0).leakage_A_per_cm2;
    expect(Math.abs(still - leak)).toBeLessThan(6e-4);
    const open = protonicOpenCircuit(VOLLESTAD_2019, point);
    expect(open.leakage_A_per_cm2).toBeLessThan(still);
    expect(open.voltage_V).toBeLessThan(point.anodeRest_V - point.cathodeRest_V);
    expect(protonicState(VOLLESTAD_2019, point, -open.leakage_A_per_cm2).leakage_A_per_cm2).toBeCloseTo(
      open.leakage_A_per_cm2,
      6,
    );
    PROTON.forEach((proton, k) => {
      const { voltage_V, leakage_A_per_cm2 } = protonicState(VOLLESTAD_2019, point, proton);
      expect(Math.abs(voltage_V - volts[k])).toBeLessThan(0.005);
      expect(Math.abs(proton / (proton + leakage_A_per_cm2) / efficiencies[k] - 1)).toBeLessThan(0.02);
    });
  });

  it.each([
    [500, 1, 0.3],
    [500, 10, 0.3],
    [600, 1, 0.3],
    [600, 10, 0.3],
    [600, 1, -0.01],
  ])(
    'at %d degC, %d bar, %f A/cm2 of protons the equations themselves hold: the integral over the membrane gives its thickness',
    (t, bara, proton) => {
      // int dE / (i_e / sigma_e - i_H / sigma_H) from cathode to anode, by Simpson, apart from the closed solution.
      const m = VOLLESTAD_2019;
      const point = protonicPoint(m, t + 273.15, bara);
      const { leakage_A_per_cm2 } = protonicState(m, point, proton);
      const high = point.anodeRest_V + protonicAnode_V(m, point, proton);
      const low = point.cathodeRest_V - m.cathode_Ohm_cm2 * proton;
      const inverse = (e: number): number => {
        const sigma =
          point.hole_S_per_cm * Math.exp(point.f_per_V * e) +
          point.electron_S_per_cm * Math.exp(-point.f_per_V * e);
        return 1 / (leakage_A_per_cm2 / sigma - proton / point.proton_S_per_cm);
      };
      const n = 20_000;
      const h = (high - low) / n;
      let sum = inverse(low) + inverse(high);
      for (let k = 1; k < n; k++) sum += (k % 2 ? 4 : 2) * inverse(low + k * h);
      expect((sum * h) / 3 / m.thickness_cm).toBeCloseTo(1, 4);
    },
  );

  it('efficiency has its maximum at low to middle load, falls with temperature, rises with steam', () => {
    const efficiency = (t: number, bara: number, proton: number): number => {
      const state = protonicState(VOLLESTAD_2019, protonicPoint(VOLLESTAD_2019, t + 273.15, bara), proton);
      return proton / (proton + state.leakage_A_per_cm2);
    };
    expect(efficiency(600, 10, 0.3)).toBeGreaterThan(efficiency(600, 10, 0.05));
    expect(efficiency(600, 10, 0.3)).toBeGreaterThan(efficiency(600, 10, 1.5));
    expect(efficiency(500, 10, 0.2)).toBeGreaterThan(efficiency(600, 10, 0.2));
    expect(efficiency(600, 10, 0.2)).toBeGreaterThan(efficiency(600, 1, 0.2));
  });

  it('the map is the equations within 3 mV and 0.01 A/cm2 + 1 %', () => {
    const map = protonicMap(VOLLESTAD_2019);
    const nodes = map.density_A_per_cm2;
    const volts = new Float64Array(nodes.length);
    const protons = new Float64Array(nodes.length);
    for (const t of [400, 437, 500, 549, 600])
      for (const bara of [1, 1.8, 4, 10, 30]) {
        const point = protonicPoint(VOLLESTAD_2019, t + 273.15, bara);
        map.row(t + 273.15, bara, volts, protons);
        for (const proton of [0, 0.013, 0.1, 0.3, 0.7, 1.2]) {
          const state = protonicState(VOLLESTAD_2019, point, proton);
          const total = proton + state.leakage_A_per_cm2;
          if (total > 2) continue;
          expect(Math.abs(between(nodes, volts, total) - state.voltage_V)).toBeLessThan(0.003);
          expect(Math.abs(between(nodes, protons, total) - proton)).toBeLessThan(0.01 + 0.01 * proton);
        }
      }
  });
});
