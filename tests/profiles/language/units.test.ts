import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNITS } from '../../../drivers/contract/units.ts';
import { noUnit, splitName, unitText } from '../../../profiles/language/units/names.ts';
import { resolveRelative } from '../../../profiles/language/units/relative.ts';
import { QUANTITIES } from '../../../profiles/language/units/table.ts';
import {
  conversion,
  converted,
  product,
  quotient,
  sameDimension,
  type Unit,
  unitHint,
  unitNamed,
} from '../../../profiles/language/units/unit.ts';

function unit(text: string): Unit {
  const found = unitNamed(text);
  if (found === undefined) throw new Error(`no unit ${text}`);
  return found;
}

const turn = (value: number, from: string, to: string): number =>
  converted(value, conversion(unit(from), unit(to)));

describe('a name', () => {
  it.each(UNITS.map(u => [u]))('ends in the same unit as on the bench: %s', u => {
    for (const name of [`stack.voltage_${u}`, `x_${u}`]) {
      expect(splitName(name)).toMatchObject({ stem: name.slice(0, -u.length - 1) });
      expect(unitText(splitName(name)?.unit ?? 'text')).toBe(u);
    }
  });

  it.each([
    ['current_A_per_cm2', 'current', 'A_per_cm2'],
    ['chamber.temperature_degC', 'chamber.temperature', 'degC'],
    ['gate_vol_pct', 'gate', 'vol_pct'],
    ['o2.h2_vol_pct', 'o2.h2', 'vol_pct'],
    ['plated_mAh_per_cm2', 'plated', 'mAh_per_cm2'],
    ['slope_mV_per_h', 'slope', 'mV_per_h'],
    ['least_A_per_bar', 'least', 'A_per_bar'],
    ['stack.voltage_V_per_cell', 'stack.voltage', 'V_per_cell'],
    ['asr_mOhm_cm2', 'asr', 'mOhm_cm2'],
    ['n2.anodeValve_on', 'n2.anodeValve', 'on'],
    ['operator_text', 'operator', 'text'],
    ['two_parts_V', 'two_parts', 'V'],
    ['rate_A_per_cm2_per_s', 'rate', 'A_per_cm2_per_s'],
  ])('%s is %s in %s', (name, stem, text) => {
    const split = splitName(name);
    expect(split?.stem).toBe(stem);
    expect(unitText(split?.unit ?? 'text')).toBe(text);
  });

  it.each([
    ['current', '"current" has no unit, expected stem_unit like "current_A"'],
    ['current_a', '"current_a" has no unit (did you mean A?), expected stem_unit like "current_A"'],
    [
      'rate_degC_per_min',
      '"rate_degC_per_min" has no unit (did you mean K_per_min?), expected stem_unit like "current_A"',
    ],
    [
      'rate_mv_per_h',
      '"rate_mv_per_h" has no unit (did you mean mV_per_h?), expected stem_unit like "current_A"',
    ],
    ['constructor', '"constructor" has no unit, expected stem_unit like "current_A"'],
    ['_V', '"_V" has no unit, expected stem_unit like "current_A"'],
    ['x.__proto__', '"x.__proto__" has no unit, expected stem_unit like "current_A"'],
  ])('%s is none', (name, message) => {
    expect(splitName(name)).toBeUndefined();
    expect(noUnit(name)).toBe(message);
  });
});

