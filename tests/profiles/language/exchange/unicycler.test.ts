import { describe, expect, it } from 'vitest';
import { methodOf, once } from './convert-once.ts';

/** unicycler JSON both ways. */

type Json = Record<string, unknown>;

const REST = { step: 'open_circuit_voltage', until_time_s: 60 };
const UP = { step: 'constant_current', rate_C: 0.5, until_time_s: 9000, until_voltage_V: 4.2 };
const HOLD = { step: 'constant_voltage', voltage_V: 4.2, until_time_s: 3600, until_rate_C: 0.05 };
const DOWN = { step: 'constant_current', current_mA: -800, until_time_s: 9000, until_voltage_V: 2.8 };
const loop = (loop_to: number | string, cycle_count: number): Json => ({
  step: 'loop',
  loop_to,
  cycle_count,
});
const tag = (name: string): Json => ({ step: 'tag', tag: name });

const protocol = (method: readonly Json[], more: Json = {}): string =>
  JSON.stringify(
    { sample: { name: 'cell 7', capacity_mAh: 2000 }, record: { time_s: 10 }, method, ...more },
    null,
    2,
  );
const stepsOf = (text: string): readonly string[] => {
  const lines = text.trimEnd().split('\n');
  return lines.slice(lines.indexOf('steps:') + 1).map(line => line.slice(2));
};
const back = (text: string): Json =>
  JSON.parse(once('m.yaml', once('p.json', text, {}).text, { to: 'unicycler' }).text);

const READ: readonly (readonly [what: string, step: Json, ours: string])[] = [
  ['a rest', REST, '- { rest: {}, for_s: 60 }'],
  ['a charge: above', UP, '- { cc: { current_C: 0.5 }, until: cell.voltage_V > 4.2, for_s: 9000 }'],
  ['a discharge: below', DOWN, '- { cc: { current_mA: -800 }, until: cell.voltage_V < 2.8, for_s: 9000 }'],
  ['a hold', HOLD, '- { cv: { voltage_V: 4.2 }, until: abs(cell.current_C) < 0.05, for_s: 3600 }'],
  [
    'a hold out of which current flows',
    { ...HOLD, until_rate_C: -0.1 },
    '- { cv: { voltage_V: 4.2 }, until: cell.current_C > -0.1, for_s: 3600 }',
  ],
  [
    'numbers as text',
    { step: 'constant_current', current_mA: '1e1', until_time_s: ' 20 ' },
    '- { cc: { current_mA: 10 }, for_s: 20 }',
  ],
  [
    'rates as parts',
    { ...UP, rate_C: 'C/5' },
    '- { cc: { current_C: 0.2 }, until: cell.voltage_V > 4.2, for_s: 9000 }',
  ],
  [
    'rates out',
    { ...UP, rate_C: '2D/5' },
    '- { cc: { current_C: -0.4 }, until: cell.voltage_V < 4.2, for_s: 9000 }',
  ],
  [
    'parts without a letter',
    { ...UP, rate_C: '1/4' },
    '- { cc: { current_C: 0.25 }, until: cell.voltage_V > 4.2, for_s: 9000 }',
  ],
  [
    'nothing given as null, empty, 0',
    { step: 'constant_current', rate_C: '', current_mA: 5, until_time_s: 60, until_voltage_V: 0 },
    '- { cc: { current_mA: 5 }, for_s: 60 }',
  ],
  [
    'a voltage alone: the bound is added',
    { ...UP, until_time_s: null },
    '- { cc: { current_C: 0.5 }, until: cell.voltage_V > 4.2, within_h: atMost_h }',
  ],
  [
    'a spectrum',
    {
      step: 'impedance_spectroscopy',
      amplitude_V: 0.01,
      start_frequency_Hz: 1e5,
      end_frequency_Hz: 0.1,
      points_per_decade: 8,
    },
    '- { eis: { amplitude_V: 0.01, from_Hz: 100000, to_Hz: 0.1, points_per_decade: 8 }, within_h: atMost_h }',
  ],
  ['a name of its own', { ...REST, id: 'first' }, '- { rest: {}, id: first, for_s: 60 }'],
];

