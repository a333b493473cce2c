import { describe, expect, it } from 'vitest';
import { openBeside } from '../../sim/beside.ts';
import { openRig, type PlantChoice } from '../../sim/open-rig.ts';

/** The plant behind the twin beside a bench: where it starts, what it follows. */

const STACK: PlantChoice = {
  plant: 'pem',
  set: 'irox-n115-500kw',
  parameters: {},
  subject: { cells: 10, activeArea_cm2: 100, currentNominal_A: 200 },
};
const CELL: PlantChoice = {
  plant: 'ecm',
  set: 'chen2020',
  parameters: {},
  subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
};
const ON: readonly (readonly [string, number])[] = [
  ['water.pumpSet_on', 1],
  ['stack.voltageSet_V', 30],
  ['stack.powerSet_W', 10_000],
  ['stack.outputSet_on', 1],
  ['stack.currentSet_A', 150],
];
const nothing = (): number => Number.NaN;

describe('twin beside a stack', () => {
  it('follows a rig that is set the same, whenever it is asked', () => {
    const rig = openRig(STACK, 1);
    const beside = openBeside(STACK, ['stack.voltage_V', 'cathode.pressure_barg'], 1);
    beside.begin(7, nothing);
    for (const [role, value] of ON) {
      rig.set(rig.actuatorIndex(role), value);
      beside.apply(role, value, 7);
    }
    for (const t of [1, 60, 61.5, 600]) {
      rig.advanceTo(t);
      // Sensor errors of a ten-cell stack.
      expect(
        Math.abs(beside.predict(0, 7 + t) - rig.sensor(rig.sensorIndex('stack.voltage_V'))),
      ).toBeLessThan(0.12);
      expect(
        Math.abs(beside.predict(1, 7 + t) - rig.sensor(rig.sensorIndex('cathode.pressure_barg'))),
      ).toBeLessThan(0.05);
    }
    expect(beside.predict(0, 700)).toBeGreaterThan(15);
  });

  it('starts at the measured temperatures', () => {
    const beside = openBeside(STACK, ['stack.temperature_degC', 'room.temperature_degC'], 1);
    beside.begin(
      0,
      role => ({ 'stack.temperature_degC': 47, 'room.temperature_degC': 28 })[role] ?? Number.NaN,
    );
    expect(beside.predict(0, 1)).toBeCloseTo(47, 1);
    expect(beside.predict(1, 1)).toBeCloseTo(28, 2);
  });

  it('what was applied before its begin holds', () => {
    const beside = openBeside(STACK, ['stack.voltage_V'], 1);
    for (const [role, value] of ON) beside.apply(role, value, 2);
    beside.begin(5, nothing);
    expect(beside.predict(0, 20)).toBeGreaterThan(15);
  });

  it('goes as much faster as the plant of the bench does', () => {
    const slow = openBeside(STACK, ['stack.temperature_degC'], 1);
    const fast = openBeside(STACK, ['stack.temperature_degC'], 10);
    for (const beside of [slow, fast]) {
      for (const [role, value] of [...ON, ['stack.temperatureSet_degC', 60] as const])
        beside.apply(role, value, 0);
      beside.begin(0, nothing);
    }
    expect(fast.predict(0, 60)).toBeCloseTo(slow.predict(0, 600), 6);
  });

  it('ignores what its plant cannot set', () => {
    const beside = openBeside(STACK, ['stack.voltage_V'], 1);
    beside.begin(0, nothing);
    expect(() => beside.apply('plc.lampSet_on', 1, 3)).not.toThrow();
  });

  it('refuses a role that its plant does not show', () => {
    expect(() => openBeside(STACK, ['cell.voltage_V'], 1)).toThrow(
      /twin\.beside: pem does not show cell\.voltage_V, expected one of stack\.voltage_V, /,
    );
  });
});

describe('twin beside a cell', () => {
  it('starts at the measured temperature and the charge that the voltage of the rested cell shows', () => {
    for (const startSoc_frac of [0.15, 0.5, 0.92]) {
      const choice = { ...CELL, parameters: { startSoc_frac, start_degC: 38 } };
      const rig = openRig(choice, 3);
      const truth_V = rig.truthOf('cell.voltage_V');
      const beside = openBeside(CELL, ['cell.voltage_V', 'cell.temperature_degC'], 1);
      beside.begin(
        0,
        role => ({ 'cell.voltage_V': truth_V, 'cell.temperature_degC': 38 })[role] ?? Number.NaN,
      );
      expect(beside.predict(0, 1)).toBeCloseTo(truth_V, 4);
      expect(beside.predict(1, 1)).toBeCloseTo(38, 1);
      for (const [role, value] of [
        ['cell.modeSet_count', 1],
        ['cell.currentSet_A', -5],
        ['cell.outputSet_on', 1],
      ] as const) {
        rig.set(rig.actuatorIndex(role), value);
        beside.apply(role, value, 1);
      }
      rig.advanceTo(60);
      expect(beside.predict(0, 61)).toBeCloseTo(rig.truthOf('cell.voltage_V'), 3);
    }
  });

  it('a figure of the bench file stands above a reading', () => {
    const choice = { ...CELL, parameters: { startSoc_frac: 0.5 } };
    const beside = openBeside(choice, ['cell.voltage_V'], 1);
    beside.begin(0, role => (role === 'cell.voltage_V' ? 4.1 : Number.NaN));
    expect(beside.predict(0, 1)).toBeCloseTo(openRig(choice, 1).truthOf('cell.voltage_V'), 4);
  });
});
