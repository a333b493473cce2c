import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { createAlkalineRig } from '../../../sim/plant/alkaline/rig.ts';
import { alkalineSet } from '../../../sim/plant/alkaline/sets.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser/rig.ts';
import { springerConductivity_S_per_cm } from '../../../sim/plant/pem/cell.ts';
import { PEM_MODEL } from '../../../sim/plant/pem/model.ts';
import { PEM_500_KW } from '../../../sim/plant/pem/pem-500kw.ts';
import { PLANTS } from '../../../sim/plants.ts';
import { kelvin } from '../../validate/row.ts';
import { type Bench, benchOf } from './bench-rig.ts';

/** A rig under load until its gas has settled. */
function settled(
  rig: ElectrolyserRig,
  settings: Readonly<Record<string, number>>,
  for_s: number,
): Bench<ElectrolyserRig> {
  const bench = benchOf(rig);
  for (const [role, value] of Object.entries({
    'water.pumpSet_on': 1,
    'stack.voltageSet_V': 1000,
    'stack.powerSet_W': 1e8,
    'stack.outputSet_on': 1,
    ...settings,
  }))
    bench.set(role, value);
  bench.run(for_s, 5);
  return bench;
}

function alkaline(set: string, load_frac: number, barg: number, for_s = 12_000): Bench<ElectrolyserRig> {
  const { subject, curve } = alkalineSet(set);
  const temperature_degC = curve.valid_degC[1];
  return settled(
    createAlkalineRig({
      set,
      random: seededRandom(1),
      plant: { startTemperature_degC: temperature_degC },
    }),
    {
      'stack.temperatureSet_degC': temperature_degC,
      'stack.currentSet_A': load_frac * subject.currentNominal_A,
      'cathode.pressureSet_barg': barg,
    },
    for_s,
  );
}

it('a membrane 110 um thinner takes its own resistance away, a thicker one adds it', () => {
  const at = { current_A: 2000, temperature_degC: 60, cathode_barg: 30, anode_barg: 0 };
  const volts = (thickness_cm: number): number =>
    PEM_MODEL.steadyCellVoltage_V?.(
      'irox-n115-500kw',
      { membraneThickness_cm: thickness_cm },
      PEM_500_KW,
      at,
    ) ?? Number.NaN;
  const own_V = (2 * 0.011) / springerConductivity_S_per_cm(kelvin(60), 22);
  expect(volts(0.0161) - volts(0.0051)).toBeCloseTo(own_V, 6);
  expect(volts(0.0271) - volts(0.0161)).toBeCloseTo(own_V, 6);
  // 110 um of Nafion at 60 degC are 60..80 mOhm cm2.
  expect(own_V).toBeGreaterThan(0.12);
  expect(own_V).toBeLessThan(0.16);
});

it('no membrane, however thin, makes a negative resistance', () => {
  for (const set of PEM_MODEL.sets) {
    const at = { current_A: 1, temperature_degC: 80, cathode_barg: 0, anode_barg: 0 };
    const subject = { cells: 1, activeArea_cm2: 1, currentNominal_A: 2 };
    const volts = (thickness_cm: number, current_A: number): number =>
      PEM_MODEL.steadyCellVoltage_V?.(set, { membraneThickness_cm: thickness_cm }, subject, {
        ...at,
        current_A,
      }) ?? Number.NaN;
    expect(volts(0.001, 3), set).toBeGreaterThan(volts(0.001, 2));
    expect(volts(0.05, 2), set).toBeGreaterThan(volts(0.001, 2));
  }
});

it('every stack says where it holds, and shows it when it is elsewhere', () => {
  for (const model of PLANTS.filter(plant => plant.steadyCellVoltage_V !== undefined)) {
    for (const set of model.sets) {
      const subject = { cells: 3, activeArea_cm2: 100, currentNominal_A: 50 };
      const rig = model.create({ set, parameters: {}, subject, random: seededRandom(1) });
      const bench = benchOf(rig);
      expect(bench.read('outsideValidity_on'), `${set} at rest`).toBe(0);
      expect(rig.truthOf('validity.high_degC')).toBeGreaterThanOrEqual(rig.truthOf('validity.low_degC'));
      for (const [role, value] of Object.entries({
        'stack.voltageSet_V': 100,
        'stack.powerSet_W': 1e6,
        'stack.currentSet_A': 20,
        'stack.outputSet_on': 1,
      }))
        bench.set(role, value);
      bench.run(20);
      // A cold ceramic lets no current through: at rest nothing is asked of its curve.
      const isOutside =
        rig.truthOf('current_A') >= 1 &&
        (rig.truthOf('temperature_degC') < rig.truthOf('validity.low_degC') - 2 ||
          rig.truthOf('cathode_bara') < rig.truthOf('validity.low_barg') + 0.01325);
      expect(bench.read('outsideValidity_on'), `${set} under load`).toBe(isOutside ? 1 : 0);
    }
  }
});

it('H2 in O2 of the measured alkaline stack goes on rising above the pressures of its points, and says so', () => {
  const at9 = alkaline('sanchez-15kw', 1, 8, 9000);
  const at29 = alkaline('sanchez-15kw', 1, 29, 9000);
  expect(at9.read('outsideValidity_on')).toBe(0);
  expect(at29.read('outsideValidity_on')).toBe(1);
  expect(at29.rig.truth.h2InO2_vol_pct / at9.rig.truth.h2InO2_vol_pct).toBeGreaterThan(2.5);
});

it('H2 in O2 of the modelled alkaline stacks rises 2.6-fold from full load to 23 %', () => {
  for (const set of ['ulleberg-26kw', 'degroot-30bar', 'industrial-16bar']) {
    const ratio =
      alkaline(set, 0.235, 9, 30_000).rig.truth.h2InO2_vol_pct / alkaline(set, 1, 9).rig.truth.h2InO2_vol_pct;
    expect(Math.abs(ratio / 2.6 - 1), `${set} ${ratio.toFixed(2)}`).toBeLessThan(0.15);
  }
});

it('a hot alkaline stack cools with a time constant of 7.5 to 9.7 h, its loop too', () => {
  const bench = benchOf(createAlkalineRig({ random: seededRandom(1), plant: { startTemperature_degC: 70 } }));
  bench.run(4 * 3600, 10);
  const tau_h = 4 / Math.log(50 / (bench.rig.truth.temperature_degC - 20));
  const loop_h = 4 / Math.log(50 / (bench.rig.truthOf('lye.temperature_degC') - 20));
  for (const found of [tau_h, loop_h]) {
    expect(found).toBeGreaterThan(7.5);
    expect(found).toBeLessThan(9.7);
  }
});
