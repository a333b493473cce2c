import { expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** A rule of a caller thins nothing in a method whose figures need their rows: that is told, with its line. */

const bench = loadBench('examples/lib-suite/bench.yaml', describeDevice);
const told = (step: string): readonly string[] =>
  parseMethodFor('m.yaml', `method: m\nversion: 2\nsteps:\n- ${step}\n`, bench).procedure.given ?? [];

it('at the call', () => {
  expect(told('{ call: capacity-check, record: { every_s: 60 } }')).toEqual([
    'WARNING: m.yaml:4: record: thins nothing in capacity-check, its figures need every row that the bench keeps',
  ]);
});

it.each(['{ call: capacity-check }', '{ call: cycle-life, record: { every_s: 60 } }'])('not of %s', step => {
  expect(told(step)).toEqual([]);
});
