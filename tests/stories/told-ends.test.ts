import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { RunResult } from '../../control/review/result.ts';
import { cellbench, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** What a run has to say at its end is said as well where a suspension runs out, which ends it from outside of its method. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const METHOD = `method: short
version: 2
steps:
- each: { rate_C: [1/10, 1/5, 1/2] }
  steps: [{ cc: { current_C: rate_C }, for_s: 10, exits: [{ when: cell.current_C > 0.15, then: leave }] }]
- cccv: { current_C: 1.5, cell.negativePotential_V: 0.06 }
  id: held
  until: cell.current_C < 1/10
  within_h: 1
  limits:
  - when: step.time_s > 120
    then: suspend
    recover: { back: cell.temperature_degC < 0, for_s: 20, within_min: 1, at_most: 1 }
`;

it(
  'how well a potential was held, and which rounds were left out',
  async () => {
    const out = join(scratch.path, 'run');
    const path = scratch.write('short.yaml', METHOD);
    const ended = await cellbench('rehearse', 'examples/three-electrode/bench.yaml', path, '--out', out);
    expect(ended.code, told(ended)).toBe(4);
    expect(ended.stdout).toMatch(/Trips at .*not back for 20 s within 60 s of its recovery/);
    expect(ended.stdout).toMatch(
      /warning +Left in round 2 of 3 of the each in short\.yaml:4, by cc: cell\.current_C > 0\.15/,
    );
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
    expect(result.controlled).toMatchObject([{ step: 'held (cccv)', phase: 'run', target: 0.06, count: 1 }]);
    expect(result.controlled?.[0]?.readings).toBeGreaterThan(60);
    expect(result.leftLoops).toMatchObject([{ round: 2, rounds: 3, kind: 'exit', count: 1 }]);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Loops left before their end');
  },
  RUN_TIMEOUT_MS,
);
