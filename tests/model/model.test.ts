import { expect, it } from 'vitest';
import { fuzz, type Told } from './fuzz.ts';
import { type Happening, play } from './play.ts';

/** The first sequences of `npm run fuzz:model`: a trip is never lost, never cleared by itself, and every run ends. */

it('2000 random sequences of readings, trouble and commands', async () => {
  const told: Told[] = [];
  await fuzz({ seed: 1, n: N }, one => told.push(one));
  expect(told.flatMap(({ wrong }) => wrong)).toEqual([]);
  const reached = new Set(told.flatMap(({ states }) => Object.keys(states)));
  // Chance reaches all of them; else the model has seen nothing.
  for (const state of STATES) expect(reached, state).toContain(state);
}, 240_000);

const passes = (...of_s: readonly number[]): Happening[] => of_s.map(for_s => ({ is: 'pass', for_s }));

it.each<readonly [string, readonly Happening[]]>([
  [
    'a device falls silent, and what counts only while running is disarmed with the end of the run',
    [{ is: 'trouble', of: 'plc', reads: 'silent' }, ...passes(8, 8, 8, 8)],
  ],
  [
    'the same after a trip',
    [
      { is: 'reads', what: 'h2', value: 3 },
      ...passes(1, 0.02),
      { is: 'trouble', of: 'plc', reads: 'silent' },
      ...passes(3),
    ],
  ],
])('%s', async (_, sequence) => {
  expect((await play(sequence)).violations).toEqual([]);
});

const N = 2000;
const STATES = [
  'Starting',
  'Execute',
  'Holding',
  'Held',
  'Unholding',
  'Completing',
  'Complete',
  'Stopping',
  'Stopped',
  'Aborting',
  'Aborted',
  'Clearing',
  'Resetting',
  'Idle',
  '(edited)',
];
