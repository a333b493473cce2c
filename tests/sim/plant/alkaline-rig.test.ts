import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { ALKALINE_MODEL } from '../../../sim/plant/alkaline/model.ts';
import { createAlkalineRig } from '../../../sim/plant/alkaline/rig.ts';
import { ALKALINE_SETS, alkalineSet } from '../../../sim/plant/alkaline/sets.ts';
import { type Chemistry, checkModel, commonTests, loaded, steadyCell_V } from './electrolyser-checks.ts';

const chemistryOf = (name: string): Chemistry => {
  const { subject, curve } = alkalineSet(name);
  return {
    name,
    cells: subject.cells,
    currentNominal_A: subject.currentNominal_A,
    temperature_degC: curve.valid_degC[1],
    pressure_barg: curve.valid_bara[1] - 1.01325,
    make: options => createAlkalineRig({ set: name, ...options }),
  };
};
const SANCHEZ = chemistryOf('sanchez-15kw');
const INDUSTRIAL = chemistryOf('industrial-16bar');

describe.each(ALKALINE_SETS.map(({ name }) => chemistryOf(name)))('alkaline rig $name', chemistry => {
  commonTests(chemistry, 15, 15);

  it('stands at the steady curve of its set, the anode at the cathode pressure', () => {
    const bench = loaded(chemistry, 1);
    const t = bench.rig.truth;
    const { subject } = alkalineSet(chemistry.name);
    const steady_V = steadyCell_V(ALKALINE_MODEL, chemistry.name, subject, bench.rig);
    expect(Math.abs(t.cellVoltage_V - steady_V)).toBeLessThan(0.002);
    expect(Math.abs(t.cathode_bara - 1.01325 - chemistry.pressure_barg)).toBeLessThan(0.03);
    expect(Math.abs(t.anode_bara - t.cathode_bara)).toBeLessThan(0.05);
  });
});

describe('alkaline effects', () => {
  it('Sanchez at 0.3 A/cm2: product is the measured efficiency, H2 in O2 the measured correlation', () => {
    const bench = loaded(SANCHEZ, 1);
    bench.set('cathode.pressureSet_barg', 6);
    bench.set('stack.currentSet_A', 300);
    bench.run(9000);
    const before = { ...bench.rig.truth };
    bench.run(3600);
    const t = bench.rig.truth;
    const product = (t.h2Product_mol - before.h2Product_mol) / ((300 * 12 * 3600) / (2 * 96485.33));
    expect(Math.abs(product / 0.935 - 1)).toBeLessThan(0.005);
    // Table: 0.9 % at 75 degC, 7 bar.
    expect(Math.abs(t.h2InO2_vol_pct - 0.9)).toBeLessThan(0.1);
  }, 30_000);

  it('H2 in O2 rises at low load; split lye takes it down after the lag of the loop, mixing brings it back', () => {
    const bench = loaded(INDUSTRIAL, 1);
    const at = (name: string): number => bench.rig.truthOf(name);
    const nominal = at('h2InO2_vol_pct');
    bench.set('stack.currentSet_A', 0.2 * INDUSTRIAL.currentNominal_A);
    bench.run(7200);
    const low = at('h2InO2_vol_pct');
    expect(low).toBeGreaterThan(2.5 * nominal);
    const carried = at('lye.carriedH2_mol_per_s_cm2');
    bench.set('lye.splitSet_on', 1);
    bench.run(300);
    // One residence of the lye: 1/e is left.
    expect(at('lye.carriedH2_mol_per_s_cm2') / carried).toBeCloseTo(Math.exp(-1), 2);
    bench.run(7200);
    expect(at('h2InO2_vol_pct')).toBeLessThan(0.75 * low);
    bench.disturb('lye.mixed_pct', 100);
    bench.run(7200);
    expect(at('h2InO2_vol_pct')).toBeCloseTo(low, 1);
  }, 30_000);

  it('loss of lye dries the cells beyond the spare part; dilution raises the resistance', () => {
    const bench = loaded(SANCHEZ, 1);
    const volts = (): number => {
      bench.run(60);
      return bench.rig.truth.cellVoltage_V;
    };
    const healthy_V = volts();
    bench.disturb('lye.lost_pct', 20);
    expect(Math.abs(volts() - healthy_V)).toBeLessThan(0.003);
    bench.disturb('lye.lost_pct', 60);
    expect(volts()).toBeGreaterThan(healthy_V + 0.05);
    bench.disturb('lye.lost_pct', 0);
    bench.disturb('lye.diluted_pct', 70);
    expect(volts()).toBeGreaterThan(healthy_V + 0.02);
  });

  it('shunt currents lose 2 % at nominal load and several times as much at a fifth of it', () => {
    const bench = loaded(INDUSTRIAL, 1);
    expect(bench.rig.truthOf('stack.faradaic_frac')).toBeGreaterThan(0.975);
    expect(bench.rig.truthOf('stack.faradaic_frac')).toBeLessThan(0.985);
    bench.set('stack.currentSet_A', 0.2 * INDUSTRIAL.currentNominal_A);
    bench.run(600);
    expect(bench.rig.truthOf('stack.faradaic_frac')).toBeLessThan(0.93);
    bench.set('stack.currentSet_A', 0);
    bench.run(600);
    expect(bench.rig.truthOf('stack.faradaic_frac')).toBe(0);
  });

  it('own sensors show flow, temperature, level and concentration of the lye', () => {
    const { rig } = loaded(SANCHEZ, 4);
    const shown = (name: string): number => rig.sensor(rig.sensorIndex(name));
    expect(shown('lye.flow_L_per_min')).toBeCloseTo(6, 0);
    expect(Math.abs(shown('lye.temperature_degC') - 70)).toBeLessThan(8);
    expect(shown('lye.level_pct')).toBeCloseTo(50, -0.5);
    expect(shown('lye.concentration_pct')).toBeCloseTo(35, 0);
  });
});

describe('alkaline model', () => {
  it('declares its sets and parameters', () => {
    expect(ALKALINE_MODEL.sets).toEqual([
      'sanchez-15kw',
      'ulleberg-26kw',
      'degroot-30bar',
      'industrial-16bar',
    ]);
    checkModel(ALKALINE_MODEL, SANCHEZ, alkalineSet('sanchez-15kw').subject);
  });

  it('makes the measured stack if nothing is said', () => {
    const rig = createAlkalineRig({ random: seededRandom(1) });
    expect(rig.sensorRange('cell.voltage_V[]').count).toBe(12);
  });
});
