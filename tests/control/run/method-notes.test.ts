import { expect, it } from 'vitest';
import { RUN_STATES } from '../../../control/contract/run-state.ts';
import { methodEvents } from '../../../control/run/method-notes.ts';

it('a method stands still as soon as a hold or a suspension begins: in the look that leads there no other step begins', () => {
  const still = RUN_STATES.filter(state => {
    const place = { phase: '', phaseStart_s: 0, step: '', finishedBy: '', phases: [] };
    return methodEvents({ state } as never, place).isHeld?.();
  });
  expect(still).toEqual(['Holding', 'Held', 'Suspending', 'Suspended']);
});