describe('a unit', () => {
  it.each([
    ['9 mV are 0.009 V', 9, 'mV', 'V', 0.009],
    ['1.5 h are 90 min', 1.5, 'h', 'min', 90],
    ['2 bar are 0.2 MPa', 2, 'bar', 'MPa', 0.2],
    ['3.6 mAh_per_cm2 are 0.0036 Ah_per_cm2', 3.6, 'mAh_per_cm2', 'Ah_per_cm2', 0.0036],
    ['1 mV_per_h', 1, 'mV_per_h', 'V_per_min', 1 / 60_000],
    ['0 barg are 1.01325 bara', 0, 'barg', 'bara', 1.01325],
    ['1 bara is -0.01325 barg', 1, 'bara', 'barg', -0.01325],
    ['10000 ppm', 10_000, 'vol_ppm', 'vol_pct', 1],
  ])('%s', (_, value, from, to, expected) => {
    expect(turn(value, from, to)).toBeCloseTo(expected, 12);
  });

  it('a normal litre is 44.615 mmol (molar volume 22.41397 L/mol, CODATA 2018)', () => {
    expect(1 / turn(1, 'NL', 'mol')).toBeCloseTo(22.41396954, 7);
  });

  it('comes back from wherever it was turned to', () => {
    const groups = QUANTITIES.flatMap(q => (q.units.length > 1 ? [q.units.map(u => u.text)] : [])).map(
      texts =>
        texts.filter(t => (unitNamed(t)?.scale === 'plain') === (unitNamed(texts[0])?.scale === 'plain')),
    );
    const pair = fc
      .constantFrom(...groups)
      .chain(g => fc.tuple(fc.constantFrom(...g), fc.constantFrom(...g)));
    fc.assert(
      fc.property(pair, fc.integer({ min: -1000, max: 1000 }), ([a, b], n) => {
        expect(turn(turn(n, a, b), b, a)).toBeCloseTo(n, 9);
      }),
    );
  });

  it('names every unit once, and nothing between dimensions is the same', () => {
    const all = QUANTITIES.flatMap(q => q.units.map(u => u.text));
    expect(new Set(all).size).toBe(all.length);
    expect(sameDimension(unit('V'), unit('A'))).toBe(false);
    expect(sameDimension(unit('pct'), unit('vol_pct'))).toBe(false);
    expect(sameDimension(unit('A'), unit('C'))).toBe(false);
  });

  it('comes about in products', () => {
    expect(quotient(unit('mAh_per_cm2'), unit('mA_per_cm2')).text).toBe('h');
    expect(quotient(unit('V'), unit('A')).text).toBe('Ohm');
    expect(product(unit('A_per_bar'), unit('bar')).text).toBe('A');
    expect(quotient(unit('count'), unit('A')).text).toBe('1/A');
    expect(quotient(unit('V'), unit('s')).text).toBe('V/s');
  });

  it.each([
    ['mv', ' (did you mean mV?)'],
    ['degc', ' (did you mean degC?)'],
    ['hour', ''],
    ['Mw', ' (did you mean mW?)'],
    ['vol_pc', ' (did you mean vol_pct?)'],
    ['mV_per_hr', ' (did you mean mV_per_h?)'],
    ['barg_per_min', ' (did you mean bar_per_min?)'],
    ['cell', ''],
  ])('is guessed: %s', (word, hint) => {
    expect(unitHint(word)).toBe(hint);
  });
});

describe('a relative unit', () => {
  const subject = { capacity_Ah: 5, activeArea_cm2: 100, cells_count: 5, currentNominal_A: 200 };
  it.each([
    ['current', 'C', { unit: 'A', factor: 5 }],
    ['current', 'pct', { unit: 'A', factor: 2 }],
    ['current', 'mA_per_cm2', { unit: 'mA', factor: 100 }],
    ['current', 'A_per_cm2_per_s', { unit: 'A_per_s', factor: 100 }],
    ['voltage', 'V_per_cell', { unit: 'V', factor: 5 }],
    ['charge', 'pct', { unit: 'Ah', factor: 0.05 }],
    ['charge', 'mAh_per_g', { missing: 'subject.activeMass_g' }],
    ['power', 'pct', { missing: 'subject.powerNominal_W' }],
    ['soc', 'pct', undefined],
    ['current', 'A', undefined],
    ['slope', 'mV_per_h', undefined],
  ])('%s_%s', (stem, text, expected) => {
    expect(resolveRelative(stem, unit(text), subject)).toEqual(
      expected === undefined ? undefined : expect.objectContaining(expected),
    );
  });
});
