import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { onBench } from '../../../profiles/language/bench/on-bench.ts';
import type { BenchNames } from '../../../profiles/language/bench/reference.ts';
import { Evaluator } from '../../../profiles/language/evaluate/evaluator.ts';
import { readLanguageText } from '../../../profiles/language/file/read-file.ts';
import { cell, isStackFile, stack } from './benches.ts';

const FILES = new URL('files/', import.meta.url);
const names = readdirSync(FILES).sort();

describe('the example files', () => {
  it.each(names)('%s: every name is found on a bench that has it', name => {
    const bench = isStackFile(name) ? stack : cell;
    const file = readLanguageText(name, readFileSync(new URL(name, FILES), 'utf8'));
    const found = onBench(file, bench);
    expect(found.expressions.size).toBe(file.expressions.size);
    const isKnown = (role: string): boolean => bench.measured.has(role);
    expect(found.reads.filter(role => !isKnown(role))).toEqual([]);
    for (const { tree, slots } of found.expressions.values()) {
      expect(JSON.parse(JSON.stringify({ tree, slots }))).toEqual({ tree, slots });
    }
  });

  it('read and set what they say', () => {
    const text = readFileSync(new URL('high-pressure.yaml', FILES), 'utf8');
    const { reads, settings } = onBench(readLanguageText('high-pressure.yaml', text), stack);
    expect(reads).toEqual(['cathode.pressure_barg', 'o2.h2_vol_pct', 'stack.current_A']);
    expect(settings).toEqual(['cathode.pressureSet_barg', 'stack.currentSet_A']);
  });
});

/** A method with one condition or one step. */
function method(step: string, head = ''): string {
  return `method: x\nversion: 2\n${head}steps:\n- ${step}\n`;
}

const waiting = (condition: string): string => method(`{ wait: {}, until: "${condition}", within_h: 1 }`);

describe('a name in another unit', () => {
  const cases: readonly (readonly [string, BenchNames, string, number, number])[] = [
    ['C of a 5 Ah cell', cell, 'cell.current_C < -1/2', -2.51, 1],
    ['C of a 5 Ah cell, just not', cell, 'cell.current_C < -1/2', -2.49, 0],
    ['current by area', cell, 'cell.current_mA_per_cm2 > 100', 1.01, 1],
    ['per cent of nominal', stack, 'stack.current_pct >= 75', 150, 1],
    ['voltage a cell', stack, 'stack.voltage_V_per_cell > 1.5', 7.51, 1],
    ['voltage a cell in mV', stack, 'stack.voltage_mV_per_cell > 1500', 7.49, 0],
    ['absolute pressure', stack, 'cathode.pressure_bara > 2', 0.99, 1],
    ['absolute pressure, just not', stack, 'cathode.pressure_bara > 2', 0.98, 0],
    ['mV', cell, 'cell.voltage_mV > 2500', 2.51, 1],
    ['subject in another unit', cell, 'cell.current_A > subject.capacity_mAh / 1 h', 5.01, 1],
  ];
  it.each(cases)('%s', (_, bench, condition, reading, expected) => {
    const found = onBench(readLanguageText('m.yaml', waiting(condition)), bench);
    const expression = found.expressions.get('steps[0].until');
    if (expression === undefined) throw new Error('no condition');
    const values = expression.slots.map(slot => {
      if (slot.from === 'figure of the bench') return slot.value;
      if (slot.from !== 'role') throw new Error(slot.from);
      return (reading * slot.to.num) / slot.to.den + slot.to.plus;
    });
    const evaluator = new Evaluator(
      expression.tree,
      values.map((__, first) => ({ first, count: 1 })),
    );
    evaluator.run(Float64Array.from(values), Float64Array.of(0));
    expect(evaluator.result).toBe(expected);
  });

  it('is set in the unit of the role', () => {
    const text = method('{ cc: { current_C: 1/2 }, for_h: 1 }');
    const target = onBench(readLanguageText('m.yaml', text), cell).sets.get('steps[0].cc.current_C');
    expect(target?.role).toBe('cell.currentSet_A');
    expect(target === undefined ? 0 : (0.5 * target.to.num) / target.to.den + target.to.plus).toBe(2.5);
    const bara = onBench(readLanguageText('m.yaml', method('{ set: { cathode.pressure_bara: 3 } }')), stack);
    const { num, den, plus } = bara.sets.get('steps[0].set.cathode.pressure_bara')?.to ?? {
      num: 0,
      den: 1,
      plus: 0,
    };
    expect((3 * num) / den + plus).toBeCloseTo(1.98675, 12);
  });
});

