import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../../profiles/language/exchange/table.ts';
import { methodOf, once, refusal } from './convert-once.ts';
import { LIMITS, SUITE } from './suite.ts';

/** Files of BioLogic, read back by what is known of the format. */

const written = (text: string): string => once('m.yaml', text, { to: 'biologic' }).text;

/** Columns of the technique: sequence -> row -> value. */
function biologicColumns(mps: string): readonly Record<string, string>[] {
  const lines = mps.split('\r\n');
  const rows = lines.slice(lines.indexOf('Modulo Bat') + 1).filter(line => line !== '');
  const cells = rows.map(row => row.match(/.{20}/g) ?? []);
  return (cells[0] ?? [])
    .slice(1)
    .map((_, i) =>
      Object.fromEntries(
        cells
          .map(row => [row[0]?.trim() ?? '', row[i + 1]?.trim() ?? ''] as const)
          .filter(([, value]) => value !== ''),
      ),
    );
}

describe('BioLogic', () => {
  it('a sequence a step; limits, records, ranges', () => {
    const columns = biologicColumns(written(SUITE));
    expect(columns).toHaveLength(5);
    expect(columns[0]).toMatchObject({
      Ns: '0',
      ctrl_type: 'Rest',
      lim_nb: '1',
      lim1_type: 'Time',
      lim1_comp: '>',
      lim1_value: '90.500',
      lim1_value_unit: 's',
      rec_nb: '2',
    });
    expect(columns[1]).toMatchObject({
      ctrl_type: 'CC',
      ctrl1_val: '1000.000',
      ctrl1_val_unit: 'mA',
      'I Range': '1 A',
      lim_nb: '2',
      lim2_type: 'Ewe',
      lim2_comp: '>',
      lim2_value: '4.200',
      lim2_seq: '2',
      rec2_type: 'Ewe',
      rec2_value: '0.010',
    });
    expect(columns[2]).toMatchObject({
      ctrl_type: 'CV',
      ctrl1_val: '4.200',
      ctrl1_val_unit: 'V',
      'I Range': '1 A',
      lim2_type: '|I|',
      lim2_comp: '<',
      lim2_value: '100.000',
      lim2_value_unit: 'mA',
      rec2_type: 'I',
      rec2_value: '5.000',
    });
    expect(columns[3]).toMatchObject({ ctrl1_val: '-400.000', lim2_comp: '<', lim2_value: '2.800' });
    expect(columns[4]).toMatchObject({ ctrl_type: 'Loop', ctrl_seq: '1', ctrl_repeat: '2' });
  });

  it('every row has the same width, small currents are in uA, letters are Latin-1', () => {
    const { text, encoding } = once('m.yaml', methodOf('- { cc: { current_mA: 0.05 }, for_h: 1 }'), {
      to: 'biologic',
    });
    expect(encoding).toBe('latin1');
    expect(text).toContain('100 \u00b5A');
    expect(Buffer.from(text, 'latin1').toString('latin1')).toBe(text);
    expect(biologicColumns(text)[0]).toMatchObject({ ctrl1_val: '50.000', ctrl1_val_unit: 'uA' });
    const lines = text.split('\r\n');
    expect(new Set(lines.slice(lines.indexOf('Modulo Bat') + 1, -1).map(line => line.length))).toEqual(
      new Set([40]),
    );
  });

  it('a loop inside a loop is written out', () => {
    expect(cellOf('biologic', 'nested loops')).toBe('not');
    const text = methodOf(
      '- repeat: { times: 5 }\n  steps:\n  - { rest: {}, for_s: 1 }\n  - { repeat: { times: 3 }, steps: [{ rest: {}, for_s: 2 }] }',
    );
    const columns = biologicColumns(written(text));
    expect(columns.map(column => column['ctrl_type'])).toEqual(['Rest', 'Rest', 'Rest', 'Rest', 'Loop']);
    expect(columns[4]).toMatchObject({ ctrl_seq: '0', ctrl_repeat: '4' });
  });

  it('spectra in the units that are usual', () => {
    const text = methodOf(
      '- { eis: { amplitude_mV: 10, from_Hz: 200000, to_Hz: 0.02, points_per_decade: 8, cycles: 3 }, within_h: 1, otherwise: next }\n- { eis: { amplitude_mA: 40, from_kHz: 1, to_Hz: 1 }, within_h: 1, otherwise: next }',
    );
    const columns = biologicColumns(written(text));
    expect(columns[0]).toMatchObject({
      ctrl_type: 'PEIS',
      ctrl1_val: '10.000',
      ctrl1_val_unit: 'mV',
      ctrl2_val: '200.000',
      ctrl2_val_unit: 'kHz',
      ctrl3_val: '20.000',
      ctrl3_val_unit: 'mHz',
      ctrl_Nd: '8',
      ctrl_Na: '3',
    });
    expect(columns[1]).toMatchObject({
      ctrl_type: 'GEIS',
      ctrl1_val: '40.000',
      ctrl1_val_unit: 'mA',
      'I Range': '100 mA',
      ctrl_Nd: '10',
      ctrl_Na: '1',
    });
  });

  it('the limits of the file, and a range that holds all voltages', () => {
    const mps = written(methodOf('- { cv: { voltage_V: 7 }, for_h: 1 }', LIMITS));
    expect(mps).toContain(
      '\tEwe min = 2.50000 V\r\n\tEwe max = 4.30000 V\r\n\t|I| = 3000.00000 mA\r\n\tfor t > 1000 ms',
    );
    expect(mps).toContain('Ewe ctrl range : min = 0.00 V, max = 7.00 V');
  });

  it.each([
    [
      'a current beyond the ranges',
      '- { cc: { current_A: 2 }, for_h: 1 }',
      '',
      /m.yaml:4:\d+: cc: no current range is known there for 2 A/,
    ],
    [
      'limits that differ by direction',
      '- { rest: {}, for_h: 1 }',
      'limits: [{ when: cell.current_A > 3, then: stop }, { when: cell.current_A < -1, then: stop }]\n',
      /m.yaml:3:\d+: limits: there is one limit.* 3 A \(--accept/,
    ],
    [
      'a longer delay',
      '- { rest: {}, for_h: 1 }',
      'limits: [{ when: cell.voltage_V > 4 for 5 s, then: stop }]\n',
      /the longest delay of limits is 1 s there \(--accept/,
    ],
    [
      'a limit that trips',
      '- { rest: {}, for_h: 1 }',
      'limits: [{ when: cell.voltage_V > 4, then: trip }]\n',
      /m.yaml:3:\d+: then: trip: there a limit ends the test, as stop does \(--accept/,
    ],
    [
      'a frequency that is too low',
      '- { eis: { amplitude_mV: 1, from_Hz: 1, to_Hz: 0.0001 }, within_h: 9, otherwise: next }',
      '',
      /no frequency below 1 mHz/,
    ],
    [
      'what is rounded away',
      '- { cv: { voltage_V: 0.0014 }, for_h: 1 }',
      '',
      /m.yaml:4:\d+: cv: 0.0014 stands there as 0.001 \(--accept/,
    ],
  ])('%s', (_, steps, head, says) =>
    expect(refusal('m.yaml', methodOf(steps, head), { to: 'biologic' })).toMatch(says),
  );
});
