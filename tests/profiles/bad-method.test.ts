import { describe, expect, it } from 'vitest';
import { FileError } from '../../drivers/contract/yaml-file.ts';
import { loadMethod, parseMethod } from '../../profiles/method-file.ts';
import { stack } from './record.ts';

const head = ['method: bad', 'version: 1', 'phases:', '  - name: one', '    steps:'];
const tail = ['finally:', '  - set: { stack.currentSet_A: 0 }'];
/** A method whose only step stands on line 6. */
const withStep = (...lines: string[]): string => [...head, ...lines, ...tail].join('\n');

/** What is wrong -> file, and each piece that the one message must hold. */
const table: readonly [what: string, text: string, pieces: readonly string[]][] = [
  [
    'unknown key',
    withStep('      - hold: { fors: 3 }'),
    ['bad.yaml:6:', 'unknown key "fors"', 'did you mean "for_s"'],
  ],
  [
    'unknown step',
    withStep('      - wait: { for_s: 3 }'),
    ['bad.yaml:6:', 'unknown key "wait"', 'waitUntil'],
  ],
  [
    'hold without end',
    withStep('      - hold: {}'),
    ['bad.yaml:6:', 'missing key "for_s"', 'every step must end'],
  ],
  [
    'wait without end',
    withStep(
      '      - waitUntil:',
      '          all: [{ role: a.b_V, is: ">", limit: 1 }]',
      '          onTimeout: stop',
    ),
    ['bad.yaml:6:', 'missing key "timeout_s"', 'every step must end'],
  ],
  [
    'ramp without rate',
    withStep('      - ramp: { role: a.b_V, to: 3 }'),
    ['bad.yaml:6:', 'rate_per_s or rate_per_min'],
  ],
  [
    'follow without end',
    withStep('      - follow: { source: wind }'),
    ['bad.yaml:6:', 'missing key "for_s"', 'every step must end'],
  ],
  [
    'repeat without end, nested',
    withStep('      - repeat:', '          times: .inf', '          steps: [{ hold: { for_s: 1 } }]'),
    ['bad.yaml:7:', 'phases[0].steps[0].repeat.times', 'Infinity', 'whole number'],
  ],
  [
    'repeats whose plan outlives the bench',
    withStep(
      '      - repeat: { times: 100000, steps: [{ repeat: { times: 100000, steps: [{ hold: { for_s: 1 } }] } }] }',
    ),
    ['bad.yaml:6:', 'would take 2778000 h', 'expected at most 10000 h'],
  ],
  [
    'ramp without end',
    withStep('      - set: { a.b_V: 0 }', '      - ramp: { role: a.b_V, to: 4, rate_per_min: 1e-10 }'),
    ['bad.yaml:7:', 'would take 666700000 h', 'expected at most 10000 h'],
  ],
  [
    'repeat that takes no time',
    withStep(
      '      - repeat: { times: 9, steps: [{ repeat: { times: 9, steps: [{ set: { a.b_V: 0 } }] } }] }',
    ),
    ['bad.yaml:6:', 'no step in this repeat takes time'],
  ],
  [
    'repeats nested too deep',
    withStep(
      `      - ${'{ repeat: { times: 2, steps: ['.repeat(9)}{ hold: { for_s: 1 } }${'] } }'.repeat(9)}`,
    ),
    ['bad.yaml:6:', 'repeats nested deeper than 6'],
  ],
  [
    'a test method that is a word of the language',
    withStep('      - call: { method: constructor }'),
    ['bad.yaml:6:', '"constructor" is no test method'],
  ],
  [
    'role without unit',
    withStep('      - set: { stack.currentSet: 0 }'),
    ['bad.yaml:6:', '"stack.currentSet"', 'unit'],
  ],
  ['not a number', withStep('      - hold: { for_s: .nan }'), ['bad.yaml:6:', 'for_s', 'NaN']],
  ['wrong type', withStep('      - hold: { for_s: long }'), ['bad.yaml:6:', '"long"', 'in s']],
  ['negative time', withStep('      - hold: { for_s: -1 }'), ['bad.yaml:6:', '-1', '> 0']],
  [
    'two kinds',
    withStep('      - hold: { for_s: 1 }', '        set: { a.b_V: 1 }'),
    ['bad.yaml:6:', 'exactly one of', 'hold'],
  ],
  ['duplicate key', withStep('      - hold: { for_s: 1, for_s: 2 }'), ['bad.yaml:6:', 'twice']],
  ['tab', withStep('      - hold:', '\t  for_s: 1'), ['bad.yaml:7:', 'tab']],
  [
    'wrong indentation',
    withStep('      - hold: { for_s: 1 }', '     - hold: { for_s: 1 }'),
    ['bad.yaml:7:', 'expected'],
  ],
  ['empty', '', ['bad.yaml:1:', 'empty']],
  [
    'wrong version',
    withStep('      - hold: { for_s: 1 }').replace('version: 1', 'version: 2'),
    ['bad.yaml:2:', '2', 'expected 1'],
  ],
  [
    'unknown method',
    withStep('      - call: { method: leaktest }'),
    ['bad.yaml:6:', '"leaktest"', 'leak-test', 'warm-up'],
  ],
  [
    'unknown parameter',
    withStep('      - call:', '          method: warm-up', '          with: { temperature_C: 60 }'),
    ['bad.yaml:8:', 'unknown key "temperature_C"', 'did you mean "temperature_degC"'],
  ],
  [
    'parameter out of range',
    withStep('      - call: { method: warm-up, with: { rate_K_per_min: 5 } }'),
    ['bad.yaml:6:', 'rate_K_per_min', 'found 5', '0.05..2'],
  ],
  [
    'ramp from nowhere',
    withStep('      - ramp: { role: a.b_V, to: 3, rate_per_s: 1 }'),
    ['bad.yaml:6:', 'a.b_V', 'nothing has set it before'],
  ],
  [
    'wrong condition',
    withStep('      - hold: { for_s: 3, until: [{ role: a.b_V, is: ">", limt: 3 }] }'),
    ['bad.yaml:6:', 'unknown key "limt"', 'did you mean "limit"'],
  ],
  [
    'no safe end',
    head.join('\n') + '\n      - hold: { for_s: 1 }\n',
    ['bad.yaml:1:', 'missing key "finally"', 'list'],
  ],
  [
    'a phase twice',
    withStep('      - hold: { for_s: 1 }', '  - name: one', '    steps: [{ hold: { for_s: 1 } }]'),
    ['bad.yaml:7:', 'each name once'],
  ],
];

describe('a bad method file gives one message with file, line and what was expected', () => {
  it.each(table)('%s', (_what, text, pieces) => {
    let message = 'accepted';
    try {
      parseMethod('bad.yaml', text, stack);
    } catch (error) {
      expect(error).toBeInstanceOf(FileError);
      message = (error as FileError).message;
    }
    for (const piece of pieces) expect(message).toContain(piece);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('says so where the file cannot be opened', () => {
    expect(() => loadMethod('/nowhere/night.yaml', stack)).toThrow(
      /^\/nowhere\/night\.yaml: cannot be opened: no such file, expected a readable file$/,
    );
  });
});
