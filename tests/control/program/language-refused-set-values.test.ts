import { expect, it } from 'vitest';
import { parseBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';

/** Set values that cannot be meant so: refused before anything starts, with their place. */

const FILE = 'examples/cell-cycling/bench.yaml';
const CELL = parseBench(FILE, readTextFile(FILE), describeDevice);

it.each([
  [
    '- { set: { cell.soc_pct: 150 } }\n- { rest: {}, for_s: 1 }',
    /m\.yaml:4:\d+: cell\.soc_pct: a state of charge of 150 %, expected 0\.\.100 %/,
  ],
  [
    '- { follow: { current_A: cell.voltage_V / 1 Ohm }, for_s: 10 }',
    /m\.yaml:4:\d+: current_A: hangs on the reading of cell\.voltage_V: .* a control loop/,
  ],
  [
    '- { ramp: { current_A: 1, per_s: 0.001 }, within_s: 10 }',
    /m\.yaml:4:\d+: within_s: is shorter than the ramp, which takes 1000 s/,
  ],
  [
    '- { set: { cell.mode_count: 1.5 } }\n- { rest: {}, for_s: 1 }',
    /m\.yaml:4:\d+: cell\.mode_count: found 1\.5, expected a whole number/,
  ],
] as const)('%s', (steps, message) => {
  const text = `method: m\nversion: 2\nsteps:\n${steps}\n`;
  expect(() => parseMethodFor('m.yaml', text, CELL, { read: () => undefined })).toThrow(message);
});
