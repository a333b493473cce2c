import { describe, expect, it } from 'vitest';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { discharge, holdVoltage, rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { EVEN_MESH, FAST_MESH, FINE_MESH, type SpmeMesh } from '../../../sim/plant/spme/mesh.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { particle } from '../../../sim/plant/spme/particle.ts';
import { CCCV, PULSE, THERMAL_RISES } from '../../validate/reference/chen2020.ts';

/** Voltages of the reference pulse, in its order: 1C discharge for 10 s, then rest. */
function pulse(mesh: SpmeMesh): number[] {
  const model = spme(CHEN2020, { soc_frac: 0.5, mesh });
  const loaded = runCurrent(model, -5, 2.5, 10, 0.02);
  const resting = rest(model, 600, 0.02);
  return PULSE.map(([t]) => (t <= 10 ? loaded.voltageAt(t) : resting.voltageAt(t - 10)));
}

describe('pulse', () => {
  it('is that of the reference when the particle is cut and read like the reference', () => {
    pulse(EVEN_MESH).forEach((volts, k) => {
      expect(Math.abs(volts - PULSE[k][1])).toBeLessThan(1e-4);
    });
  });

  it('on the default mesh is that of the fine one within 0.2 mV', () => {
    const fine = pulse(FINE_MESH);
    pulse(FAST_MESH).forEach((volts, k) => {
      expect(Math.abs(volts - fine[k])).toBeLessThan(2e-4);
    });
  });

  it('meets the exact surface of a sphere: the even mesh of the reference is what misses the first second', () => {
    const { positive } = CHEN2020;
    const radius_m = positive.particleRadius_m;
    const inflow_m_per_s = 2.8e-10;
    const diffusivity = 4e-15;
    // Carslaw and Jaeger, Conduction of Heat in Solids, 9.7: constant flux into a sphere, short times.
    const exact = (t: number): number => {
      const depth_m = Math.sqrt(diffusivity * t);
      return (inflow_m_per_s / diffusivity) * depth_m * (2 / Math.sqrt(Math.PI) + depth_m / radius_m);
    };
    const rise = (mesh: SpmeMesh, t: number): number => {
      const one = particle(positive, mesh, 0.5);
      for (let k = 0; k < 100 * t; k++) {
        one.prepare(0.01, 298.15);
        one.take(inflow_m_per_s);
      }
      return one.surface_frac() - 0.5;
    };
    expect(rise(FAST_MESH, 1) / exact(1)).toBeCloseTo(1, 1);
    expect(rise(FINE_MESH, 1) / exact(1)).toBeCloseTo(1, 1);
    expect(rise(EVEN_MESH, 1) / exact(1)).toBeLessThan(0.75);
  });
});

describe('heat', () => {
  it.each(THERMAL_RISES)(
    'rise along a discharge at $rate_1_per_h C within 0.2 K',
    ({ rate_1_per_h, rise_K }) => {
      const current_A = 5 * rate_1_per_h;
      const { duration_s } = discharge(
        spme(CHEN2020, { isLumped: true, withMixingHeat: false }),
        current_A,
        2.5,
        1,
      );
      const model = spme(CHEN2020, { isLumped: true, withMixingHeat: false });
      let heat_J = 0;
      let lost_J = 0;
      let now_s = 0;
      rise_K.forEach((expected_K, k) => {
        const until_s = (duration_s * (k + 1)) / 4;
        while (now_s < until_s - 1e-9) {
          const dt_s = Math.min(1, until_s - now_s);
          model.prepare(dt_s);
          model.take(-current_A);
          heat_J += model.state.heat_W * dt_s;
          lost_J += 0.0531 * (model.state.temperature_degC - 25) * dt_s;
          now_s += dt_s;
        }
        expect(Math.abs(model.state.temperature_degC - 25 - expected_K)).toBeLessThan(0.2);
      });
      // Energy: what was made is in the cell or has left.
      expect(42.8 * (model.state.temperature_degC - 25) + lost_J).toBeCloseTo(heat_J, 6);
    },
  );

  it('the chamber and an added heat warm the cell', () => {
    const model = spme(CHEN2020, { isLumped: true });
    model.surroundings.ambient_degC = 40;
    model.surroundings.addedHeat_W = 0.0531;
    rest(model, 10_000, 10);
    expect(model.state.temperature_degC).toBeCloseTo(41, 3);
  });
});

describe('CC-CV from full', () => {
  it('times, charges and resting voltages within 0.5 %', () => {
    const model = spme(CHEN2020, { soc_frac: 1 });
    const near = (value: number, expected: number): void =>
      expect(Math.abs(value / expected - 1)).toBeLessThan(0.005);
    const down = discharge(model, 5, 2.5, 1);
    near(down.duration_s, CCCV.discharge_s);
    near(down.charge_Ah, CCCV.discharge_Ah);
    rest(model, 3600, 1);
    near(model.state.voltage_V, CCCV.rest_V);
    const up = runCurrent(model, 2.5, 4.2, 1e5, 1);
    near(up.duration_s, CCCV.cc_s);
    near(up.charge_Ah, CCCV.cc_Ah);
    const held = holdVoltage(model, 4.2, 0.1, 1);
    near(held.duration_s, CCCV.cv_s);
    near(held.charge_Ah, CCCV.cv_Ah);
    rest(model, 3600, 1);
    near(model.state.voltage_V, CCCV.end_V);
  });
});
