import { describe, expect, it } from 'vitest';
import { faultyRig } from '../../../sim/faults.ts';
import { ASSB_MODEL } from '../../../sim/plant/assb/model.ts';
import { SPME_MODEL } from '../../../sim/plant/cell/spme.ts';
import { CURRENT, cellBench, POWER, VOLTAGE } from './cell-bench.ts';

describe('a cell on the bench', () => {
  it('CC-CV: C/2 to 4.2 V, then the current falls to C/20 with the voltage held to 0.1 mV', () => {
    const bench = cellBench({ parameters: { startSoc_frac: 0.1 } });
    bench.order(CURRENT, 'cell.currentSet_A', 2.5);
    let constantCurrent_s = 0;
    let held_s = 0;
    while (bench.truth('cell.terminalCurrent_A') >= 0.25 || bench.rig.time_s === 0) {
      bench.run(1);
      if (bench.truth('cell.terminalCurrent_A') === 2.5) constantCurrent_s++;
      else {
        held_s++;
        expect(Math.abs(bench.truth('cell.terminalVoltage_V') - 4.2)).toBeLessThan(1e-4);
      }
      expect(bench.rig.time_s).toBeLessThan(12_000);
    }
    expect(constantCurrent_s).toBeGreaterThan(5000);
    expect(held_s).toBeGreaterThan(300);
    expect(bench.truth('cell.soc_frac')).toBeGreaterThan(0.97);
  });

  it('power beyond what the cell can give ends at its strongest point, not in collapse', () => {
    const bench = cellBench();
    bench.set('cell.voltageMinSet_V', 0);
    bench.order(POWER, 'cell.powerSet_W', -10_000);
    bench.run(1);
    expect(bench.truth('cell.terminalVoltage_V')).toBeGreaterThan(1.5);
    expect(bench.truth('cell.terminalCurrent_A')).toBe(-50);
  });

  it('lead off: no current, the sensed voltage floats away, and comes back with the lead', () => {
    const bench = cellBench();
    bench.order(CURRENT, 'cell.currentSet_A', 5);
    bench.run(10);
    const before_V = bench.read('cell.voltage_V');
    bench.disturb('cycler.leadOff_on', 1);
    bench.run(10);
    expect(bench.truth('cell.terminalCurrent_A')).toBe(0);
    expect(bench.read('cell.voltage_V')).toBeLessThan(0.01);
    expect(bench.rig.impedance(Float64Array.of(1)).re_Ohm[0]).toBeGreaterThan(1e6);
    bench.disturb('cycler.leadOff_on', 0);
    bench.run(1);
    expect(bench.read('cell.voltage_V')).toBeCloseTo(before_V, 1);
  });

  it('an internal short empties and warms the resting cell by V^2 G, unseen by the channel', () => {
    const bench = cellBench({ parameters: { startSoc_frac: 0.9 } });
    bench.disturb('cell.shortConductance_S', 0.5);
    bench.run(600);
    expect(Math.abs(bench.truth('cell.terminalCurrent_A'))).toBeLessThan(1e-4);
    const voltage_V = bench.truth('cell.terminalVoltage_V');
    expect(bench.truth('cell.current_A') / (-0.5 * voltage_V)).toBeCloseTo(1, 3);
    expect(bench.truth('cell.soc_frac')).toBeCloseTo(0.9 - (2 * 600) / 3600 / 5.1532, 2);
    expect(bench.truth('cell.temperature_degC')).toBeGreaterThan(30);
    expect(bench.read('cell.discharged_Ah')).toBeLessThan(1e-4);
    bench.order(VOLTAGE, 'cell.voltageSet_V', 4);
    bench.run(5);
    expect(bench.truth('cell.terminalVoltage_V')).toBeCloseTo(4, 4);
  });

  it('a bad contact takes its drop at the terminals and its part of the spectrum', () => {
    const good = cellBench();
    const bad = cellBench();
    bad.disturb('cell.contact_Ohm', 0.01);
    for (const bench of [good, bad]) {
      bench.order(CURRENT, 'cell.currentSet_A', -5);
      bench.run(30);
    }
    const drop_V = good.truth('cell.terminalVoltage_V') - bad.truth('cell.terminalVoltage_V');
    expect(drop_V).toBeCloseTo(0.05, 9);
    const [a, b] = [good, bad].map(bench => bench.rig.impedance(Float64Array.of(100)));
    expect(b.re_Ohm[0] - a.re_Ohm[0]).toBeCloseTo(0.01, 9);
    expect(b.im_Ohm[0]).toBeCloseTo(a.im_Ohm[0], 9);
  });

  it('its faults are switched in time by their names in the field', () => {
    const { rig } = cellBench();
    const faulty = faultyRig(rig, [
      { kind: 'supply-trip', target: 'cycler', from_s: 10, to_s: 20 },
      { kind: 'supply-lead-off', target: 'cycler', from_s: 30, to_s: 40 },
      { kind: 'cell-short', target: 'cell.shortConductance_S', from_s: 50, to_s: 60, size: 1 },
      { kind: 'ambient-change', target: 'chamber', from_s: 70, size: 5 },
    ]);
    for (const [role, value] of [
      ['cell.modeSet_count', CURRENT],
      ['cell.currentSet_A', 2],
      ['cell.outputSet_on', 1],
    ] as const)
      faulty.set(faulty.actuatorIndex(role), value);
    const at = (time_s: number, truth: string): number => {
      faulty.advanceTo(time_s);
      return faulty.truthOf(truth);
    };
    expect(at(5, 'cell.terminalCurrent_A')).toBe(2);
    expect(at(15, 'cell.terminalCurrent_A')).toBe(0);
    expect(faulty.sensor(faulty.sensorIndex('cell.output_on'))).toBe(0);
    expect(at(25, 'cell.terminalCurrent_A')).toBe(2);
    expect(at(35, 'cell.terminalCurrent_A')).toBe(0);
    expect(at(45, 'cell.terminalCurrent_A')).toBe(2);
    // 3.7 V over 1 S: the cell is discharged by the short while the channel charges.
    expect(at(55, 'cell.current_A')).toBeLessThan(-1.5);
    expect(at(65, 'cell.current_A')).toBeCloseTo(2, 9);
    const before_degC = at(69, 'chamber.air_degC');
    expect(at(75, 'chamber.air_degC') - before_degC).toBeCloseTo(5, 9);
  });

  it('the chamber ramps to its setpoint, takes the cell along, and a failing one warms both', () => {
    const bench = cellBench();
    bench.set('chamber.temperatureSet_degC', 45);
    bench.run(60);
    expect(bench.truth('chamber.air_degC')).toBeLessThanOrEqual(28.0001);
    bench.run(3 * 3600, 60);
    expect(bench.read('chamber.temperature_degC')).toBeCloseTo(45, 0);
    expect(bench.read('cell.temperature_degC')).toBeCloseTo(45, 0);
    bench.disturb('chamber.temperatureRise_K', 10);
    bench.run(3 * 3600, 60);
    expect(bench.read('cell.temperature_degC')).toBeCloseTo(55, 0);
  });

  it('half the grid step changes a CC-CV charge by less than 0.5 mV, 0.02 K and 0.1 percent of charge', () => {
    const runs = [1, 0.5].map(jump_s => {
      const bench = cellBench({ model: SPME_MODEL });
      bench.order(CURRENT, 'cell.currentSet_A', 2.5);
      // Polled off the grid the rig steps by what is asked.
      for (let t = jump_s; t <= 5400; t += jump_s) bench.rig.advanceTo(t);
      return bench;
    });
    const apart = (truth: string): number => Math.abs(runs[0].truth(truth) - runs[1].truth(truth));
    expect(apart('cell.terminalVoltage_V')).toBeLessThan(5e-4);
    expect(apart('cell.temperature_degC')).toBeLessThan(0.02);
    expect(apart('cell.charged_Ah') / runs[0].truth('cell.charged_Ah')).toBeLessThan(1e-3);
  });
});

