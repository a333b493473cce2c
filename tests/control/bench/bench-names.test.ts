import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadBench, parseBench } from '../../../control/bench/bench-file.ts';
import { benchNames } from '../../../control/bench/bench-names.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { onBench } from '../../../profiles/language/bench/on-bench.ts';
import { readLanguageText } from '../../../profiles/language/file/read-file.ts';
import { splitName } from '../../../profiles/language/units/names.ts';

/** What a bench offers to a method of version 2. */

const EXAMPLES = ['pem-500kw', 'alkaline-15kw', 'durability-pem', 'cell-cycling', 'hydride-pct'] as const;
type Example = (typeof EXAMPLES)[number];
const path = (name: Example): string => `examples/${name}/bench.yaml`;
const namesOf = (name: Example): ReturnType<typeof benchNames> =>
  benchNames(loadBench(path(name), describeDevice));

/** The example without its own figures, one piece of its text replaced; a piece that is not there is a slip of the test. */
function changed(name: Example, from: string, to: string): ReturnType<typeof benchNames> {
  const text = readFileSync(path(name), 'utf8').replace(/^ *(figures: \{.*\}|activeMass_g: .*)\n/gm, '');
  expect(text).toContain(from);
  return benchNames(parseBench(path(name), text.replace(from, to), describeDevice));
}

describe('what a bench offers to a method', () => {
  it.each(EXAMPLES)('%s: every name has a unit of the language, and none is measured and set', name => {
    const { measured, settable } = namesOf(name);
    expect(measured.size).toBeGreaterThan(8);
    expect(settable.length).toBeGreaterThan(4);
    expect([...measured.keys(), ...settable].filter(role => splitName(role) === undefined)).toEqual([]);
    expect(settable.filter(role => measured.has(role))).toEqual([]);
  });

  it('of a stack', () => {
    const { subjectKind, measured, settable, subject, bench } = namesOf('pem-500kw');
    expect(subjectKind).toBe('stack');
    expect(measured.get('cell.voltage_V')).toEqual({ isArray: true });
    expect(measured.get('stack.current_A')).toEqual({ isArray: false });
    expect(settable).toContain('cathode.pressureSet_barg');
    expect(subject).toEqual({
      cells_count: 135,
      activeArea_cm2: 1000,
      currentNominal_A: 2000,
      powerNominal_W: 500_000,
      pressureMax_barg: 35,
      temperature_degC: 60,
      leastCurrent_A_per_bar: 49.45,
    });
    expect(bench).toEqual({ cathodeVolume_L: 250, anodeVolume_L: 80, waterFlow_L_per_min: 200 });
  });

  it('of a cell, with what its bench file says beyond the sheet', () => {
    const said =
      'capacity_Ah: 5\n  activeMass_g: 12\n  activeArea_cm2: 1027\n  figures: { separator_um: 12 }';
    const { subjectKind, subject } = changed('cell-cycling', 'capacity_Ah: 5', said);
    expect(subjectKind).toBe('cell');
    expect(subject).toEqual({
      capacity_Ah: 5,
      currentMax_A: 10,
      voltageMin_V: 2.5,
      voltageMax_V: 4.2,
      activeMass_g: 12,
      activeArea_cm2: 1027,
      separator_um: 12,
      cells_count: 1,
    });
  });

  it('of a vessel, with the volumes of the bench', () => {
    const figures = 'version: 1\nfigures: { tankVolume_mL: 150, sampleVolume_L: 0.025 }';
    const { subjectKind, bench } = changed('hydride-pct', 'version: 1', figures);
    expect(subjectKind).toBe('vessel');
    expect(bench).toEqual({ tankVolume_mL: 150, sampleVolume_L: 0.025 });
  });

  it('derived roles are measured ones', () => {
    const derived =
      'derived:\n  cell.spread_V: { kind: spread, of: "cell.voltage_V[]" }\n\n# The gate refuses setpoints';
    const { measured } = changed('pem-500kw', '# The gate refuses setpoints', derived);
    expect(measured.get('cell.spread_V')).toEqual({ isArray: false });
  });
});