describe('what this bench does not have', () => {
  it.each([
    [
      cell,
      waiting('cell.volage_V > 2'),
      'm.yaml:4:23: until: the bench has no "cell.volage_V" (did you mean cell.voltage_V?)',
    ],
    [
      cell,
      method(
        '{ wait: {}, until: us60.current_mA > 1, within_h: 1 }',
        'data: { us06: { file: u.csv, time_s: t, current_A: I } }\n',
      ),
      '"us60.current_mA" (did you mean us06.current_A?)',
    ],
    [cell, waiting('stack.current_A > 2'), 'until: the bench has no "stack.current_A"'],
    [
      cell,
      waiting('cell.current_A_per_g > 2'),
      'until: the bench file has no subject.activeMass_g, which this unit needs',
    ],
    [
      stack,
      waiting('stack.current_C > 2'),
      'until: the bench file has no subject.capacity_Ah, which this unit needs',
    ],
    [
      stack,
      waiting('stack.voltage_V > subject.voltageMax_V'),
      'until: the bench file has no subject.voltageMax_V, which this method needs',
    ],
    [
      stack,
      waiting('cell.voltage_V > 2'),
      'until: "cell.voltage_V" is a list in V and cannot be compared: use min, max, mean or spread',
    ],
    // One cell is all cells.
    [cell, waiting('mean(cell.voltage_V) > 2'), 'accepted'],
    ...['mean', 'spread', 'min', 'max'].map(
      name =>
        [
          stack,
          waiting(`${name}(stack.voltage_V) > 2.3`),
          `m.yaml:4:${24 + name.length}: until: "stack.voltage_V" is one value (did you mean cell.voltage_V?), expected an array role: ${name}(array)`,
        ] as const,
    ),
    [stack, waiting('max(stack.voltage_mV, 2300) > 1'), 'accepted'],
    [stack, waiting('spread(stack.current_A) > 2'), '"stack.current_A" is one value, expected an array role'],
    [cell, waiting('spread(mix.o2_vol_pct) > 2'), '"mix.o2_vol_pct" is one value, expected an array role'],
    [
      cell,
      method('{ set: { chamber.temperatur_degC: 5 } }'),
      'chamber.temperatur_degC: nothing on this bench sets "chamber.temperatur_degC" (did you mean chamber.temperature_degC?)',
    ],
    [
      stack,
      method('{ cr: { resistance_Ohm: 5 }, for_h: 1 }'),
      'resistance_Ohm: nothing on this bench sets "stack.resistance_Ohm"',
    ],
    [
      stack,
      method('{ cc: { current_C: 5 }, for_h: 1 }'),
      'current_C: the bench file has no subject.capacity_Ah, which this unit needs',
    ],
    [
      cell,
      method('{ rest: {}, for_h: 1, record: { change: { cell.x_V: 1 } } }'),
      'cell.x_V: the bench has no "cell.x_V"',
    ],
    [cell, method('{ set: { chamber.temperatureSet_degC: 5 } }'), 'accepted'],
  ] as const)('%#', (bench, text, message) => {
    let found = 'accepted';
    try {
      onBench(readLanguageText('m.yaml', text), bench);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      found = error.message;
    }
    expect(found).toContain(message);
  });
});
