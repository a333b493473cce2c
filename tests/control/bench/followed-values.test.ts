import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { loadMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** Rows of a data file are known before the run: the bench must let each of them through. */

const dir = mkdtempSync(join(tmpdir(), 'cellbench-followed-'));
afterAll(() => rmSync(dir, { recursive: true }));
const bench = loadBench('examples/lib-suite/bench.yaml', describeDevice);

const ROWS = 't,i\n0,1\n10,2\n20,30\n30,1\n40,1\n50,1\n';

function lines(step: string, rows = ROWS, on = bench): readonly string[] {
  writeFileSync(join(dir, 'd.csv'), rows);
  const path = join(dir, 'm.yaml');
  const data = 'data: { f: { file: d.csv, time_s: t, current_A: i } }';
  writeFileSync(path, `method: m\nversion: 2\n${data}\nsteps:\n- ${step}\n`);
  return loadMethodFor(path, on).procedure.data?.lines ?? [];
}

it.each([
  [
    'as it stands',
    '{ follow: { current_A: f.current_A } }',
    /m\.yaml:5:26: current_A: .*d\.csv:4 sets cell\.currentSet_A to 30 A at 20 s, expected -10\.\.5 A/,
  ],
  ['turned', '{ follow: { current_A: -f.current_A / 2 } }', /d\.csv:4 sets cell\.currentSet_A to -15 A/],
  ['in a loop', '{ repeat: { times: 2 }, steps: [{ follow: { current_A: f.current_A } }] }', /d\.csv:4 sets/],
])('a row beyond what the bench lets through, %s', (_, step, says) => {
  expect(() => lines(step)).toThrow(says);
});

it.each([
  ['cut at max_', '{ follow: { current_A: f.current_A, max_A: 5 } }'],
  ['never come to', '{ follow: { current_A: f.current_A }, for_s: 15 }'],
  ['within', '{ follow: { current_A: f.current_A / 10 } }'],
])('%s: nothing is wrong', (_, step) => {
  expect(lines(step).join()).not.toContain('WARNING');
});

it('of a step that may end before it is told', () => {
  const step = '{ follow: { current_A: f.current_A }, until: cell.voltage_V > 4 }';
  expect(lines(step).at(-1)).toMatch(/^WARNING: .*d\.csv:4 sets .* should the step come so far$/);
});

const FOLLOW = '{ follow: { current_A: f.current_A / 10 } }';

it('data that end before their instrument is asked once are refused', () => {
  expect(() => lines(FOLLOW, 't,i\n0,1\n0.001,2\n0.002,-1\n')).toThrow(
    /m\.yaml:5:26: current_A: f ends after 0\.003 s, and its instrument is asked each 1 s \(poll_s of the bench\): expected data of 1 s or more/,
  );
  expect(lines(FOLLOW, 't,i\n0,1\n0.5,2\n').join()).not.toContain('WARNING');
});

it('rows that come oftener than anything is set are told of', () => {
  const devices = Object.entries(bench.bench.devices).map(([id, one]) => [id, { ...one, poll_s: 30 }]);
  const slow = { ...bench, bench: { ...bench.bench, devices: Object.fromEntries(devices) } };
  expect(lines(FOLLOW, ROWS, slow).at(-1)).toMatch(
    /^WARNING: .*d\.csv has a row each 10 s, but nothing on this bench is set oftener than each 30 s .*: one row of 3 is followed$/,
  );
});
