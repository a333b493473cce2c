import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMBIENT_BARA } from '../../../sim/plant/parts/constants.ts';
import { gasVolume, orificeFlow, stepGasVolume } from '../../../sim/plant/parts/gas.ts';
import { faradayH2_mol_per_s } from '../../../sim/plant/pem/cell.ts';
import { PRESSURE_RATES } from '../../validate/reference/pem.ts';

describe('pressure rate of a closed cathode at 60 degC', () => {
  it.each(PRESSURE_RATES)('%d A, %d cells, %f L: %f bar/s', (amps, cells, volume_L, expected) => {
    const gas = gasVolume(volume_L);
    stepGasVolume(gas, 1, 0, 0, 0, 0, 0, AMBIENT_BARA, 0, 333.15, 1);
    const before_bara = gas.pressure_bara;
    const made_mol = faradayH2_mol_per_s(amps, cells);
    for (let k = 0; k < 10; k++) stepGasVolume(gas, made_mol, 0, 0, 0, 0, 0, AMBIENT_BARA, 0, 333.15, 1);
    // Three digits in the reference: half a last digit is 0.35 %.
    expect(Math.abs((gas.pressure_bara - before_bara) / 10 / expected - 1)).toBeLessThan(0.004);
  });
});

it('a closed volume at 33 bar loses a leak of 0.002 NL/min, no more and no less', () => {
  const gas = gasVolume(250);
  gas.n2_mol = 340;
  stepGasVolume(gas, 0, 0, 0, 0, 0, 0, AMBIENT_BARA, 0.02, 293.15, 1);
  const leak_mol_per_s = 0.002 / 60 / 22.413969;
  const conductance = leak_mol_per_s / orificeFlow(gas.pressure_bara, AMBIENT_BARA);
  for (let k = 0; k < 7200; k++)
    stepGasVolume(gas, 0, 0, 0, 0, 0, conductance, AMBIENT_BARA, 0.02, 293.15, 0.5);
  expect((340 - gas.n2_mol) / (leak_mol_per_s * 3600)).toBeCloseTo(1, 2);
});

describe('orifice', () => {
  it('is continuous, monotone and never flows backwards', () => {
    expect(orificeFlow(1, 1)).toBe(0);
    expect(orificeFlow(1, 2)).toBe(0);
    let before = Number.POSITIVE_INFINITY;
    for (let down = 0; down <= 2; down += 0.0005) {
      const flow = orificeFlow(2, down);
      expect(flow).toBeLessThanOrEqual(before + 1e-12);
      if (down > 0) expect(before - flow).toBeLessThan(0.06);
      before = flow;
    }
  });
});

it('a step conserves every species and keeps it positive, whatever the valves and the step', () => {
  fc.assert(
    fc.property(
      fc.record({
        h2: fc.double({ min: 0, max: 400, noNaN: true }),
        source: fc.double({ min: 0, max: 100, noNaN: true }),
        n2_bara: fc.double({ min: 0, max: 60, noNaN: true }),
        n2Valve: fc.double({ min: 0, max: 10, noNaN: true }),
        out: fc.double({ min: 0, max: 100, noNaN: true }),
        dt_s: fc.double({ min: 1e-6, max: 3600, noNaN: true }),
      }),
      c => {
        const gas = gasVolume(100);
        gas.h2_mol = c.h2;
        gas.n2_mol = 3;
        stepGasVolume(
          gas,
          c.source,
          0.5,
          c.n2_bara,
          c.n2Valve,
          1.5,
          c.out,
          AMBIENT_BARA,
          0.2,
          333.15,
          c.dt_s,
        );
        const total = gas.h2_mol + gas.o2_mol + gas.n2_mol;
        const wentOut = gas.lastOut_mol;
        const whole = c.h2 + c.source + 0.5 + 3 + gas.lastN2In_mol;
        expect(Math.abs(total + wentOut - whole)).toBeLessThan(1e-9 * (1 + whole));
        for (const n of [gas.h2_mol, gas.o2_mol, gas.n2_mol]) expect(n).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(gas.pressure_bara)).toBe(true);
        const h2Share = (c.h2 + c.source) / whole;
        if (total > 1e-6) expect(gas.h2_mol / total).toBeCloseTo(h2Share, 6);
      },
    ),
    { numRuns: 500 },
  );
});
