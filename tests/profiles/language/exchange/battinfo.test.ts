import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../support/sha256.ts';
import { methodOf, once } from './convert-once.ts';

/** BattINFO test protocols both ways. */

type Json = Record<string, unknown>;

const protocol = (method: readonly Json[] | undefined, more: Json = {}): string =>
  JSON.stringify(
    {
      schema_version: '0.2.0',
      test_spec: { id: 'https://w3id.org/battinfo/spec/aaaa-bbbb-cccc-dddd', name: 'A test', kind: 'other' },
      provenance: { source_type: 'lab', retrieved_at: 1 },
      ...(method === undefined ? {} : { method }),
      ...more,
    },
    null,
    2,
  );
const q = (value: number, unit: string): Json => ({ value, unit });
const V = (value: number, direction: string): Json => ({ quantity: 'voltage', value, unit: 'V', direction });
const stepsOf = (text: string): readonly string[] => {
  const lines = text.trimEnd().split('\n');
  return lines.slice(lines.indexOf('steps:') + 1).map(line => line.slice(2));
};
const REST = { mode: 'rest', direction: 'rest', duration: q(60, 's') };

const STEPS: readonly (readonly [what: string, step: Json, ours: string])[] = [
  ['a rest', REST, '- { rest: {}, for_s: 60 }'],
  [
    'cc by rate, until a voltage',
    {
      mode: 'cc',
      direction: 'charge',
      setpoints: { c_rate: q(0.5, 'A/Ah') },
      termination: [V(4.2, 'above')],
    },
    '- { cc: { current_C: 0.5 }, until: cell.voltage_V > 4.2, within_h: atMost_h }',
  ],
  [
    'cc by current, out, for a time',
    {
      mode: 'cc',
      direction: 'discharge',
      setpoints: { current: q(2, 'A') },
      termination: [V(2.5, 'below')],
      duration: q(3600, 's'),
    },
    '- { cc: { current_A: -2 }, until: cell.voltage_V < 2.5, for_s: 3600 }',
  ],
  [
    'a hold',
    {
      mode: 'cv',
      direction: 'hold',
      setpoints: { voltage: q(4.2, 'V') },
      termination: [{ quantity: 'c_rate', value: 0.05, unit: 'A/Ah', direction: 'below' }],
    },
    '- { cv: { voltage_V: 4.2 }, until: abs(cell.current_C) < 0.05, within_h: atMost_h }',
  ],
  [
    'cccv',
    {
      mode: 'cccv',
      direction: 'charge',
      setpoints: { current: q(1, 'A'), voltage: q(4.2, 'V') },
      termination: [{ quantity: 'current', value: 0.1, unit: 'A', direction: 'below' }],
      duration: q(60, 's'),
    },
    '- { cccv: { current_A: 1, voltage_V: 4.2 }, until: abs(cell.current_A) < 0.1, for_s: 60 }',
  ],
  [
    'power',
    { mode: 'cp', direction: 'discharge', setpoints: { power: q(3, 'W') }, duration: q(60, 's') },
    '- { cp: { power_W: -3 }, for_s: 60 }',
  ],
  [
    'resistance',
    { mode: 'cr', direction: 'discharge', setpoints: { resistance: q(3, 'Ohm') }, duration: q(60, 's') },
    '- { cr: { resistance_Ohm: 3 }, for_s: 60 }',
  ],
  [
    'a charge in Ah',
    {
      mode: 'cc',
      direction: 'charge',
      setpoints: { current: q(1, 'A') },
      termination: [{ quantity: 'capacity', value: 1.5, unit: 'Ah', direction: 'above' }, V(4.2, 'above')],
    },
    '- { cc: { current_A: 1 }, until: abs(step.charge_Ah) > 1.5 or cell.voltage_V > 4.2, within_h: atMost_h }',
  ],
  [
    'a spectrum',
    {
      mode: 'eis',
      direction: 'hold',
      setpoints: {
        frequency_upper_limit: q(1000, 'Hz'),
        frequency_lower_limit: q(0.1, 'Hz'),
        ac_perturbation_amplitude: q(5, 'mV'),
        points_per_decade: q(6, 'count'),
      },
    },
    '- { eis: { amplitude_mV: 5, from_Hz: 1000, to_Hz: 0.1, points_per_decade: 6 }, within_h: atMost_h }',
  ],
  [
    'a description',
    { ...REST, description: 'Rest for a minute' },
    '- { rest: {}, name: Rest for a minute, for_s: 60 }',
  ],
  [
    'a period',
    { ...REST, period: { time_s: 5, voltage_V: 0.01 } },
    '- { rest: {}, for_s: 60, record: { every_s: 5, change: { cell.voltage_V: 0.01 } } }',
  ],
];

