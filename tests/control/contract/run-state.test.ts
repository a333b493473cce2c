import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isFinal,
  isRunning,
  nextState,
  RUN_TABLE,
  type RunEvent,
} from '../../../control/contract/run-state.ts';
import { RUN_STATES, type RunState } from '../../../control/view.ts';

const EVENTS = [...new Set(RUN_STATES.flatMap(state => Object.keys(RUN_TABLE[state])))] as RunEvent[];
const walk = (events: readonly RunEvent[]): RunState[] => {
  const seen: RunState[] = ['Idle'];
  for (const event of events) {
    const next = nextState(seen[seen.length - 1], event);
    if (next !== undefined) seen.push(next);
  }
  return seen;
};

describe('run states', () => {
  it.each([
    [['start', 'started', 'complete', 'completed'], 'Complete'],
    [['start', 'started', 'hold', 'held', 'unhold', 'unheld'], 'Execute'],
    [['start', 'started', 'stop', 'stopped', 'reset', 'resetDone'], 'Idle'],
    [['start', 'abort', 'aborted'], 'Aborted'],
    [['start', 'started', 'abort', 'aborted', 'clear', 'cleared'], 'Stopped'],
  ] as [RunEvent[], RunState][])('%j leads to %s', (events, state) => {
    expect(walk(events).at(-1)).toBe(state);
  });

  it('every running state can be aborted, and Aborting leads only to Aborted', () => {
    for (const state of RUN_STATES) {
      if (isRunning(state) && state !== 'Aborting') expect(nextState(state, 'abort')).toBe('Aborting');
    }
    expect(RUN_TABLE.Aborting).toEqual({ aborted: 'Aborted' });
  });

  it('only a person leads out of Aborted: no way back to Execute without clear, reset and start', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }), events => {
        const states = walk(events);
        let needed: RunState[] = [];
        for (const state of states) {
          if (state === 'Aborted') needed = ['Clearing', 'Resetting', 'Starting'];
          else if (state === needed[0]) needed = needed.slice(1);
          if (state === 'Execute') expect(needed).toEqual([]);
        }
      }),
    );
  });

  it('after hold no running state is reached that executes without an unhold', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }), events => {
        const states = walk(events);
        states.forEach((state, i) => {
          if (state === 'Execute' && i > 0)
            expect(['Starting', 'Unholding', 'Unsuspending']).toContain(states[i - 1]);
        });
      }),
    );
  });

  it('final states are not running', () => {
    for (const state of RUN_STATES) if (isFinal(state)) expect(isRunning(state)).toBe(false);
  });
});
