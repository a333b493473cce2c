import { describe, expect, it } from 'vitest';
import { type AgeingParameters, stepAgeing } from '../../../sim/plant/parts/ageing.ts';
import { benchRig, loadedRig } from './bench-rig.ts';

const NO_AGEING: AgeingParameters = {
  irreversible_uV_per_h: 0,
  ohmicShare_frac: 0.3,
  transportShare_frac: 0.15,
  overload_uV_per_h: 0,
  lowLoad_uV_per_h: 0,
  idle_uV_per_h: 0,
  perSwing_uV: 0,
  perRipplePercent_uV_per_h: 0,
  activation_J_per_mol: 0,
  reference_degC: 60,
  perBar_frac: 0,
  perStop_uV: 0,
  reversible_uV: 0,
  reversibleGrowth_h: 1,
  reversibleRecovery_h: 1,
};

describe('before the load', () => {
  it('starts vented, full of air, everything off but ventilation and the open vents', () => {
    const { rig, read } = benchRig(1);
    const on = rig.actuators.filter((_, i) => rig.setting(i) === 1);
    expect(on).toEqual(['anode.ventValveSet_on', 'h2.outletValveSet_on', 'room.ventilationSet_on']);
    expect(read('h2.o2_vol_pct')).toBeCloseTo(20.95, 1);
    expect(read('o2.h2_vol_pct')).toBeLessThan(0.05);
    expect(Math.abs(read('cathode.pressure_barg'))).toBeLessThan(0.05);
    expect(read('stack.voltage_V')).toBeLessThan(0.1);
    expect(read('stack.temperature_degC')).toBeCloseTo(20, 0);
  });

  it('leak test: N2 brings both sides to pressure, never reversed; then a leak of 2 NL/min shows', () => {
    const bench = benchRig(1, { leak_NL_per_min: 2 });
    const { rig, set, run } = bench;
    set('anode.ventValveSet_on', 0);
    set('cathode.pressureSet_barg', 36);
    set('n2.cathodeValveSet_on', 1);
    set('n2.anodeValveSet_on', 1);
    let reversed_bar = 0;
    for (let k = 1; k <= 330; k++) {
      set('n2.pressureSet_barg', k / 10);
      run(1);
      reversed_bar = Math.max(reversed_bar, rig.truth.anode_bara - rig.truth.cathode_bara);
    }
    run(300);
    expect(reversed_bar).toBeLessThan(0.05);
    expect(rig.truth.cathode_bara - 1.01325).toBeCloseTo(33, 1);
    expect(rig.truth.anode_bara - 1.01325).toBeCloseTo(33, 1);
    set('n2.cathodeValveSet_on', 0);
    set('n2.anodeValveSet_on', 0);
    const before = rig.truth.cathodeN2_mol + rig.truth.anodeN2_mol;
    run(1800);
    const lost_NL = (before - rig.truth.cathodeN2_mol - rig.truth.anodeN2_mol) * 22.413969;
    expect(lost_NL / 30).toBeCloseTo(2, 1);
  });

  it('gas pressure follows temperature (a leak test must correct for it)', () => {
    const { rig, set, run } = benchRig(1, { leak_NL_per_min: 0 });
    set('anode.ventValveSet_on', 0);
    set('cathode.pressureSet_barg', 36);
    set('n2.cathodeValveSet_on', 1);
    set('n2.pressureSet_barg', 20);
    run(900);
    set('n2.cathodeValveSet_on', 0);
    const cold = { ...rig.truth };
    set('water.pumpSet_on', 1);
    set('stack.temperatureSet_degC', 40);
    run(3600);
    const dry = (t: typeof cold, vapour_bar: number): number =>
      (t.cathode_bara - vapour_bar) / (t.temperature_degC + 273.15);
    expect(rig.truth.temperature_degC).toBeGreaterThan(39);
    // Tight and shut: no opening at all, and still no 0/0.
    expect(Object.entries(rig.truth).filter(([, v]) => !Number.isFinite(v))).toEqual([]);
    expect(dry({ ...rig.truth }, 0.0738) / dry(cold, 0.0234)).toBeCloseTo(1, 3);
  });

  it('purge at 1 barg exchanges 5 volumes of each side in 10 minutes', () => {
    const { rig, set, run } = benchRig(1);
    set('n2.pressureSet_barg', 1);
    for (const valve of ['n2.cathodeValveSet_on', 'n2.anodeValveSet_on', 'cathode.purgeValveSet_on'])
      set(valve, 1);
    const { cathodeO2_mol, anodeO2_mol } = { ...rig.truth };
    run(600);
    expect(rig.truth.cathodeO2_mol / cathodeO2_mol).toBeLessThan(Math.exp(-5));
    expect(rig.truth.anodeO2_mol / anodeO2_mol).toBeLessThan(Math.exp(-5));
  });

  it('warms from 20 to 60 degC in 30..45 min, never faster than 2 K/min', () => {
    const { rig, set, run } = benchRig(1);
    set('water.pumpSet_on', 1);
    set('stack.temperatureSet_degC', 60);
    let fastest_K = 0;
    while (rig.truth.temperature_degC < 59.5 && rig.time_s < 7200) {
      const before = rig.truth.temperature_degC;
      run(60);
      fastest_K = Math.max(fastest_K, rig.truth.temperature_degC - before);
    }
    expect(rig.time_s / 60).toBeGreaterThan(30);
    expect(rig.time_s / 60).toBeLessThan(45);
    expect(fastest_K).toBeLessThan(2);
    run(1800);
    expect(rig.truth.temperature_degC).toBeCloseTo(60, 1);
  });
});

