import { expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** A cell rests between electrical steps: a `set` cannot switch its output on. */

const bench = loadBench('examples/lib-suite/bench.yaml', describeDevice);
const load = (value: string) => () =>
  parseMethodFor(
    'm.yaml',
    `method: m\nversion: 2\nsteps:\n- set: { cell.outputSet_on: ${value} }\n- { wait: {}, for_s: 9 }\n`,
    bench,
  );

it.each(['on', 'true'])('%s is refused with its place', value => {
  expect(load(value)).toThrow(
    /^m\.yaml:4:10: cell\.outputSet_on: a cell rests wherever no electrical step runs/,
  );
});
it('off is what it does anyway', () => expect(load('off')).not.toThrow());
