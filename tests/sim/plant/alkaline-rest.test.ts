import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { createAlkalineRig } from '../../../sim/plant/alkaline/rig.ts';
import { ALKALINE_SETS } from '../../../sim/plant/alkaline/sets.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser/rig.ts';
import type { PlantSubject } from '../../../sim/plant/parts/model.ts';
import { type Bench, benchOf } from './bench-rig.ts';

/** Hot, pressurised and under nominal load for an hour. */
function loadedStack(set: string, subject: PlantSubject, barg: number): Bench<ElectrolyserRig> {
  const bench = benchOf(
    createAlkalineRig({ set, subject, random: seededRandom(1), plant: { startTemperature_degC: 70 } }),
  );
  for (const [role, value] of Object.entries({
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': 70,
    'stack.voltageSet_V': 3 * subject.cells,
    'stack.powerSet_W': 1e8,
    'stack.currentSet_A': subject.currentNominal_A,
    'stack.outputSet_on': 1,
    'cathode.pressureSet_barg': barg,
  }))
    bench.set(role, value);
  bench.run(3600);
  return bench;
}

/** Stack voltage so many seconds after the stop, V. */
function afterStop_V(bench: Bench<ElectrolyserRig>, times_s: readonly number[]): number[] {
  bench.set('stack.outputSet_on', 0);
  let last_s = 0;
  return times_s.map(at_s => {
    bench.run(at_s - last_s);
    last_s = at_s;
    return bench.rig.truth.stackVoltage_V;
  });
}

const OF_34: PlantSubject = { cells: 34, activeArea_cm2: 8000, currentNominal_A: 1700 };

it('34 cells fall from 45 V to 8.9 V in 20..40 s, to 5.2 V in 2.5 min, to 3.6 V in 7 min', () => {
  const [at2, at20, at40, at150, at420] = afterStop_V(
    loadedStack('industrial-16bar', OF_34, 9),
    [2, 20, 40, 150, 420],
  );
  expect(at2).toBeGreaterThan(37);
  expect(at20).toBeGreaterThan(8.9);
  expect(at40).toBeLessThan(1.1 * 8.9);
  expect(Math.abs(at150 / 5.2 - 1)).toBeLessThan(0.15);
  expect(Math.abs(at420 / 3.6 - 1)).toBeLessThan(0.2);
});

it('160 cells stand at 13..15 V after 1 min and at 3..5 V later', () => {
  const subject = { cells: 160, activeArea_cm2: 1000, currentNominal_A: 250 };
  const [at60, at900] = afterStop_V(loadedStack('sanchez-15kw', subject, 6), [60, 900]);
  expect(at60).toBeGreaterThan(13);
  expect(at60).toBeLessThan(15);
  expect(at900).toBeGreaterThan(3);
  expect(at900).toBeLessThan(5);
});

it('every alkaline set loses its voltage, and is back on its curve seconds after a restart', () => {
  for (const { name, subject } of ALKALINE_SETS) {
    const bench = loadedStack(name, subject, 6);
    const loaded_V = bench.rig.truth.cellVoltage_V;
    const [at60] = afterStop_V(bench, [60]);
    expect(at60 / subject.cells, name).toBeLessThan(0.5);
    const made = bench.rig.truth.h2Made_mol;
    bench.set('stack.outputSet_on', 1);
    bench.run(1);
    // The first 0.1 C/cm2 fill the electrodes and make no gas.
    const full_mol = (subject.cells * subject.currentNominal_A) / (2 * 96485);
    expect(bench.rig.truth.h2Made_mol - made).toBeLessThan(0.8 * full_mol);
    bench.run(20);
    expect(Math.abs(bench.rig.truth.cellVoltage_V - loaded_V), name).toBeLessThan(0.03);
  }
});

it('a stack that has never run has no voltage, and gas alone gives it none', () => {
  const bench = benchOf(createAlkalineRig({ random: seededRandom(1) }));
  bench.run(60);
  expect(bench.rig.truth.stackVoltage_V).toBeLessThan(0.1);
});