describe('a step', () => {
  it.each(STEPS)('%s is read', (_, step, ours) => {
    const read = once('p.json', protocol([step]), {});
    expect(read.from).toBe('battinfo');
    expect(stepsOf(read.text)).toEqual([ours]);
  });

  it.each(STEPS)('%s comes back', (_, step) => {
    const ours = once('p.json', protocol([step]), {}).text;
    expect(JSON.parse(once('m.yaml', ours, { to: 'battinfo' }).text).method).toEqual([step]);
  });

  it('in other units is the same', () => {
    const step = {
      mode: 'cc',
      direction: 'discharge',
      setpoints: { current: q(500, 'mA') },
      termination: [
        { quantity: 'voltage', value: 2500, unit: 'mV' },
        { quantity: 'duration', value: 1, unit: 'h', direction: 'elapsed' },
      ],
    };
    expect(stepsOf(once('p.json', protocol([step]), {}).text)).toEqual([
      '- { cc: { current_A: -0.5 }, until: cell.voltage_V < 2.5, for_s: 3600 }',
    ]);
  });

  it('ends by a part of the capacity, whichever way', () => {
    const text = methodOf('- { cc: { current_C: -1/3 }, until: step.charge_pct <= -10, for_h: 1 }');
    const [step] = JSON.parse(once('m.yaml', text, { to: 'battinfo' }).text).method;
    expect(step.termination).toEqual([{ quantity: 'capacity', value: 0.2, unit: 'Ah', direction: 'above' }]);
  });

  it('of a group is repeated, groups inside each other too', () => {
    const method = [
      {
        mode: 'group',
        count: 3,
        steps: [
          { mode: 'group', count: 2, steps: [REST] },
          { mode: 'group', steps: [REST] },
        ],
        description: 'all',
      },
    ];
    const ours = once('p.json', protocol(method), {}).text;
    expect(stepsOf(ours).slice(0, 5)).toEqual([
      '- repeat: { times: 3 }',
      '  name: all',
      '  steps:',
      '    - repeat: { times: 2 }',
      '      steps:',
    ]);
    expect(JSON.parse(once('m.yaml', ours, { to: 'battinfo' }).text).method).toEqual(method);
  });
});

