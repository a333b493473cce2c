import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { createAemRig } from '../../../sim/plant/aem/model.ts';
import { createAlkalineRig } from '../../../sim/plant/alkaline/rig.ts';
import { latentHeat_J_per_mol, waterHeld_mol } from '../../../sim/plant/electrolyser/water.ts';
import { saturationPressure_bar } from '../../../sim/plant/pem/cell.ts';
import { createPemRig } from '../../../sim/plant/pem/rig.ts';
import { kelvin } from '../../validate/row.ts';
import { type Bench, benchOf } from './bench-rig.ts';

type Truth = ReturnType<typeof steady>['rig']['truth'];

/** The 500 kW PEM bench, hours under one load, and what it was an hour before the end. */
function steady(temperature_degC: number, current_A: number, barg: number) {
  const rig = createPemRig({ random: seededRandom(1), startTemperature_degC: temperature_degC });
  const bench = benchOf(rig);
  for (const [role, value] of Object.entries({
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': temperature_degC,
    'stack.voltageSet_V': 340,
    'stack.powerSet_W': 600_000,
    'stack.currentSet_A': current_A,
    'stack.outputSet_on': 1,
    'cathode.pressureSet_barg': barg,
  }))
    bench.set(role, value);
  bench.run(3 * 3600, 5);
  const before = { ...rig.truth };
  bench.run(3600, 5);
  return { bench, rig, before };
}

/** What a balance gained over the last hour. */
function gained({ rig, before }: { rig: { truth: Truth }; before: Truth }, key: keyof Truth): number {
  return rig.truth[key] - before[key];
}

it('latent heat is that of the steam tables', () => {
  for (const [degC, kJ_per_kg] of [
    [25, 2442],
    [60, 2358],
    [80, 2308],
    [100, 2256],
  ])
    expect(latentHeat_J_per_mol(degC) / 18.015 / kJ_per_kg).toBeCloseTo(1, 2);
});

it.each([
  [60, 0, 0.368],
  [60, 30, 0.129],
  [80, 0, 1.32],
  [80, 30, 0.455],
])('at %d degC and %d barg %d mol of vapour leave with each mol of H2', (degC, barg, expected) => {
  const run = steady(degC, 1500, barg);
  const perH2 = gained(run, 'vapourOut_mol') / gained(run, 'waterSplit_mol');
  const { temperature_degC, cathode_bara, anode_bara } = run.rig.truth;
  const vapour_bar = saturationPressure_bar(kelvin(temperature_degC));
  const law = vapour_bar / (cathode_bara - vapour_bar) + (0.5 * vapour_bar) / (anode_bara - vapour_bar);
  expect(Math.abs(perH2 / law - 1)).toBeLessThan(0.02);
  // The table is for 1.01 bar: valves that pass the gas hold the sides some ten mbar higher.
  expect(Math.abs(perH2 / expected - 1)).toBeLessThan(0.1);
});

it.each([500, 1000, 2000])(
  'at 80 degC and ambient pressure a stack at %d A needs a heater, not a cooler',
  current_A => {
    const run = steady(80, current_A, 0);
    // At 2000 A just about none of either: 84 kW made, 82 kW gone with vapour and feed water.
    expect(gained(run, 'heater_J')).toBeGreaterThan(current_A === 2000 ? 1e5 : 1e7);
    expect(gained(run, 'cooler_J')).toBeLessThan(1e4);
    // Nothing else warms or cools it: heat made + heater + pump = vapour + feed water + losses.
    const made = gained(run, 'heat_J') + gained(run, 'heater_J') + gained(run, 'pump_J');
    const gone = gained(run, 'vapour_J') + gained(run, 'feed_J') + gained(run, 'loss_J');
    expect(Math.abs(made - gone)).toBeLessThan(0.005 * made);
  },
);

it('all the water that is fed is split, drained or leaves as vapour, or is still there', () => {
  const run = steady(60, 2000, 30);
  const held = waterHeld_mol(run.rig.truth) - waterHeld_mol(run.before);
  const gone = gained(run, 'waterSplit_mol') + gained(run, 'waterDrained_mol') + gained(run, 'vapourOut_mol');
  const fed = gained(run, 'waterFed_mol');
  expect(fed).toBeGreaterThan(1000);
  expect(Math.abs(fed - gone - held) / fed).toBeLessThan(1e-9);
  // 2000 A through 135 cells split 90.7 L in an hour; drain and vapour come on top.
  expect(gained(run, 'waterSplit_mol') * 0.018015).toBeGreaterThan(88);
  expect(fed * 0.018015).toBeGreaterThan(120);
});

it('without water pumped a PEM stack gets worse: it dries, its resistance rises, it never gets hotter than it boils', () => {
  const { bench, rig } = steady(60, 1500, 0);
  const before_V = rig.truth.cellVoltage_V;
  bench.disturb('water.pumpStopped_on', 1);
  let highest_V = 0;
  let hottest_degC = 0;
  for (let minute = 0; minute < 40; minute++) {
    bench.run(60);
    highest_V = Math.max(highest_V, rig.truth.cellVoltage_V);
    hottest_degC = Math.max(hottest_degC, rig.truth.temperature_degC);
    expect(rig.truth.anode_bara).toBeLessThan(1.3);
  }
  expect(highest_V).toBeGreaterThan(before_V + 0.3);
  expect(rig.truth.cellVoltage_V / Math.max(rig.truth.current_A, 1)).toBeGreaterThan(2 * (before_V / 1500));
  expect(hottest_degC).toBeLessThan(101);
  bench.disturb('water.pumpStopped_on', 0);
  bench.run(3600);
  expect(Math.abs(rig.truth.cellVoltage_V - before_V)).toBeLessThan(0.01);
});

it('vapour and feed water take their part of the heat of alkaline and AEM stacks too', () => {
  for (const bench of [
    benchOf(createAlkalineRig({ random: seededRandom(1), plant: { startTemperature_degC: 70 } })),
    benchOf(createAemRig({ random: seededRandom(1), plant: { startTemperature_degC: 55 } })),
  ] as readonly Bench<ReturnType<typeof createAemRig>>[]) {
    for (const [role, value] of Object.entries({
      'water.pumpSet_on': 1,
      'stack.temperatureSet_degC': 55,
      'stack.voltageSet_V': 100,
      'stack.powerSet_W': 1e6,
      'stack.currentSet_A': 50,
      'stack.outputSet_on': 1,
    }))
      bench.set(role, value);
    bench.run(3600, 5);
    const { truth } = bench.rig;
    expect(truth.vapour_J).toBeGreaterThan(0.005 * truth.electric_J);
    expect(truth.feed_J).toBeGreaterThan(0.002 * truth.electric_J);
  }
});
