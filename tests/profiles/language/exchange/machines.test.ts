import { describe, expect, it } from 'vitest';
import { cellOf } from '../../../../profiles/language/exchange/table.ts';
import { methodOf, once, refusal } from './convert-once.ts';

/** Files for cyclers, read back by what is known of each format. */

const HEAD = 'record: { every_s: 10, change: { cell.voltage_V: 0.01, cell.current_mA: 5 } }\n';
const SUITE = methodOf(
  `- { rest: {}, for_s: 90.5 }
- repeat: { times: 3 }
  steps:
  - { cc: { current_C: 0.5 }, until: cell.voltage_V > 4.2, for_h: 3 }
  - { cv: { voltage_V: 4.2 }, until: cell.current_C < 1/20, for_h: 1 }
  - { cc: { current_A: -0.4 }, until: cell.voltage_V < 2.8, for_h: 6 }`,
  HEAD,
);
const LIMITS = `limits: [{ when: cell.voltage_V > 4.3 for 1 s, then: stop }, { when: cell.voltage_V < 2.5 for 1 s, then: stop }, { when: abs(cell.current_A) > 3 for 1 s, then: stop }]\n`;
const written = (to: 'neware' | 'biologic' | 'maccor', text: string, accepts = false): string =>
  once('m.yaml', text, { to, accepts }).text;

/** `Step2` -> its attributes and the values inside, by name. */
function newareSteps(xml: string): readonly Record<string, string>[] {
  return [...xml.matchAll(/<Step(\d+) Step_ID="(\d+)" Step_Type="(\d+)"(?:\/>|>(.*?)<\/Step\d+>)/g)].map(
    ([, , id, type, inside = '']) => ({
      id,
      type,
      ...Object.fromEntries(
        [...inside.matchAll(/<(\w+) Value="([^"]*)"\/>/g)].map(([, key, value]) => [key, value]),
      ),
    }),
  );
}

