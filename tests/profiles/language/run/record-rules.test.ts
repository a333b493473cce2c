import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** Which rows the steps of a method ask the bench to keep, and from when on. */
const kept = (steps: string, head = '', env = new FakeCell()): readonly string[] =>
  new Bench(steps, { head, env }).go(100).env.kept;

describe('the rule in force', () => {
  it.each([
    ['none: what the bench keeps', '- { wait: {}, for_s: 1 }', '', ['0 {}']],
    ['of the file', '- { wait: {}, for_s: 1 }', 'record: { every_min: 1 }\n', ['0 {"every_s":60}']],
    [
      'inner overrides outer, each figure for itself',
      '- steps:\n  - { wait: {}, for_s: 2 }\n  - { wait: {}, for_s: 2, record: { every_s: 0.1 } }\n  record: { change: { cell.voltage_mV: 5 } }\n- { wait: {}, for_s: 2 }',
      'record: { every_min: 1 }\n',
      [
        '0 {"every_s":60,"change":[["cell.voltage_V",0.005]]}',
        '2 {"every_s":0.1,"change":[["cell.voltage_V",0.005]]}',
        '4 {"every_s":60}',
      ],
    ],
    [
      'an expression of a parameter',
      '- { wait: {}, for_s: 1, record: { every_s: pulse_s / 100 } }',
      'parameters: { pulse_s: 10 }\n',
      ['0 {"every_s":0.1}'],
    ],
    [
      'side by side: whatever any of them asks for',
      '- together:\n  - [{ wait: {}, for_s: 1, record: { every_s: 5, change: { cell.voltage_V: 1 } } }]\n  - [{ wait: {}, for_s: 9, record: { every_s: 2, change: { cell.current_A: 2 } } }]',
      '',
      [
        '0 {"every_s":5,"change":[["cell.voltage_V",1]]}',
        '0 {"every_s":2,"change":[["cell.voltage_V",1],["cell.current_A",2]]}',
      ],
    ],
    [
      'not of what figures are worked out: there as the bench keeps them, or as its own steps say',
      '- evaluate: polarisation\n  record: { every_s: 30 }\n  steps:\n  - { wait: {}, for_s: 2 }\n  - { wait: {}, for_s: 2, record: { every_s: 5 } }\n- { wait: {}, for_s: 2 }',
      'record: { every_min: 1 }\n',
      ['0 {}', '2 {"every_s":5}', '4 {"every_s":60}'],
    ],
    [
      'but of what bears it',
      '- evaluate: durability\n  steps:\n  - { wait: {}, for_s: 2 }',
      'record: { every_min: 1 }\n',
      ['0 {"every_s":60}'],
    ],
  ])('%s', (_what, steps, head, expected) => {
    expect(kept(steps, head)).toEqual(expected);
  });

  it.each([0, -0.01])('a change by %s is none: refused with its place', by => {
    expect(() => kept(`- { wait: {}, for_s: 1, record: { change: { cell.voltage_V: ${by} } } }`)).toThrow(
      /:\d+:\d+: cell\.voltage_V: found .*, expected more than 0/,
    );
  });

  it('before and after a step or block, once where it stands at the block', () => {
    expect(
      kept(
        '- { wait: {}, for_s: 5 }\n- repeat: { times: 2 }\n  record: { before_s: 3, after_s: 2 }\n  steps:\n  - { wait: {}, for_s: 2, record: { before_s: 1 } }\n- { wait: {}, for_s: 1 }',
      ).filter(line => line.includes('..')),
    ).toEqual(['2..5', '4..5', '6..7', '9..11']);
  });

  it('goes with the plant in a run k times faster', () => {
    expect(
      kept('- { wait: {}, for_s: 60, record: { every_s: 60, before_s: 30 } }', '', new FakeCell(60)),
    ).toEqual(['0 {"every_s":1}', '-0.5..0']);
  });

  it('is told again after a cut', () => {
    const bench = new Bench('- { wait: {}, for_s: 5, record: { every_s: 2 } }').go(2);
    bench.cut();
    bench.go(1);
    expect(bench.env.kept).toEqual(['0 {"every_s":2}', '2 {"every_s":2}']);
  });
});
