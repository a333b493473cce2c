import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import {
  acParts_J,
  acSide,
  perProduct_kWh_per_kg,
  systemEnergy_J,
} from '../../../sim/plant/electrolyser/ac-side.ts';
import type { ElectrolyserTruth } from '../../../sim/plant/electrolyser/state.ts';
import type { PEM_500_KW } from '../../../sim/plant/pem/pem-500kw.ts';
import { createPemRig } from '../../../sim/plant/pem/rig.ts';
import { PLANTS } from '../../../sim/plants.ts';
import { benchOf } from './bench-rig.ts';

/** Energy parts of an hour of the 500 kW bench at 60 degC and 30 bar, kWh for each kg of product, by name. */
function hour_kWh_per_kg(
  current_A: number,
  options: Partial<typeof PEM_500_KW> = {},
): Record<string, number> {
  const rig = createPemRig({ random: seededRandom(1), startTemperature_degC: 60, ...options });
  const bench = benchOf(rig);
  for (const [role, value] of Object.entries({
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': 60,
    'stack.voltageSet_V': 340,
    'stack.powerSet_W': 600_000,
    'stack.currentSet_A': current_A,
    'stack.outputSet_on': 1,
    'cathode.pressureSet_barg': 30,
  }))
    bench.set(role, value);
  bench.run(2 * 3600, 5);
  const before: ElectrolyserTruth = { ...rig.truth };
  bench.run(3600, 5);
  const product_mol = rig.truth.h2Dried_mol - before.h2Dried_mol;
  const was = new Map(acParts_J(before));
  const parts = acParts_J(rig.truth).map(([name, energy_J]): [string, number] => [
    name,
    perProduct_kWh_per_kg(energy_J - (was.get(name) ?? 0), product_mol),
  ]);
  const system = systemEnergy_J(rig.truth) - systemEnergy_J(before);
  return { ...Object.fromEntries(parts), system: perProduct_kWh_per_kg(system, product_mol) };
}

it('500 kW at nominal load: 50..58 kWh/kg from the grid, of which 3..5 are beside the stack', () => {
  const of = hour_kWh_per_kg(2000);
  expect(of.system).toBeGreaterThan(50);
  expect(of.system).toBeLessThan(58);
  const beside = of.system - of['stack (DC)'];
  expect(beside).toBeGreaterThan(2.5);
  expect(beside).toBeLessThan(5.5);
  const { system, ...parts } = of;
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(system, 9);
});

it('at a tenth of the load what stands beside the stack weighs more for each kg', () => {
  const full = hour_kWh_per_kg(2000);
  const little = hour_kWh_per_kg(200);
  for (const part of ['rectifier', 'pump', 'controls']) expect(little[part]).toBeGreaterThan(2 * full[part]);
  expect(little['stack (DC)'] / full['stack (DC)']).toBeLessThan(1);
});

it('the rectifier has 97.8 % at full load and 96.7 % at a quarter', () => {
  const p = acSide(100);
  for (const [load, efficiency] of [
    [1, 0.978],
    [0.25, 0.967],
  ]) {
    const loss = p.rectifierIdle_frac + load * (p.rectifierLinear_frac + load * p.rectifierSquare_frac);
    expect(load / (load + loss)).toBeCloseTo(efficiency, 2);
  }
});

it('a dryer that uses product up raises both figures by that part', () => {
  const without = hour_kWh_per_kg(2000);
  const with_ = hour_kWh_per_kg(2000, { dryerLoss_frac: 0.065 });
  expect(with_['stack (DC)'] / without['stack (DC)']).toBeCloseTo(1 / (1 - 0.065), 4);
});

it('every stack declares its AC side with basis, and a worse cooler only costs energy from the grid', () => {
  for (const model of PLANTS.filter(plant => plant.steadyCellVoltage_V !== undefined)) {
    const [set] = model.sets;
    const declared = model.parameters(set).find(p => p.name === 'coolingCop_1');
    expect(declared?.basis, model.name).toBe('recalled');
    const subject = { cells: 5, activeArea_cm2: 100, currentNominal_A: 50 };
    const run = (coolingCop_1: number): readonly [number, number] => {
      const rig = model.create({ set, parameters: { coolingCop_1 }, subject, random: seededRandom(1) });
      const bench = benchOf(rig);
      for (const [role, value] of Object.entries({
        'water.pumpSet_on': 1,
        'stack.temperatureSet_degC': 21,
        'stack.voltageSet_V': 15,
        'stack.powerSet_W': 1e6,
        'stack.currentSet_A': 50,
        'stack.outputSet_on': 1,
      }))
        bench.set(role, value);
      bench.run(3600, 5);
      return [rig.truthOf('electric_J'), rig.truthOf('system.energyAc_J')];
    };
    const [stack_J, system_J] = run(10);
    const [sameStack_J, worse_J] = run(3);
    expect(sameStack_J).toBe(stack_J);
    expect(system_J).toBeGreaterThan(stack_J);
    expect(worse_J).toBeGreaterThanOrEqual(system_J);
  }
});
