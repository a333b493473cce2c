import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseBench } from '../../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../../control/program/open-devices.ts';
import { FileError } from '../../../../drivers/contract/file-error.ts';

/** Interlocks that are a condition, as they must not be: one message with file, line, character and what was expected. */

const PATH = 'examples/pem-500kw/bench.yaml';
const FROM = "kind: threshold, role: o2.h2_vol_pct, trips: '>', limit: 1.0, rearm: 0.9";

const BAD: readonly [what: string, when: string, pieces: readonly string[]][] = [
  [
    'a condition that is a number',
    'o2.h2_vol_pct + 1 vol_pct',
    [
      'bench.yaml:135:50: interlocks[0].when: "o2.h2_vol_pct + 1 vol_pct" is in vol_pct',
      'expected a condition',
    ],
  ],
  [
    'a condition with an unknown role',
    'o2.h2_vol_pct > 1 and stac.current_A < 20',
    [
      'bench.yaml:135:72: interlocks[0].when: the bench has no "stac.current_A" (did you mean stack.current_A?)',
    ],
  ],
  [
    'a condition of two quantities',
    'o2.h2_vol_pct > stack.current_A',
    [
      'bench.yaml:135:',
      'interlocks[0].when: "o2.h2_vol_pct" is in vol_pct, "stack.current_A" is in A, they cannot be compared',
    ],
  ],
  [
    'a condition with a unit left out',
    '"slope(o2.h2_vol_pct, 60 s) > 1"',
    ['bench.yaml:135:', 'write the unit'],
  ],
  ['a condition of an array', 'cell.voltage_V > 2', ['interlocks[0].when', 'list', 'min, max']],
  [
    'a condition that counts from a step',
    'change(o2.h2_vol_pct) > 1',
    ['bench.yaml:135:50: interlocks[0].when: change counts from the start of a step, and a bench has none'],
  ],
  [
    'a condition on what a run counts',
    'o2.h2_vol_pct > 1 and run.time_h > 2',
    ['bench.yaml:135:72: interlocks[0].when: "run.time_h" is counted in a run'],
  ],
  [
    'a condition on a figure that the bench lacks',
    'o2.h2_vol_pct > 1 and stack.current_A < subject.currentLeast_A',
    ['interlocks[0].when: the bench file has no figure subject.currentLeast_A'],
  ],
  [
    'a condition without a role',
    'subject.currentNominal_A > 20',
    ['interlocks[0].when: "subject.currentNominal_A > 20" looks at no role'],
  ],
  ['a condition that is no sentence', 'o2.h2_vol_pct > > 1', ['bench.yaml:135:66: interlocks[0].when']],
  [
    'a clearing that is no condition',
    'o2.h2_vol_pct > 1, clear: o2.h2_vol_pct',
    ['bench.yaml:135:76: interlocks[0].clear: "o2.h2_vol_pct" is in vol_pct, expected a condition'],
  ],
  [
    'a condition and a role',
    'o2.h2_vol_pct > 1, role: o2.h2_vol_pct',
    ['interlocks[0]', 'unknown key "role"'],
  ],
  [
    'the same condition, milder and no quicker',
    'o2.h2_vol_pct > 1, reaction: trip, basis: default }\n  - { id: h2-again, kind: expression, when: o2.h2_vol_pct > 1',
    ['interlocks[1].when: warn stands under the same condition as h2-in-o2-warn (trip)'],
  ],
];

it.each(BAD)('%s', (_what, when, pieces) => {
  const text = readFileSync(PATH, 'utf8');
  expect(text).toContain(FROM);
  let message = 'accepted';
  try {
    parseBench(PATH, text.replace(FROM, `kind: expression, when: ${when}`), describeDevice);
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    message = (error as FileError).message;
  }
  for (const piece of pieces) expect(message).toContain(piece);
  expect(message.split('\n')).toHaveLength(1);
});
