import { describe, expect, it } from 'vitest';
import { protonicOpenCircuit, protonicPoint, VOLLESTAD_2019 } from '../../../sim/plant/pcec/cell.ts';
import { createPcecRig, PCEC_MODEL, PCEC_SUBJECT } from '../../../sim/plant/pcec/model.ts';
import {
  type Chemistry,
  checkModel,
  commonTests,
  driven,
  loaded,
  steadyCell_V,
} from './electrolyser-checks.ts';

const PCEC: Chemistry = {
  name: 'pcec',
  cells: PCEC_SUBJECT.cells,
  currentNominal_A: PCEC_SUBJECT.currentNominal_A,
  temperature_degC: 550,
  pressure_barg: 9,
  make: createPcecRig,
};

describe('proton-ceramic rig', () => {
  commonTests(PCEC, 6, 8);
  it('declares its parameters', () => checkModel(PCEC_MODEL, PCEC, PCEC_SUBJECT), 30_000);

  it('550 degC, 10 bar, 0.214 A/cm2 with much steam: 1.204 V and 0.934 of the current is H2', () => {
    const bench = loaded(PCEC, 1);
    bench.set('steam.flowSet_NL_per_min', 40);
    bench.set('stack.currentSet_A', 21.4);
    bench.run(1800);
    const t = bench.rig.truth;
    expect(Math.abs(t.cellVoltage_V - 1.204)).toBeLessThan(0.005);
    expect(Math.abs(bench.rig.truthOf('stack.faradaic_frac') / 0.934 - 1)).toBeLessThan(0.02);
    expect(steadyCell_V(PCEC_MODEL, 'vollestad-2019', PCEC_SUBJECT, bench.rig)).toBeCloseTo(1.204, 2);
  });

  it('heats up in its furnace, and passes nothing worth speaking of while cold', () => {
    const bench = driven(PCEC, 1);
    bench.set('stack.outputSet_on', 1);
    bench.set('stack.voltageSet_V', 14);
    bench.set('stack.powerSet_W', 1e4);
    bench.set('stack.currentSet_A', 50);
    bench.run(10);
    expect(bench.rig.truth.current_A).toBeLessThan(0.01);
    bench.set('water.pumpSet_on', 1);
    bench.set('stack.temperatureSet_degC', 550);
    bench.run(5 * 3600, 60);
    expect(bench.rig.truth.temperature_degC).toBeCloseTo(550, 0);
    expect(bench.rig.truth.current_A).toBeGreaterThan(20);
  });

  it('too little steam bends the voltage up and holds the H2 at what the steam gives', () => {
    const bench = loaded(PCEC, 1);
    const fed_V = bench.rig.truth.cellVoltage_V;
    bench.disturb('steam.lost_pct', 75);
    bench.run(30);
    expect(bench.rig.truth.cellVoltage_V).toBeGreaterThan(fed_V + 0.2);
    expect(bench.rig.truthOf('steam.used_frac')).toBeCloseTo(0.98, 2);
    bench.disturb('steam.lost_pct', 0);
    bench.run(60);
    expect(bench.rig.truth.cellVoltage_V).toBeCloseTo(fed_V, 2);
  });

  it('shut in at rest the leakage burns H2: the cathode loses twice what the O2 side loses', () => {
    const bench = loaded(PCEC, 1);
    bench.set('stack.outputSet_on', 0);
    bench.set('cathode.pressureSet_barg', 30);
    bench.run(120);
    const before = { ...bench.rig.truth };
    bench.run(600);
    const t = bench.rig.truth;
    const lost = before.cathodeH2_mol - t.cathodeH2_mol;
    const burnt = 2 * (t.o2Recombined_mol - before.o2Recombined_mol);
    expect(burnt).toBeGreaterThan(1e-4);
    expect(Math.abs(lost / burnt - 1)).toBeLessThan(0.05);
    const open = protonicOpenCircuit(VOLLESTAD_2019, protonicPoint(VOLLESTAD_2019, 823.15, t.anode_bara));
    const expected = (open.leakage_A_per_cm2 * 1000 * 600) / (2 * 96485.33);
    expect(Math.abs(burnt / expected - 1)).toBeLessThan(0.1);
  });
});
