import { describe, expect, it } from 'vitest';
import { ecm } from '../../../sim/plant/ecm/ecm.ts';
import { ECM_LFP_26650 } from '../../../sim/plant/ecm/parameters.ts';
import { calendarRiseRate, naumannAgeing } from '../../../sim/plant/spme/naumann.ts';

const YEAR_S = 365 * 86_400;
const ROOM_K = 298.15;

/** Full triangles of this depth around SOC 0.5 at a C rate. */
function cycle(ageing: ReturnType<typeof naumannAgeing>, depth: number, cRate: number, cycles: number): void {
  const dt_s = 60;
  let soc = 0.5 - depth / 2;
  const legs = Math.round((depth / cRate) * 60);
  for (let k = 0; k < cycles; k++)
    for (const sign of [1, -1])
      for (let i = 0; i < legs; i++) {
        soc += (sign * depth) / legs;
        ageing.step(sign * cRate, soc, ROOM_K, dt_s);
      }
}

describe('calendar ageing', () => {
  it('one year at 25 degC, SOC 0.5: 4.25 % of the capacity', () => {
    const ageing = naumannAgeing(0.5);
    for (let h = 0; h < 8760; h++) ageing.step(0, 0.5, ROOM_K, 3600);
    expect(ageing.calendarLoss_frac).toBeCloseTo(0.0425, 4);
    expect(ageing.resistanceRise_frac).toBeCloseTo(calendarRiseRate(0.5, ROOM_K) * YEAR_S, 9);
    expect(ageing.cycleLoss_frac).toBe(0);
  });

  it('does not depend on the step, and goes on from what is lost when conditions change', () => {
    const fine = naumannAgeing(0.5);
    const coarse = naumannAgeing(0.5);
    for (let d = 0; d < 100; d++) fine.step(0, 0.5, ROOM_K, 86_400);
    coarse.step(0, 0.5, ROOM_K, 100 * 86_400);
    expect(fine.calendarLoss_frac).toBeCloseTo(coarse.calendarLoss_frac, 12);
    const before = fine.calendarLoss_frac;
    fine.step(0, 0.9, 318.15, 1);
    expect(fine.calendarLoss_frac).toBeGreaterThan(before);
    expect(fine.calendarLoss_frac - before).toBeLessThan(1e-8);
    fine.step(0, 0.9, 318.15, 100 * 86_400);
    expect(fine.calendarLoss_frac).toBeGreaterThan(Math.sqrt(2) * before);
  });
});

describe('cycle ageing', () => {
  it('500 full equivalent cycles at 1C, depth 0.8: 4.0 %', () => {
    const ageing = naumannAgeing(0.1);
    cycle(ageing, 0.8, 1, 625);
    // The last half cycle is not complete before the current turns.
    expect(ageing.fullCycles_1).toBeCloseTo(500 - 0.4, 1);
    expect(ageing.cycleLoss_frac).toBeCloseTo(0.0403, 3);
  });

  it('counts a rest into its half cycle and leaves ripple out', () => {
    const ageing = naumannAgeing(0.2);
    const ramp = (from: number, to: number): void => {
      for (let i = 1; i <= 100; i++) {
        const soc = from + ((to - from) * i) / 100;
        ageing.step(Math.sign(to - from), soc, ROOM_K, 36);
        ageing.step(-Math.sign(to - from), soc - Math.sign(to - from) * 0.0005, ROOM_K, 1);
      }
    };
    ramp(0.2, 0.5);
    for (let i = 0; i < 10; i++) ageing.step(0, 0.5, ROOM_K, 3600);
    ramp(0.5, 0.7);
    ramp(0.7, 0.3);
    ramp(0.3, 0.4);
    // Half cycles 0.2 -> 0.7 and 0.7 -> 0.3; the last one is still open.
    expect(ageing.fullCycles_1).toBeCloseTo(0.45, 2);
  });
});

describe('on the circuit of the cell', () => {
  it('a year on the shelf takes 4.25 % of its capacity and raises its resistance', () => {
    const cell = ecm(ECM_LFP_26650, { soc_frac: 0.5, temperature_degC: 25 });
    const fresh = cell.impedance(Float64Array.of(1000)).re_Ohm[0];
    for (let h = 0; h < 8760; h++) {
      cell.prepare(3600);
      cell.take(0);
    }
    expect(cell.state.capacity_Ah).toBeCloseTo(3 * (1 - 0.0425), 3);
    expect(cell.state.irreversibleLoss_Ah).toBeCloseTo(0.1276, 3);
    const aged = cell.impedance(Float64Array.of(1000)).re_Ohm[0];
    expect(aged / fresh).toBeCloseTo(1 + calendarRiseRate(0.5, ROOM_K) * YEAR_S, 4);
    expect(cell.state.resistanceRise_Ohm).toBeGreaterThan(0);
  });
});