describe('under load', () => {
  it('makes about 500 kW at 2000 A and 60 degC; sensors agree with each other', () => {
    const bench = loadedRig(1, 2000);
    expect(bench.read('stack.power_W') / 1000).toBeGreaterThan(490);
    expect(bench.read('stack.power_W') / 1000).toBeLessThan(515);
    const { first, count } = bench.rig.sensorRange('cell.voltage_V[]');
    const cells = Array.from({ length: count }, (_, k) => bench.rig.sensor(first + k));
    const sum_V = cells.reduce((sum, v) => sum + v, 0);
    expect(Math.abs(sum_V - bench.read('stack.voltage_V'))).toBeLessThan(0.2);
    const spread_V = Math.max(...cells) - Math.min(...cells);
    expect(spread_V).toBeGreaterThan(0.01);
    expect(spread_V).toBeLessThan(0.05);
    expect(bench.read('stack.temperature_degC')).toBeCloseTo(60, 0);
    expect(bench.read('h2.flow_NL_per_min')).toBeCloseTo(1878, -1);
  });

  it.each([
    ['voltage', 'stack.voltageSet_V', 230, 'stack.voltage_V'],
    ['power', 'stack.powerSet_W', 250_000, 'stack.power_W'],
  ])('constant %s: the limit holds and the current gives way', (_name, role, limit, shown) => {
    const bench = loadedRig(1, 2000);
    bench.set(role, limit);
    bench.run(120);
    expect(bench.read(shown) / limit).toBeCloseTo(1, 2);
    expect(bench.read('stack.current_A')).toBeLessThan(1500);
  });

  it('output off: no current after 10 ms; the cells fall to open circuit, and to 0 in N2', () => {
    const bench = loadedRig(1, 2000);
    bench.set('stack.outputSet_on', 0);
    bench.rig.advanceTo(bench.rig.time_s + 0.01);
    expect(bench.rig.truth.current_A).toBe(0);
    bench.run(60);
    expect(bench.rig.truth.cellVoltage_V).toBeGreaterThan(1.1);
    expect(bench.rig.truth.cellVoltage_V).toBeLessThan(1.45);
    bench.set('n2.pressureSet_barg', 2);
    for (const valve of ['n2.cathodeValveSet_on', 'n2.anodeValveSet_on', 'cathode.purgeValveSet_on'])
      bench.set(valve, 1);
    bench.run(1800);
    expect(bench.rig.truth.cellVoltage_V).toBeLessThan(0.05);
  });

  it('without the pump it overheats within minutes', () => {
    const bench = loadedRig(1, 2000);
    bench.set('water.pumpSet_on', 0);
    bench.run(300);
    expect(bench.read('stack.temperature_degC')).toBeGreaterThan(75);
    expect(bench.read('water.flow_L_per_min')).toBeLessThan(5);
  });

  it('hot standby: with the anode sweep H2 in O2 stays under 0.8 %, without it passes 2 % in minutes', () => {
    const bench = loadedRig(1, 400);
    bench.set('stack.outputSet_on', 0);
    bench.set('n2.pressureSet_barg', 2);
    bench.set('n2.anodeValveSet_on', 1);
    let highest = 0;
    for (let k = 0; k < 3600; k++) {
      bench.run(1);
      highest = Math.max(highest, bench.read('o2.h2_vol_pct'));
    }
    expect(highest).toBeLessThan(0.8);
    bench.set('n2.anodeValveSet_on', 0);
    bench.run(600);
    expect(bench.read('o2.h2_vol_pct')).toBeGreaterThan(2);
  });

  it('30 barg with own gas at 1 bar/min: held within 0.1 bar, 1.0..1.5 % at full load, over 2 % at 30 %', () => {
    const bench = loadedRig(1, 2000);
    let worst_bar = 0;
    for (let k = 0; k < 1800; k++) {
      bench.set('cathode.pressureSet_barg', k / 60);
      bench.run(1);
      if (k > 180) worst_bar = Math.max(worst_bar, Math.abs(bench.rig.truth.cathode_bara - 1.01325 - k / 60));
    }
    bench.run(600);
    expect(worst_bar).toBeLessThan(0.1);
    expect(bench.read('cathode.pressure_barg')).toBeCloseTo(30, 1);
    expect(bench.read('o2.h2_vol_pct')).toBeGreaterThan(1);
    expect(bench.read('o2.h2_vol_pct')).toBeLessThan(1.5);
    bench.set('stack.currentSet_A', 600);
    bench.run(1200);
    expect(bench.read('o2.h2_vol_pct')).toBeGreaterThan(2);
    expect(bench.read('cathode.pressure_barg')).toBeCloseTo(30, 1);
  });

  it('the analyser shows the gas after its line delay and t90', () => {
    const bench = loadedRig(1, 2000);
    const before = bench.rig.truth.h2InO2_vol_pct;
    bench.set('stack.outputSet_on', 0);
    bench.set('anode.ventValveSet_on', 0);
    bench.run(6);
    expect(Math.abs(bench.read('o2.h2_vol_pct') - before)).toBeLessThan(0.04);
    bench.run(600);
    expect(bench.read('o2.h2_vol_pct')).toBeGreaterThan(2);
    expect(bench.read('o2.h2_vol_pct')).toBeLessThan(bench.rig.truth.h2InO2_vol_pct);
  });

  it('depressurising by the setpoint works with the product valve closed: the gas goes to the vent, not the meter', () => {
    const bench = loadedRig(1, 2000);
    bench.set('cathode.pressureSet_barg', 10);
    bench.run(300);
    bench.set('stack.outputSet_on', 0);
    bench.set('h2.outletValveSet_on', 0);
    for (let k = 0; k <= 200; k++) {
      bench.set('cathode.pressureSet_barg', Math.max(0, 10 - k * 0.05));
      bench.run(1);
    }
    bench.run(30);
    expect(bench.read('cathode.pressure_barg')).toBeLessThan(0.5);
    expect(bench.read('h2.flow_NL_per_min')).toBeLessThan(2);
  });

  it('ages by 15 uV/h at nominal current', () => {
    const none = loadedRig(1, 2000, { ageing: NO_AGEING });
    const only = loadedRig(1, 2000, { ageing: { ...NO_AGEING, irreversible_uV_per_h: 15 } });
    none.run(36_000, 60);
    only.run(36_000, 60);
    const rise_uV = (only.rig.truth.cellVoltage_V - none.rig.truth.cellVoltage_V) * 1e6;
    // 10 h and the 15 min of the run-up.
    expect(rise_uV).toBeGreaterThan(150);
    expect(rise_uV).toBeLessThan(156);
  });

  it('the reversible part comes with load and goes in rest; a stop leaves its mark', () => {
    const ageing = { ...NO_AGEING, perStop_uV: 100, reversible_uV: 1000 };
    const state = { irreversible_V: 0, reversible_V: 0, stops: 0, isLoaded: false, load_frac: 1 };
    for (let k = 0; k < 3600; k++) stepAgeing(state, ageing, 1, 1, 0, 1);
    expect(state.reversible_V * 1e6).toBeCloseTo(1000 * (1 - Math.exp(-1)), 3);
    for (let k = 0; k < 7200; k++) stepAgeing(state, ageing, 0, 1, 0, 1);
    expect(state.reversible_V * 1e6).toBeCloseTo(1000 * (1 - Math.exp(-1)) * Math.exp(-2), 3);
    expect(state.stops).toBe(1);
    expect(state.irreversible_V * 1e6).toBeCloseTo(100, 9);
  });
});