describe('a method on a bench file', () => {
  const method = (steps: string): ReturnType<typeof readLanguageText> =>
    readLanguageText('m.yaml', `method: m\nversion: 2\nsteps:\n${steps}\n`);

  it('finds relative units, arrays and volumes', () => {
    const stack = onBench(
      method(
        '- { cc: { current_A_per_cm2: 1 }, until: mean(cell.voltage_V) > 2 or stack.voltage_mV_per_cell > 2000, within_h: 1 }',
      ),
      namesOf('pem-500kw'),
    );
    expect(stack.settings).toEqual(['stack.currentSet_A']);
    expect(stack.reads).toEqual(['cell.voltage_V', 'stack.voltage_V']);
    const volumes = changed('hydride-pct', 'version: 1', 'version: 1\nfigures: { tankVolume_mL: 150 }');
    const slot = onBench(method('- { let: { a_L: 2 * bench.tankVolume_L } }'), volumes).expressions.get(
      'steps[0].let.a_L',
    )?.slots[0];
    expect(slot).toEqual({ from: 'figure of the bench', name: 'bench.tankVolume_L', value: 0.15 });
  });

  it.each([
    ['cc', '- { cc: { current_A: 1 }, for_h: 1 }'],
    ['rest', '- { rest: {}, for_h: 1 }'],
    ['ramp', '- { ramp: { power_W: 1, in_h: 1 } }'],
    ['eis', '- { eis: { amplitude_mV: 5, from_Hz: 100, to_Hz: 1 }, within_h: 1 }'],
  ])('%s on a vessel is refused', (kind, step) => {
    const act = (): unknown => onBench(method(step), namesOf('hydride-pct'));
    expect(act).toThrow(
      `${kind}: drives the output of a supply, but what stands on this bench is a vessel, which has none`,
    );
  });

  it.each([
    [
      'one value of an array role',
      '- { let: { a_V: cell.voltage_V } }',
      '"cell.voltage_V" is a list, expected one value in V: use min, max or mean of it',
    ],
    ['no array for one value', '- { let: { a_V: cell.voltge_V } }', '(did you mean stack.voltage_V?)'],
    [
      'an array in a function of arrays',
      '- { let: { a_V: max(cell.voltge_V) } }',
      '"cell.voltge_V" (did you mean cell.voltage_V?)',
    ],
    [
      'what is measured in the unit of the place',
      '- { rest: {}, until: stack.curent_A > 3 A, within_h: 1 }',
      '(did you mean stack.current_A?)',
    ],
  ])('a hint proposes what would be taken: %s', (_what, step, says) => {
    expect(() => onBench(method(step), namesOf('pem-500kw'))).toThrow(says);
  });

  it('a ramp of gas on a vessel is not', () => {
    const found = onBench(
      method('- { ramp: { tank.pressure_barg: 5, per_min: 1 } }'),
      namesOf('hydride-pct'),
    );
    expect(found.settings).toEqual(['tank.pressureSet_barg']);
  });
});

describe('figures that are none', () => {
  it.each([
    ['volume', 'figures.volume: key "volume": "volume" has no unit'],
    ['tankVolume_LL', 'key "tankVolume_LL": "tankVolume_LL" has no unit (did you mean NL?)'],
    ['valve_on', '"valve_on" is no number, expected stem_unit like "volume_L"'],
    ['tank.volume_L', '"tank.volume_L" has no unit'],
  ])('%s', (name, message) => {
    const figures = `version: 1\nfigures: { ${name}: 1 }`;
    expect(() => changed('hydride-pct', 'version: 1', figures)).toThrow(message);
  });

  it.each([
    [
      'hydride-pct',
      'version: 1',
      'version: 1\nfigures: { tank_mL: 1, tank_L: 2 }',
      'expected one of tank_mL and tank_L: they are one figure in two units',
    ],
    [
      'cell-cycling',
      'capacity_Ah: 5',
      'capacity_Ah: 5\n  figures: { capacity_mAh: 5000 }',
      'expected capacity_Ah only: capacity_mAh is the same figure',
    ],
    [
      'pem-500kw',
      'cells: 135',
      'cells: 135\n  figures: { cells_count: 135 }',
      'expected cells only: cells_count is the same figure',
    ],
    [
      'cell-cycling',
      'capacity_Ah: 5',
      'capacity_Ah: 5\n  activeMass_g: 0',
      'cell.activeMass_g: found 0, expected a number > 0',
    ],
    [
      'pem-500kw',
      '  stack.voltage_V: supply.voltage_V',
      '  cell.voltage_V: supply.voltage_V',
      'cell.voltage_V is a role too, expected another name: in methods both are one',
    ],
  ] as const)('%s: %s', (example, from, to, message) => {
    let found = 'accepted';
    try {
      changed(example, from, to);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      found = error.message;
    }
    expect(found).toContain(message);
    expect(found).toMatch(/bench\.yaml:\d+: /);
  });
});
