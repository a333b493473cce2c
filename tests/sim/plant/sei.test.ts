import { describe, expect, it } from 'vitest';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { discharge, holdVoltage, rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { bookPlating, PLATING, platingCurrent_A_per_m2 } from '../../../sim/plant/spme/plating.ts';
import { SEI, type SeiGrowth, seiCurrent_A_per_m2 } from '../../../sim/plant/spme/sei.ts';
import { SEI_CALENDAR, SEI_CYCLES, SEI_REACTION, SEI_SOLVENT } from '../../validate/reference/chen2020.ts';

describe('film', () => {
  it('stored at SOC 0.98: loss over 1000 h within 1 %', () => {
    const model = spme(CHEN2020, { soc_frac: 0.98, sei: 'solvent-diffusion' });
    const inventory_Ah = model.lithium_Ah();
    for (const [hours, lost_Ah] of SEI_CALENDAR) {
      rest(model, hours * 3600 - model.state.time_s, 60);
      expect(Math.abs(model.state.irreversibleLoss_Ah / lost_Ah - 1)).toBeLessThan(0.01);
    }
    expect(model.lithium_Ah()).toBeCloseTo(inventory_Ah, 9);
    expect(model.state.capacity_Ah).toBeLessThan(5.1532 - 0.015);
  });

  it.each([
    { growth: 'solvent-diffusion', reference: SEI_SOLVENT },
    { growth: 'reaction', reference: SEI_REACTION },
  ] satisfies { growth: SeiGrowth; reference: typeof SEI_SOLVENT | typeof SEI_REACTION }[])(
    '$growth limited: 100 cycles of 1C and C/3 CC-CV, loss within 2 %',
    ({ growth, reference }) => {
      const model = spme(CHEN2020, { soc_frac: 1, sei: growth });
      const inventory_Ah = model.lithium_Ah();
      const capacity_Ah: number[] = [];
      for (let cycle = 1; cycle <= 100; cycle++) {
        discharge(model, 5, 2.5, 5);
        runCurrent(model, 5 / 3, 4.2, 1e5, 5);
        holdVoltage(model, 4.2, 0.1, 5);
        if (SEI_CYCLES.some(n => n === cycle)) capacity_Ah.push(model.state.capacity_Ah);
      }
      capacity_Ah.forEach((value, k) => {
        expect(Math.abs(value - reference.capacity_Ah[k])).toBeLessThan(0.0015);
      });
      const loss_pct = (100 * model.state.irreversibleLoss_Ah) / inventory_Ah;
      console.log(`SEI ${growth}: ${loss_pct.toFixed(4)} % against ${reference.lithiumLoss_pct} %`);
      expect(Math.abs(loss_pct / reference.lithiumLoss_pct - 1)).toBeLessThan(0.02);
    },
  );

  it('adds its resistance only when told so', () => {
    const grown = (filmResists: boolean): number => {
      const model = spme(CHEN2020, { soc_frac: 0.9, sei: 'solvent-diffusion', filmResists });
      rest(model, 3.6e6, 600);
      return model.state.resistanceRise_Ohm;
    };
    expect(grown(false)).toBe(0);
    // 10.9 nm more, 2e5 Ohm m, 3.36 m2.
    expect(grown(true)).toBeCloseTo(6.5e-4, 5);
  });

  it('of the reaction grows faster the lower the potential, slower under a higher one', () => {
    const at = (interface_V: number): number =>
      seiCurrent_A_per_m2(SEI, 'reaction', 5e-9, interface_V, 298.15);
    expect(at(0.4)).toBeCloseTo(1.5e-7, 12);
    expect(at(0.1) / at(0.4)).toBeCloseTo(Math.exp(0.15 / 0.0256926), 0);
    expect(at(-5)).toBe(at(-0.2));
  });
});

describe('plating', () => {
  it('on fast charge in the cold; rest gives most of it back, the rest is dead', () => {
    const model = spme(CHEN2020, { soc_frac: 0.5, temperature_degC: 0, withPlating: true });
    const inventory_Ah = model.lithium_Ah();
    runCurrent(model, 7.5, 4.2, 1800, 1);
    const plated_Ah = model.state.reversibleLoss_Ah;
    expect(plated_Ah).toBeGreaterThan(0.001);
    discharge(model, 1, 3, 5);
    rest(model, 3600, 10);
    expect(model.state.reversibleLoss_Ah).toBeLessThan(0.1 * plated_Ah);
    expect(model.state.irreversibleLoss_Ah).toBeGreaterThan(0);
    expect(model.state.irreversibleLoss_Ah).toBeLessThan(0.1 * plated_Ah);
    expect(model.lithium_Ah()).toBeCloseTo(inventory_Ah, 9);
  });

  it('dissolves no more than there is, however long the step', () => {
    const metal = { plated_mol_per_m3: 3, dead_mol_per_m3: 0 };
    const current = platingCurrent_A_per_m2(metal, PLATING, 0.8, 1000, 4e5, 298.15, 1e5);
    expect(current).toBeLessThan(0);
    bookPlating(metal, PLATING, current, 1, 4e5, 1e5);
    expect(metal.plated_mol_per_m3).toBeGreaterThanOrEqual(0);
    expect(metal.plated_mol_per_m3).toBeLessThan(1e-3);
  });

  it('in slow charge at 25 degC stays below its equilibrium with the reserve', () => {
    const model = spme(CHEN2020, { soc_frac: 0.1, withPlating: true });
    runCurrent(model, 1, 4.1, 1e5, 5);
    const perAmount_Ah = (8.75e-6 * 96485) / 3600;
    const equilibrium_Ah = perAmount_Ah * 1000 * Math.exp(-model.state.platingReserve_V / 0.0256926);
    expect(model.state.platingReserve_V).toBeGreaterThan(0);
    expect(model.state.reversibleLoss_Ah).toBeLessThan(equilibrium_Ah);
    expect(model.state.reversibleLoss_Ah).toBeGreaterThan(0.1 * equilibrium_Ah);
  });
});