describe('is read', () => {
  it.each(READ)('%s', (_, step, ours) => {
    const read = once('p.json', protocol([step]), {});
    expect(read.from).toBe('unicycler');
    expect(stepsOf(read.text)).toEqual([ours]);
  });

  it('with name, capacity, record and limits', () => {
    const text = protocol([REST], {
      record: { time_s: 10, voltage_V: 0.01, current_mA: null },
      safety: { max_voltage_V: 4.3, min_current_mA: -5000, max_capacity_mAh: 2500, delay_s: 2 },
    });
    const lines = once('p.json', text, {}).text.split('\n');
    expect(lines).toContain('method: cell 7');
    expect(lines).toContain('# Its sample has 2000 mAh: subject.capacity_Ah of the bench, 2.');
    expect(lines).toContain('record: { every_s: 10, change: { cell.voltage_V: 0.01 } }');
    expect(lines.filter(line => line.includes('when'))).toEqual([
      '  - { when: cell.voltage_V > 4.3 for 2 s, then: stop }',
      '  - { when: cell.current_mA < -5000 for 2 s, then: stop }',
      '  - { when: abs(step.charge_mAh) > 2500 for 2 s, then: stop }',
    ]);
  });

  it('the slowest rate bounds what has no bound', () => {
    const read = once('p.json', protocol([{ ...UP, rate_C: 0.02, until_time_s: null }]), {});
    expect(read.text).toMatch(/^ {2}atMost_h: { default: 100, doc: /m);
  });

  it('a file without a name is named after itself', () => {
    for (const sample of [undefined, { name: '$NAME' }])
      expect(once('some/where.json', protocol([REST], { sample }), {}).text).toMatch(/^method: where$/m);
  });
});

const LOOPS: readonly (readonly [what: string, method: readonly Json[], ours: readonly string[]])[] = [
  [
    'to a number',
    [REST, UP, DOWN, loop(2, 3)],
    ['- { rest', '- repeat: { times: 3 }', '  steps:', '    - { cc', '    - { cc'],
  ],
  [
    'to a tag: its name',
    [tag('age'), UP, DOWN, loop('age', 5), REST],
    ['- repeat: { times: 5 }', '  name: age', '  steps:', '    - { cc', '    - { cc', '- { rest'],
  ],
  [
    'inside each other',
    [UP, DOWN, loop(1, 2), REST, loop(1, 4)],
    [
      '- repeat: { times: 4 }',
      '  steps:',
      '    - repeat: { times: 2 }',
      '      steps:',
      '        - { cc',
      '        - { cc',
      '    - { rest',
    ],
  ],
  [
    'two to one tag',
    [tag('a'), UP, DOWN, loop('a', 2), REST, loop('a', 4)],
    [
      '- repeat: { times: 4 }',
      '  name: a',
      '  steps:',
      '    - repeat: { times: 2 }',
      '      name: a',
      '      steps:',
      '        - { cc',
      '        - { cc',
      '    - { rest',
    ],
  ],
  [
    'over one step',
    [tag('one'), REST, loop('one', 9)],
    ['- repeat: { times: 9 }', '  name: one', '  steps:', '    - { rest'],
  ],
  [
    'a tag and a number that mean the same step',
    [tag('a'), REST, UP, loop('a', 3), loop(2, 3)],
    [
      '- repeat: { times: 3 }',
      '  steps:',
      '    - repeat: { times: 3 }',
      '      name: a',
      '      steps:',
      '        - { rest',
      '        - { cc',
    ],
  ],
  ['tags that nothing leads to', [tag('x'), tag('y'), REST], ['- name: x', '  steps:', '    - { rest']],
];

describe('loops', () => {
  it.each(LOOPS)('%s', (_, method, ours) => {
    const lines = stepsOf(once('p.json', protocol(method), {}).text);
    expect(lines.map((line, i) => line.slice(0, ours[i]?.length))).toEqual(ours);
  });

  it.each(LOOPS)('%s: comes back', (_, method) => {
    const found = back(protocol(method))['method'];
    // A loop by number whose first step has a tag before it counts that tag too.
    const isMixed = method.some(step => step['loop_to'] === 2) && method[0]?.['step'] === 'tag';
    if (!isMixed) expect(found).toEqual(method);
    else expect(found).toHaveLength(method.length);
  });
});

describe('comes back', () => {
  it.each(READ)('%s', (what, step) => {
    const plain = Object.fromEntries(
      Object.entries(step)
        .filter(
          ([key, value]) => value !== null && value !== '' && !(key === 'until_voltage_V' && value === 0),
        )
        .map(([key, value]) => [
          key,
          typeof value === 'string' && key !== 'step' && key !== 'id' && !value.includes('/')
            ? Number(value)
            : value,
        ]),
    );
    const [found] = back(protocol([step]))['method'] as readonly Json[];
    if (!what.includes('rates') && !what.includes('parts')) expect(found).toEqual(plain);
    else
      expect(found).toEqual({
        ...plain,
        rate_C: { 'C/5': 0.2, '2D/5': -0.4, '1/4': 0.25 }[String(step['rate_C'])],
      });
  });

  it('with sample, record and limits', () => {
    const record = { current_mA: 0.5, voltage_V: 0.01, time_s: 10 };
    const safety = {
      max_voltage_V: 4.3,
      min_voltage_V: 2,
      max_current_mA: 10,
      min_current_mA: -10,
      max_capacity_mAh: 2500,
      delay_s: 2,
    };
    expect(back(protocol([REST], { record, safety }))).toEqual({
      sample: { name: 'cell 7', capacity_mAh: 2000 },
      record,
      safety,
      method: [REST],
    });
  });
});

describe('traps of writing', () => {
  const written = (steps: string): readonly Json[] =>
    JSON.parse(
      once('m.yaml', methodOf(steps, 'record: { every_s: 1 }\n'), { to: 'unicycler', accepts: true }).text,
    ).method;

  it('a loop over one step goes to a tag: by its number it is refused there', () => {
    expect(written('- { repeat: { times: 3 }, steps: [{ rest: {}, for_s: 60 }] }')).toEqual([
      tag('loop 1'),
      REST,
      loop('loop 1', 3),
    ]);
  });

  it('a name that stands twice is one tag, and each loop leads to its own steps', () => {
    const twice =
      '- each: { t_s: [60, 60] }\n  steps: [{ repeat: { times: 2 }, name: a, steps: [{ rest: {}, for_s: t_s }, { rest: {}, for_s: 60 }] }]';
    expect(written(twice)).toEqual([tag('a'), REST, REST, loop('a', 2), REST, REST, loop(5, 2)]);
  });

  it('cccv: the current until the voltage, then the voltage, each with the whole time', () => {
    const { text, differences } = once(
      'm.yaml',
      methodOf(
        '- { cccv: { current_C: 1/2, voltage_V: 4.2 }, until: cell.current_C < 1/20, within_h: 4 }',
        'record: { every_s: 1 }\n',
      ),
      { to: 'unicycler', accepts: true },
    );
    expect(JSON.parse(text).method).toEqual([
      { step: 'constant_current', rate_C: 0.5, until_time_s: 14400, until_voltage_V: 4.2 },
      { step: 'constant_voltage', voltage_V: 4.2, until_time_s: 14400, until_rate_C: 0.05 },
    ]);
    expect(differences.map(({ what }) => what.slice(0, 40))).toEqual([
      'cccv: cccv in one step cannot be said in',
      'within_h: a deadline cannot be said in u',
    ]);
  });

  it('a procedure stands in its place, with what it is given', () => {
    expect(written('- { call: pair.yaml, with: { rate_C: 1/4 } }')).toEqual([
      { step: 'constant_current', rate_C: 0.25, until_time_s: 28800, until_voltage_V: 4.1 },
      { step: 'constant_current', rate_C: -0.25, until_time_s: 28800, until_voltage_V: 3 },
    ]);
  });

  it('lists are written out, in step and backwards', () => {
    const head = 'record: { every_s: 1 }\nparameters: { times_s: [10, 20, 30] }\n';
    const steps =
      '- { each: { a_s: reverse(times_s), b_s: { from: 1, to: 2, by: 0.5 } }, steps: [{ rest: {}, for_s: a_s + b_s }] }';
    const { method } = JSON.parse(once('m.yaml', methodOf(steps, head), { to: 'unicycler' }).text);
    expect(method.map((step: Json) => step['until_time_s'])).toEqual([31, 21.5, 12]);
  });

  it('units are turned', () => {
    expect(written('- { cc: { current_kA: 0.001 }, until: cell.voltage_mV > 4100, for_min: 2 }')).toEqual([
      { step: 'constant_current', current_mA: 1000, until_time_s: 120, until_voltage_V: 4.1 },
    ]);
  });
});
