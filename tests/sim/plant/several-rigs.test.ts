import { describe, expect, it } from 'vitest';
import { choosePlant, openRig } from '../../../sim/open-rig.ts';
import { severalRigs } from '../../../sim/several-rigs.ts';

/** Several cells in one chamber, as one rig. */

const choice = choosePlant(
  { plant: 'ecm', set: 'lfp-26650', parameters: {} },
  'cell',
  { cells: 1, activeArea_cm2: 0, currentNominal_A: 3 },
  '.',
);
const rigOf = () =>
  severalRigs(
    new Map([
      ['a', openRig(choice, 1)],
      ['b', openRig(choice, 2)],
    ]),
  );

describe('several plants as one rig', () => {
  it('have their signals under their names, and do not move each other', () => {
    const rig = rigOf();
    const set = (name: string, value: number): void => {
      const index = rig.actuatorIndex(name);
      expect(index, name).toBeGreaterThanOrEqual(0);
      rig.set(index, value);
      expect(rig.setting(index), name).toBe(value);
    };
    const shown = (name: string): number => rig.sensor(rig.sensorIndex(name));
    set('a/cell.modeSet_count', 1);
    set('a/cell.currentSet_A', 2);
    set('a/cell.outputSet_on', 1);
    rig.advanceTo(60);
    expect(shown('a/cell.current_A')).toBeCloseTo(2, 1);
    expect(shown('b/cell.current_A')).toBeCloseTo(0, 1);
    expect(shown('b/cell.output_on')).toBe(0);
    expect(rig.time_s).toBe(60);
    expect(rig.sensorIndex('c/cell.current_A')).toBe(-1);
    expect(rig.sensorIndex('b/no.such_A')).toBe(-1);
  });

  it('share what has a plain name: set, it is set for all', () => {
    const rig = rigOf();
    rig.set(rig.actuatorIndex('chamber.temperatureSet_degC'), 40);
    for (const name of ['a', 'b', '']) {
      const of = name === '' ? '' : `${name}/`;
      expect(rig.setting(rig.actuatorIndex(`${of}chamber.temperatureSet_degC`))).toBe(40);
    }
    rig.advanceTo(4 * 3600);
    for (const name of ['a/cell.temperature_degC', 'b/cell.temperature_degC', 'chamber.temperature_degC'])
      expect(rig.sensor(rig.sensorIndex(name)), name).toBeGreaterThan(35);
  });
});
