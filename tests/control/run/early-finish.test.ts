import { afterEach, expect, it } from 'vitest';
import { isFinal } from '../../../control/contract/run-state.ts';
import { Live } from '../../../control/live.ts';
import { showProgress } from '../../../control/program/show-progress.ts';
import type { Screen } from '../../../dashboards/terminal/screen.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';

/** A method that ends itself by `finish` is told while it runs, on the page and in the terminal. */

let bench: LineBench;
afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const STEPS = `- { set: { cathode.outlet_on: on } }
- { cc: { current_A: 40 }, id: load, for_s: 60, exits: [{ when: step.time_s > 3, then: finish }] }
- { cc: { current_A: 20 }, for_s: 60 }`;
const BY = 'load (cc): step.time_s > 3';

it('says by what, as soon as it has gone to its end', async () => {
  bench = await lineBench();
  const live = new Live(bench.session, 'bench');
  const run = bench.start(STEPS, 'finally: [{ wait: {}, for_s: 20 }]\n');
  const said: string[] = [];
  const screen = { isTerminal: false, columns: undefined, status: () => {}, endStatus: () => {} };
  {
    using _progress = showProgress(run, {
      ...screen,
      say: (text: string) => void said.push(text),
    } as unknown as Screen);
    await bench.pass(3);
    expect(live.snapshot().run.finishedBy).toBe('');
    await bench.until(() => live.snapshot().run.finishedBy !== '');
    // Its last steps go on meanwhile.
    expect(bench.session.state).toBe('Execute');
    expect(live.snapshot().run).toMatchObject({ finishedBy: BY, step: 'wait' });
    expect(run.save().finishedBy).toBe(BY);
  }
  expect(said).toEqual([`The method went to its end before its last step, by ${BY}`]);
  await bench.until(() => isFinal(bench.session.state));
  expect(live.snapshot().run.finishedBy).toBe(BY);
});

it('is silent about a method that goes through', async () => {
  bench = await lineBench();
  const run = bench.start('- { set: { cathode.outlet_on: on } }\n- { cc: { current_A: 40 }, for_s: 3 }');
  await bench.until(() => isFinal(bench.session.state));
  expect(run.finishedBy).toBe('');
  expect(run.save()).not.toHaveProperty('finishedBy');
});
