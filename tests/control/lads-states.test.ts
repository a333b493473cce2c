import { expect, it } from 'vitest';
import { RUN_STATES } from '../../control/contract/run-state.ts';
import { ladsStateOf } from '../../control/program/serve/lads/states.ts';

it('each state of a run under way has one of OPC 30500-1; none says that a unit is free', () => {
  const shown = Object.fromEntries(
    RUN_STATES.map(state => [state, Object.values(ladsStateOf(state)).filter(word => word !== undefined)]),
  );
  const running = ['Idle', 'Starting', 'Execute', 'Holding', 'Held', 'Unholding', 'Suspending', 'Suspended'];
  const more = ['Unsuspending', 'Completing', 'Complete', 'Resetting'];
  expect(shown).toEqual({
    ...Object.fromEntries([...running, ...more].map(state => [state, ['Running', state]])),
    Stopping: ['Stopping'],
    Stopped: ['Stopping'],
    Aborting: ['Aborting'],
    Aborted: ['Aborted'],
    Clearing: ['Clearing'],
  });
});
