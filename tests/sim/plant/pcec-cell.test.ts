import { describe, expect, it } from 'vitest';
import {
  protonicAnode_V,
  protonicOpenCircuit,
  protonicPoint,
  protonicState,
  VOLLESTAD_2019,
} from '../../../sim/plant/pcec/cell.ts';
import { between, protonicMap } from '../../../sim/plant/pcec/map.ts';
import { CERAMIC_TABLE } from '../../validate/reference/ceramic.ts';
import { kelvin } from '../../validate/row.ts';

/** What lies behind each entry of the reference table. */
const BEHIND: readonly {
  readonly proton_S_per_cm: number;
  readonly anode_Ohm_cm2: number;
  readonly membrane_Ohm_cm2: number;
  readonly rest_V: number;
  readonly leak_A_per_cm2: number;
}[] = [
  {
    proton_S_per_cm: 3.9e-3,
    anode_Ohm_cm2: 1.03,
    membrane_Ohm_cm2: 0.56,
    rest_V: 1.048,
    leak_A_per_cm2: 0.002,
  },
  {
    proton_S_per_cm: 5.2e-3,
    anode_Ohm_cm2: 0.65,
    membrane_Ohm_cm2: 0.43,
    rest_V: 1.087,
    leak_A_per_cm2: 0.002,
  },
  {
    proton_S_per_cm: 7.1e-3,
    anode_Ohm_cm2: 0.29,
    membrane_Ohm_cm2: 0.31,
    rest_V: 1.076,
    leak_A_per_cm2: 0.005,
  },
  {
    proton_S_per_cm: 5.5e-3,
    anode_Ohm_cm2: 0.23,
    membrane_Ohm_cm2: 0.4,
    rest_V: 1.022,
    leak_A_per_cm2: 0.02,
  },
  {
    proton_S_per_cm: 9.1e-3,
    anode_Ohm_cm2: 0.14,
    membrane_Ohm_cm2: 0.24,
    rest_V: 1.065,
    leak_A_per_cm2: 0.012,
  },
];
const REFERENCE = CERAMIC_TABLE.map((entry, k) => ({ ...entry, ...BEHIND[k] }));

describe('proton-ceramic cell', () => {
  it.each(REFERENCE)(
    '$temperature_degC degC, $pressure_bar bar: voltage within 5 mV, faradaic efficiency within 2 %',
    reference => {
      const point = protonicPoint(VOLLESTAD_2019, kelvin(reference.temperature_degC), reference.pressure_bar);
      expect(Math.abs(point.proton_S_per_cm / reference.proton_S_per_cm - 1)).toBeLessThan(0.02);
      expect(Math.abs(point.anode_Ohm_cm2 - reference.anode_Ohm_cm2)).toBeLessThan(0.006);
      expect(Math.abs(point.membrane_Ohm_cm2 - reference.membrane_Ohm_cm2)).toBeLessThan(0.006);
      expect(Math.abs(point.anodeRest_V - point.cathodeRest_V - reference.rest_V)).toBeLessThan(0.001);
      // The table gives the leakage without proton current; at open circuit protons go back and it is less.
      const still = protonicState(VOLLESTAD_2019, point, 0).leakage_A_per_cm2;
      expect(Math.abs(still - reference.leak_A_per_cm2)).toBeLessThan(6e-4);
      const open = protonicOpenCircuit(VOLLESTAD_2019, point);
      expect(open.leakage_A_per_cm2).toBeLessThan(still);
      expect(open.voltage_V).toBeLessThan(point.anodeRest_V - point.cathodeRest_V);
      expect(protonicState(VOLLESTAD_2019, point, -open.leakage_A_per_cm2).leakage_A_per_cm2).toBeCloseTo(
        open.leakage_A_per_cm2,
        6,
      );
      for (const [proton, , cell_V, faradaic_1] of reference.points) {
        const { voltage_V, leakage_A_per_cm2 } = protonicState(VOLLESTAD_2019, point, proton);
        expect(Math.abs(voltage_V - cell_V)).toBeLessThan(0.005);
        expect(Math.abs(proton / (proton + leakage_A_per_cm2) / faradaic_1 - 1)).toBeLessThan(0.02);
      }
    },
  );

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
