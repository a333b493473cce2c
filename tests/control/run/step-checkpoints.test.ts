import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../control/run/checkpoint.ts';
import { miniRun } from '../../support/mini-bench.ts';

const ON = '- set: { stack.output_on: on, stack.current_A: 80 }';
const HOLD = (for_s: number): string => `- { wait: {}, for_s: ${for_s} }`;

describe('checkpoints of a run', () => {
  it.each([true, false])(
    'at each step a checkpoint, where wanted (%s); at each change of state in any case',
    async asks => {
      const mini = await miniRun([ON, HOLD(10), HOLD(11)], { checkpointsSteps: asks });
      const states: string[] = [];
      const session = await mini.open();
      session.parts.recording.add({
        frame: () => {},
        event: () => {},
        setpoint: () => {},
        checkpoint: (t_s, state) => {
          // What comes every 10 s is another matter.
          if (t_s % 10 !== 0) states.push((state as Checkpoint).state);
        },
      });
      await mini.clock.runUntil(mini.execute());
      // Into Execute and out of it; of the steps three beginnings that fall together with an end.
      const inSteps = asks ? ['Execute', 'Execute', 'Execute'] : [];
      expect(states).toEqual(['Execute', ...inSteps, 'Completing', 'Complete']);
      await mini.events();
    },
  );
});
