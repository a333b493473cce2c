import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../../sim/fit/data/columns.ts';
import { type DataChoices, readFitData } from '../../../sim/fit/fit-data.ts';

/** Files as instruments and people write them. */

const read = (text: string, choices: DataChoices = {}) => readFitData('d.csv', text, choices);

describe('names of columns', () => {
  it.each([
    ['frequency_Hz', 'frequency_Hz', 1],
    ['frequency_kHz', 'frequency_Hz', 1000],
    ['im_mOhm', 'im_Ohm', 0.001],
    ['re_Ohm_cm2', 're_Ohm_cm2', 1],
    ['re_mOhm_cm2', 're_Ohm_cm2', 0.001],
    ['freq/Hz', 'frequency_Hz', 1],
    ['Re(Z)/Ohm', 're_Ohm', 1],
    ['-Im(Z)/Ohm', 'im_Ohm', -1],
    ['Data Real', 're_Ohm', 1],
    ['Data Imag', 'im_Ohm', 1],
    ["Z' (\u03a9)", 're_Ohm', 1],
    ["\u2212Z'' (m\u03a9\u00b7cm\u00b2)", 'im_Ohm_cm2', -0.001],
    ['Zreal [MOhm]', 're_Ohm', 1e6],
    ['imaginary_impedance_ohm', 'im_Ohm', 1],
    ['|Z|/Ohm', 'modulus_Ohm', 1],
    ['Phase(Z)/deg', 'phase_deg', 1],
    ['phase (rad)', 'phase_deg', 180 / Math.PI],
    ['time_ms', 'time_s', 0.001],
    ['Test Time / s', 'time_s', 1],
    ['Time(h)', 'time_s', 3600],
    ['<I>/mA', 'cell.current_A', 0.001],
    ['Ewe/V', 'cell.voltage_V', 1],
    ['cell.voltage_mV', 'cell.voltage_V', 0.001],
    ['stack.temperature_degC', 'stack.temperature_degC', 1],
    // A role of its own that happens to end in a unit of time.
    ['cell.rest_h', 'cell.rest_h', 1],
    ['current_mA_per_cm2', 'current_A_per_cm2', 0.001],
  ])('%s', (written, name, factor) => {
    expect(meaningOf(written)).toMatchObject({ name });
    expect((meaningOf(written)?.factor ?? Number.NaN) / factor).toBeCloseTo(1, 12);
  });

  it.each(['Cycle Count / 1', 'curent_A', 'voltage drop', ''])('%s is none of ours', written => {
    expect(meaningOf(written)).toBeUndefined();
  });
});

describe('tables', () => {
  it('of a cycler: columns taken, the others left out, both said', () => {
    const data = read('Test Time / s,Cycle Count / 1,Current / A,Voltage / V\n0,1,0,3.7\n1,1,-5,3.6');
    expect(data.kind).toBe('series');
    expect([...data.columns.keys()]).toEqual(['time_s', 'cell.current_A', 'cell.voltage_V']);
    expect(data.notes.join('; ')).toMatch(
      /columns: Test Time \/ s as time_s, .*Voltage \/ V as cell\.voltage_V; columns left out: Cycle Count \/ 1/,
    );
  });

  it('with semicolons, decimal commas, quotes and comment lines', () => {
    const data = read(
      '# from the rig\n"freq/Hz";"Re(Z)/Ohm";"-Im(Z)/Ohm"\n1000,5;0,02;0,001\n1,5;0,03;"0,002"',
    );
    expect([...(data.columns.get('frequency_Hz') ?? [])]).toEqual([1000.5, 1.5]);
    expect([...(data.columns.get('im_Ohm') ?? [])]).toEqual([-0.001, -0.002]);
    expect(data.lines).toEqual([3, 4]);
  });

  it('modulus and phase become real and imaginary part', () => {
    const data = read('Freq. (Hz)\tZmod (Ohm)\tZphz (deg)\n10\t2\t-60\n1\t3\t0');
    expect(data.columns.get('re_Ohm')?.[0]).toBeCloseTo(1, 12);
    expect(data.columns.get('im_Ohm')?.[0]).toBeCloseTo(-Math.sqrt(3), 12);
  });

  it('the unit of Z is the same in both parts', () => {
    expect(() => read('frequency_Hz,re_Ohm_cm2,im_Ohm\n1,2,3')).toThrow(
      /^d\.csv:1: one part of Z is in Ohm, the other in Ohm cm2, expected the same unit/,
    );
    expect(read('frequency_Hz,re_mOhm_cm2,im_mOhm_cm2\n1,2,3').impedanceUnit).toBe('Ohm_cm2');
    expect(read('f,Zreal,Zimag\n1,2,3').impedanceUnit).toBeUndefined();
  });

  it('a wrong cell is named by its own line and column', () => {
    expect(() => read('# one\n# two\ntime/s,I/mA,Ewe/V\n0,1,2\n1,x,2')).toThrow(
      /^d\.csv:5: I\/mA "x", expected a number/,
    );
  });
});

describe('rows of the same stamp', () => {
  const text = 'time_s,cell.current_A,cell.voltage_V\n0,0,3\n1,0,3.1\n1,-5,2.9\n2,-5,2.8';

  it('are refused without a rule, which is named', () => {
    expect(() => read(text)).toThrow(
      /^d\.csv:4: time_s 1 again, as in line 3: expected each once, or --repeats first .* last .* or mean/,
    );
  });

  it.each([
    ['first', 0, 3.1],
    ['last', -5, 2.9],
    ['mean', -2.5, 3],
  ] as const)('%s', (repeats, current_A, voltage_V) => {
    const data = read(text, { repeats });
    expect([...(data.columns.get('time_s') ?? [])]).toEqual([0, 1, 2]);
    expect(data.columns.get('cell.current_A')?.[1]).toBe(current_A);
    expect(data.columns.get('cell.voltage_V')?.[1]).toBeCloseTo(voltage_V, 12);
    expect(data.notes.join()).toContain(
      `1 repeated values of time_s: ${repeats} of each kept (1 rows fewer)`,
    );
  });

  it('of a spectrum stay, and it is said', () => {
    const spectrum = 'frequency_Hz,re_Ohm,im_Ohm\n10,1,0\n1,2,0\n10,1.1,0';
    expect(read(spectrum).rows).toBe(3);
    expect(read(spectrum).notes.join()).toMatch(/1 frequencies measured more than once, all kept/);
    expect(read(spectrum, { repeats: 'mean' }).columns.get('re_Ohm')?.[0]).toBeCloseTo(1.05, 12);
    expect(() => read(spectrum, { repeats: 'refuse' })).toThrow(
      /^d\.csv:4: frequency_Hz 10 again, as in line 2/,
    );
  });
});