describe('its instruments', () => {
  it('same seed, same readings; another seed, others; read twice, the same', () => {
    const readings = (seed: number): number[] => {
      const bench = cellBench({ seed });
      bench.order(CURRENT, 'cell.currentSet_A', 3);
      bench.run(50);
      return bench.rig.sensors.map(sensor => bench.read(sensor));
    };
    expect(readings(3)).toEqual(readings(3));
    expect(readings(3)).not.toEqual(readings(4));
    const bench = cellBench();
    bench.run(5);
    expect(bench.read('cell.voltage_V')).toBe(bench.read('cell.voltage_V'));
  });

  it('read within 3 mA, 1.5 mV and 0.3 K of the truth at 5 A on a 50 A channel', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const bench = cellBench({ seed });
      bench.order(CURRENT, 'cell.currentSet_A', 5);
      bench.run(5);
      expect(Math.abs(bench.read('cell.current_A') - 5)).toBeLessThan(0.016);
      expect(Math.abs(bench.read('cell.voltage_V') - bench.truth('cell.terminalVoltage_V'))).toBeLessThan(
        1.5e-3,
      );
      expect(
        Math.abs(bench.read('cell.temperature_degC') - bench.truth('cell.temperature_degC')),
      ).toBeLessThan(0.3);
      expect(bench.read('cell.power_W')).toBe(bench.read('cell.voltage_V') * bench.read('cell.current_A'));
    }
  });

  it('show what the cell has: electrodes for the particle model, pressure for the solid one, neither for a circuit', () => {
    const circuit = cellBench().rig;
    expect(circuit.sensors.filter(name => /Potential|pressure/.test(name))).toEqual([]);
    expect(circuit.actuatorIndex('cell.pressureSet_MPa')).toBe(-1);
    const particle = cellBench({ model: SPME_MODEL });
    particle.run(1);
    const difference_V =
      particle.read('cell.positivePotential_V') - particle.read('cell.negativePotential_V');
    expect(difference_V).toBeCloseTo(particle.read('cell.voltage_V'), 2);
    const solid = cellBench({ model: ASSB_MODEL });
    const before_Ohm = solid.rig.impedance(Float64Array.of(1)).re_Ohm[0];
    solid.set('cell.pressureSet_MPa', 50);
    solid.run(1);
    expect(solid.read('cell.pressure_MPa')).toBeCloseTo(50, 0);
    expect(solid.rig.impedance(Float64Array.of(1)).re_Ohm[0]).toBeLessThan(before_Ohm);
  });

  it('refuse NaN and unknown places by name', () => {
    const { rig } = cellBench();
    expect(() => rig.set(rig.actuatorIndex('cell.currentSet_A'), Number.NaN)).toThrow(
      'cell.currentSet_A: NaN, expected a finite number',
    );
    expect(() => rig.disturb(rig.disturbanceIndex('cycler.leadOff_on'), Number.NaN)).toThrow(
      'cycler.leadOff_on: NaN',
    );
    expect(() => rig.set(99, 1)).toThrow('actuator 99');
    expect(() => rig.sensor(-1)).toThrow('sensor -1');
    expect(() => rig.truthOf('cell.mood')).toThrow('truth "cell.mood"');
  });
});
