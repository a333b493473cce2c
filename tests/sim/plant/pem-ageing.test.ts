import { describe, expect, it } from 'vitest';
import {
  AGEING,
  type Ageing,
  type AgeingParameters,
  ageingStress_1,
  stepAgeing,
} from '../../../sim/plant/parts/ageing.ts';
import { loadedRig } from './bench-rig.ts';

/** Irreversible rise after `hours` at loads from `load_frac(hour)`, uV. */
function irreversible_uV(
  hours: number,
  load_frac: (h: number) => number,
  change: Partial<AgeingParameters> = {},
  stress_1 = 1,
  ripple_frac = 0,
): number {
  const state: Ageing = {
    irreversible_V: 0,
    reversible_V: 0,
    stops: 0,
    isLoaded: false,
    load_frac: load_frac(0),
  };
  for (let k = 0; k < hours * 60; k++)
    stepAgeing(state, { ...AGEING, ...change }, load_frac(k / 60), stress_1, ripple_frac, 60);
  return state.irreversible_V * 1e6;
}

describe('what ages a stack, per 100 h', () => {
  const steady = irreversible_uV(100, () => 1);

  it('nominal load: the declared 15 uV/h', () => {
    expect(steady).toBeCloseTo(1500, 3);
  });

  it.each([
    ['half load: half of it', () => irreversible_uV(100, () => 0.5), 750],
    ['1.5 times nominal: with the overload', () => irreversible_uV(100, () => 1.5), 2250 + 4500],
    ['5 % load: the low-load rate on top', () => irreversible_uV(100, () => 0.05), 75 + 100],
    ['rest: idle', () => irreversible_uV(100, () => 0), 20],
    ['ripple of 4 %', () => irreversible_uV(100, () => 1, {}, 1, 0.04), 1500 + 200],
    ['twice the stress', () => irreversible_uV(100, () => 1, {}, 2), 3000],
  ] as const)('%s', (_name, rise_uV, expected) => {
    expect(rise_uV()).toBeCloseTo(expected, 3);
  });

  it('stops and swings leave their marks: 100 stops, 199 full swings', () => {
    const none = { irreversible_uV_per_h: 0, idle_uV_per_h: 0 };
    const rise_uV = irreversible_uV(100, h => (h % 1 < 0.5 ? 1 : 0), none);
    expect(rise_uV).toBeCloseTo(100 * AGEING.perStop_uV + 199 * AGEING.perSwing_uV, 3);
  });

  it('temperature by Arrhenius, pressure in proportion; 1 at 60 degC and ambient', () => {
    expect(ageingStress_1(AGEING, 60, 0)).toBeCloseTo(1, 12);
    expect(ageingStress_1(AGEING, 80, 0)).toBeCloseTo(
      Math.exp((AGEING.activation_J_per_mol / 8.314462618) * (1 / 333.15 - 1 / 353.15)),
      9,
    );
    expect(ageingStress_1(AGEING, 60, 30)).toBeCloseTo(1 + 30 * AGEING.perBar_frac, 12);
  });
});

describe('in the rig', () => {
  it('both parts are truths; rest takes the reversible part back and leaves the other', () => {
    const bench = loadedRig(1, 2000);
    bench.run(36_000, 60);
    const { rig } = bench;
    const loaded = rig.truthOf('ageing.reversible_uV');
    const kept = rig.truthOf('ageing.irreversible_uV');
    expect(loaded).toBeGreaterThan(200);
    // A product stack: 4 uV/h for 10 h.
    expect(kept).toBeGreaterThan(38);
    bench.set('stack.outputSet_on', 0);
    bench.run(4 * 3600, 60);
    expect(rig.truthOf('ageing.reversible_uV')).toBeLessThan(0.05 * loaded);
    expect(rig.truthOf('ageing.irreversible_uV')).toBeGreaterThan(kept + AGEING.perStop_uV);
    expect(rig.truthOf('ageing.stops_1')).toBe(1);
  });

  it('one bad cell: only it differs, and the stack by as much', () => {
    const bench = loadedRig(1, 1500);
    const { rig } = bench;
    const cell_V = (k: number): number => rig.truthOf(`cell[${k}].voltage_V`);
    const before = [cell_V(1), cell_V(2), rig.truthOf('stack.voltage_V')];
    bench.disturb('cell[2].dry_pct', 100);
    bench.run(1);
    expect(Math.abs(cell_V(1) - before[0])).toBeLessThan(0.001);
    const rise_V = cell_V(2) - before[1];
    expect(rise_V).toBeGreaterThan(0.15);
    expect(Math.abs(rig.truthOf('stack.voltage_V') - before[2] - rise_V)).toBeLessThan(0.02);
    // The mean of the cells is the stack, with a dry and a shorted cell too.
    bench.disturb('cell[9].short_pct', 60);
    bench.run(5);
    let sum_V = 0;
    for (let k = 1; k <= 135; k++) sum_V += cell_V(k);
    expect(sum_V).toBeCloseTo(rig.truthOf('stack.voltage_V'), 6);
  });

  it('a short takes voltage and gas; at rest it pulls the cell to 0', () => {
    const bench = loadedRig(1, 1500);
    const { rig } = bench;
    bench.disturb('cell[9].short_pct', 30);
    bench.run(60);
    const before = { ...rig.truth };
    bench.run(600);
    const made = rig.truth.h2Made_mol - before.h2Made_mol;
    const whole = ((rig.truth.charge_C - before.charge_C) * 135) / (2 * 96485.33212);
    // 30 % of 2000 A at 1.8 V, at the 1.7 V of this cell: some 560 of 1500 A in one of 135 cells.
    const lost = 1 - made / whole;
    expect(lost * 135).toBeGreaterThan(0.33);
    expect(lost * 135).toBeLessThan(0.4);
    const shorted_V = rig.truthOf('cell[9].voltage_V');
    expect(rig.truthOf('cell[8].voltage_V') - shorted_V).toBeGreaterThan(0.05);
    expect(shorted_V).toBeGreaterThan(1.2);
    bench.set('stack.outputSet_on', 0);
    bench.run(60);
    expect(Math.abs(rig.truthOf('cell[9].voltage_V'))).toBeLessThan(0.02);
    expect(rig.truthOf('cell[8].voltage_V')).toBeGreaterThan(1.1);
  });
});

describe('supply', () => {
  it('the current has steps; ripple heats only the resistance', () => {
    const supply = loadedRig(1, 0).rig.parameters.supply;
    const coarse = loadedRig(1, 1234, { supply: { ...supply, currentStep_A: 10 } });
    expect(coarse.rig.truthOf('current_A')).toBeCloseTo(1230, 9);
    const heat_kW = (ripple_frac: number): number => {
      const bench = loadedRig(1, 2000, { supply: { ...supply, ripple_frac } });
      const before = bench.rig.truth.heat_J;
      bench.run(100);
      return (bench.rig.truth.heat_J - before) / 1e5;
    };
    // 20 % of 2000 A through 135 cells of some 0.14 Ohm cm2 on 1000 cm2: 3 kW.
    const more_kW = heat_kW(0.2) - heat_kW(0);
    expect(more_kW).toBeGreaterThan(2);
    expect(more_kW).toBeLessThan(4.5);
  });
});
