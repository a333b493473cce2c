import { expect, it } from 'vitest';
import { fuzz, type Told } from './fuzz.ts';

/** The first sequences of `npm run fuzz:model`: a trip is never lost, never cleared by itself, and every run ends. */

it('2000 random sequences of readings, trouble and commands', async () => {
  const told: Told[] = [];
  await fuzz({ seed: 1, n: N }, one => told.push(one));
  expect(told.flatMap(({ wrong }) => wrong)).toEqual([]);
  const reached = new Set(told.flatMap(({ states }) => Object.keys(states)));
  // Chance reaches all of them; else the model has seen nothing.
  for (const state of STATES) expect(reached, state).toContain(state);
}, 240_000);

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
];
