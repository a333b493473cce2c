import { describe, expect, it } from 'vitest';
import { shownUnit } from '../../control/contract/shown-unit.ts';
import {
  durationText,
  figureText,
  kpiText,
  roleText,
  timeText,
  unitText,
  valueText,
} from '../../dashboards/format.ts';

describe('format', () => {
  it.each<[number | null, number | undefined, string, string]>([
    [54.1234, 0.631, '54.12', '0.63'],
    [1.32, 2.1, '1.3', '2.1'],
    [-12.3456, 0.05, '\u221212.346', '0.050'],
    [123456, 1234, '123\u202f500', '1200'],
    [123456, undefined, '123\u202f456', ''],
    [0.031234, undefined, '0.03123', ''],
    [99.96, 12, '100', '12'],
    [0, undefined, '0', ''],
    [null, 0.1, 'no value', ''],
    [Number.NaN, undefined, 'no value', ''],
    [1.5, 0, '1.500', ''],
  ])('%s with u95 %s reads %s ± %s', (value, u95, text, uncertainty) => {
    expect(figureText(value, u95)).toEqual({ value: text, u95: uncertainty });
  });

  it.each([
    ['kWh_per_kg', 'kWh/kg'],
    ['uV_per_h', 'µV/h'],
    ['mOhm_cm2', 'mΩ cm²'],
    ['mOhm.cm2', 'mΩ·cm²'],
    ['vol_pct', 'vol %'],
    ['pct', '%'],
    ['barg', 'bar(g)'],
    ['NL_per_min', 'NL/min'],
    ['unit of tomorrow', 'unit of tomorrow'],
  ])('unit %s reads %s', (unit, text) => expect(unitText(unit)).toBe(text));

  it('names read as words', () => {
    expect(kpiText('voltageEfficiencyHhv_pct', 'pct')).toBe('voltage efficiency HHV');
    expect(kpiText('kpi-without-unit', 'kWh')).toBe('kpi without unit');
    expect(kpiText('discharge-resistance-0.1s-at-90pct', 'mOhm')).toBe('discharge resistance 0.1s at 90pct');
    expect(roleText('stack.inletTemperature_degC', 'degC')).toBe('stack inlet temperature');
    expect(roleText('method.imbalance_mbar', 'mbar')).toBe('method imbalance');
    expect(roleText('method.imbalance_mbar', '')).toBe('method imbalance mbar');
    expect(shownUnit('method.imbalance_mbar')).toBe('mbar');
    expect(roleText('cell.voltage_V[].min', 'V')).toBe('cell voltage min');
    expect(roleText('o2.h2_vol_pct', 'vol_pct')).toBe('H₂ in O₂');
  });

  it('times and live values read plainly', () => {
    expect([timeText(0), timeText(59.6), timeText(45_021), timeText(360_000)]).toEqual([
      '0:00:00',
      '0:01:00',
      '12:30:21',
      '100:00:00',
    ]);
    expect([durationText(42), durationText(750), durationText(28_800)]).toEqual([
      '42 s',
      '12.5 min',
      '8.00 h',
    ]);
    expect([
      valueText(1.8123, 'V'),
      valueText(217.52, 'V'),
      valueText(1, 'on'),
      valueText(-1.25, 'degC'),
      valueText(0.25, 'A'),
      valueText(2012.3, 'A'),
      valueText(0.000_02, 'A'),
      valueText(Number.NaN, 'A'),
      valueText(-0.001, 'barg'),
    ]).toEqual(['1.812', '217.5', 'on', '\u22121.3', '0.250', '2012.3', '0.0000', 'NaN', '0.00']);
  });

  it.each<[string, number, readonly number[], readonly string[]]>([
    // A cycler of 10 A, a supply of 2000 A, a meter without an end.
    ['A', 0.005, [0, 0.05, 1.6, 9.99951, -12], ['0.000', '0.050', '1.600', '10.000', '\u221212.000']],
    ['A', 1.2, [0, 0.25, 1.6, 2012.3], ['0.0', '0.3', '1.6', '2012.3']],
    ['A', 1e-9, [0, 0.25, 100], ['0.0000', '0.2500', '100.0000']],
    ['V', 0.006, [3.71, 4.99949, 5.2], ['3.710', '4.999', '5.200']],
    ['V', 0.5, [1.2, 4.9, 217.52], ['1.2', '4.9', '217.5']],
    ['NL_per_min', 0.001, [0.01, 1.5], ['0.010', '1.500']],
    ['degC', 0.001, [9.96, 25], ['10.0', '25.0']],
    ['on', 0.001, [1], ['on']],
  ])(
    'with a resolution the decimals of %s at %s do not hang on the value',
    (unit, resolution, values, texts) => {
      expect(values.map(value => valueText(value, unit, resolution))).toEqual(texts);
    },
  );
});
