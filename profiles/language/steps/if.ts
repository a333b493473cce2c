import { defineStep } from '../file/define-step.ts';

/** One way or the other. */
export const ifStep = defineStep({
  key: 'if',
  doc: 'one way where the condition holds, else the other: steps, or a target; unknown stops the run',
  example: '{ if: now.capacity_Ah < 0.8 * first.capacity_Ah, then: finish }',
  own: 'condition',
  beside: {
    // biome-ignore lint/suspicious/noThenProperty: the word of the language
    then: { holds: 'steps or target', isNeeded: true },
    else: { holds: 'steps or target', isNeeded: false },
  },
  ends: 'once',
  says: ({ whole, target }) => {
    const ways = [target('then') ?? 'the steps below', target('else')];
    return `where ${whole}: ${ways[0]}${ways[1] === undefined ? '' : `; else ${ways[1]}`}`;
  },
  resume: 'continue',
});
