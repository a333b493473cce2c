import { defineStep } from '../file/define-step.ts';

/** A round for each value of a list. */
export const each = defineStep({
  key: 'each',
  doc: 'a round of the steps for each value of a list or range; several lists of equal length go in step',
  example: '{ each: { level_pct: { from: 90, to: 10, by: -20 } }, steps: [...] }',
  own: { names: 'lists' },
  beside: { steps: { holds: 'steps', isNeeded: true } },
  ends: 'itself',
  says: ({ named }) => `for ${named.map(({ name, value }) => `${name} = ${value}`).join('; ')}`,
  resume: 'continue',
});
