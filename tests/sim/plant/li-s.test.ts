import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { liS } from '../../../sim/plant/li-s/li-s.ts';
import { MARINESCU_2016 } from '../../../sim/plant/li-s/parameters.ts';
import { LITHIUM_SULPHUR } from '../../validate/reference/other-cells.ts';
import { sineError_1 } from './sine-impedance.ts';

const AT_1_7_A = 1.7;
const timeFor = (charge_Ah: number): number => (charge_Ah * 3600) / AT_1_7_A;

describe('discharge at 1.7 A against an independent solution of the equations', () => {
  const cell = liS(MARINESCU_2016, 25);
  const start_V = cell.state.voltage_V;
  const run = runCurrent(cell, -AT_1_7_A, 2.15, 20_000, 1);

  it('starts at 2.43028 V and ends at 3.387 Ah', () => {
    expect(start_V).toBeCloseTo(LITHIUM_SULPHUR.start_V, 3);
    expect(run.charge_Ah).toBeCloseTo(LITHIUM_SULPHUR.end_Ah, 2);
  });

  it.each(LITHIUM_SULPHUR.points)('at %d Ah %d V within 2 mV', (charge_Ah, reference_V) => {
    expect(Math.abs(run.voltageAt(timeFor(charge_Ah)) - reference_V)).toBeLessThan(2e-3);
  });

  it('half the step: the same within 0.1 mV on the plateaus and 1 mV in the dip', () => {
    const half = runCurrent(liS(MARINESCU_2016, 25), -AT_1_7_A, 2.15, 20_000, 0.5);
    for (const charge_Ah of [0.1, 0.5, 1, 1.5, 2, 3])
      expect(Math.abs(half.voltageAt(timeFor(charge_Ah)) - run.voltageAt(timeFor(charge_Ah)))).toBeLessThan(
        1e-4,
      );
    expect(Math.abs(half.voltageAt(timeFor(1.2)) - run.voltageAt(timeFor(1.2)))).toBeLessThan(1e-3);
    expect(Math.abs(half.duration_s / run.duration_s - 1)).toBeLessThan(2e-4);
  });
});

describe('charge', () => {
  function halfDischarged(shuttle_per_s: number): ReturnType<typeof liS> {
    const cell = liS({ ...MARINESCU_2016, shuttle_per_s }, 25);
    runCurrent(cell, -AT_1_7_A, 2.15, 3600, 1);
    return cell;
  }

  it('without shuttle gives back what was taken; with it, less', () => {
    const ideal = halfDischarged(0);
    const before = ideal.state.soc_frac;
    runCurrent(ideal, 0.34, 2.5, 7200, 1);
    expect((ideal.state.soc_frac - before) * ideal.state.capacity_Ah).toBeCloseTo(0.68, 6);
    const real = halfDischarged(2e-4);
    runCurrent(real, 0.34, 2.5, 7200, 1);
    expect(real.state.soc_frac).toBeLessThan(ideal.state.soc_frac - 0.02);
  });

  it('a slow charge never ends: shuttle takes all of it, and all of its power is heat', () => {
    const cell = liS(MARINESCU_2016, 25);
    runCurrent(cell, -AT_1_7_A, 2.15, 1800, 1);
    const { duration_s } = runCurrent(cell, 0.3, 2.5, 100 * 3600, 10);
    expect(duration_s).toBe(100 * 3600);
    expect(cell.state.heat_W / (0.3 * cell.state.voltage_V)).toBeCloseTo(1, 2);
  });

  it('voltage is continuous and rising in the current, through zero too', () => {
    const cell = halfDischarged(2e-4);
    cell.prepare(1);
    let last_V = cell.voltageAfter_V(-3);
    for (let current_A = -2.99; current_A < 3; current_A += 0.01) {
      const now_V = cell.voltageAfter_V(current_A);
      expect(now_V).toBeGreaterThan(last_V);
      expect(now_V - last_V).toBeLessThan(1e-3);
      last_V = now_V;
    }
  });
});

describe('spectrum', () => {
  it.each([1e-3, 1e-2, 0.1])('at %d Hz is what a sine in time gives, within 2 percent', frequency_Hz => {
    const cell = liS(MARINESCU_2016, 25);
    runCurrent(cell, -AT_1_7_A, 2.15, timeFor(1.8), 1);
    rest(cell, 20_000, 1);
    expect(sineError_1(cell, frequency_Hz, 0.01)).toBeLessThan(0.02);
  });
});

describe('extremes', () => {
  it('0 A, reverse, ten times, a million times, short and long steps: finite, and a flag', () => {
    const currents = [0, 3.4, -3.4, 34, -34, 1e6, -1e6];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...currents), fc.constantFrom(0.01, 1, 600)), { maxLength: 15 }),
        steps => {
          const cell = liS(MARINESCU_2016, 25);
          for (const [current_A, dt_s] of steps) {
            cell.prepare(dt_s);
            cell.take(current_A);
            const {
              negativePotential_V,
              positivePotential_V,
              platingReserve_V,
              outsideValidity_on,
              ...figures
            } = cell.state;
            for (const [name, value] of Object.entries(figures))
              if (!Number.isFinite(value)) throw new Error(`${name} ${value}`);
            expect([negativePotential_V, positivePotential_V, platingReserve_V]).toEqual([NaN, NaN, NaN]);
            expect(outsideValidity_on).toBeNaN();
            expect(cell.state.soc_frac).toBeLessThan(1.002);
            if (Math.abs(current_A * dt_s) >= 1e6) expect(cell.state.exhausted_on).toBe(1);
            const { re_Ohm, im_Ohm } = cell.impedance(Float64Array.of(1e4, 1, 1e-3));
            for (const z of [...re_Ohm, ...im_Ohm]) expect(Number.isFinite(z)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