describe('the whole', () => {
  it('limits, record and temperature come back', () => {
    const more = {
      record: { time_s: 10, voltage_V: 0.01, current_mA: 5 },
      safety: {
        max_voltage_V: 4.3,
        min_voltage_V: 2,
        max_current_mA: 10,
        min_current_mA: -10,
        max_capacity_mAh: 2500,
        max_temperature_degC: 60,
        delay_s: 2,
      },
      conditions: { temperature: q(25, 'degC') },
    };
    const ours = once('p.json', protocol([REST], more), {}).text;
    expect(stepsOf(ours)[0]).toBe('- { set: { chamber.temperature_degC: 25 } }');
    expect(JSON.parse(once('m.yaml', ours, { to: 'battinfo' }).text)).toMatchObject(more);
  });

  it('temperatures of steps in K, each set before its step', () => {
    const method = [
      { ...REST, temperature: q(298.15, 'K') },
      { ...REST, temperature: q(45, 'degC') },
    ];
    const ours = once('p.json', protocol(method), {}).text;
    expect(stepsOf(ours).filter(line => line.includes('set'))).toEqual([
      '- { set: { chamber.temperature_degC: 25 } }',
      '- { set: { chamber.temperature_degC: 45 } }',
    ]);
    expect(
      JSON.parse(once('m.yaml', ours, { to: 'battinfo' }).text).method.map((s: Json) => s['temperature']),
    ).toEqual([q(25, 'degC'), q(45, 'degC')]);
  });

  it('our own file goes along with its hash, and has the same identifier each time', () => {
    const text = methodOf('- { rest: {}, for_h: 1 }');
    const [a, b] = [1, 2].map(() => JSON.parse(once('a/m.yaml', text, { to: 'battinfo' }).text));
    expect(a).toEqual(b);
    expect(a.artifacts).toEqual([
      {
        role: 'source_protocol',
        format: 'cellbench-method-yaml',
        locator: 'm.yaml',
        media_type: 'application/yaml',
        sha256: sha256Hex(text),
        byte_size: text.length,
      },
    ]);
    expect(a.test_spec.id).toMatch(
      /^https:\/\/w3id\.org\/battinfo\/spec\/[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/,
    );
    expect(a.provenance).toMatchObject({ source_type: 'import', retrieved_at: 1_800_000_000 });
  });

  it('data files that a load follows go along', () => {
    const head = 'data: { us06: { file: us06.csv, time_s: t, current_A: i } }\n';
    const text = methodOf(
      '- { follow: { current_A: -us06.current_A }, until: cell.voltage_V < 2.5, for_h: 1 }',
      head,
    );
    const { text: written, differences } = once('m.yaml', text, { to: 'battinfo', accepts: true });
    expect(JSON.parse(written).artifacts[1]).toEqual({ role: 'other', format: 'csv', locator: 'us06.csv' });
    expect(JSON.parse(written)).not.toHaveProperty('method');
    expect(differences.map(({ where }) => where)).toEqual(['m.yaml:1', 'm.yaml:5', 'm.yaml:5']);
  });

  it('what cannot be said whole is not described at all: that is said in the file, and every line is listed', () => {
    const text = methodOf(
      '- { rest: {}, for_h: 1 }\n- repeat: { times: 2 }\n  steps: [{ cc: { current_A: 1 }, for_h: 1, average_min: 1 }]\n- { ask: { text: Ready }, within_h: 1 }',
    );
    const { text: written, differences, steps } = once('m.yaml', text, { to: 'battinfo', accepts: true });
    const json = JSON.parse(written);
    expect(json).not.toHaveProperty('method');
    expect(json.notes).toEqual([
      'No step of the method is described here: what runs is the artifact m.yaml alone.',
    ]);
    expect(json.artifacts).toHaveLength(1);
    expect(steps).toBeUndefined();
    expect(differences).toEqual([
      { where: 'm.yaml:1', what: expect.stringMatching(/^method: nothing of the method is in the file/) },
      { where: 'm.yaml:7', what: expect.stringContaining('"ask" cannot be said in BattINFO') },
      { where: 'm.yaml:4', what: 'rest: is not in the file' },
      { where: 'm.yaml:5', what: 'repeat: is not in the file' },
      { where: 'm.yaml:6', what: 'cc: is not in the file' },
      { where: 'm.yaml:7', what: 'ask: is not in the file' },
    ]);
  });

  it('nor is one that ends by a temperature, or calls a procedure that cannot be said: its file is named', () => {
    const warm = methodOf(
      '- { cc: { current_A: 1 }, until: cell.voltage_V > 4, for_h: 1 }\n- { rest: {}, until: cell.temperature_degC < 26, for_h: 4 }',
    );
    const { differences } = once('m.yaml', warm, { to: 'battinfo', accepts: true });
    expect(differences.map(({ where }) => where)).toEqual(['m.yaml:1', 'm.yaml:5', 'm.yaml:4', 'm.yaml:5']);
    const called = methodOf('- { call: asks.yaml }');
    const find = (): { path: string; text: string } => ({
      path: 'asks.yaml',
      text: 'procedure: asks\nversion: 2\nsteps:\n- { ask: { text: Ready }, within_h: 1 }\n',
    });
    expect(
      once('m.yaml', called, { to: 'battinfo', accepts: true, find }).differences.map(({ where }) => where),
    ).toEqual(['m.yaml:1', 'asks.yaml:4', 'm.yaml:4']);
  });
});
