import { describe, expect, it } from 'vitest';
import { assb, interfaces_Ohm_cm2 } from '../../../sim/plant/assb/assb.ts';
import { ASSB_MODEL, ASSB_SULFIDE } from '../../../sim/plant/assb/model.ts';
import { runCurrent } from '../../../sim/plant/cell/battery-runs.ts';

const START = { soc_frac: 0.5, temperature_degC: 25 };
const AREA_CM2 = ASSB_SULFIDE.electrodes.area_m2 * 1e4;

describe('the solid-state approximation', () => {
  it('says what it is', () => {
    expect(ASSB_MODEL.about).toMatch(/approximation/i);
    expect(ASSB_MODEL.about).toMatch(/not validated/i);
  });

  it('pressure closes contacts by the power law, in the spectrum and in the voltage alike', () => {
    const loose = assb(ASSB_SULFIDE, START);
    const pressed = assb(ASSB_SULFIDE, START);
    loose.surroundings.pressure_MPa = 1;
    pressed.surroundings.pressure_MPa = 50;
    const expected_Ohm = (10 * ((1 / 5) ** -0.9 - (50 / 5) ** -0.9)) / AREA_CM2;
    const frequencies = Float64Array.of(1e4, 1, 0.01);
    const [a, b] = [loose.impedance(frequencies), pressed.impedance(frequencies)];
    for (let i = 0; i < 3; i++) {
      expect(a.re_Ohm[i] - b.re_Ohm[i]).toBeCloseTo(expected_Ohm, 9);
      expect(a.im_Ohm[i]).toBeCloseTo(b.im_Ohm[i], 12);
    }
    loose.prepare(1);
    pressed.prepare(1);
    expect((pressed.voltageAfter_V(-2) - loose.voltageAfter_V(-2)) / 2).toBeCloseTo(expected_Ohm, 9);
  });

  it('interfaces and electrolyte are faster when warm', () => {
    expect(interfaces_Ohm_cm2(ASSB_SULFIDE, 5, 298.15)).toBeCloseTo(30, 9);
    expect(interfaces_Ohm_cm2(ASSB_SULFIDE, 5, 333.15)).toBeLessThan(16);
    expect(Number.isFinite(interfaces_Ohm_cm2(ASSB_SULFIDE, 0, 298.15))).toBe(true);
    const [cold, warm] = [25, 60].map(temperature_degC =>
      assb({ ...ASSB_SULFIDE, interface_Ohm_cm2: 0, contact_Ohm_cm2: 0 }, { ...START, temperature_degC }),
    );
    const high = Float64Array.of(1e5);
    // Nearly all of it conduction: 0.3 eV between 25 and 60 degC is a factor of 3.6.
    expect(cold.impedance(high).re_Ohm[0] / warm.impedance(high).re_Ohm[0]).toBeGreaterThan(2.5);
  });

  it('has no salt gradient: the voltage at 100 s and 1000 s differs by the particles only, and both potentials make it', () => {
    const bare = { ...ASSB_SULFIDE, interface_Ohm_cm2: 0, contact_Ohm_cm2: 0 };
    const solid = assb(bare, START);
    const same = assb(
      {
        ...bare,
        electrodes: {
          ...bare.electrodes,
          electrolyte: {
            ...bare.electrodes.electrolyte,
            initial_mol_per_m3: 1000,
            diffusivity_m2_per_s: () => 1e-13,
          },
        },
      },
      START,
    );
    runCurrent(solid, -2.5, 2.5, 1000, 1);
    runCurrent(same, -2.5, 2.5, 1000, 1);
    expect(same.state.voltage_V).toBeCloseTo(solid.state.voltage_V, 9);
    expect(solid.state.positivePotential_V - solid.state.negativePotential_V).toBeCloseTo(
      solid.state.voltage_V,
      9,
    );
  });

  it('makes more heat by what its interfaces take', () => {
    const with_ = assb(ASSB_SULFIDE, START);
    const without = assb({ ...ASSB_SULFIDE, interface_Ohm_cm2: 0, contact_Ohm_cm2: 0 }, START);
    for (const cell of [with_, without]) {
      cell.prepare(1);
      cell.take(3);
    }
    expect(with_.state.heat_W - without.state.heat_W).toBeCloseTo((9 * 30) / AREA_CM2, 9);
    expect(with_.state.temperature_degC).toBeGreaterThan(without.state.temperature_degC);
  });
});