describe('Neware', () => {
  it('voltages in 0.1 mV, times in ms, currents in mA, rates beside them; a loop leads to its first step', () => {
    expect(newareSteps(written('neware', SUITE))).toEqual([
      { id: '1', type: '4', Time: '90500.000000' },
      {
        id: '2',
        type: '1',
        Rate: '0.500000',
        Curr: '1000.000000',
        Time: '10800000.000000',
        Stop_Volt: '42000.000000',
      },
      {
        id: '3',
        type: '3',
        Volt: '42000.000000',
        Time: '3600000.000000',
        Stop_Rate: '0.050000',
        Stop_Curr: '100.000000',
        Rate: '0.500000',
        Curr: '1000.000000',
      },
      { id: '4', type: '2', Curr: '400.000000', Time: '21600000.000000', Stop_Volt: '28000.000000' },
      { id: '5', type: '5', Start_Step: '2', Cycle_Count: '3' },
      { id: '6', type: '6' },
    ]);
  });

  it('record, limits and capacity', () => {
    const xml = written('neware', SUITE.replace('steps:\n- { rest', `${LIMITS}steps:\n- { rest`));
    expect(xml).toContain('<MultCap Value="7200000.000000"/>');
    expect(xml).toContain(
      '<Record><Main><Time Value="10000.000000"/><Volt Value="100.000000"/><Curr Value="5.000000"/></Main></Record>',
    );
    expect(xml).toContain(
      '<Volt><Upper Value="43000.000000"/><Lower Value="25000.000000"/></Volt><Curr><Upper Value="3000.000000"/><Lower Value="-3000.000000"/></Curr><Delay_Time Value="1000.000000"/>',
    );
    expect(xml).toContain('<Step_Info Num="6">');
  });

  it('a hold after a discharge, or with a current that flows out, is a discharge', () => {
    const after =
      '- { cc: { current_A: -1 }, until: cell.voltage_V < 3, for_h: 1 }\n- { cv: { voltage_V: 3 }, until: abs(cell.current_A) < 0.1, for_h: 1 }';
    expect(newareSteps(written('neware', methodOf(after)))[1]).toMatchObject({ type: '19' });
    expect(
      newareSteps(
        written('neware', methodOf('- { cv: { voltage_V: 3 }, until: cell.current_A > -0.1, for_h: 1 }')),
      )[0],
    ).toMatchObject({ type: '19' });
    expect(newareSteps(written('neware', methodOf('- { cv: { voltage_V: 3 }, for_h: 1 }')))[0]).toMatchObject(
      { type: '3' },
    );
  });

  it('names are escaped', () => {
    expect(
      written('neware', 'method: "a < b & \\"c\\""\nversion: 2\nsteps: [{ rest: {}, for_h: 1 }]\n'),
    ).toContain('<Remark Value="a &lt; b &amp; &quot;c&quot;"/>');
  });

  it('C without a capacity is refused', () => {
    expect(refusal('m.yaml', SUITE, { to: 'neware', subject: {} })).toMatch(
      /^m.yaml:8:\d+: cc: C needs the capacity here, expected --capacity/,
    );
  });
});

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
    const columns = biologicColumns(written('biologic', SUITE));
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
    const columns = biologicColumns(written('biologic', text));
    expect(columns.map(column => column['ctrl_type'])).toEqual(['Rest', 'Rest', 'Rest', 'Rest', 'Loop']);
    expect(columns[4]).toMatchObject({ ctrl_seq: '0', ctrl_repeat: '4' });
  });

  it('spectra in the units that are usual', () => {
    const text = methodOf(
      '- { eis: { amplitude_mV: 10, from_Hz: 200000, to_Hz: 0.02, points_per_decade: 8, cycles: 3 }, within_h: 1, otherwise: next }\n- { eis: { amplitude_mA: 40, from_kHz: 1, to_Hz: 1 }, within_h: 1, otherwise: next }',
    );
    const columns = biologicColumns(written('biologic', text));
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
    const mps = written('biologic', methodOf('- { cv: { voltage_V: 7 }, for_h: 1 }', LIMITS));
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

/** Steps with their type, mode, value, limit and ends `type oper value -> step`. */
function maccorSteps(xml: string): readonly Record<string, unknown>[] {
  const one = (text: string, name: string): string =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.trim() ?? '';
  return [...xml.matchAll(/<TestStep>([\s\S]*?)<\/TestStep>/g)].map(([, step = '']) => ({
    does: [one(step, 'StepType'), one(step, 'StepMode'), one(step, 'StepValue')].join(' ').trim(),
    limit: /<Limits>[\s\S]*?<Voltage>([^<]*)</.exec(step)?.[1] ?? '',
    ends: [...step.matchAll(/<EndEntry>([\s\S]*?)<\/EndEntry>/g)].map(([, end = '']) =>
      [
        one(end, 'EndType'),
        one(end, 'Oper').replace('&gt;', '>').replace('&lt;', '<'),
        one(end, 'Value'),
        '->',
        one(end, 'Step'),
      ].join(' '),
    ),
    reports: [...step.matchAll(/<ReportEntry>([\s\S]*?)<\/ReportEntry>/g)].map(
      ([, report = '']) => `${one(report, 'ReportType')} ${one(report, 'Value')}`,
    ),
  }));
}

describe('Maccor', () => {
  it('every end says its step, a loop ends when its rounds are done', () => {
    const steps = maccorSteps(written('maccor', SUITE));
    expect(steps.map(step => step['does'])).toEqual([
      'Rest',
      'Do 1',
      'Charge Current 1.0',
      'Charge Voltage 4.2',
      'Dischrge Current 0.4',
      'Loop 1',
      'End',
    ]);
    expect(steps.map(step => step['ends'])).toEqual([
      ['StepTime = 00:01:30.5 -> 002'],
      [],
      ['Voltage >= 4.2 -> 004', 'StepTime = 03:00:00 -> 004'],
      ['Current <= 0.1 -> 005', 'StepTime = 01:00:00 -> 005'],
      ['Voltage <= 2.8 -> 006', 'StepTime = 06:00:00 -> 006'],
      ['Loop Cnt = 3 -> 007'],
      [],
    ]);
    expect(steps[0]?.['reports']).toEqual(['StepTime 00:00:10', 'Voltage 0.01', 'Current 0.005']);
  });

  it('types are padded to eight letters as in its own files', () => {
    const xml = written('maccor', SUITE);
    for (const type of ['  Rest  ', '  Do 1  ', ' Charge ', 'Dischrge', ' Loop 1 ', '  End   '])
      expect(xml).toContain(`<StepType>${type}</StepType>`);
  });

  it('cccv is one step; a deadline leads to the end, another target forward', () => {
    const text = methodOf(
      `- { cccv: { current_A: 1, voltage_V: 4.2 }, until: cell.current_A < 0.1, within_h: 30 }
- { cc: { current_A: -1 }, until: cell.voltage_V < 3 or cell.current_A < 0.1, within_h: 2, otherwise: goto last }
- { rest: {}, for_s: 1 }
- { rest: {}, for_s: 1, id: last }`,
    );
    const steps = maccorSteps(written('maccor', text));
    expect(steps[0]).toMatchObject({
      does: 'Charge Current 1.0',
      limit: '4.2',
      ends: ['Current <= 0.1 -> 002', 'StepTime = 30:00:00 -> 005'],
    });
    expect(steps[1]?.['ends']).toEqual([
      'Voltage <= 3.0 -> 003',
      'Current <= 0.1 -> 003',
      'StepTime = 02:00:00 -> 004',
    ]);
  });

  it('ways out lead where they say, before the normal ends', () => {
    const text = methodOf(
      `- repeat: { times: 3 }
  steps:
  - cc: { current_A: 1 }
    exits: [{ when: cell.voltage_V > 4.3, then: leave }, { when: cell.voltage_V < 2, then: finish }, { when: cell.current_A < 0.5, then: next }]
    for_h: 1
- { rest: {}, for_s: 1 }`,
    );
    expect(maccorSteps(written('maccor', text))[1]?.['ends']).toEqual([
      'Voltage >= 4.3 -> 004',
      'Voltage <= 2.0 -> 005',
      'Current <= 0.5 -> 003',
      'StepTime = 01:00:00 -> 003',
    ]);
  });

  it('limits of the file are ends of each step that lead to its end', () => {
    const text = methodOf(
      '- { rest: {}, for_s: 1 }\n- { rest: {}, for_s: 1 }',
      LIMITS.replaceAll(' for 1 s', ''),
    );
    const ends = maccorSteps(written('maccor', text)).map(step => (step['ends'] as string[]).slice(1));
    const all = ['Voltage >= 4.3 -> 003', 'Voltage <= 2.5 -> 003', 'Current >= 3.0 -> 003'];
    expect(ends).toEqual([all, all, []]);
  });

  it('the third loop inside is written out', () => {
    const inner = '{ repeat: { times: 2 }, steps: [{ rest: {}, for_s: 1 }] }';
    const text = methodOf(`- { repeat: { times: 4 }, steps: [{ repeat: { times: 3 }, steps: [${inner}] }] }`);
    expect(maccorSteps(written('maccor', text)).map(step => step['does'])).toEqual([
      'Do 1',
      'Do 2',
      'Rest',
      'Rest',
      'Loop 2',
      'Loop 1',
      'End',
    ]);
  });

  it.each([
    [
      'a delay of limits',
      '- { rest: {}, for_h: 1 }',
      LIMITS,
      /m.yaml:3:\d+: limits: limits hold there without a delay \(--accept/,
    ],
    [
      'a trip',
      '- { cc: { current_A: 1 }, until: cell.voltage_V > 4, within_h: 1, otherwise: trip }',
      '',
      /m.yaml:4:\d+: otherwise: trip is not known there/,
    ],
    ['a current of 0', '- { cc: { current_A: 0 }, for_h: 1 }', '', /m.yaml:4:\d+: cc: a current of 0/],
  ])('%s', (_, steps, head, says) =>
    expect(refusal('m.yaml', methodOf(steps, head), { to: 'maccor' })).toMatch(says),
  );
});
