import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { PlantRig, PlantSubject } from '../../../sim/plant/parts/model.ts';
import { PEM_MODEL } from '../../../sim/plant/pem/model.ts';
import { createPemRig } from '../../../sim/plant/pem/rig.ts';
import { PEM_SETS } from '../../../sim/plant/pem/sets.ts';

const EXAMPLE: PlantSubject = { cells: 135, activeArea_cm2: 1000, currentNominal_A: 2000 };

const rigOf = (
  set: string,
  subject: PlantSubject,
  parameters: Readonly<Record<string, number>> = {},
): PlantRig => PEM_MODEL.create({ set, parameters, subject, random: seededRandom(1) });

function setAll(rig: PlantRig, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) rig.set(rig.actuatorIndex(name), value);
}

describe('parameter sets', () => {
  it.each(PEM_MODEL.sets)('%s: figures inside their bounds, each with its basis and source', set => {
    const figures = PEM_MODEL.parameters(set);
    expect(new Set(figures.map(f => f.name)).size).toBe(figures.length);
    for (const f of figures) {
      expect(f.value, f.name).toBeGreaterThanOrEqual(f.low);
      expect(f.value, f.name).toBeLessThanOrEqual(f.high);
      expect(f.source.length, f.name).toBeGreaterThan(10);
    }
  });

  it.each(PEM_MODEL.sets)('%s: its stack runs at nominal current and shows the steady voltage', set => {
    const { cells, activeArea_cm2, currentNominal_A, cell } = PEM_SETS[set];
    const subject = { cells, activeArea_cm2, currentNominal_A };
    const temperature_degC = Math.min(cell.valid_degC[1], 60);
    // Without ageing, or the run-up would already show.
    const fresh = { ageingIrreversible_uV_per_h: 0, ageingReversible_uV: 0, ageingPerSwing_uV: 0 };
    const rig = rigOf(set, subject, fresh);
    setAll(rig, {
      'water.pumpSet_on': 1,
      'stack.temperatureSet_degC': temperature_degC,
      'stack.voltageSet_V': 1e6,
      'stack.powerSet_W': 1e9,
      'stack.currentSet_A': currentNominal_A,
      'stack.outputSet_on': 1,
    });
    rig.advanceTo(7200);
    const steady_V = PEM_MODEL.steadyCellVoltage_V?.(set, fresh, subject, {
      current_A: currentNominal_A,
      temperature_degC: rig.truthOf('temperature_degC'),
      cathode_barg: rig.truthOf('cathode.pressure_barg'),
      anode_barg: rig.truthOf('anode.pressure_barg'),
    });
    expect(rig.truthOf('current_A')).toBeCloseTo(currentNominal_A, 1);
    // Part of the gas at the electrodes is still that of the volumes: 0.2 mV.
    expect(Math.abs(rig.truthOf('cellVoltage_V') - (steady_V ?? 0))).toBeLessThan(0.001);
    expect(
      Math.abs(rig.sensor(rig.sensorIndex('stack.voltage_V')) / (cells * (steady_V ?? 0)) - 1),
    ).toBeLessThan(0.005);
  });

  it('Giner 46 kW at 55 degC, 400 A, 30 bar: 1.7333 V, 41.6 kW for the stack', () => {
    const subject = { cells: 60, activeArea_cm2: 290, currentNominal_A: 400 };
    const point = {
      current_A: 400,
      temperature_degC: 55,
      cathode_barg: 30 - 1.01325,
      anode_barg: 1 - 1.01325,
    };
    const volts = PEM_MODEL.steadyCellVoltage_V?.('giner-46kw', {}, subject, point) ?? 0;
    expect(volts).toBeCloseTo(1.7333, 3);
    expect((volts * 60 * 400) / 1000).toBeCloseTo(41.6, 1);
  });

  it.each([
    [40, [1.5851, 1.6475, 1.7256, 1.8816, 2.0854, 2.2697, 2.4461]],
    [60, [1.6, 1.6617, 1.7355, 1.8733, 2.0431, 2.1923, 2.333]],
  ])('the NREL-like set at %d degC follows that model within 1 mV', (temperature_degC, expected) => {
    [0.05, 0.1, 0.2, 0.5, 1, 1.5, 2].forEach((density, k) => {
      const point = {
        current_A: density * 1000,
        temperature_degC,
        cathode_barg: 1 - 1.01325,
        anode_barg: 1 - 1.01325,
      };
      const subject = { cells: 100, activeArea_cm2: 1000, currentNominal_A: 2000 };
      const volts = PEM_MODEL.steadyCellVoltage_V?.('nrel-like', {}, subject, point) ?? 0;
      expect(Math.abs(volts - expected[k])).toBeLessThan(0.001);
    });
  });

  it('the default set on its own stack is the rig of the example bench', () => {
    const drive = {
      'stack.voltageSet_V': 310,
      'stack.powerSet_W': 6e5,
      'stack.currentSet_A': 1500,
      'stack.outputSet_on': 1,
    };
    const one = rigOf(PEM_MODEL.sets[0], EXAMPLE);
    const other = createPemRig({ random: seededRandom(1) });
    for (const rig of [one, other]) {
      setAll(rig, drive);
      rig.advanceTo(500);
    }
    expect(one.sensors.map((_, i) => one.sensor(i))).toEqual(other.sensors.map((_, i) => other.sensor(i)));
  });

  it('an override reaches the plant; unknown names and figures out of bounds are refused by name', () => {
    const point = { current_A: 2000, temperature_degC: 60, cathode_barg: 0, anode_barg: 0 };
    const volts = (parameters: Record<string, number>): number =>
      PEM_MODEL.steadyCellVoltage_V?.('irox-n115-500kw', parameters, EXAMPLE, point) ?? 0;
    const asr = PEM_MODEL.parameters('irox-n115-500kw').find(f => f.name === 'asr_Ohm_cm2')?.value ?? 0;
    expect(volts({ asr_Ohm_cm2: asr + 0.01 }) - volts({})).toBeGreaterThan(0.02);
    expect(() => volts({ asr_Ohm: 1 })).toThrow('no parameter "asr_Ohm"');
    expect(() => volts({ asr_Ohm_cm2: -1 })).toThrow('asr_Ohm_cm2: -1');
    expect(() => PEM_MODEL.parameters('nothing')).toThrow('no PEM set "nothing"; there are: irox');
    expect(() => rigOf('giner-46kw', { ...EXAMPLE, cells: 0 })).toThrow('stack of 0 cells');
  });

  it('a stack of another size has a plant of its size: pressure rises as fast', () => {
    const rise = (subject: PlantSubject): number => {
      const rig = rigOf('irox-n115-500kw', subject);
      setAll(rig, {
        'stack.voltageSet_V': 1e6,
        'stack.powerSet_W': 1e9,
        'stack.currentSet_A': subject.currentNominal_A,
        'stack.outputSet_on': 1,
        'cathode.pressureSet_barg': 36,
      });
      rig.advanceTo(100);
      return rig.truthOf('cathode.pressure_barg');
    };
    const small = rise({ cells: 10, activeArea_cm2: 100, currentNominal_A: 200 });
    expect(small / rise(EXAMPLE)).toBeCloseTo(1, 2);
  });
});

describe('truths', () => {
  it('every truth is a number; sensors show them within their errors', () => {
    const rig = rigOf('irox-n115-500kw', EXAMPLE);
    rig.advanceTo(10);
    for (const name of rig.truths) expect(Number.isFinite(rig.truthOf(name)), name).toBe(true);
    const temperature = rig.sensor(rig.sensorIndex('stack.temperature_degC'));
    expect(Math.abs(temperature - rig.truthOf('stack.temperature_degC'))).toBeLessThan(0.2);
    expect(() => rig.truthOf('nothing')).toThrow('no truth "nothing"');
  });
});
